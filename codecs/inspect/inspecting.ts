/** One inspection under way: the bytes, the schema, the path to the present place, and what is left to spend. */
import { DecodeError } from "../errors.ts";
import type { SchemaView } from "./schema-view.ts";
import { type InspectNode, type InspectProblem, piece } from "./tree.ts";

/** Message in message; as deep as our decoders go. */
export const DEPTH_MAX = 100;

export class Inspecting {
  readonly bytes: Uint8Array;
  readonly schema: SchemaView | undefined;
  readonly problems: InspectProblem[] = [];
  nodeCount = 0;
  readonly #nodesMax: number;
  readonly #path: string[];

  constructor(
    bytes: Uint8Array,
    nodesMax: number,
    schema: SchemaView | undefined,
    path: readonly string[],
  ) {
    this.bytes = bytes;
    this.#nodesMax = nodesMax;
    this.schema = schema;
    this.#path = [...path];
  }

  /** Whether one more piece may be made; if not, the rest is read without keeping it. */
  spend(): boolean {
    if (this.nodeCount >= this.#nodesMax) return false;
    this.nodeCount++;
    return true;
  }

  /** Runs `read` further in. An error that passes through leaves the path as it was there, for `report`. */
  within<T>(segments: readonly string[], read: () => T): T {
    this.#path.push(...segments);
    const value = read();
    this.#path.length -= segments.length;
    return value;
  }

  /** Keeps an error with the path to here, and gives it back for the piece it belongs to. */
  report(error: unknown, depth: number = this.depth): InspectProblem {
    if (!(error instanceof DecodeError)) throw error;
    const { code, problem, offset } = error;
    const found = { code, problem, offset, path: [...this.#path] };
    this.#path.length = depth;
    this.problems.push(found);
    return found;
  }

  /** Of the path. Whoever catches an error gives what this was before. */
  get depth(): number {
    return this.#path.length;
  }

  /** The piece for what stands behind damage. */
  unread(start: number, end: number, error: unknown, depth: number): InspectNode {
    return { ...piece("unread", start, end), problem: this.report(error, depth) };
  }
}
