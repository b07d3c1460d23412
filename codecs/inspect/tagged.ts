/** Reads the fields of a Bilrost or protobuf message into pieces, by a schema as far as there is one. */
import type { TypeDescription } from "../description.ts";
import { DecodeError } from "../errors.ts";
import type { Cursor, Dialect, Key } from "./cursor.ts";
import { DEPTH_MAX, type Inspecting } from "./inspecting.ts";
import { scanFrom, strayGroupEnd, tooDeep } from "./scan.ts";
import type { KnownField, KnownMessage } from "./schema-view.ts";
import { typeName } from "./schema-view.ts";
import { type FieldsReader, TaggedContent } from "./tagged-content.ts";
import { type InspectNode, piece } from "./tree.ts";

export class TaggedReader implements FieldsReader {
  readonly #dialect: Dialect;
  readonly #inspecting: Inspecting;
  readonly #content: TaggedContent;

  constructor(dialect: Dialect, inspecting: Inspecting) {
    this.#dialect = dialect;
    this.#inspecting = inspecting;
    this.#content = new TaggedContent(dialect, inspecting, this);
  }

  /** All pieces of a region; what stands behind damage is one unread piece. */
  region(
    start: number,
    end: number,
    message: KnownMessage | undefined,
    depth: number,
  ): InspectNode[] {
    const cursor = this.#dialect.open(this.#inspecting.bytes, start, end);
    return this.#fields(cursor, message, depth);
  }

  /** The fields of a group and its end. */
  group(cursor: Cursor, tag: number, depth: number): InspectNode[] {
    if (depth > DEPTH_MAX) throw tooDeep(cursor.offset);
    return this.#fields(cursor, undefined, depth, tag);
  }

  #fields(
    cursor: Cursor,
    message: KnownMessage | undefined,
    depth: number,
    openGroup?: number,
  ): InspectNode[] {
    const nodes: InspectNode[] = [];
    const counts = new Map<number, number>();
    const pathDepth = this.#inspecting.depth;
    let previous = 0;
    while (cursor.offset < cursor.end) {
      if (!this.#inspecting.spend()) {
        nodes.push(...this.#elide(cursor, previous, openGroup));
        return nodes;
      }
      const start = cursor.offset;
      try {
        const key = cursor.key(previous);
        if (key.wire === "group end") {
          if (key.tag !== openGroup) throw strayGroupEnd(key.tag, start);
          nodes.push(groupEnd(key, start, cursor.offset));
          return nodes;
        }
        const count = counts.get(key.tag) ?? 0;
        counts.set(key.tag, count + 1);
        nodes.push(this.#field(cursor, key, start, { message, depth, count }));
        previous = key.tag;
      } catch (error) {
        nodes.push(this.#inspecting.unread(start, cursor.end, error, pathDepth));
        cursor.skip(cursor.end - cursor.offset);
        return nodes;
      }
    }
    if (openGroup === undefined || endsInDamage(nodes)) return nodes;
    const problem = `Cannot find the end of group ${openGroup}: no bytes remain`;
    const error = new DecodeError("Truncated", problem, cursor.end);
    return [...nodes, this.#inspecting.unread(cursor.end, cursor.end, error, pathDepth)];
  }

  #field(
    cursor: Cursor,
    key: Key,
    start: number,
    { message, depth, count }: { message: KnownMessage | undefined; depth: number; count: number },
  ): InspectNode {
    const keyEnd = cursor.offset;
    const known = message?.byNumber.get(key.tag);
    const { type, index } = this.#typeOf(known, key, count);
    const name = known?.name ?? String(key.tag);
    const segments = [...name.split("."), ...(index === undefined ? [] : [`[${index}]`])];
    const content = this.#inspecting.within(segments, () =>
      this.#content.read(cursor, key, type, depth),
    );
    const notes = [...overlong(this.#dialect, key, start, keyEnd), ...(content.notes ?? [])];
    if (message && !known) notes.push("not in the schema");
    return {
      ...piece("field", start, cursor.offset),
      keyEnd,
      ...content,
      tag: key.tag,
      ...(key.delta !== undefined && { delta: key.delta }),
      ...(known && { name: known.name }),
      ...(index !== undefined && { index }),
      wire: key.wire,
      // Of another wire type it is something else than the schema says, and the guesses stand.
      ...(type && content.problem?.code !== "WrongWireType" && { type: typeName(type) }),
      notes,
    };
  }

  /** Of a list either all items, or one: then it has a place among its siblings. */
  #typeOf(
    known: KnownField | undefined,
    key: Key,
    count: number,
  ): { type?: TypeDescription; index?: number } {
    if (!known) return {};
    const { type } = known.field;
    if (type.kind === "map" && this.#dialect.name === "protobuf") return { type, index: count };
    if (type.kind !== "list" || this.#content.isPacked(type, key.wire)) return { type };
    return { type: type.item, index: count };
  }

  /** Everything that is left, walked over and counted. */
  #elide(cursor: Cursor, previous: number, openGroup: number | undefined): InspectNode[] {
    const start = cursor.offset;
    const pathDepth = this.#inspecting.depth;
    const { fieldCount, end, error } = scanFrom(cursor, previous, openGroup);
    const nodes: InspectNode[] = [];
    if (end > start) {
      const fields = fieldCount === 1 ? "1 more field" : `${fieldCount} more fields`;
      nodes.push({ ...piece("elided", start, end), notes: [fields] });
    }
    if (!error) return nodes;
    nodes.push(this.#inspecting.unread(end, cursor.end, error, pathDepth));
    cursor.skip(cursor.end - cursor.offset);
    return nodes;
  }
}

/** Then the groups around it cannot have an end, and that is no problem of their own. */
function endsInDamage(nodes: readonly InspectNode[]): boolean {
  const last = nodes.at(-1);
  if (last?.problem) return true;
  return last?.wire === "group" && endsInDamage(last.readings[0]?.children ?? []);
}

function groupEnd({ tag }: Key, start: number, end: number): InspectNode {
  const node = piece("field", start, end);
  return { ...node, keyEnd: end, bodyStart: end, tag, wire: "group end" };
}

/** Protobuf only: Bilrost has one form for each number. */
function overlong(dialect: Dialect, { tag }: Key, start: number, end: number): string[] {
  if (dialect.name !== "protobuf") return [];
  const needed = dialect.varintLength(tag * 8);
  return end - start > needed ? [`key of ${end - start} bytes, ${needed} needed`] : [];
}
