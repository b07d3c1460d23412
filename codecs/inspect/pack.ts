/**
 * Reads one MessagePack value into pieces. The format says of itself what each value is, so nothing
 * is guessed; a schema adds names of variants and what a number or a list of pairs stands for.
 * Containers count items and have no length, so behind damage nothing can be found again.
 */
import type { TypeDescription } from "../description.ts";
import { DecodeError } from "../errors.ts";
import { PackReader } from "../messagepack/pack-reader.ts";
import { decodeText } from "../text.ts";
import { guessText, textReading } from "./body-guess.ts";
import { DEPTH_MAX, type Inspecting } from "./inspecting.ts";
import {
  countOf,
  isKind,
  type PackHead,
  type PackKind,
  packHead,
  readPackScalar,
} from "./pack-scalar.ts";
import { type Expected, expectedName, memberOf, neededKind, partOf } from "./pack-schema.ts";
import { variantOf } from "./scalars.ts";
import type { Content } from "./tagged-content.ts";
import { type InspectNode, type NodeRole, piece, type Reading } from "./tree.ts";

const NO_LIMITS = { depthMax: Infinity, lengthMax: Infinity, countMax: Infinity };

export class PackInspector {
  readonly #inspecting: Inspecting;
  readonly #reader: PackReader;
  readonly #end: number;
  /** Nothing behind damage has a place; what is open ends where it stands. */
  #isDamaged = false;

  constructor(inspecting: Inspecting, start: number, end: number) {
    this.#inspecting = inspecting;
    this.#reader = new PackReader(inspecting.bytes.subarray(0, end), NO_LIMITS, false);
    this.#reader.offset = start;
    this.#end = end;
  }

  get offset(): number {
    return this.#reader.offset;
  }

  /** One value, to its end or to the damage in it. */
  value(role: NodeRole, expected: Expected | undefined, depth: number): InspectNode {
    const start = this.offset;
    const pathDepth = this.#inspecting.depth;
    try {
      const content = this.#content(expected, depth);
      const type = expected === undefined ? {} : { type: expectedName(expected) };
      return {
        ...piece(role, start, this.offset),
        ...type,
        ...content,
        notes: content.notes ?? [],
      };
    } catch (error) {
      return this.#unread(start, error, pathDepth);
    }
  }

