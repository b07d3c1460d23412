/** The pairs. Keys are bytes; a map needs something that is equal when the bytes are, so it holds them as text of one char per byte. */
import { type DigestSum, type Hash64, hashElement } from "./digest.ts";

const ELEMENT_PAIR = 1;
const CHARS_PER_CALL = 16;

export interface Pair {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
}

/** The hash is kept: to replace a value would else cost a second look at all its bytes. */
interface HashedValue {
  value: Uint8Array;
  hash: Hash64;
}

export class KeyValues {
  private readonly pairs: Map<string, HashedValue> = new Map();
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

  /** Keeps `value` itself: nobody changes it, and it is no view into something much larger. */
  set(key: Uint8Array, value: Uint8Array): void {
    const name = nameOf(key);
    const hash = hashPair({ key, value });
    this.digest.add(hash);
    const old = this.pairs.get(name);
    if (old === undefined) {
      this.pairs.set(name, { value, hash });
      return;
    }
    this.digest.remove(old.hash);
    old.value = value;
    old.hash = hash;
  }

  /** Whether it was there. */
  delete(key: Uint8Array): boolean {
    const name = nameOf(key);
    const old = this.pairs.get(name);
    if (!old) return false;
    this.digest.remove(old.hash);
    return this.pairs.delete(name);
  }

  /** In order of their keys, so that equal states give equal snapshots. */
  sorted(): readonly Pair[] {
    // Texts are sorted by themselves, without a call for each comparison.
    return [...this.pairs.keys()].sort().map((name) => {
      const { value } = this.pairs.get(name) as HashedValue;
      return { key: keyOf(name), value };
    });
  }
}

export function equalBytes(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, position) => byte === other[position]);
}

function hashPair({ key, value }: Pair): Hash64 {
  return hashElement(ELEMENT_PAIR, [], [key, value]);
}

/** In pieces, each of one call: flat texts are cheaper to make and to look up than chars joined one by one. */
function nameOf(key: Uint8Array): string {
  let name = "";
  let place = 0;
  for (; place + CHARS_PER_CALL <= key.length; place += CHARS_PER_CALL) name += piece(key, place);
  for (; place < key.length; place++) name += String.fromCharCode(key[place] as number);
  return name;
}

function piece(key: Uint8Array, at: number): string {
  return String.fromCharCode(
    key[at] as number,
    key[at + 1] as number,
    key[at + 2] as number,
    key[at + 3] as number,
    key[at + 4] as number,
    key[at + 5] as number,
    key[at + 6] as number,
    key[at + 7] as number,
    key[at + 8] as number,
    key[at + 9] as number,
    key[at + 10] as number,
    key[at + 11] as number,
    key[at + 12] as number,
    key[at + 13] as number,
    key[at + 14] as number,
    key[at + 15] as number,
  );
}

function keyOf(name: string): Uint8Array {
  const key = new Uint8Array(name.length);
  for (let place = 0; place < name.length; place++) key[place] = name.charCodeAt(place);
  return key;
}
