/**
 * Damage in the ways in which a decoder can be wrong: single bytes and bits, and along the structure of a
 * message (fields repeated, dropped, moved, grafted from other messages, sizes that lie, nesting without
 * an end), with everything around it kept fitting.
 */
import type { Chance } from "../../base/index.ts";
import { type Anatomy, assemble, type Node } from "./anatomy.ts";

export interface Mutant {
  readonly bytes: Uint8Array;
  /** A size in it claims more than there is. */
  readonly claims: boolean;
}

export interface Corpus {
  readonly anatomy: Anatomy;
  readonly messages: readonly Uint8Array[];
  /** Of the messages that could be taken apart. */
  readonly trees: readonly (readonly Node[])[];
}

export function corpusOf(anatomy: Anatomy, messages: readonly Uint8Array[]): Corpus {
  const trees = messages.flatMap((bytes) => {
    const tree = anatomy.parse(bytes);
    return tree === undefined || tree.length === 0 ? [] : [tree];
  });
  return { anatomy, messages, trees };
}

export function mutate(corpus: Corpus, chance: Chance): Mutant {
  const way = chance.below(8);
  const tree = corpus.trees[chance.below(corpus.trees.length)];
  if (tree === undefined || way < 2) {
    const message = corpus.messages[chance.below(corpus.messages.length)] ?? new Uint8Array();
    return { bytes: scratched(message, corpus, chance), claims: false };
  }
  const surgeon = new Surgeon(corpus, chance);
  let nodes = tree;
  for (let count = 1 + chance.below(3); count > 0; count--) nodes = surgeon.operate(nodes, 0);
  const bytes = assemble(nodes);
  return {
    bytes: way < 4 ? scratched(bytes, corpus, chance) : bytes,
    claims: surgeon.hasLied,
  };
}

/** One to four changes of single bytes or runs of them. */
function scratched(bytes: Uint8Array, { messages }: Corpus, chance: Chance): Uint8Array {
  let found = bytes;
  for (let count = 1 + chance.below(4); count > 0; count--)
    found = scratch(found, messages, chance);
  return found;
}

const BYTES = [0, 1, 2, 3, 4, 5, 0x7f, 0x80, 0x81, 0x90, 0xc0, 0xdd, 0xfe, 0xff] as const;

function scratch(bytes: Uint8Array, messages: readonly Uint8Array[], chance: Chance): Uint8Array {
  const at = chance.below(bytes.length + 1);
  switch (chance.below(7)) {
    case 0:
      return replaced(bytes, at, (bytes[at] ?? 0) ^ (1 << chance.below(8)));
    case 1:
      return replaced(bytes, at, chance.pick(BYTES));
    case 2:
      return bytes.subarray(0, at);
    case 3:
      return spliced(bytes, at, 1 + chance.below(4), []);
    case 4:
      return spliced(bytes, at, 0, [chance.below(256)]);
    case 5:
      return spliced(bytes, at, 0, bytes.subarray(at, at + 1 + chance.below(12)));
    default: {
      const other = messages[chance.below(messages.length)] ?? bytes;
      return spliced(bytes, at, bytes.length, other.subarray(chance.below(other.length + 1)));
    }
  }
}

function replaced(bytes: Uint8Array, at: number, byte: number): Uint8Array {
  const copy = bytes.slice();
  if (at < copy.length) copy[at] = byte;
  return copy;
}

function spliced(
  bytes: Uint8Array,
  at: number,
  removed: number,
  added: ArrayLike<number>,
): Uint8Array {
  const rest = bytes.subarray(Math.min(bytes.length, at + removed));
  const found = new Uint8Array(at + added.length + rest.length);
  found.set(bytes.subarray(0, at));
  found.set(added, at);
  found.set(rest, at + added.length);
  return found;
}

const LIES = [16n, 31n, 32n, 53n, 63n, 64n] as const;
const NESTING = [3, 20, 99, 101, 200] as const;

class Surgeon {
  hasLied = false;
  readonly #corpus: Corpus;
  readonly #chance: Chance;

  constructor(corpus: Corpus, chance: Chance) {
    this.#corpus = corpus;
    this.#chance = chance;
  }

  /** The nodes with one change among them, or deeper. */
  operate(nodes: readonly Node[], depth: number): readonly Node[] {
    const at = this.#chance.below(nodes.length);
    const node = nodes[at];
    if (node === undefined) return [this.#graft()];
    const inner = node.body;
    if (!(inner instanceof Uint8Array) && depth < 6 && this.#chance.below(2) === 0) {
      return nodes.with(at, { ...node, body: this.operate(inner, depth + 1) });
    }
    return this.#change(nodes, at, node);
  }

  #change(nodes: readonly Node[], at: number, node: Node): readonly Node[] {
    const chance = this.#chance;
    const put = (...added: readonly Node[]) => nodes.toSpliced(at, 1, ...added);
    switch (chance.below(11)) {
      case 0:
        return put();
      case 1:
        return put(node, this.#corpus.anatomy.again(node));
      case 2:
        return put(node, this.#corpus.anatomy.again(this.#graft()));
      case 3:
        return put(this.#graft(), node);
      case 4:
        return put({ ...this.#graft(), head: node.head });
      case 5:
        return nodes.toSpliced(at, 1).toSpliced(chance.below(nodes.length), 0, node);
      case 6:
        return put({ ...node, head: node.head.map((byte) => byte ^ (1 << chance.below(4))) });
      case 7:
        return put({ ...node, body: new Uint8Array(0) });
      case 8:
        return put(this.#lying(node));
      case 9:
        return put(nested(node, chance.pick(NESTING)));
      default:
        return put(this.#scratchedBody(node));
    }
  }

  #graft(): Node {
    const { trees } = this.#corpus;
    let nodes = trees[this.#chance.below(trees.length)] as readonly Node[];
    for (;;) {
      const node = nodes[this.#chance.below(nodes.length)];
      if (node === undefined) return { head: [], body: new Uint8Array(1) };
      if (node.body instanceof Uint8Array || this.#chance.below(2) === 0) return node;
      nodes = node.body;
    }
  }

  /** A size a little off, or far beyond all there is. */
  #lying(node: Node): Node {
    if (node.size === undefined) return node;
    if (this.#chance.below(2) === 0) {
      const off = BigInt(this.#chance.below(3)) + BigInt(node.body.length) - 1n;
      return { ...node, claim: off < 0n ? 0n : off };
    }
    this.hasLied = true;
    return { ...node, claim: (1n << this.#chance.pick(LIES)) - BigInt(this.#chance.below(2)) };
  }

  #scratchedBody(node: Node): Node {
    if (!(node.body instanceof Uint8Array)) return node;
    return { ...node, body: scratch(node.body, this.#corpus.messages, this.#chance) };
  }
}

/** The node in itself, so many times. */
function nested(node: Node, times: number): Node {
  if (node.size === undefined) return node;
  let found = node;
  for (let level = 0; level < times; level++) found = { ...node, body: [found] };
  return found;
}
