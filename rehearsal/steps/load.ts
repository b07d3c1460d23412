/** Steps about the clients. */

import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { LoadThread } from "../load/load.ts";
import { ownKey } from "../load/messages.ts";
import { CouldNotRun } from "../options.ts";
import type { Action } from "../plan/index.ts";
import { eventually, pause, type StepContext } from "./context.ts";

type Of<Kind extends Action["kind"]> = Extract<Action, { kind: Kind }>;

const FIRST_ANSWER_WITHIN_MS = 20_000;

export async function startLoad(
  context: StepContext,
  { release }: Of<"startLoad">,
): Promise<string> {
  const { plan, releases, clusterId, cluster, evidence } = context;
  const directory = releases.get(release)?.directory ?? "";
  const load = new LoadThread({
    bundle: pathToFileURL(join(directory, "client.mjs")).href,
    clusterId,
    servers: cluster.servers,
    ...plan.load,
    seed: plan.seed,
    generation: ++context.generations,
  });
  context.load = load;
  void load.ended.then((problem) => {
    if (problem !== undefined) evidence.find("load", problem);
  });
  await load.started();
  return await eventually(context, FIRST_ANSWER_WITHIN_MS, async () => {
    if (load.progress.answered > 0) return { seen: `${plan.load.clients} clients of ${release}` };
    return {
      missing: `no call was answered (${[...load.problems.keys()].join("; ") || "no problem told"})`,
    };
  });
}

export async function stopLoad(context: StepContext): Promise<string> {
  const { plan, load, evidence, generations } = context;
  if (load === undefined) throw new CouldNotRun("no load runs");
  const numbers = (length: number) => Array.from({ length }, (_, index) => index + 1);
  const own = numbers(generations).flatMap((generation) =>
    numbers(plan.load.clients).map((client) => ownKey(generation, client)),
  );
  const shared = numbers(plan.load.sharedKeys).map((key) => `shared/${key - 1}`);
  await load.stop([...own, ...shared]);
  keep(context, load);
  context.load = undefined;
  return `${evidence.operations.length} calls`;
}

/** The new clients come before the old ones go, so that a pause in the writes is never the runner's. */
export async function upgradeClients(
  context: StepContext,
  { release }: Of<"upgradeClients">,
): Promise<string> {
  const old = context.load;
  if (old === undefined) throw new CouldNotRun("no load runs");
  context.retiring = old;
  const seen = await startLoad(context, { kind: "startLoad", release });
  await old.stop();
  keep(context, old);
  context.retiring = undefined;
  return seen;
}

export async function observe(context: StepContext, { ms }: Of<"observe">): Promise<string> {
  const before = context.load?.progress.calls ?? 0;
  await pause(context, ms);
  return `${(context.load?.progress.calls ?? 0) - before} calls`;
}

/** Takes over what the clients saw; a thread is asked once. */
function keep({ evidence }: StepContext, load: LoadThread): void {
  evidence.operations.push(...load.operations);
  for (const [problem, count] of load.problems)
    evidence.clientProblems.set(problem, (evidence.clientProblems.get(problem) ?? 0) + count);
  for (const [key, value] of load.values) evidence.finalValues.set(key, value);
}

/** For a run that ends early: what was seen so far counts. */
export async function abandonLoad(context: StepContext): Promise<void> {
  for (const load of [context.retiring, context.load]) {
    if (load === undefined) continue;
    keep(context, load);
    await load.close();
  }
}
