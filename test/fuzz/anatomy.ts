/**
 * Messages taken apart into nested nodes, so that damage can follow their structure and everything
 * around it still fits. What the bytes do not tell (is this body a message?) is guessed: a body that
 * reads as fields is one.
 */

export interface Node {
  /** What stands before length and body: the key of a field. */
  readonly head: readonly number[];
  /** How the size before the body is told; undefined where there is none. */
  readonly size?: SizeForm;
  /** What the size says in place of the truth. */
  readonly claim?: bigint;
  readonly body: Uint8Array | readonly Node[];
}

export interface SizeForm {
  /** Bytes of the body, or parts of it. */
  readonly counts: "bytes" | "parts" | "pairs";
  write(size: bigint): readonly number[];
}

export interface Anatomy {
  /** Undefined for what is no message. */
  parse(bytes: Uint8Array): readonly Node[] | undefined;
  /** The same node as a repetition of the one before it. */
  again(node: Node): Node;
}

const CAPACITY = 1 << 16;
const buffer = new Uint8Array(CAPACITY);

/** Written from the end, where sizes are known before they are needed. What does not fit is cut off. */
export function assemble(nodes: readonly Node[]): Uint8Array {
  return buffer.slice(Math.max(0, putAll(nodes, CAPACITY)));
}

function putAll(nodes: readonly Node[], end: number): number {
  let at = end;
  for (let place = nodes.length - 1; place >= 0 && at > 0; place--) {
    at = put(nodes[place] as Node, at);
  }
  return at;
}

function put(node: Node, end: number): number {
  const { head, size, body } = node;
  const isRaw = body instanceof Uint8Array;
  let at = isRaw ? putBytes(body, end) : putAll(body, end);
  if (size !== undefined) at = putBytes(size.write(node.claim ?? sizeOf(node, end - at)), at);
  return putBytes(head, at);
}

function sizeOf({ size, body }: Node, bytes: number): bigint {
  if (size?.counts === "bytes") return BigInt(bytes);
  return BigInt(size?.counts === "parts" ? body.length : body.length >> 1);
}

function putBytes(bytes: ArrayLike<number>, end: number): number {
  const at = end - bytes.length;
  if (at >= 0) buffer.set(bytes, at);
  return at;
}
