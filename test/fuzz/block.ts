/**
 * A block: one schema, and some thousand inputs for it, all by one number. What happens at a turn depends
 * on the block and the turn alone, so that a failure is replayed without the rest.
 */
import { Chance } from "../../base/index.ts";
import type { FormatName, MessageValue } from "../../codecs/index.ts";
import { hostile } from "./hostile.ts";
import { faultOfHostile, type Verdict } from "./judge.ts";
import { faultOfMemory, type MemoryBound, memoryBoundOf } from "./memory.ts";
import { type Mutant, mutate } from "./mutate.ts";
import { shrink } from "./shrink.ts";
import { type Subject, subjectOf } from "./subject.ts";

export interface Finding {
  readonly turn: number;
  readonly fault: string;
  readonly hex: string | undefined;
}

export interface Judged {
  readonly isRead: boolean;
  readonly finding: Finding | undefined;
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

  /** No finding when the bytes are dealt with as they should be. */
  judge({ bytes, claims }: Mutant, turn: number): Judged {
    const { isRead, fault } = this.#verdictOn(bytes, turn, claims);
    if (fault === undefined) return { isRead, finding: undefined };
    const faultOf = (less: Uint8Array) => this.#verdictOn(less, turn, claims).fault;
    const least = shrink(bytes, (less) => kindOf(faultOf(less)) === kindOf(fault));
    const hex = Buffer.from(least).toString("hex");
    return { isRead, finding: { turn, fault: faultOf(least) ?? fault, hex } };
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

  #verdictOn(bytes: Uint8Array, turn: number, claims: boolean): Verdict {
    try {
      const verdict = this.#subject.judge(bytes, turn);
      if (verdict.fault !== undefined || !claims) return verdict;
      return { ...verdict, fault: this.#faultOfMemory(bytes) };
    } catch (error) {
      return { isRead: false, fault: `threw ${String(error)}` };
    }
  }

  #faultOfMemory(bytes: Uint8Array): string | undefined {
    for (const read of this.#subject.readers) {
      const fault = faultOfMemory(this.#bound, bytes.length, () => read(bytes));
      if (fault !== undefined) return fault;
    }
    return undefined;
  }

  #chanceOf(turn: number): Chance {
    return new Chance(Math.imul(this.#seed, 0x9e3779b1) ^ Math.imul(turn + 1, 0x85ebca6b));
  }
}

/** Two faults are the same when they differ in numbers and names only at their ends. */
function kindOf(fault: string | undefined): string | undefined {
  return fault?.replaceAll(/\d+/g, "0").slice(0, 40);
}
