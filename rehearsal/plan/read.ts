/**
 * Reads a plan from a file, which a person may have edited: each field is checked, and the steps
 * are walked through once, so that an impossible plan is refused before a process starts.
 */
import { checkPath } from "../../migrate/index.ts";
import { type Action, PLAN_SCHEMA, type Plan, type Step, type StepKind } from "./steps.ts";

export class PlanError extends Error {
  override readonly name = "PlanError";
}

type Fields = Readonly<Record<string, unknown>>;
type Check = (value: unknown) => boolean;

const count: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
const positive: Check = (value) => count(value) && value !== 0;
const text: Check = (value) => typeof value === "string" && value !== "";
const oneOf =
  (...allowed: readonly string[]): Check =>
  (value) =>
    allowed.includes(value as string);

/** Typed by the kind, so that a new step without a line here does not compile. */
const STEP_FIELDS: {
  readonly [Kind in StepKind]: Readonly<
    Record<Exclude<keyof Extract<Action, { kind: Kind }>, "kind">, Check>
  >;
} = {
  startCluster: { release: text },
  startLoad: { release: text },
  observe: { phase: oneOf("before", "after"), ms: count },
  transferLeadership: { node: positive },
  stop: { node: positive, signal: oneOf("SIGTERM", "SIGKILL") },
  start: { node: positive, release: text, why: oneOf("upgrade", "rollback", "again") },
  awaitHealthy: { node: positive, withinMs: positive },
  refuseStart: { release: text, as: oneOf("copy", "joiner"), node: positive },
  refuseActivation: { version: positive },
  activate: { version: positive },
  upgradeClients: { release: text },
  snapshotAll: {},
  verifyContent: { version: positive },
  compareDigests: {},
  stopLoad: {},
};

export function readPlan(json: string): Plan {
  const plan = parse(json);
  require(plan.schema ===
    PLAN_SCHEMA, `schema is ${JSON.stringify(plan.schema)}, "${PLAN_SCHEMA}" is needed`);
  checkFields("plan", plan, {
    seed: count,
    nodes: positive,
    releases: isList,
    path: isList,
    steps: isList,
  });
  for (const [index, release] of (plan.releases as unknown[]).entries())
    checkFields(`releases[${index}]`, fieldsOf(`releases[${index}]`, release), {
      name: text,
      min: count,
      max: positive,
    });
  require((plan.path as unknown[]).every(text), "path holds something else than names");
  checkFields("load", fieldsOf("load", plan.load), {
    clients: positive,
    sharedKeys: positive,
    pauseMs: count,
  });
  for (const [index, step] of (plan.steps as unknown[]).entries())
    checkStep(`step ${index + 1}`, fieldsOf(`step ${index + 1}`, step));
  const read = plan as unknown as Plan;
  checkWalk(read);
  return read;
}

function parse(json: string): Fields {
  try {
    return fieldsOf("plan", JSON.parse(json));
  } catch (error) {
    if (error instanceof PlanError) throw error;
    throw new PlanError(`Cannot read plan: ${(error as Error).message}`);
  }
}

function fieldsOf(what: string, value: unknown): Fields {
  require(typeof value === "object" &&
    value !== null &&
    !Array.isArray(value), `${what} is no object`);
  return value as Fields;
}

function isList(value: unknown): boolean {
  return Array.isArray(value);
}

function checkFields(what: string, fields: Fields, checks: Readonly<Record<string, Check>>): void {
  for (const [name, check] of Object.entries(checks)) {
    const shown = JSON.stringify(fields[name]);
    require(check(fields[name]), `${what}: ${name} is ${shown}`);
  }
}

function checkStep(what: string, fields: Fields): void {
  const { kind } = fields;
  require(typeof kind === "string" &&
    Object.hasOwn(STEP_FIELDS, kind), `${what}: kind is ${JSON.stringify(kind)}`);
  checkFields(`${what} (${kind})`, fields, { hop: count, ...STEP_FIELDS[kind as StepKind] });
}

interface Walk {
  readonly plan: Plan;
  /** Nodes that run now. */
  readonly running: Set<number>;
  hasLoad: boolean;
  /** What the cluster may write; a new cluster begins with the lowest version of its release. */
  activeVersion: number;
}

