/**
 * Checks what a codec host says of itself. The matrix makes cases from a description and walks
 * values along it, so nothing in it may be of the wrong kind or name what is not described.
 */
import type { DecodeMode, FieldDescription } from "../codec-host.ts";
import type { OutsideDescription, OutsideVersion } from "./calls.ts";
import {
  countOf,
  flagOf,
  HostMessageError,
  listOf,
  oneOf,
  type Parts,
  partsOf,
  textOf,
} from "./checks.ts";

export const DECODE_MODES: readonly DecodeMode[] = ["relaxed", "distinguished", "canonical"];

const SURFACES = ["connection", "log", "snapshot", "client", "nested"] as const;

export function readDescription(json: unknown): OutsideDescription {
  const parts = partsOf(json, "the description");
  const capabilities = partsOf(parts.capabilities, "capabilities");
  const versions = listOf(parts.versions, "versions").map(checkVersion);
  const numbers = versions.map(({ version }) => version);
  if (numbers.some((version, place) => place > 0 && version <= (numbers[place - 1] ?? 0))) {
    throw new HostMessageError(
      `Cannot use versions: ${numbers.join(", ")} do not ascend, each once is needed`,
    );
  }
  return {
    name: textOf(parts.name, "name"),
    versions,
    capabilities: {
      rewrite: flagOf(capabilities.rewrite, "capabilities.rewrite"),
      edit: flagOf(capabilities.edit, "capabilities.edit"),
      unknownFields: oneOf(
        capabilities.unknownFields,
        ["kept", "dropped"] as const,
        "capabilities.unknownFields",
      ),
    },
  };
}

/** Names that a type may refer to. */
interface Known {
  readonly messages: ReadonlySet<string>;
  readonly enumerations: ReadonlySet<string>;
  readonly where: string;
}

function checkVersion(json: unknown): OutsideVersion {
  const parts = partsOf(json, "a version");
  const version = countOf(parts.version, "version");
  const at = `version ${version}`;
  textOf(parts.format, `${at}.format`);
  const modes = listOf(parts.modes ?? ["relaxed"], `${at}.modes`).map((mode) =>
    oneOf(mode, DECODE_MODES, `${at}.modes`),
  );
  const messages = listOf(parts.messages, `${at}.messages`).map((one) => partsOf(one, at));
  const enumerations = listOf(parts.enumerations ?? [], `${at}.enumerations`).map((one) =>
    partsOf(one, at),
  );
  const names = (all: readonly Parts[]) =>
    new Set(all.map(({ name }) => textOf(name, `${at} name`)));
  const known = { messages: names(messages), enumerations: names(enumerations) };
  for (const message of messages) {
    const where = `${at} ${message.name}`;
    oneOf(message.surface, SURFACES, `${where}.surface`);
    for (const member of listOf(message.members, `${where}.members`)) {
      checkMember(member, { ...known, where });
    }
  }
  for (const one of enumerations) checkEnumeration(one, at);
  // Checked above, member by member.
  return { ...parts, rules: {}, enumerations, modes } as unknown as OutsideVersion;
}

function checkMember(json: unknown, known: Known): void {
  const member = partsOf(json, `${known.where}, a member`);
  const where = `${known.where}.${textOf(member.name, `${known.where}, a member's name`)}`;
  if (oneOf(member.kind, ["field", "oneof"] as const, `${where}.kind`) === "field") {
    checkField(member, { ...known, where });
    return;
  }
  for (const variant of listOf(member.variants, `${where}.variants`)) {
    checkField(partsOf(variant, where), { ...known, where });
  }
}

function checkField(field: Parts, known: Known): void {
  countOf(field.number, `${known.where}.number`);
  oneOf<FieldDescription["presence"]>(
    field.presence,
    ["implicit", "optional"],
    `${known.where}.presence`,
  );
  checkType(field.type, known);
}

const PLAIN = ["bool", "string", "bytes", "float", "time"] as const;
const KINDS = [
  ...PLAIN,
  "integer",
  "enumeration",
  "message",
  "list",
  "map",
  "tuple",
  "range",
] as const;

function checkType(json: unknown, known: Known): void {
  const type = partsOf(json, `${known.where}.type`);
  const kind = oneOf(type.kind, KINDS, `${known.where}.type.kind`);
  if (kind === "list") checkType(type.item, known);
  else if (kind === "range") checkType(type.of, known);
  else if (kind === "integer") checkInteger(type, known);
  else if (kind === "tuple") {
    for (const item of listOf(type.items, known.where)) checkType(item, known);
  } else if (kind === "map") {
    checkType(type.key, known);
    checkType(type.value, known);
  } else if (kind === "enumeration" || kind === "message") checkName(kind, type, known);
}

function checkInteger(type: Parts, { where }: Known): void {
  flagOf(type.signed, `${where}.type.signed`);
  oneOf(String(type.bits), ["8", "16", "32", "64"], `${where}.type.bits`);
  oneOf(type.as, ["number", "bigint"], `${where}.type.as`);
}

function checkName(kind: "enumeration" | "message", { name }: Parts, known: Known): void {
  const described = kind === "message" ? known.messages : known.enumerations;
  if (described.has(textOf(name, `${known.where}.type.name`))) return;
  throw new HostMessageError(
    `Cannot use ${known.where}: it is of ${kind} "${name}", which is not described`,
  );
}

function checkEnumeration(one: Parts, at: string): void {
  const where = `${at} ${one.name}`;
  flagOf(one.open, `${where}.open`);
  for (const json of listOf(one.variants, `${where}.variants`)) {
    const variant = partsOf(json, where);
    countOf(variant.number, `${where}.${textOf(variant.name, where)}`);
  }
}
