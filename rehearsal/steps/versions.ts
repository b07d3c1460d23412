/** Steps about wire versions: activation, its refusal, snapshots, and what is left on disk. */

import { nowMicroseconds } from "../load/messages.ts";
import { StepFailed } from "../options.ts";
import type { Action } from "../plan/index.ts";
import { eventually, isTransient, type StepContext } from "./context.ts";

type Of<Kind extends Action["kind"]> = Extract<Action, { kind: Kind }>;

const WITHIN_MS = 20_000;
/** The snapshots are taken by then. */
const CONTENT_WITHIN_MS = 5_000;

export async function activate(context: StepContext, { version }: Of<"activate">): Promise<string> {
  const { observer, cluster, evidence } = context;
  return await eventually(context, WITHIN_MS, async () => {
    const rows = await observer.look();
    const behind = rows.filter(({ activeVersion }) => activeVersion < version);
    if (behind.length === 0 && rows.length === cluster.running.length) {
      evidence.activations.push({ version, at: nowMicroseconds() });
      return { seen: `active on ${rows.length} nodes` };
    }
    const leader = await observer.leader();
    if (leader === undefined) return { missing: "the nodes do not agree on a leader" };
    const answer = await cluster.admin(leader).command("/activate", { version });
    return {
      missing: answer.ok ? "not yet applied everywhere" : `${answer.code}: ${answer.message}`,
    };
  });
}

export async function refuseActivation(
  context: StepContext,
  { version }: Of<"refuseActivation">,
): Promise<string> {
  const { observer, cluster } = context;
  const refusal = await eventually(context, WITHIN_MS, async () => {
    const leader = await observer.leader();
    if (leader === undefined) return { missing: "the nodes do not agree on a leader" };
    const {
      ok,
      code = "",
      message = "",
    } = await cluster.admin(leader).command("/activate", { version });
    if (ok)
      throw new StepFailed(
        `node ${leader} activated version ${version} although a node cannot read it`,
      );
    if (isTransient(code)) return { missing: `${code}: ${message}` };
    return { seen: `${code}: ${message}` };
  });
  const early = (await observer.look()).filter(({ activeVersion }) => activeVersion >= version);
  if (early.length > 0)
    throw new StepFailed(
      `version ${version} is active on node ${early[0]?.nodeId} although it was refused`,
    );
  return refusal;
}

export async function snapshotAll(context: StepContext): Promise<string> {
  const { cluster } = context;
  const taken = cluster.running.map((node) =>
    eventually(context, WITHIN_MS, async () => {
      const answer = await cluster.admin(node).command("/snapshot");
      return answer.ok ? { seen: `node ${node}` } : { missing: `node ${node}: ${answer.message}` };
    }),
  );
  return (await Promise.all(taken)).join(", ");
}

export async function verifyContent(
  context: StepContext,
  { version }: Of<"verifyContent">,
): Promise<string> {
  const { observer, cluster } = context;
  return await eventually(context, CONTENT_WITHIN_MS, async () => {
    const rows = await observer.look();
    const old = rows.flatMap(({ nodeId, content }) =>
      content
        .filter((stored) => stored.version < version)
        .map((stored) => `node ${nodeId}: ${stored.place} holds version ${stored.version}`),
    );
    if (rows.length < cluster.running.length) return { missing: "not every node answers" };
    if (old.length > 0) return { missing: old.join("; ") };
    const held = new Set(rows.flatMap(({ content }) => content.map((stored) => stored.version)));
    return { seen: `stored: version ${[...held].join(", ") || "none"}` };
  });
}

export async function compareDigests(context: StepContext): Promise<string> {
  const { observer, evidence } = context;
  // One node has nobody to differ from.
  if (context.plan.nodes === 1) return "one node";
  return await eventually(context, WITHIN_MS, async () => {
    const before = evidence.digests;
    const compared = await observer.compareDigests();
    const { diverged, notComparable } = evidence.digests;
    if (diverged.length > 0) throw new StepFailed(diverged.join("; "));
    if (compared > 0) return { seen: `${compared} pairs equal` };
    if (notComparable > before.notComparable)
      return { seen: "of different definitions, not comparable" };
    return { missing: "no index that two nodes still know the digest of" };
  });
}
