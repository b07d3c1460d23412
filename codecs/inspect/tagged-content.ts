/** The body behind a key, or an item of a packed list or map, which has no key. */
import type { TypeDescription } from "../description.ts";
import { DecodeError } from "../errors.ts";
import { decodeText } from "../text.ts";
import { guessBody, guessText, readPacked, textReading } from "./body-guess.ts";
import { type Cursor, type Dialect, type Key, readCutLength } from "./cursor.ts";
import { DEPTH_MAX, type Inspecting } from "./inspecting.ts";
import { guessFixed, guessVarint, readFixedAs, readVarintAs, variantOf } from "./scalars.ts";
import { tooDeep } from "./scan.ts";
import { type KnownMessage, placesOf, rangeOf, typeName } from "./schema-view.ts";
import {
  type InspectNode,
  type InspectProblem,
  piece,
  type Reading,
  type WireName,
} from "./tree.ts";

export interface Content {
  readonly bodyStart: number;
  readonly readings: readonly Reading[];
  readonly notes?: readonly string[];
  readonly problem?: InspectProblem;
}

export interface FieldsReader {
  region(
    start: number,
    end: number,
    message: KnownMessage | undefined,
    depth: number,
  ): InspectNode[];
  group(cursor: Cursor, tag: number, depth: number): InspectNode[];
}

type ListType = Extract<TypeDescription, { kind: "list" }>;
type MapType = Extract<TypeDescription, { kind: "map" }>;

export class TaggedContent {
  readonly #dialect: Dialect;
  readonly #inspecting: Inspecting;
  readonly #fields: FieldsReader;

  constructor(dialect: Dialect, inspecting: Inspecting, fields: FieldsReader) {
    this.#dialect = dialect;
    this.#inspecting = inspecting;
    this.#fields = fields;
  }

  /** Throws `DecodeError` when the body does not end before its region does; all else is reported on the piece. */
  read(
    cursor: Cursor,
    { tag, wire }: Pick<Key, "tag" | "wire">,
    type: TypeDescription | undefined,
    depth: number,
  ): Content {
    const needed = type && this.#wireOf(type);
    if (needed !== undefined && needed !== wire) {
      const pathDepth = this.#inspecting.depth;
      const text = `Cannot read field: its wire type is ${wire}, ${needed} needed`;
      const error = new DecodeError("WrongWireType", text, cursor.offset);
      const problem = this.#inspecting.report(error, pathDepth);
      return { ...this.read(cursor, { tag, wire }, undefined, depth), problem };
    }
    switch (wire) {
      case "varint":
        return this.#varint(cursor, type);
      case "fixed 32-bit":
        return this.#fixed(cursor, 4, type);
      case "fixed 64-bit":
        return this.#fixed(cursor, 8, type);
      case "length-delimited":
        return this.#delimited(cursor, type, depth);
      default: {
        const bodyStart = cursor.offset;
        const children = this.#fields.group(cursor, tag, depth + 1);
        return { bodyStart, readings: [{ as: "group", children }] };
      }
    }
  }

  /** Whether a list's field of this wire type holds all items. What the schema says does not bind scalars. */
  isPacked({ item, packed }: ListType, wire: WireName): boolean {
    if (wire !== "length-delimited") return false;
    return this.#wireOf(item) !== "length-delimited" || packed;
  }

