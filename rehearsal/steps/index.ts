/** Carries out one step. The table is typed by the kind: a step nobody carries out does not compile. */
import type { Action, StepKind } from "../plan/index.ts";
import type { StepContext } from "./context.ts";
import { observe, startLoad, stopLoad, upgradeClients } from "./load.ts";
import { awaitHealthy, startCluster, startNode, stopNode, transferLeadership } from "./nodes.ts";
import { refuseStart } from "./refuse-start.ts";
import {
  activate,
  compareDigests,
  refuseActivation,
  snapshotAll,
  verifyContent,
} from "./versions.ts";

/** Returns what was seen, for the report; throws `StepFailed` when it was not as it must be. */
type Execute<Kind extends StepKind> = (
  context: StepContext,
  step: Extract<Action, { kind: Kind }>,
) => Promise<string>;

const EXECUTE: { readonly [Kind in StepKind]: Execute<Kind> } = {
  startCluster,
  startLoad,
  observe,
  transferLeadership,
  stop: stopNode,
  start: startNode,
  awaitHealthy,
  refuseStart,
  refuseActivation,
  activate,
  upgradeClients,
  snapshotAll,
  verifyContent,
  compareDigests,
  stopLoad,
};

export async function executeStep(context: StepContext, step: Action): Promise<string> {
  const execute = EXECUTE[step.kind] as Execute<StepKind>;
  return await execute(context, step);
}
