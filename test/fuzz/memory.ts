/**
 * Memory that one call takes, against what its input could hold. The smallest thing on the wire is a
 * byte, and the largest thing that a byte can stand for is an empty message with all its members.
 */
import { getHeapStatistics } from "node:v8";
import type { MessageShape, Shape } from "../../codecs/index.ts";

/** For an error that says its path again at each of a hundred levels, and for the runtime. */
const BASE = 1024 * 1024;
const PER_BYTE = 512;
const TRIES = 5;
const MAJORITY = 3;

export interface MemoryBound {
  /** Bytes of heap for each byte of input. */
  readonly perByte: number;
}

export function memoryBoundOf(shape: MessageShape): MemoryBound {
  return { perByte: PER_BYTE + 2 * largestIn(shape) };
}

/** By the majority of some tries: compilation and collection disturb a measurement now and then. */
export function faultOfMemory(
  { perByte }: MemoryBound,
  length: number,
  act: () => void,
): string | undefined {
  const allowed = BASE + length * perByte;
  const excesses: number[] = [];
  for (let left = TRIES; left > 0 && excesses.length < MAJORITY; left--) {
    const before = memoryInUse();
    act();
    const taken = memoryInUse() - before;
    if (taken > allowed) excesses.push(taken);
    else if (excesses.length === 0) return undefined; // As nearly always.
  }
  if (excesses.length < MAJORITY) return undefined;
  return `${Math.min(...excesses)} bytes of memory for an input of ${length}: at most ${allowed} expected`;
}

function memoryInUse(): number {
  const { used_heap_size, external_memory } = getHeapStatistics();
  return used_heap_size + external_memory;
}

function largestIn(root: MessageShape, seen: Set<MessageShape> = new Set()): number {
  if (seen.has(root)) return 0;
  seen.add(root);
  const inner = root.members
    .flatMap((member) => (member.kind === "field" ? [member] : member.variants))
    .flatMap(({ type }) => messagesIn(type));
  return Math.max(sizeOfEmpty(root), ...inner.map((one) => largestIn(one, seen)));
}

function messagesIn(type: Shape): MessageShape[] {
  if (type.kind === "message") return [type.message()];
  if (type.kind === "list") return messagesIn(type.item);
  return type.kind === "map" ? [...messagesIn(type.key), ...messagesIn(type.value)] : [];
}

/** Rough, in bytes. */
function sizeOfEmpty({ members }: MessageShape): number {
  let size = 64;
  for (const member of members) {
    const isHeld = member.kind === "field" && member.presence === "implicit";
    size += isHeld ? sizeOfAbsent(member.type) : 8;
  }
  return size;
}

function sizeOfAbsent(type: Shape): number {
  switch (type.kind) {
    case "message":
      return 8 + sizeOfEmpty(type.message());
    case "list":
      if (type.set) return 300;
      return type.length ? 64 + type.length * sizeOfAbsent(type.item) : 64;
    case "map":
      return 300;
    case "time":
      return 400;
    case "bytes":
      return 200 + (type.length ?? 0);
    default:
      return 32;
  }
}
