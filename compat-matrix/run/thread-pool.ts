/** One thread per release, behind the same interface as hosts in this thread. */
import type { AnswerTo, HostPool, HostRequest, Outcome } from "../index.ts";
import { HostThread } from "./host-thread.ts";

export interface BundleLocation {
  readonly name: string;
  /** URL of `codecs.mjs`. */
  readonly codecs: string;
}

export interface ThreadPool extends HostPool {
  close(): Promise<void>;
}

const TIMEOUT_MS = 5000;

export function threadPool(
  bundles: readonly BundleLocation[],
  timeoutMs: number = TIMEOUT_MS,
): ThreadPool {
  const threads = new Map(
    bundles.map(({ name, codecs }) => [name, new HostThread(codecs, timeoutMs)]),
  );
  return {
    async ask<R extends HostRequest>(release: string, requests: readonly R[]) {
      const thread = threads.get(release);
      if (thread === undefined)
        throw new Error(`Cannot ask release "${release}": it is not in the pool`);
      return (await thread.ask(requests)) as Outcome<AnswerTo<R>>[];
    },
    async close() {
      await Promise.all([...threads.values()].map((thread) => thread.close()));
    },
  };
}
