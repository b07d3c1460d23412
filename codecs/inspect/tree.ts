/**
 * What bytes are, piece by piece: one tree for all formats. Every byte of the input belongs to
 * exactly one piece, damaged and unread ones included, so that the pieces in order are the input.
 */
import type { DecodeErrorCode } from "../errors.ts";
import type { FormatName } from "../format.ts";

/**
 * `stream`, `message`: a region with pieces inside. `field`: of a message. `item`: of a list or stream.
 * `entry`: of a map, with `key` and `value`. `part`: of a layout without a format, such as a header.
 * `elided`: read but not shown, because there are too many. `unread`: behind damage.
 */
export type NodeRole =
  | "stream"
  | "message"
  | "field"
  | "item"
  | "entry"
  | "key"
  | "value"
  | "part"
  | "elided"
  | "unread";

export type WireName =
  | "varint"
  | "length-delimited"
  | "fixed 32-bit"
  | "fixed 64-bit"
  | "group"
  | "group end";

/** Offsets count from the start of the input. Invariant: start <= keyEnd <= bodyStart <= end. */
export interface InspectNode {
  readonly role: NodeRole;
  readonly start: number;
  /** End of the key: of a field's tag and wire type, or of the name in MessagePack. */
  readonly keyEnd: number;
  /** End of what says how long the body is. */
  readonly bodyStart: number;
  readonly end: number;
  readonly tag?: number;
  /** Bilrost: what the key says, the distance to the tag before. */
  readonly delta?: number;
  readonly name?: string;
  /** Place in a list or stream, 0-based. */
  readonly index?: number;
  readonly wire?: WireName;
  /** What the schema says. Where it is missing, the readings are guesses. */
  readonly type?: string;
  /** Best first. Only the first has pieces inside. */
  readonly readings: readonly Reading[];
  readonly notes: readonly string[];
  readonly problem?: InspectProblem;
}

export interface Reading {
  /** "unsigned", "zigzag", "text", "message", "packed varints" … */
  readonly as: string;
  readonly value?: boolean | number | bigint | string;
  /** The value is the beginning of a longer text. */
  readonly isCut?: true;
  readonly list?: {
    readonly shown: readonly (boolean | number | bigint | string)[];
    readonly count: number;
  };
  /** One line about a message that is not the best reading. */
  readonly summary?: string;
  readonly children?: readonly InspectNode[];
}

/** Why bytes are not what they should be: the parts of a `DecodeError`. */
export interface InspectProblem {
  readonly code: DecodeErrorCode;
  readonly problem: string;
  /** From the start of the input. */
  readonly offset: number;
  readonly path: readonly string[];
}

export interface Inspection {
  readonly format: FormatName;
  readonly root: InspectNode;
  /** In the order of the bytes; the first is the one to report. */
  readonly problems: readonly InspectProblem[];
  /** Pieces made, never more than asked for by much: a bound on output and memory. */
  readonly nodeCount: number;
}

/** The pieces at the leaves, in order and without gaps. */
export function* piecesOf(node: InspectNode): Generator<{ start: number; end: number }> {
  const children = node.readings[0]?.children;
  if (children === undefined) {
    yield { start: node.start, end: node.end };
    return;
  }
  if (node.bodyStart > node.start) yield { start: node.start, end: node.bodyStart };
  for (const child of children) yield* piecesOf(child);
}

/** A piece without key or length, to begin with. */
export function piece(role: NodeRole, start: number, end: number): InspectNode {
  return { role, start, keyEnd: start, bodyStart: start, end, readings: [], notes: [] };
}