  #wireOf(type: TypeDescription): WireName {
    switch (type.kind) {
      case "bool":
      case "enumeration":
        return "varint";
      case "integer":
        if (type.encoding !== "fixed") return "varint";
        return type.bits === 32 ? "fixed 32-bit" : "fixed 64-bit";
      case "float":
        return type.bits === 32 ? "fixed 32-bit" : "fixed 64-bit";
      case "bytes":
        if (type.fixed) return type.length === 4 ? "fixed 32-bit" : "fixed 64-bit";
        return "length-delimited";
      default:
        return "length-delimited";
    }
  }

  #varint(cursor: Cursor, type: TypeDescription | undefined): Content {
    const bodyStart = cursor.offset;
    const value = cursor.varint();
    const length = cursor.offset - bodyStart;
    const needed = this.#dialect.varintLength(value);
    const notes = length > needed ? [`varint of ${length} bytes, ${needed} needed`] : [];
    const guesses = guessVarint(value, this.#dialect.name === "protobuf");
    if (!type) return { bodyStart, readings: guesses, notes };
    const isVariant = type.kind === "enumeration";
    return {
      bodyStart,
      notes: isVariant ? [...notes, `number ${this.#dialect.variantNumber(value)}`] : notes,
      ...this.#checked(guesses, () => [this.#varintAs(type, value, bodyStart)]),
    };
  }

  #varintAs(type: TypeDescription, value: number | bigint, start: number): Reading {
    if (type.kind !== "enumeration") return readVarintAs(type, value, start);
    const enumeration = this.#inspecting.schema?.enumeration(type.name);
    const number = this.#dialect.variantNumber(value);
    return { as: "variant", value: variantOf(enumeration, type.name, number, start) };
  }

  #fixed(cursor: Cursor, size: number, type: TypeDescription | undefined): Content {
    const bodyStart = cursor.offset;
    cursor.skip(size);
    const body = this.#inspecting.bytes.subarray(bodyStart, bodyStart + size);
    return { bodyStart, readings: type ? [readFixedAs(type, body)] : guessFixed(body) };
  }

  #delimited(cursor: Cursor, type: TypeDescription | undefined, depth: number): Content {
    const pathDepth = this.#inspecting.depth;
    const { length, error } = readCutLength(cursor);
    // What was cut off is still worth a look: the front of it is often all that one needs.
    const cut = error && { problem: this.#inspecting.report(error, pathDepth) };
    const start = cursor.offset;
    cursor.skip(length);
    if (type) return { ...this.#typed(start, start + length, type, depth), ...cut };
    return { bodyStart: start, readings: this.#guess(start, start + length, depth), ...cut };
  }

  #guess(start: number, end: number, depth: number): Reading[] {
    const guesses = guessBody(this.#dialect, this.#inspecting.bytes, start, end);
    return guesses.map((guess, place): Reading => {
      if (guess.summary === undefined || place > 0 || depth >= DEPTH_MAX) return guess;
      const children =
        guess.as === "message"
          ? this.#fields.region(start, end, undefined, depth + 1)
          : this.#untypedItems(start, end, depth + 1);
      return { ...guess, children };
    });
  }

  #typed(start: number, end: number, type: TypeDescription, depth: number): Content {
    const { bytes } = this.#inspecting;
    const body = bytes.subarray(start, end);
    switch (type.kind) {
      case "string": {
        const read = (): Reading[] => [textReading(decodeText(body, start), body.length)];
        return { bodyStart: start, ...this.#checked([{ as: "bytes" }], read) };
      }
      case "bytes":
        return { bodyStart: start, ...this.#checked([], () => bytesReadings(body, type, start)) };
      case "message":
        return this.#message(start, end, this.#inspecting.schema?.message(type.name), depth);
      case "tuple":
        return this.#message(start, end, placesOf("tuple", type.items), depth);
      case "range":
        return this.#message(start, end, rangeOf(type.of), depth);
      case "list":
        return this.#packed(start, end, type, depth);
      case "map":
        return this.#dialect.name === "protobuf"
          ? this.#message(start, end, placesOfEntry(type), depth)
          : this.#map(start, end, type, depth);
      default:
        return { bodyStart: start, readings: this.#guess(start, end, depth) };
    }
  }

  #message(start: number, end: number, message: KnownMessage | undefined, depth: number): Content {
    if (depth < DEPTH_MAX) {
      const children = this.#fields.region(start, end, message, depth + 1);
      return { bodyStart: start, readings: [{ as: "message", children }] };
    }
    const pathDepth = this.#inspecting.depth;
    const problem = this.#inspecting.report(tooDeep(start), pathDepth);
    return { bodyStart: start, readings: [{ as: "bytes" }], problem };
  }

  /** Scalars in one line, whatever has a length of its own as pieces. */
  #packed(start: number, end: number, { item }: ListType, depth: number): Content {
    const wire = this.#wireOf(item);
    const { bytes } = this.#inspecting;
    if (wire === "length-delimited") {
      const children = this.#items(start, end, (cursor, index) =>
        this.#item(cursor, "item", item, { index, depth }),
      );
      return { bodyStart: start, readings: [{ as: "list", children }] };
    }
    const cursor = this.#dialect.open(bytes, start, end);
    const next = (): Reading | undefined => this.#content(cursor, wire, item);
    const read = (): Reading[] => [readPacked("list", cursor, next)];
    return { bodyStart: start, ...this.#checked([{ as: "bytes" }], read) };
  }

  /** One scalar of a packed list. Throws where a field would carry the problem itself. */
  #content(cursor: Cursor, wire: WireName, item: TypeDescription): Reading | undefined {
    const start = cursor.offset;
    if (wire !== "varint")
      return this.#fixed(cursor, wire === "fixed 32-bit" ? 4 : 8, item).readings[0];
    return this.#varintAs(item, cursor.varint(), start);
  }

  /** Key body, value body, key body … without a length per entry. */
  #map(start: number, end: number, { key, value }: MapType, depth: number): Content {
    const children = this.#items(start, end, (cursor, index) => {
      const from = cursor.offset;
      const parts = [
        this.#item(cursor, "key", key, { depth }),
        this.#item(cursor, "value", value, { depth }),
      ];
      const entry = piece("entry", from, cursor.offset);
      return { ...entry, index, readings: [{ as: "entry", children: parts }] };
    });
    return { bodyStart: start, readings: [{ as: "map", children }] };
  }

  #items(
    start: number,
    end: number,
    next: (cursor: Cursor, index: number) => InspectNode,
  ): InspectNode[] {
    const cursor = this.#dialect.open(this.#inspecting.bytes, start, end);
    const nodes: InspectNode[] = [];
    const pathDepth = this.#inspecting.depth;
    while (cursor.offset < end) {
      const from = cursor.offset;
      if (!this.#inspecting.spend()) {
        return [
          ...nodes,
          { ...piece("elided", from, end), notes: ["more items, not looked into"] },
        ];
      }
      try {
        const index = nodes.length;
        nodes.push(this.#inspecting.within([`[${index}]`], () => next(cursor, index)));
      } catch (error) {
        return [...nodes, this.#inspecting.unread(from, end, error, pathDepth)];
      }
    }
    return nodes;
  }

  #untypedItems(start: number, end: number, depth: number): InspectNode[] {
    return this.#items(start, end, (cursor, index) =>
      this.#item(cursor, "item", undefined, { index, depth }),
    );
  }

  #item(
    cursor: Cursor,
    role: "item" | "key" | "value",
    type: TypeDescription | undefined,
    { index, depth }: { index?: number; depth: number },
  ): InspectNode {
    const start = cursor.offset;
    const wire = type ? this.#wireOf(type) : "length-delimited";
    const content = this.read(cursor, { tag: 0, wire }, type, depth);
    const node = piece(role, start, cursor.offset);
    return {
      ...node,
      ...(type && { type: typeName(type) }),
      ...content,
      ...(index !== undefined && { index }),
      wire,
      notes: content.notes ?? [],
    };
  }

  /** What the schema says, or the readings without it and why the schema is not met. */
  #checked(otherwise: readonly Reading[], read: () => Reading[]): Omit<Content, "bodyStart"> {
    const pathDepth = this.#inspecting.depth;
    try {
      return { readings: read() };
    } catch (error) {
      return { readings: otherwise, problem: this.#inspecting.report(error, pathDepth) };
    }
  }
}

function bytesReadings(
  body: Uint8Array,
  type: Extract<TypeDescription, { kind: "bytes" }>,
  start: number,
): Reading[] {
  if (type.length !== undefined && type.length !== body.length) {
    const problem = `Cannot read ${body.length} bytes: ${type.length} needed`;
    throw new DecodeError("InvalidValue", problem, start);
  }
  const text = guessText(body);
  return text?.isStrong ? [{ as: "bytes" }, text.reading] : [{ as: "bytes" }];
}

/** Protobuf: an entry is a message of key 1 and value 2. */
function placesOfEntry({ key, value }: MapType): KnownMessage {
  const { description } = placesOf("entry", [key, value]);
  const members = description.members.flatMap((member, place) =>
    member.kind === "field"
      ? [{ ...member, name: place === 0 ? "key" : "value", number: place + 1 }]
      : [],
  );
  const byNumber = new Map(members.map((field) => [field.number, { field, name: field.name }]));
  return { name: "entry", byNumber, description: { ...description, members } };
}
