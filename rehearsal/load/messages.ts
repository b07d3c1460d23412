/** What the thread of the clients and the runner say to each other. Times are microseconds of the machine's clock. */
import type { KeyValueInput, KeyValueOutput } from "../../sim/checkers/index.ts";

export interface LoadOptions {
  /** `client.mjs` of a release, as a URL. */
  readonly bundle: string;
  readonly clusterId: string;
  /** Client addresses of all nodes. */
  readonly servers: readonly string[];
  readonly clients: number;
  readonly sharedKeys: number;
  readonly pauseMs: number;
  readonly seed: number;
  /** Rises with each replacement of the clients. */
  readonly generation: number;
}

export type ToRunner =
  | { readonly kind: "started" }
  | {
      readonly kind: "call";
      readonly id: number;
      readonly client: number;
      readonly input: KeyValueInput;
      readonly at: number;
    }
  | {
      readonly kind: "return";
      readonly id: number;
      readonly output: KeyValueOutput;
      readonly at: number;
    }
  /** Certainly without effect. */
  | { readonly kind: "failed"; readonly id: number; readonly problem: string }
  /** The outcome is not known. */
  | { readonly kind: "unknown"; readonly id: number; readonly problem: string }
  | { readonly kind: "read"; readonly key: string; readonly value: string | null }
  | { readonly kind: "readDone" }
  | { readonly kind: "stopped" };

export type ToClients =
  | { readonly kind: "stop" }
  /** Reads these keys once, as one more client, and answers with `read` for each. */
  | { readonly kind: "read"; readonly keys: readonly string[] };

/** One clock for all threads of the machine. */
export function nowMicroseconds(): number {
  return Number(process.hrtime.bigint() / 1000n);
}

/** The key that only this client writes, and only appends to. */
export function ownKey(generation: number, client: number): string {
  return `own/${generation}-${client}`;
}
