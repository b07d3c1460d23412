/** The pairs. Keys are bytes; a map needs something that is equal when the bytes are, so it holds them as text of one char per byte. */
import { type DigestSum, type Hash64, hashElement } from "./digest.ts";

const ELEMENT_PAIR = 1;

export interface Pair {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
}

/** The hash is kept: to replace a pair would else cost a second look at all its bytes. */
interface HashedPair extends Pair {
  readonly hash: Hash64;
}

export class KeyValues {
  private readonly pairs: Map<string, HashedPair> = new Map();
  private readonly digest: DigestSum;

  constructor(digest: DigestSum) {
    this.digest = digest;
  }

  get size(): number {
    return this.pairs.size;
  }

  get(key: Uint8Array): Uint8Array | undefined {
    return this.pairs.get(nameOf(key))?.value;
  }

  /** Keeps copies: what comes in is a view into a frame or a file. */
  set(key: Uint8Array, value: Uint8Array): void {
    const name = nameOf(key);
    this.forget(name);
    const hash = hashPair({ key, value });
    this.pairs.set(name, { key: key.slice(), value: value.slice(), hash });
    this.digest.add(hash);
  }

  /** Whether it was there. */
  delete(key: Uint8Array): boolean {
    return this.forget(nameOf(key));
  }

  /** In order of their keys, so that equal states give equal snapshots. */
  sorted(): readonly Pair[] {
    // Texts are sorted by themselves, without a call for each comparison.
    return [...this.pairs.keys()].sort().map((name) => this.pairs.get(name) as Pair);
  }

  private forget(name: string): boolean {
    const old = this.pairs.get(name);
    if (!old) return false;
    this.digest.remove(old.hash);
    return this.pairs.delete(name);
  }
}

export function equalBytes(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, position) => byte === other[position]);
}

function hashPair({ key, value }: Pair): Hash64 {
  return hashElement(ELEMENT_PAIR, [], [key, value]);
}

function nameOf(key: Uint8Array): string {
  let name = "";
  for (let place = 0; place < key.length; place++) name += String.fromCharCode(key[place] ?? 0);
  return name;
}
