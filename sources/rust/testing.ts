/** Shapes in one line, so that a row of a test can be read: `1 id: u64, 2 names: [text]?`. */
import type {
  FieldShape,
  IntegerShape,
  MessageShape,
  OneofShape,
  Shape,
} from "../../codecs/index.ts";
import { type RustOptions, type RustSchemas, readRustSources } from "./read.ts";

export function readText(text: string, options: RustOptions = {}): Promise<RustSchemas> {
  return readRustSources([{ path: "src/lib.rs", text }], options);
}

export function describeMessage({ members }: MessageShape): string {
  return members.map((member) => describeMember(member)).join(", ");
}

function describeMember(member: FieldShape | OneofShape): string {
  if (member.kind === "field") return describeField(member);
  return `oneof ${member.name} (${describeOneof(member)})`;
}

function describeField({ number, name, type, presence }: FieldShape): string {
  return `${number} ${name}: ${describeShape(type)}${presence === "optional" ? "?" : ""}`;
}

export function describeOneof({ variants }: OneofShape): string {
  return variants
    .map(({ number, name, type }) => `${number} ${name}: ${describeShape(type)}`)
    .join(", ");
}

export function describeShape(shape: Shape): string {
  switch (shape.kind) {
    case "bool":
      return "bool";
    case "string":
      return "text";
    case "integer":
      return describeInteger(shape);
    case "float":
      return `f${shape.bits}`;
    case "bytes":
      return `bytes${shape.length === undefined ? "" : shape.length}${shape.fixed ? " fixed" : ""}`;
    case "enumeration":
      return `enum ${shape.enumeration.name}`;
    case "time":
      return shape.type;
    case "map":
      return `{${describeShape(shape.key)}: ${describeShape(shape.value)}}`;
    case "list": {
      const length = shape.length === undefined ? "" : `; ${shape.length}`;
      const how = `${shape.packed ? "packed" : "unpacked"}${shape.set ? " set" : ""}`;
      return `${how} [${describeShape(shape.item)}${length}]`;
    }
    case "message":
      return describeReference(shape.message(), shape.uncounted === true);
  }
}

/** Messages with a name of the user's are named; others are opened. */
function describeReference(message: MessageShape, isUncounted: boolean): string {
  const isAnonymous = /^\(|^Range/.test(message.name) || isUncounted;
  if (!isAnonymous) return message.name;
  const name = message.name.startsWith("(") ? "" : message.name;
  if (!message.tuple) return `${name}(${describeMessage(message)})`;
  const places = message.members.map((member) => describeMember(member).replace(/^\d+ /, ""));
  return `${name}(${places.join(", ")})`;
}

function describeInteger({ signed, bits, encoding, nonZero, as }: IntegerShape): string {
  const width = `${signed ? "i" : "u"}${bits}${as === "number" && bits === 64 ? " as number" : ""}`;
  return `${nonZero ? "nonzero " : ""}${width}${encoding === "fixed" ? " fixed" : ""}`;
}
