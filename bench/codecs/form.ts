/**
 * How a codec wants its values and gives them back. From a shape and a form come three things: the
 * value a codec is given, the value it gave brought back to compare, and the text that reads every
 * field of it inside the timed loop.
 */
import type { FieldShape, MessageShape, Shape } from "../../codecs/index.ts";

export interface Form {
  readonly integer: "number" | "bigint";
  readonly enumeration: "name" | "number";
  readonly map: "Map" | "object";
  /** Fields without a value: there as undefined, there as null, not there, or (pbf knows no presence) there as 0. */
  readonly absent: "undefined" | "null" | "omitted" | "zero";
  readonly bytes: "binary" | "base64";
}

export const OUR_FORM: Form = {
  integer: "number",
  enumeration: "name",
  map: "Map",
  absent: "undefined",
  bytes: "binary",
};

type Members = Record<string, unknown>;

/** The value as a codec takes it. Made before the clock runs. */
export function inputOf(shape: MessageShape, form: Form, value: object): Members {
  const result: Members = {};
  for (const field of fieldsOf(shape)) {
    const found = (value as Members)[field.name];
    if (found !== undefined) result[field.name] = inputValue(field.type, form, found);
    else if (form.absent === "null") result[field.name] = null;
    else if (form.absent !== "omitted") result[field.name] = undefined;
  }
  return result;
}

function inputValue(shape: Shape, form: Form, value: unknown): unknown {
  switch (shape.kind) {
    case "integer":
      return form.integer === "bigint" && shape.bits === 64 ? BigInt(value as number) : value;
    case "enumeration":
      return form.enumeration === "name" ? value : shape.enumeration.variants.get(value as string);
    case "bytes":
      return form.bytes === "base64" ? (value as Buffer).toString("base64") : value;
    case "message":
      return inputOf(shape.message(), form, value as object);
    case "list":
      return (value as unknown[]).map((item) => inputValue(shape.item, form, item));
    case "map":
      return form.map === "Map" ? value : Object.fromEntries(value as Map<string, string>);
    default:
      return value;
  }
}

/** What a codec gave back, in one form for all, to compare with what it was given. */
export function plainOf(shape: MessageShape, form: Form, value: object): Members {
  return Object.fromEntries(
    fieldsOf(shape).map((field) => {
      const found = (value as Members)[field.name] ?? null;
      const absent = found === null || (form.absent === "zero" && Number(found) === 0);
      if (field.presence === "optional" && absent) return [field.name, null];
      return [field.name, plainValue(field.type, form, found)];
    }),
  );
}

function plainValue(shape: Shape, form: Form, value: unknown): unknown {
  switch (shape.kind) {
    case "integer":
      return exactly(value, form.integer === "bigint" && shape.bits === 64 ? "bigint" : "number");
    case "enumeration":
      return form.enumeration === "name"
        ? value
        : [...shape.enumeration.variants].find(([, number]) => number === value)?.[0];
    case "bytes":
      return hexOf(value as Uint8Array);
    case "message":
      return plainOf(shape.message(), form, value as object);
    case "list":
      return Array.from(value as unknown[], (item) => plainValue(shape.item, form, item));
    case "map":
      return [...(value instanceof Map ? value : Object.entries(value as object))].sort();
    default:
      return value;
  }
}

/** A codec that claims numbers and gives bigints (or Longs) would be read by the wrong text. */
function exactly(value: unknown, type: "bigint" | "number"): number | string {
  const found = typeof value;
  return found === type ? Number(value) : `not a ${type}: ${String(value)}`;
}

function hexOf({ buffer, byteOffset, byteLength }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString("hex");
}

/**
 * Statements that read every field of `value` and add something of each to `sum`. Text is touched, not
 * only measured: some decoders hand out chains of pieces that the engine joins at the first look. A
 * bigint becomes a number on the way: everybody's values end in the same sum.
 */
export function readText(shape: MessageShape, form: Form, value: string, depth = 0): string {
  return fieldsOf(shape)
    .map((field) => {
      const member = `${value}.${field.name}`;
      if (field.presence !== "optional") return readValue(field.type, form, member, depth);
      const held = `f${depth}_${field.name}`;
      const read = readValue(field.type, form, held, depth);
      return `const ${held} = ${member}; if (${held} != null) { ${read} }`;
    })
    .join("\n");
}

function readValue(shape: Shape, form: Form, value: string, depth: number): string {
  const inner = `v${depth + 1}`;
  switch (shape.kind) {
    case "integer": {
      const big = form.integer === "bigint" && shape.bits === 64;
      return big ? `sum += Number(${value});` : `sum += ${value};`;
    }
    case "bool":
      return `sum += ${value} ? 1 : 0;`;
    case "enumeration":
      return form.enumeration === "name" ? `sum += ${value}.length;` : `sum += ${value};`;
    case "string":
      return `sum += ${value}.length + ${value}.charCodeAt(0);`;
    case "bytes":
      return `const b${depth} = ${value}; sum += b${depth}.length + b${depth}[0];`;
    case "message":
      return `{ const ${inner} = ${value}; ${readText(shape.message(), form, inner, depth + 1)} }`;
    case "list": {
      const item = `item${depth}`;
      const read = readValue(shape.item, form, item, depth);
      return `{ const list = ${value}; for (let n = 0; n < list.length; n++) { const ${item} = list[n]; ${read} } }`;
    }
    case "map":
      return form.map === "Map"
        ? `for (const [k, t] of ${value}) sum += k.length + t.length + t.charCodeAt(0);`
        : `{ const map = ${value}; for (const k in map) { const t = map[k]; sum += k.length + t.length + t.charCodeAt(0); } }`;
    default:
      throw new Error(`Cannot read a ${shape.kind}: no reference message holds one`);
  }
}

function fieldsOf(shape: MessageShape): FieldShape[] {
  return shape.members.map((member) => {
    if (member.kind === "field") return member;
    throw new Error(`Cannot read ${shape.name}.${member.name}: no reference message has a oneof`);
  });
}
