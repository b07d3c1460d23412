import { setTimeout as sleep } from "node:timers/promises";
import type { Cluster } from "../cluster/cluster.ts";
import type { HealthGoal } from "../cluster/health.ts";
import type { Observer } from "../cluster/observer.ts";
import type { Workspace } from "../cluster/workspace.ts";
import type { Evidence } from "../evidence.ts";
import type { LoadThread } from "../load/load.ts";
import { type RehearsalOptions, type RehearsalRelease, StepFailed } from "../options.ts";
import type { Plan } from "../plan/index.ts";

/** What the steps of one run share. */
export interface StepContext {
  readonly plan: Plan;
  readonly options: RehearsalOptions;
  readonly releases: ReadonlyMap<string, RehearsalRelease>;
  readonly clusterId: string;
  readonly workspace: Workspace;
  readonly cluster: Cluster;
  readonly observer: Observer;
  readonly evidence: Evidence;
  /** What each node was to reach when it was last started. */
  readonly goals: Map<number, HealthGoal>;
  load: LoadThread | undefined;
  /** Clients that are being replaced. */
  retiring: LoadThread | undefined;
  generations: number;
}

/** Repeats until `attempt` says what it saw; fails with what it last missed. */
export async function eventually(
  context: StepContext,
  withinMs: number,
  attempt: () => Promise<{ readonly seen: string } | { readonly missing: string }>,
): Promise<string> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const outcome = await attempt();
    if ("seen" in outcome) return outcome.seen;
    // Whatever is waited for, it is not the point any more.
    const death = context.evidence.findings.find(({ oracle }) => oracle === "processes");
    if (death !== undefined)
      throw new StepFailed(`${death.text}; still missing: ${outcome.missing}`);
    if (performance.now() > deadline)
      throw new StepFailed(`not within ${withinMs} ms: ${outcome.missing}`);
    await pause(context, 50);
  }
}

/** Ends early, with an error, when the run is interrupted. */
export async function pause(context: StepContext, ms: number): Promise<void> {
  const { signal } = context.options;
  await sleep(ms, undefined, signal === undefined ? {} : { signal });
}

/** Refusals that say nothing about what was asked: leadership is changing, or somebody was not heard yet. */
const TRANSIENT =
  /leader|unreachable|unavailable|busy|transfer|dropped|change_under_way|member_not_heard/i;

export function isTransient(code: string): boolean {
  return TRANSIENT.test(code);
}
