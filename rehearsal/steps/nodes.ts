/** Steps that start, stop and watch nodes. */
import type { Action } from "../plan/index.ts";
import { eventually, type StepContext } from "./context.ts";

type Of<Kind extends Action["kind"]> = Extract<Action, { kind: Kind }>;

export async function startCluster(
  context: StepContext,
  { release }: Of<"startCluster">,
): Promise<string> {
  const nodes = Array.from({ length: context.plan.nodes }, (_, index) => index + 1);
  for (const node of nodes) context.goals.set(node, context.observer.board.goalFor(node));
  await Promise.all(nodes.map((node) => context.cluster.start(node, release)));
  return `${nodes.length} nodes serve`;
}

export async function startNode(
  context: StepContext,
  { node, release }: Of<"start">,
): Promise<string> {
  context.goals.set(node, context.observer.board.goalFor(node));
  await context.cluster.start(node, release);
  return "serves";
}

export async function stopNode(
  context: StepContext,
  { node, signal }: Of<"stop">,
): Promise<string> {
  // Counters die with the process, so they are read once more.
  await context.observer.readCounters();
  const row = context.observer.board.row(node);
  await context.cluster.stop(node, signal);
  return `was ${row?.role ?? "unknown"}, applied ${row?.applied ?? 0}`;
}

export async function awaitHealthy(
  context: StepContext,
  { node, withinMs }: Of<"awaitHealthy">,
): Promise<string> {
  const { observer, cluster } = context;
  const goal = context.goals.get(node) ?? observer.board.goalFor(node);
  return await eventually(context, withinMs, async () => {
    await observer.look();
    const missing = observer.board.missing(goal, cluster.running);
    if (missing.length > 0) return { missing: missing.join("; ") };
    const row = observer.board.row(node);
    return { seen: `applied ${row?.applied}, incarnation ${row?.incarnation}` };
  });
}

const TRANSFER_WITHIN_MS = 15_000;

export async function transferLeadership(
  context: StepContext,
  { node }: Of<"transferLeadership">,
): Promise<string> {
  const { observer, cluster } = context;
  return await eventually(context, TRANSFER_WITHIN_MS, async () => {
    const leader = await observer.leader();
    if (leader === node)
      return { seen: `node ${node} leads in term ${observer.board.row(node)?.term}` };
    if (leader === undefined) return { missing: "the nodes do not agree on a leader" };
    const answer = await cluster.admin(leader).command("/transfer", { to: node });
    return { missing: `node ${leader} still leads${answer.ok ? "" : `: ${answer.message}`}` };
  });
}
