/**
 * Frames of the reference protocol and files of captured ones, by the layouts in ARCHITECTURE.md.
 * Unlike a node, which closes a connection at the first wrong byte, this names what is wrong and goes on
 * as long as the frame's end is known.
 */
import {
  DecodeError,
  type InspectNode,
  type InspectProblem,
  piece,
  toHex,
} from "../../codecs/index.ts";
import { crc32c, FRAME_HEADER_BYTES, FrameKind } from "../../raft/wire/index.ts";
import { PartReader } from "./parts.ts";

export interface FrameBody {
  readonly message: string;
  readonly wireVersion: number;
  readonly start: number;
  readonly end: number;
}

/** Reads a body, which depends on what is known of its message. Problems stay in the piece. */
export type ReadBody = (
  body: FrameBody,
  nodesMax: number,
) => {
  readonly node: InspectNode;
  readonly problems: readonly InspectProblem[];
};

export interface FrameTree {
  readonly root: InspectNode;
  readonly problems: readonly InspectProblem[];
}

const FIRST_VERSIONED_KIND = 16;
const CAPTURE_HEADER_BYTES = 16;
const DIRECTIONS = ["", "from a peer that dialled", "from a client", "from a peer we dialled"];
const ITEM_NAMES: Readonly<Record<number, string>> = {
  1: "minimum version",
  2: "maximum version",
  3: "release",
  4: "role",
  5: "agreed version",
  6: "code",
  7: "text",
};

export function beginsAs(bytes: Uint8Array): "frames" | "capture" | undefined {
  const magic = Buffer.from(bytes.subarray(0, 4)).toString("latin1");
  if (magic === "WSF1") return "frames";
  return magic === "WSC1" ? "capture" : undefined;
}

export class FrameInspector {
  readonly #bytes: Uint8Array;
  readonly #readBody: ReadBody;
  readonly #problems: InspectProblem[] = [];
  readonly #nodesMax: number;
  #nodeCount = 0;

  constructor(bytes: Uint8Array, nodesMax: number, readBody: ReadBody) {
    this.#bytes = bytes;
    this.#nodesMax = nodesMax;
    this.#readBody = readBody;
  }

  /** Frames back to back, as they are on a connection. */
  frames(): FrameTree {
    return this.#tree([], 0, (at) => this.#frame(at, this.#bytes.length));
  }

  /** A capture of a node: its header, then records with a frame each. */
  capture(): FrameTree {
    const header = new PartReader(this.#bytes, 0, this.#bytes.length);
    try {
      header.run("magic", 4, (magic) => Buffer.from(magic).toString("latin1"));
      if (header.number("format", 4) !== 1)
        this.#problems.push(header.blame("only format 1 exists"));
      header.number("node", 8);
    } catch (error) {
      return this.#stop(header, error);
    }
    return this.#tree(header.parts, CAPTURE_HEADER_BYTES, (at) => this.#record(at));
  }

  #stop(header: PartReader, error: unknown): FrameTree {
    const rest = this.#unread(header.offset, this.#bytes.length, error);
    return this.#finish([...header.parts, rest]);
  }

