/** What a run leaves behind for the judge and the report. Times are microseconds of one clock. */
import type { NodeExit } from "../release/index.ts";
import type { RecordedOperation } from "./load/load.ts";
import type { DigestComparison } from "./oracles/digests.ts";
import type { Step } from "./plan/index.ts";

export interface Finding {
  /** Which check speaks: a step, `processes`, `appends`, `linearizability`, `digests`, `decoding`, `load`. */
  readonly oracle: string;
  readonly text: string;
}

export interface StepRecord {
  readonly step: Step;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly outcome: "ok" | "failed" | "skipped";
  /** What was seen, or why it failed. */
  readonly note: string;
}

/** One life of one node. */
export interface Life {
  readonly node: number;
  readonly release: string;
  readonly startedAt: number;
  readyAt?: number;
  endedAt?: number;
  exit?: NodeExit;
}

export interface LeaderSpan {
  readonly node: number;
  readonly term: number;
  readonly from: number;
  until: number;
}

export class Evidence {
  readonly startedAt: number;
  readonly steps: StepRecord[] = [];
  readonly findings: Finding[] = [];
  readonly lives: Life[] = [];
  readonly leaders: LeaderSpan[] = [];
  /** When each wire version became active on every node. */
  readonly activations: { readonly version: number; readonly at: number }[] = [];
  readonly operations: RecordedOperation[] = [];
  readonly clientProblems = new Map<string, number>();
  /** Values read at the end, by key. */
  readonly finalValues = new Map<string, string | null>();
  /** Bad-frame counters by node, life and metric: the highest value seen. */
  readonly decodeErrors = new Map<string, number>();
  digests: DigestComparison = { compared: 0, notComparable: 0, diverged: [] };
  statusRows = 0;
  staleRows = 0;
  randomKills = 0;

  constructor(startedAt: number) {
    this.startedAt = startedAt;
  }

  find(oracle: string, text: string): void {
    this.findings.push({ oracle, text });
  }

  addDigests({ compared, notComparable, diverged }: DigestComparison): void {
    this.digests = {
      compared: this.digests.compared + compared,
      notComparable: this.digests.notComparable + notComparable,
      diverged: [...new Set([...this.digests.diverged, ...diverged])],
    };
  }
}
