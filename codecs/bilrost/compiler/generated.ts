/**
 * Generated code as a file: the same text that is otherwise compiled at run time, for programs that may
 * not or would rather not. The file names its schema, and refuses to run with another one.
 */
import CRC32C from "crc-32/crc32c.js";
import { type Helpers, isLittleEndian } from "../../generation/runtime.ts";
import type { Slab } from "../../generation/slab.ts";
import { DEFAULT_LIMITS, type Limits } from "../../limits.ts";
import { checkLimits } from "../../schema/check-form.ts";
import { SchemaError } from "../../schema/errors.ts";
import type { MessageDefinition } from "../../schema/message.ts";
import type { FieldShape, MessageShape, Shape } from "../../schema/shape.ts";
import { shapeOf } from "../bilrost.ts";
import type { BilrostCodec } from "../codec.ts";
import { Interpreter } from "../interpreter/codec.ts";
import { Compiled } from "./codec.ts";
import { type Host, PARTS, type Parts, textOf } from "./link.ts";
import { canCompile } from "./message-plan.ts";

/** What a generated file hands over; made by `generatedModule` only. */
export interface GeneratedCode {
  readonly fingerprint: string;
  readonly limits: Limits;
  readonly version?: number;
  readonly parts: {
    readonly [P in keyof Parts]: (helpers: Helpers, host: Host, slab: Slab) => unknown;
  };
}

/** Throws `SchemaError` when the schema is not the one the file was made from. */
export function fromGenerated<T extends object>(
  definition: MessageDefinition<T>,
  { fingerprint, limits, version, parts }: GeneratedCode,
): BilrostCodec<T> {
  const shape = shapeOf(definition, version);
  if (fingerprintOf(shape) !== fingerprint) {
    throw new SchemaError(
      `Cannot use the generated code of ${shape.name}: its schema has changed since; run "wirespan generate" again`,
    );
  }
  const codec = isLittleEndian
    ? new Compiled(
        shape,
        limits,
        (part, helpers, host, slab) => parts[part](helpers, host, slab) as Parts[typeof part],
      )
    : new Interpreter(shape, limits);
  return codec as BilrostCodec as unknown as BilrostCodec<T>;
}

export interface GeneratedModuleOptions {
  /** From where the file imports the definitions: `./messages.ts`. */
  readonly from: string;
  /** From where it imports `fromGenerated`. */
  readonly library?: string;
  readonly version?: number;
  readonly limits?: Partial<Limits>;
}

/**
 * The text of a TypeScript module with a codec for each definition, named as its export with a small
 * first letter and `Codec`. Throws `SchemaError` for one that only the interpreter can do.
 */
export function generatedModule(
  definitions: Readonly<Record<string, MessageDefinition<object>>>,
  { from, library = "wirespan/bilrost", version, limits: given }: GeneratedModuleOptions,
): string {
  const limits = { ...DEFAULT_LIMITS, ...given };
  checkLimits(limits);
  const names = Object.keys(definitions).sort();
  checkNames(names);
  const codecs = names.map((name) => {
    const shape = shapeOf(definitions[name] as MessageDefinition<object>, version);
    if (!canCompile(shape, limits)) {
      throw new SchemaError(`Cannot generate ${name}: its tags or its depth need the interpreter`);
    }
    return codecText(name, shape, { limits, ...(version === undefined ? {} : { version }) });
  });
  return [
    `// Made by "wirespan generate". Do not edit: change the schema and run it again.`,
    "// @ts-nocheck",
    `import { type BilrostCodec, fromGenerated, type Value } from ${JSON.stringify(library)};`,
    `import { ${names.join(", ")} } from ${JSON.stringify(from)};`,
    "",
    ...codecs,
  ].join("\n");
}

function codecText(
  name: string,
  shape: MessageShape,
  settings: { readonly limits: Limits; readonly version?: number },
): string {
  const parts = PARTS.map(
    (part) => `${part}(H, K, S) {\n${textOf(part, shape, settings.limits)}\n}`,
  );
  return `export const ${codecName(name)}: BilrostCodec<Value<typeof ${name}>> = fromGenerated(${name}, {
fingerprint: ${JSON.stringify(fingerprintOf(shape))},
limits: ${limitsText(settings.limits)},${settings.version === undefined ? "" : `\nversion: ${settings.version},`}
parts: {
${parts.join(",\n")}
},
});
`;
}

function codecName(name: string): string {
  return `${name.slice(0, 1).toLowerCase()}${name.slice(1)}Codec`;
}

function checkNames(names: readonly string[]): void {
  const taken = new Map<string, string>();
  for (const name of names) {
    const codec = codecName(name);
    const other = taken.get(codec);
    if (name === "default" || !/^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name)) {
      throw new SchemaError(
        `Cannot generate: ${JSON.stringify(name)} is no name for a codec; export the message by a name of its own`,
      );
    }
    if (other !== undefined) {
      throw new SchemaError(`Cannot generate: "${other}" and "${name}" would both be ${codec}`);
    }
    taken.set(codec, name);
  }
}

/** JSON has no word for a limit that is none. */
function limitsText(limits: Limits): string {
  const { depthMax, lengthMax, countMax } = limits;
  const parts = Object.entries({ depthMax, lengthMax, countMax });
  return `{${parts.map(([name, limit]) => `"${name}":${limit}`).join(",")}}`;
}

/** Of everything that the code depends on. Not against forgery: it tells an old file from a new schema. */
export function fingerprintOf(root: MessageShape): string {
  const numbers = new Map<MessageShape, number>();
  const text = JSON.stringify(messageFacts(root, numbers));
  return (CRC32C.str(text) >>> 0).toString(16).padStart(8, "0") + text.length.toString(16);
}

function messageFacts(shape: MessageShape, numbers: Map<MessageShape, number>): unknown {
  const known = numbers.get(shape);
  if (known !== undefined) return known;
  numbers.set(shape, numbers.size);
  const members = shape.members.map((member) =>
    member.kind === "field"
      ? fieldFacts(member, numbers)
      : [member.name, member.variants.map((one) => fieldFacts(one, numbers))],
  );
  return [shape.name, shape.version ?? null, shape.tuple ?? false, members];
}

function fieldFacts(field: FieldShape, numbers: Map<MessageShape, number>): unknown {
  return [field.name, field.number, field.presence, typeFacts(field.type, numbers)];
}

function typeFacts(type: Shape, numbers: Map<MessageShape, number>): unknown {
  switch (type.kind) {
    case "message":
      return ["message", type.uncounted ?? false, messageFacts(type.message(), numbers)];
    case "list":
      return { ...type, item: typeFacts(type.item, numbers) };
    case "map":
      return ["map", typeFacts(type.key, numbers), typeFacts(type.value, numbers)];
    case "enumeration": {
      const { open, order, variants } = type.enumeration;
      return ["enumeration", open, order ?? null, [...variants]];
    }
    default:
      return type;
  }
}
