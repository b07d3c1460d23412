/**
 * Takes bytes apart. Whatever they are, the answer is a tree that covers all of them, with the
 * problems in it; nothing is thrown for bad bytes.
 */
import type { VersionDescription } from "../description.ts";
import { DecodeError } from "../errors.ts";
import type { FormatName } from "../format.ts";
import { BILROST, type Dialect, PROTOBUF, readCutLength } from "./cursor.ts";
import { Inspecting } from "./inspecting.ts";
import { PackInspector } from "./pack.ts";
import { type KnownMessage, SchemaView } from "./schema-view.ts";
import { TaggedReader } from "./tagged.ts";
import { type Inspection, type InspectNode, piece } from "./tree.ts";

export const NODES_MAX = 10_000;

export interface InspectOptions {
  readonly format: FormatName;
  /** Names and types; without them everything is shown that the bytes may mean. */
  readonly schema?: { readonly version: VersionDescription; readonly message: string };
  /** Messages back to back: each behind its length as a varint; in MessagePack values one after the other. */
  readonly isStream?: boolean;
  /** Pieces shown before the rest is only walked over and counted. */
  readonly nodesMax?: number;
  /** The part of `bytes` to read; offsets still count from their start. */
  readonly start?: number;
  readonly end?: number;
}

export function inspect(bytes: Uint8Array, options: InspectOptions): Inspection {
  const { format, nodesMax = NODES_MAX, start = 0, end = bytes.length } = options;
  const view = options.schema && new SchemaView(options.schema.version);
  const message = options.schema && view?.message(options.schema.message);
  const path = options.schema ? [options.schema.message] : [];
  const inspecting = new Inspecting(bytes, nodesMax, view, path);
  const reader = format === "msgpack" ? packReader(inspecting) : taggedReader(inspecting, format);
  inspecting.spend();
  const root = options.isStream
    ? readStream(inspecting, reader, { start, end, message })
    : reader.whole(start, end, message);
  const { problems, nodeCount } = inspecting;
  return { format, root, problems: problems.toSorted(byOffset), nodeCount };
}

function byOffset(one: { offset: number }, other: { offset: number }): number {
  return one.offset - other.offset;
}

interface RootReader {
  whole(start: number, end: number, message: KnownMessage | undefined): InspectNode;
  /** The next message of a stream. Throws `DecodeError` when its length cannot be read. */
  next(start: number, end: number, message: KnownMessage | undefined): InspectNode;
}

function taggedReader(inspecting: Inspecting, format: "bilrost" | "protobuf"): RootReader {
  const dialect: Dialect = format === "bilrost" ? BILROST : PROTOBUF;
  const reader = new TaggedReader(dialect, inspecting);
  const whole = (start: number, end: number, message: KnownMessage | undefined): InspectNode => ({
    ...piece("message", start, end),
    readings: [{ as: "message", children: reader.region(start, end, message, 0) }],
    ...(message && { type: message.name }),
  });
  return {
    whole,
    next(start, end, message) {
      const cursor = dialect.open(inspecting.bytes, start, end);
      const depth = inspecting.depth;
      const { length, error } = readCutLength(cursor);
      const cut = error && { problem: inspecting.report(error, depth) };
      const node = whole(cursor.offset, cursor.offset + length, message);
      return { ...node, start, keyEnd: start, ...cut };
    },
  };
}

function packReader(inspecting: Inspecting): RootReader {
  const next = (start: number, end: number, message: KnownMessage | undefined): InspectNode => {
    const node = new PackInspector(inspecting, start, end).value("message", message, 0);
    return message ? { ...node, type: message.name } : node;
  };
  return {
    next,
    whole(start, end, message) {
      const node = next(start, end, message);
      if (node.end === end) return node;
      const trailing = `Cannot read ${end - node.end} bytes: they follow the end of the value`;
      const error = new DecodeError("Malformed", trailing, node.end);
      const rest = inspecting.unread(node.end, end, error, inspecting.depth);
      const children = [node, rest];
      return { ...piece("stream", start, end), readings: [{ as: "value", children }] };
    },
  };
}

function readStream(
  inspecting: Inspecting,
  reader: RootReader,
  { start, end, message }: { start: number; end: number; message: KnownMessage | undefined },
): InspectNode {
  const children: InspectNode[] = [];
  const depth = inspecting.depth;
  for (let at = start; at < end; at = children.at(-1)?.end ?? end) {
    if (!inspecting.spend()) {
      children.push({ ...piece("elided", at, end), notes: ["more messages, not looked into"] });
      break;
    }
    try {
      const from = at;
      const index = children.length;
      const node = inspecting.within([`[${index}]`], () => reader.next(from, end, message));
      children.push({ ...node, index });
    } catch (error) {
      children.push(inspecting.unread(at, end, error, depth));
    }
  }
  return { ...piece("stream", start, end), readings: [{ as: "stream", children }] };
}