  #tree(
    before: readonly InspectNode[],
    start: number,
    next: (at: number) => InspectNode,
  ): FrameTree {
    const children = [...before];
    let index = 0;
    for (let at = start; at < this.#bytes.length; at = children.at(-1)?.end as number) {
      if (this.#nodeCount > this.#nodesMax) {
        const rest = piece("elided", at, this.#bytes.length);
        children.push({ ...rest, notes: ["more frames, not looked into"] });
        break;
      }
      children.push({ ...next(at), index: index++ });
    }
    return this.#finish(children);
  }

  #finish(children: readonly InspectNode[]): FrameTree {
    const root = piece("stream", 0, this.#bytes.length);
    return {
      root: { ...root, readings: [{ as: "frames", children }] },
      problems: this.#problems,
    };
  }

  #record(start: number): InspectNode {
    const reader = new PartReader(this.#bytes, start, this.#bytes.length);
    try {
      const length = reader.number("frame length", 4);
      reader.number("connection", 4);
      reader.number("direction", 1, (direction) => DIRECTIONS[direction] ?? "");
      reader.run("reserved", 7, () => "");
      reader.number("received", 8, timeText);
      const end = Math.min(reader.offset + length, this.#bytes.length);
      const frame = this.#frame(reader.offset, end);
      const children = [...reader.parts, ...(frame.readings[0]?.children ?? [frame])];
      if (frame.end < end) children.push(this.#trailing(frame.end, end));
      const readings = [{ as: frame.readings[0]?.as ?? "frame", children }];
      return { ...piece("item", start, end), readings };
    } catch (error) {
      return this.#unread(start, this.#bytes.length, error);
    }
  }

  #trailing(start: number, end: number): InspectNode {
    const problem = `Cannot read ${end - start} bytes: they follow the end of the frame`;
    return this.#unread(start, end, new DecodeError("Malformed", problem, start));
  }

  #frame(start: number, end: number): InspectNode {
    const reader = new PartReader(this.#bytes, start, end);
    try {
      const header = this.#header(reader, start);
      const bodyEnd = Math.min(reader.offset + header.length, end);
      const body = this.#body(header, reader.offset, bodyEnd);
      this.#nodeCount += reader.parts.length;
      const readings = [{ as: `frame ${nameOf(header.kind)}`, children: [...reader.parts, body] }];
      return { ...piece("item", start, bodyEnd), readings };
    } catch (error) {
      const rest = this.#unread(reader.offset, end, error);
      const children = [...reader.parts, rest];
      return { ...piece("item", start, end), readings: [{ as: "frame", children }] };
    }
  }

  #header(reader: PartReader, start: number): FrameSize {
    const blame = (problem: string): void => void this.#problems.push(reader.blame(problem));
    const magic = reader.run("magic", 4, (bytes) => Buffer.from(bytes).toString("latin1"));
    if (toHex(magic) !== "57534631") {
      throw new DecodeError("Malformed", "Cannot read a frame: it does not begin with WSF1", start);
    }
    const layout = reader.number("header version", 1);
    if (layout !== 1) {
      const problem = `Cannot read a frame with header version ${layout}: only 1 exists`;
      throw new DecodeError("Malformed", problem, start + 4);
    }
    const flags = reader.number("flags", 1, (value) => (value & 1 ? "ignorable" : ""));
    if (flags > 1) blame(`flags ${flags} are not known`);
    const kind = reader.number("kind", 2, (value) => NAMES.get(value) ?? "not known");
    const version = reader.number("wire version", 4);
    const length = reader.number("body length", 4);
    reader.run("cluster id", 16, toHex);
    reader.number("sender", 8);
    reader.number("addressee", 8, (value) => (value === 0 ? "whoever answers" : ""));
    reader.number("incarnation", 8);
    if (reader.number("reserved", 4) !== 0) blame("reserved bytes are not zero");
    this.#checksum(reader, "body checksum", start + FRAME_HEADER_BYTES, length);
    this.#checksum(reader, "header checksum", start, 64);
    return { kind, version, length };
  }

  #checksum(reader: PartReader, name: string, from: number, length: number): void {
    const covered = this.#bytes.subarray(from, from + length);
    const isWhole = covered.length === length;
    const computed = isWhole ? crc32c(covered) : 0;
    const found = reader.number(name, 4, (value) => (isWhole && value === computed ? "right" : ""));
    if (!isWhole || found === computed) return;
    const problem = `the bytes have CRC32C ${computed}, not ${found}: they were changed`;
    this.#problems.push(reader.blame(problem));
  }

  #body({ kind, version, length }: FrameSize, start: number, end: number): InspectNode {
    if (kind < FIRST_VERSIONED_KIND) return this.#items(start, end);
    const body = { message: nameOf(kind), wireVersion: version, start, end };
    const nodesMax = Math.max(0, this.#nodesMax - this.#nodeCount);
    const { node, problems } = this.#readBody(body, nodesMax);
    this.#nodeCount += 1 + countNodes(node);
    const left = end - start;
    if (left === length) {
      this.#problems.push(...problems);
      return node;
    }
    const text = `Cannot read body of ${length} bytes: only ${left} remain`;
    const problem = { code: "Truncated" as const, problem: text, offset: start, path: [] };
    this.#problems.push(problem);
    return { ...node, problem };
  }

  /** Hello, Welcome, Refusal: type, length, content. */
  #items(start: number, end: number): InspectNode {
    const children: InspectNode[] = [];
    for (let at = start; at < end; at = children.at(-1)?.end as number) {
      try {
        const reader = new PartReader(this.#bytes, at, end);
        const type = reader.number("type", 2);
        const length = reader.number("length", 2);
        const name = ITEM_NAMES[type & 0x7fff] ?? `item ${type & 0x7fff}`;
        reader.run(name, length, (content) => contentText(type & 0x7fff, content));
        const [, , content] = reader.parts;
        const critical = type & 0x8000 ? ["critical"] : [];
        const whole = { start: at, keyEnd: at + 2, bodyStart: at + 4 };
        children.push({ ...(content as InspectNode), ...whole, notes: critical });
      } catch (error) {
        children.push(this.#unread(at, end, error));
      }
    }
    return { ...piece("message", start, end), readings: [{ as: "items", children }] };
  }

  #unread(start: number, end: number, error: unknown): InspectNode {
    if (!(error instanceof DecodeError)) throw error;
    const { code, problem: text, offset, path } = error;
    const problem = { code, problem: text, offset, path };
    this.#problems.push(problem);
    return { ...piece("unread", start, end), problem };
  }
}

interface FrameSize {
  readonly kind: number;
  readonly version: number;
  readonly length: number;
}

const NAMES: ReadonlyMap<number, string> = new Map(
  Object.entries(FrameKind).map(([name, kind]) => [kind, name[0]?.toUpperCase() + name.slice(1)]),
);

function nameOf(kind: number): string {
  return NAMES.get(kind) ?? `kind ${kind}`;
}

function contentText(type: number, content: Uint8Array): string {
  if (type === 3 || type >= 6) return JSON.stringify(Buffer.from(content).toString("utf8"));
  return String(content.reduceRight((value, byte) => value * 256 + byte, 0));
}

function timeText(milliseconds: number): string {
  const date = new Date(milliseconds);
  return Number.isNaN(date.getTime()) ? "" : date.toISOString();
}

function countNodes(node: InspectNode): number {
  const children = node.readings[0]?.children ?? [];
  return children.reduce((count, child) => count + countNodes(child), 1);
}
