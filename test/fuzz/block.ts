/**
 * A block: one schema, and a thousand inputs for it, all by one number. What happens at a turn depends
 * on the block and the turn alone, so that a failure is replayed without the rest.
 */
import { Chance } from "../../base/index.ts";
import type { FormatName, MessageValue } from "../../codecs/index.ts";
import { hostile } from "./hostile.ts";
import { faultOfHostile } from "./judge.ts";
import { faultOfMemory, type MemoryBound, memoryBoundOf } from "./memory.ts";
import { type Mutant, mutate } from "./mutate.ts";
import { shrink } from "./shrink.ts";
import { type Subject, subjectOf } from "./subject.ts";

export interface Finding {
  readonly turn: number;
  readonly fault: string;
  readonly hex: string | undefined;
}

const HOSTILE_EVERY = 16;

export class Block {
  readonly #subject: Subject;
  readonly #bound: MemoryBound;
  readonly #seed: number;

  constructor(format: FormatName, seed: number) {
    this.#seed = seed;
    this.#subject = subjectOf(format, seed);
    this.#bound = memoryBoundOf(this.#subject.shape);
  }

  mutant(turn: number): Mutant {
    return mutate(this.#subject.corpus, this.#chanceOf(turn));
  }

  /** Undefined when the bytes are dealt with as they should be. */
  findIn({ bytes, claims }: Mutant, turn: number): Finding | undefined {
    const fault = this.#faultOf(bytes, turn, claims);
    if (fault === undefined) return undefined;
    const isSame = (less: Uint8Array) =>
      kindOf(this.#faultOf(less, turn, claims)) === kindOf(fault);
    const least = shrink(bytes, isSame);
    return {
      turn,
      fault: this.#faultOf(least, turn, claims) ?? fault,
      hex: Buffer.from(least).toString("hex"),
    };
  }

  isRead(bytes: Uint8Array): boolean {
    return this.#subject.isRead(bytes);
  }

  takesHostile(turn: number): boolean {
    return this.#subject.twins !== undefined && turn % HOSTILE_EVERY === 0;
  }

  findInHostile(turn: number): Finding | undefined {
    const { twins, values } = this.#subject;
    const chance = this.#chanceOf(turn);
    const value = values[chance.below(values.length)] as MessageValue;
    const fault = twins && faultOfHostile(twins, hostile(value, chance));
    return fault === undefined ? undefined : { turn, fault, hex: undefined };
  }

  #faultOf(bytes: Uint8Array, turn: number, claims: boolean): string | undefined {
    try {
      const { judge, readers } = this.#subject;
      const fault = judge(bytes, turn);
      if (fault !== undefined || !claims) return fault;
      for (const read of readers) {
        const memory = faultOfMemory(this.#bound, bytes.length, () => read(bytes));
        if (memory !== undefined) return memory;
      }
      return undefined;
    } catch (error) {
      return `threw ${String(error)}`;
    }
  }

  #chanceOf(turn: number): Chance {
    return new Chance(Math.imul(this.#seed, 0x9e3779b1) ^ Math.imul(turn + 1, 0x85ebca6b));
  }
}

/** Two faults are the same when they differ in numbers and names only at their ends. */
function kindOf(fault: string | undefined): string | undefined {
  return fault?.replaceAll(/\d+/g, "0").slice(0, 40);
}