function checkWalk(plan: Plan): void {
  const ranges = plan.releases.map(({ name, min, max }) => ({ name, range: { min, max } }));
  const path = checkPath(ranges, plan.path);
  require(path.ok, path.ok ? "" : path.message);
  const walk: Walk = { plan, running: new Set(), hasLoad: false, activeVersion: 0 };
  let wasJudged = false;
  for (const [index, step] of plan.steps.entries()) {
    const problem = referenceProblem(plan, step) ?? stateProblem(walk, step);
    require(problem === undefined, `step ${index + 1} (${step.kind}): ${problem}`);
    walkOn(walk, step);
    wasJudged ||= walk.hasLoad;
  }
  require(wasJudged, "no step starts a load, so nothing would be judged");
  require(!walk.hasLoad, "no step stops the load");
}

function referenceProblem(plan: Plan, step: Step): string | undefined {
  if ("release" in step && !plan.releases.some(({ name }) => name === step.release))
    return `release "${step.release}" is not in the list of releases`;
  const isNew = step.kind === "refuseStart" && step.as === "joiner";
  if ("node" in step && step.node <= plan.nodes === isNew)
    return isNew
      ? `node ${step.node} is a member already`
      : `node ${step.node} does not exist, there are ${plan.nodes}`;
  return undefined;
}

type Need = (walk: Walk, step: Step) => string | undefined;

const isRunning = ({ running }: Walk, step: Step): boolean =>
  "node" in step && running.has(step.node);
const nameOf = (step: Step): string => ("node" in step ? `node ${step.node}` : "");

const emptyCluster: Need = ({ running }) =>
  running.size === 0 ? undefined : "the cluster runs already";
const someNode: Need = ({ running }) => (running.size > 0 ? undefined : "no node runs");
const runningNode: Need = (walk, step) =>
  isRunning(walk, step) ? undefined : `${nameOf(step)} does not run`;
const stoppedNode: Need = (walk, step) =>
  isRunning(walk, step) ? `${nameOf(step)} runs already, its directory is in use` : undefined;
const runningLoad: Need = ({ hasLoad }) => (hasLoad ? undefined : "the load does not run");
const noLoad: Need = ({ hasLoad }) => (hasLoad ? "the load runs already" : undefined);

/** What must hold before each step. */
const NEEDS: Readonly<Record<StepKind, readonly Need[]>> = {
  startCluster: [emptyCluster],
  startLoad: [someNode, noLoad],
  observe: [someNode],
  transferLeadership: [runningNode],
  stop: [runningNode],
  start: [stoppedNode, (walk, step) => ("release" in step ? skipProblem(walk, step.release) : "")],
  awaitHealthy: [runningNode],
  refuseStart: [stoppedNode],
  refuseActivation: [someNode],
  activate: [someNode],
  upgradeClients: [someNode, runningLoad],
  snapshotAll: [someNode],
  verifyContent: [someNode],
  compareDigests: [someNode],
  stopLoad: [someNode, runningLoad],
};

function stateProblem(walk: Walk, step: Step): string | undefined {
  return NEEDS[step.kind].map((need) => need(walk, step)).find((problem) => problem !== undefined);
}

/** A release that cannot read what the cluster writes is a skipped one, or a rollback behind the point of no return. */
function skipProblem({ plan, activeVersion }: Walk, name: string): string | undefined {
  const release = plan.releases.find((each) => each.name === name);
  if (release === undefined || (release.min <= activeVersion && activeVersion <= release.max))
    return undefined;
  return `${name} reads ${release.min} to ${release.max}, wire version ${activeVersion} is active; the way is ${plan.path.join(" -> ")}`;
}

function walkOn(walk: Walk, step: Step): void {
  const { running, plan } = walk;
  if (step.kind === "startCluster") {
    for (let node = 1; node <= plan.nodes; node++) running.add(node);
    walk.activeVersion = plan.releases.find(({ name }) => name === step.release)?.min ?? 0;
  }
  if (step.kind === "start") running.add(step.node);
  if (step.kind === "stop") running.delete(step.node);
  if (step.kind === "activate") walk.activeVersion = step.version;
  if (step.kind === "startLoad") walk.hasLoad = true;
  if (step.kind === "stopLoad") walk.hasLoad = false;
}

function require(condition: boolean, problem: string): void {
  if (!condition) throw new PlanError(`Cannot use plan: ${problem}`);
}
