/**
 * Whether a shape is one at all. Types say so for a shape written here, but one may come from anywhere,
 * and generated code holds its numbers as they are: what is no number could be any program.
 */
import type { Limits } from "../limits.ts";
import { SchemaError } from "./errors.ts";
import type { FieldShape, MessageShape, OneofShape, Shape } from "./shape.ts";
import { TIME_TYPES } from "./time.ts";

const TAG_MAX = 2 ** 32 - 1;

/** Looks at a message and at all that it reaches. Throws `SchemaError`. */
export function checkForm(root: MessageShape): void {
  const seen = new Set<MessageShape>();
  const open = [root];
  for (let shape = open.pop(); shape !== undefined; shape = open.pop()) {
    if (seen.has(shape)) continue;
    seen.add(shape);
    open.push(...checkMessage(shape));
  }
}

/** Throws `SchemaError`. Without a limit: `Infinity`. */
export function checkLimits(limits: Limits): void {
  for (const name of ["depthMax", "lengthMax", "countMax"] as const) {
    const limit: unknown = limits[name];
    if (limit === Number.POSITIVE_INFINITY || isCount(limit)) continue;
    throw new SchemaError(`Cannot use the limit ${name}: a whole number from 0 on needed`);
  }
}

/** Returns the messages that this one holds. */
function checkMessage(shape: MessageShape): MessageShape[] {
  const { name, members, version, tuple } = Object(shape) as Partial<MessageShape>;
  if (typeof name !== "string") throw new SchemaError("Cannot define a message: a name needed");
  const demand = demandOf(name);
  demand(Array.isArray(members), "a list of members needed");
  demand(version === undefined || isCount(version), "its version is no whole number");
  demand(tuple === undefined || tuple === true, '"tuple" is true or absent');
  const found: MessageShape[] = [];
  const names = new Set<string>();
  const tags = new Set<number>();
  for (const [place, member] of (members as MessageShape["members"]).entries()) {
    checkName(name, member, names);
    if (tuple) demand(member.name === String(place), `"${member.name}" stands at place ${place}`);
    const { kind } = member;
    demand(kind === "field" || kind === "oneof", `"${member.name}" is no field and no oneof`);
    const variants = new Set<string>();
    for (const field of kind === "oneof" ? member.variants : [member]) {
      if (kind === "oneof") checkName(name, field, variants);
      checkField(demand, field, tags);
      checkType(demandOf(`${name}.${field.name}`), field.type, found);
    }
  }
  return found;
}

type Demand = (isMet: boolean, problem: string) => void;

function demandOf(place: string): Demand {
  return (isMet, problem) => {
    if (!isMet) throw new SchemaError(`Cannot define ${place}: ${problem}`);
  };
}

function checkName(message: string, member: FieldShape | OneofShape, names: Set<string>): void {
  const name: unknown = Object(member).name;
  const demand = demandOf(message);
  demand(typeof name === "string", "each member needs a name");
  demand(name !== "__proto__", '"__proto__" is no name for a member: it would change the value');
  demand(!names.has(name as string), `the name "${name}" stands there twice`);
  names.add(name as string);
}

function checkField(demand: Demand, field: FieldShape, tags: Set<number>): void {
  const { name, number, presence } = field;
  demand(isCount(number) && number <= TAG_MAX, `"${name}" needs a tag from 0 to 2^32 - 1`);
  demand(!tags.has(number), `"${name}" has a tag that another one has: ${number}`);
  tags.add(number);
  const isKnown = presence === "implicit" || presence === "optional";
  demand(isKnown, `"${name}" is neither implicit nor optional`);
}

/** Adds the messages that a type holds to `found`. */
function checkType(demand: Demand, type: Shape, found: MessageShape[]): void {
  switch (type?.kind) {
    case "bool":
    case "string":
      return;
    case "integer":
      return checkInteger(demand, type);
    case "float":
      demand(type.bits === 32 || type.bits === 64, "a float has 32 or 64 bits");
      return demand(
        type.as === undefined || type.as === "pattern",
        'a float is a "pattern" or none',
      );
    case "bytes":
      return checkBytes(demand, type);
    case "enumeration":
      return checkEnumeration(demand, type.enumeration);
    case "message":
      demand(typeof type.message === "function", "a function that gives the message needed");
      found.push(type.message());
      return;
    case "list":
      demand(["boolean", "undefined"].includes(typeof type.packed), "a list is packed or not");
      demand(type.length === undefined || isCount(type.length), "its length is no whole number");
      return checkType(demand, type.item, found);
    case "map":
      checkType(demand, type.key, found);
      return checkType(demand, type.value, found);
    case "time":
      return demand(TIME_TYPES.includes(type.type), `there is no time "${String(type.type)}"`);
    default:
      demand(false, `there is no type "${String((type as Shape | undefined)?.kind)}"`);
  }
}

type Of<K extends Shape["kind"]> = Extract<Shape, { kind: K }>;

function checkInteger(demand: Demand, { signed, bits, encoding, as }: Of<"integer">): void {
  const widths = encoding === "fixed" ? [32, 64] : [8, 16, 32, 64];
  demand(encoding === "fixed" || encoding === "varint", "an integer is fixed or a varint");
  demand(widths.includes(bits), `its bits are none of ${widths.join(", ")}`);
  demand(typeof signed === "boolean", "an integer is signed or not");
  demand(as === "number" || as === "bigint", "an integer is a number or a bigint");
}

function checkBytes(demand: Demand, { length, fixed }: Of<"bytes">): void {
  demand(length === undefined || isCount(length), "its length is no whole number");
  demand(!fixed || length === 4 || length === 8, "fixed bytes are 4 or 8");
}

function checkEnumeration(demand: Demand, shape: Of<"enumeration">["enumeration"]): void {
  demand(shape?.variants instanceof Map, "an enumeration has a Map of variants");
  for (const [name, number] of shape.variants) {
    demand(typeof name === "string", "each variant needs a name");
    demand(isCount(number) && number <= TAG_MAX, `variant "${name}" needs a number of 32 bits`);
  }
  demand(typeof shape.open === "boolean", "an enumeration is open or not");
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