  #unread(start: number, error: unknown, pathDepth: number): InspectNode {
    const node = this.#inspecting.unread(start, this.#end, error, pathDepth);
    this.#reader.offset = this.#end;
    this.#isDamaged = true;
    return node;
  }

  #content(expected: Expected | undefined, depth: number): Content {
    const start = this.offset;
    const head = packHead(this.#inspecting.bytes, start, this.#end);
    const needed = expected && neededKind(expected);
    if (needed !== undefined && !isKind(head.kind, needed)) {
      const pathDepth = this.#inspecting.depth;
      const text = `Cannot read ${head.kind}: ${needed} is expected`;
      const error = new DecodeError("WrongWireType", text, start);
      const problem = this.#inspecting.report(error, pathDepth);
      return { ...this.#content(undefined, depth), problem };
    }
    if (head.kind !== "map" && head.kind !== "array") return this.#scalar(head, expected, start);
    const count = countOf(head, this.#inspecting.bytes, start, this.#end);
    const bodyStart = start + head.length;
    const noun = head.kind === "map" ? "pair" : "item";
    const notes = [`${count} ${noun}${count === 1 ? "" : "s"}`];
    if (depth >= DEPTH_MAX) {
      this.#reader.skip();
      const deep = [...notes, `nested deeper than ${DEPTH_MAX}, not looked into`];
      return { bodyStart, readings: [{ as: head.kind }], notes: deep };
    }
    this.#reader.offset = bodyStart;
    const next = (place: number): InspectNode =>
      head.kind === "map"
        ? this.#pair(expected, depth + 1)
        : this.#item(place, expected, depth + 1);
    const children = this.#items(count, head.kind === "map" ? 2 : 1, next);
    return { bodyStart, readings: [{ as: head.kind, children }], notes };
  }

  #items(count: number, valuesEach: number, next: (place: number) => InspectNode): InspectNode[] {
    const nodes: InspectNode[] = [];
    for (let place = 0; place < count && !this.#isDamaged; place++) {
      if (!this.#inspecting.spend()) return [...nodes, ...this.#elide(count - place, valuesEach)];
      nodes.push(next(place));
    }
    return nodes;
  }

  #elide(count: number, valuesEach: number): InspectNode[] {
    const start = this.offset;
    const pathDepth = this.#inspecting.depth;
    let whole = start;
    const note = (): string[] => [`${count} more ${valuesEach === 2 ? "pairs" : "items"}`];
    try {
      for (let left = count * valuesEach; left > 0; left--) {
        this.#reader.skip();
        whole = this.offset;
      }
      return [{ ...piece("elided", start, whole), notes: note() }];
    } catch (error) {
      const unread = this.#unread(whole, error, pathDepth);
      return whole > start
        ? [{ ...piece("elided", start, whole), notes: note() }, unread]
        : [unread];
    }
  }

  #item(place: number, expected: Expected | undefined, depth: number): InspectNode {
    const part = expected && partOf(expected);
    if (part?.entry) return this.#entry(place, part.entry, depth);
    const node = this.#inspecting.within([`[${place}]`], () =>
      this.value("item", part?.item, depth),
    );
    return { ...node, index: place };
  }

  /** A map of the schema stands as an array of pairs, because its keys need not be text. */
  #entry(
    place: number,
    [key, value]: readonly [TypeDescription, TypeDescription],
    depth: number,
  ): InspectNode {
    const start = this.offset;
    const pathDepth = this.#inspecting.depth;
    return this.#inspecting.within([`[${place}]`], () => {
      try {
        const head = packHead(this.#inspecting.bytes, start, this.#end);
        const count =
          head.kind === "array" ? countOf(head, this.#inspecting.bytes, start, this.#end) : 0;
        const bodyStart = start + head.length;
        this.#reader.offset = bodyStart;
        if (count !== 2) {
          const problem = `Cannot read map entry: ${count} items are there, a pair needed`;
          throw new DecodeError("InvalidValue", problem, start);
        }
        const children = [this.value("key", key, depth)];
        if (!this.#isDamaged) children.push(this.value("value", value, depth));
        const node = piece("entry", start, this.offset);
        return { ...node, bodyStart, index: place, readings: [{ as: head.kind, children }] };
      } catch (error) {
        return this.#unread(start, error, pathDepth);
      }
    });
  }

  #pair(expected: Expected | undefined, depth: number): InspectNode {
    const start = this.offset;
    const pathDepth = this.#inspecting.depth;
    try {
      const name = this.#key();
      if (name === undefined) return this.#anyPair(start, depth);
      const keyEnd = this.offset;
      const member = expected && memberOf(expected, name, this.#inspecting.schema);
      const node = this.#inspecting.within([name], () => this.value("field", member, depth));
      if (node.role === "unread") return { ...node, start, keyEnd, bodyStart: keyEnd, name };
      const notes = expected && !member ? [...node.notes, "not in the schema"] : node.notes;
      return { ...node, start, keyEnd, name, notes };
    } catch (error) {
      return this.#unread(start, error, pathDepth);
    }
  }

  /** A key that is text or an integer is a name; any other stands as a piece of its own. */
  #key(): string | undefined {
    const start = this.offset;
    const { kind } = packHead(this.#inspecting.bytes, start, this.#end);
    if (kind === "an integer") return String(this.#reader.integer());
    if (kind !== "text") return undefined;
    try {
      return this.#reader.text();
    } catch (error) {
      if (!(error instanceof DecodeError) || error.code !== "InvalidValue") throw error;
      this.#reader.offset = start;
      return undefined;
    }
  }

  #anyPair(start: number, depth: number): InspectNode {
    const children = [this.value("key", undefined, depth)];
    if (!this.#isDamaged) children.push(this.value("value", undefined, depth));
    return { ...piece("entry", start, this.offset), readings: [{ as: "pair", children }] };
  }

  #scalar(head: PackHead, expected: Expected | undefined, start: number): Content {
    const { kind } = head;
    const bodyStart = start + head.length;
    if (kind === "text" || kind === "binary") {
      this.#reader.skip();
      return { bodyStart, ...this.#run(kind, bodyStart) };
    }
    const reading = readPackScalar(this.#reader, this.#inspecting.bytes, head);
    if (expected === undefined || !("kind" in expected) || expected.kind !== "enumeration") {
      return { bodyStart, readings: [reading] };
    }
    const enumeration = this.#inspecting.schema?.enumeration(expected.name);
    return {
      bodyStart,
      notes: [`number ${reading.value}`],
      ...this.#checked([reading], () => {
        const number = reading.value as number | bigint;
        return [{ as: "variant", value: variantOf(enumeration, expected.name, number, start) }];
      }),
    };
  }

  #run(kind: PackKind, bodyStart: number): Omit<Content, "bodyStart"> {
    const body = this.#inspecting.bytes.subarray(bodyStart, this.offset);
    if (kind === "text") {
      const read = (): Reading[] => [textReading(decodeText(body, bodyStart), body.length)];
      return this.#checked([{ as: "bytes" }], read);
    }
    const text = guessText(body);
    return { readings: text?.isStrong ? [{ as: "bytes" }, text.reading] : [{ as: "bytes" }] };
  }

  #checked(otherwise: readonly Reading[], read: () => Reading[]): Omit<Content, "bodyStart"> {
    const pathDepth = this.#inspecting.depth;
    try {
      return { readings: read() };
    } catch (error) {
      return { readings: otherwise, problem: this.#inspecting.report(error, pathDepth) };
    }
  }
}
