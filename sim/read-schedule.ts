/**
 * Reads a schedule from its file, which a person may have edited: each field is checked and the
 * upgrades are walked through once, so that an impossible schedule is refused before it runs.
 */
import { type FaultKind, LEADER, type RollStep, type Schedule } from "./schedule.ts";

export const SCHEDULE_SCHEMA = "wirespan-schedule/1";

/** What stands in the file: the schedule, and which builds it was made with. */
export interface ScheduleFile extends Schedule {
  readonly schema: typeof SCHEDULE_SCHEMA;
  /** SHA-256 of each release, to tell when another one is run under the same name. */
  readonly digests: Readonly<Record<string, string>>;
}

export class ScheduleError extends Error {
  override readonly name = "ScheduleError";

  /** `problem` names the place. */
  constructor(problem: string) {
    super(`Cannot use schedule: ${problem}`);
  }
}

type Fields = Readonly<Record<string, unknown>>;
/** What is wrong with a value, or undefined. */
type Check = (value: unknown, nodes: number) => string | undefined;

const NODES_MAX = 9;
/** A day of virtual time: more is a slip of the pen. */
const MS_MAX = 86_400_000;

const whole =
  (min: number, max: number): Check =>
  (value) =>
    Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max
      ? undefined
      : `a whole number from ${min} to ${max} is needed`;
const ms = whole(0, MS_MAX);
/** Newcomers have ids above those of the founders. */
const anyNode = whole(1, 9_999);
/** 0: whoever leads. */
const anyNodeOrLeader = whole(0, 9_999);
const oneOf =
  (...allowed: readonly string[]): Check =>
  (value) =>
    allowed.includes(value as string) ? undefined : `one of ${allowed.join(", ")} is needed`;
const text: Check = (value) =>
  typeof value === "string" && value !== "" ? undefined : "a name is needed";
const isFlag: Check = (value) =>
  typeof value === "boolean" ? undefined : "true or false is needed";
const list: Check = (value) => (Array.isArray(value) ? undefined : "a list is needed");
const founders: Check = (value, nodes) =>
  Array.isArray(value) && value.every((id) => id === LEADER || founder(id, nodes) === undefined)
    ? undefined
    : `a list of founders, 1 to ${nodes}, or 0 for whoever leads, is needed`;
const founder: Check = (value, nodes) => whole(1, nodes)(value, nodes);
const optional =
  (check: Check): Check =>
  (value, nodes) =>
    value === undefined ? undefined : check(value, nodes);

const names: Check = (value) =>
  Array.isArray(value) && value.length > 0 && value.every((name) => text(name, 0) === undefined)
    ? undefined
    : "a list of names is needed";
const jointChanges: Check = (value, nodes) =>
  Array.isArray(value) && value.length > 0 && value.every((each) => isJointChange(each, nodes))
    ? undefined
    : 'a list of changes as {"change":"voter","node":4,"release":"r3"} is needed';
/** Of the faults below, and told by the place of the step. */
const oneFault: Check = (value, nodes) => {
  checkOne("fault", value, { all: FAULTS, nodes, timed: false });
  return undefined;
};

const CRASH = oneOf(
  ...["process", "power"],
  ...["beforeSync", "inSync", "afterSync"],
  ...["beforeReplace", "afterReplace"],
);
const STOP = oneOf("stop", "process", "power");

/** Typed by the kind, so that a new one without a line here does not compile. */
type Checks<Union extends { readonly kind: string }> = {
  readonly [Kind in Union["kind"]]: Readonly<
    Record<Exclude<keyof Extract<Union, { kind: Kind }>, "kind" | "atMs">, Check>
  >;
};

const FAULTS: Checks<FaultKind> = {
  crash: {
    node: anyNodeOrLeader,
    when: CRASH,
    forMs: ms,
  },
  fullStop: { forMs: ms },
  noise: {
    noise: oneOf("lose", "delay", "repeat", "reorder", "spoil", "break"),
    percent: whole(1, 100),
    forMs: ms,
  },
  partition: { side: founders, oneWay: isFlag, forMs: ms },
  electionCrash: { afterMs: ms, when: CRASH, forMs: ms },
  chunkCrash: { side: oneOf("sender", "receiver"), afterMs: ms, when: CRASH, forMs: ms },
  slowTicks: { node: anyNodeOrLeader, times: whole(1, 100), forMs: ms },
  clog: { from: anyNodeOrLeader, to: anyNodeOrLeader, forMs: ms },
  pause: { node: anyNodeOrLeader, forMs: ms },
  clockJump: { node: anyNode, byMs: ms },
  slowDisk: { node: anyNodeOrLeader, byMs: ms, forMs: ms },
  fullDisk: { node: anyNode, forMs: ms },
  syncError: { node: anyNode, forMs: ms },
  bitRot: { node: anyNode, folder: oneOf("log", "snapshot") },
  snapshot: { node: anyNodeOrLeader },
  transfer: { node: anyNodeOrLeader, to: anyNode },
  add: { node: anyNode, as: oneOf("voter", "learner"), release: text },
  promote: { node: anyNode },
  remove: { node: anyNode },
  removeAndAdd: { node: anyNode, forMs: ms },
  removeLeader: { forMs: ms },
  joint: { changes: jointChanges },
  reuseAddress: { node: anyNode, newcomer: anyNode, release: text },
  laggard: { node: anyNode, forMs: ms },
  clockBack: { node: anyNode, byMs: ms },
};

export const FAULT_KINDS: readonly string[] = Object.keys(FAULTS);

const STEPS: Checks<RollStep> = {
  replace: { node: founder, release: text, mode: STOP },
  wait: { forMs: ms },
  activate: { version: anyNode },
  rewrite: { version: anyNode },
  replaceRest: { release: text, mode: STOP },
  replaceAll: { releases: names, forMs: ms },
  lead: { node: anyNode },
  catchUp: { node: anyNode },
  activateEarly: { version: anyNode },
  stray: { node: founder, release: text, forMs: ms },
  inject: { fault: oneFault },
};

const SCHEDULE: Readonly<Record<Exclude<keyof ScheduleFile, "schema" | "digests">, Check>> = {
  seed: whole(0, 0xffff_ffff),
  nodes: whole(1, NODES_MAX),
  releases: names,
  durationMs: ms,
  clients: whole(1, 100),
  liveMs: optional(ms),
  operationsMax: optional(whole(0, 1_000_000)),
  snapshotEvery: whole(1, 1_000_000),
  networkJitterMs: optional(ms),
  readLease: optional(isFlag),
  largeValueBytes: optional(whole(0, 1_000_000)),
  faults: list,
  roll: list,
};

/** Checks everything that does not need the releases themselves; `problemOfRoll` does the rest. */
export function readSchedule(json: string): ScheduleFile {
  const file = parse(json);
  if (file.schema !== SCHEDULE_SCHEMA)
    fail(`schema is ${JSON.stringify(file.schema)}, "${SCHEDULE_SCHEMA}" is needed`);
  const nodes = Number.isSafeInteger(file.nodes) ? (file.nodes as number) : 0;
  checkFields("schedule", file, { checks: SCHEDULE, nodes, others: ["schema", "digests"] });
  const digests = file.digests === undefined ? {} : fieldsOf("digests", file.digests);
  for (const [place, fault] of (file.faults as unknown[]).entries())
    checkOne(`faults[${place}]`, fault, { all: FAULTS, nodes, timed: true });
  for (const [place, step] of (file.roll as unknown[]).entries())
    checkOne(`roll[${place}]`, step, { all: STEPS, nodes, timed: false });
  return { ...file, digests } as unknown as ScheduleFile;
}

function parse(json: string): Fields {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    return fail((error as Error).message);
  }
  return fieldsOf("the file", value);
}

function fieldsOf(place: string, value: unknown): Fields {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Fields;
  return fail(`${place} is ${JSON.stringify(value)}, an object is needed`);
}

function isJointChange(value: unknown, nodes: number): boolean {
  const { change, node, release } = fieldsOf("change", value);
  const problems = [
    oneOf("voter", "learner", "remove")(change, nodes),
    anyNode(node, nodes),
    text(release, nodes),
  ];
  return problems.every((problem) => problem === undefined);
}

interface FieldRules {
  readonly checks: Readonly<Record<string, Check>>;
  readonly nodes: number;
  /** Names that are checked elsewhere. */
  readonly others: readonly string[];
}

function checkFields(place: string, fields: Fields, { checks, nodes, others }: FieldRules): void {
  for (const [name, check] of Object.entries(checks)) {
    const problem = check(fields[name], nodes);
    if (problem !== undefined)
      fail(`${place}: ${name} is ${JSON.stringify(fields[name]) ?? "missing"}, ${problem}`);
  }
  const unknown = Object.keys(fields).find((name) => !(name in checks) && !others.includes(name));
  if (unknown !== undefined) fail(`${place}: nobody knows "${unknown}"`);
}

interface KindRules {
  readonly all: Readonly<Record<string, Readonly<Record<string, Check>>>>;
  readonly nodes: number;
  readonly timed: boolean;
}

function checkOne(place: string, value: unknown, { all, nodes, timed }: KindRules): void {
  const fields = fieldsOf(place, value);
  const { kind } = fields;
  if (typeof kind !== "string" || !Object.hasOwn(all, kind))
    fail(
      `${place}: kind is ${JSON.stringify(kind)}, one of ${Object.keys(all).join(", ")} is needed`,
    );
  const checks = { ...all[kind as string], ...(timed && { atMs: ms }) };
  checkFields(`${place} (${kind})`, fields, { checks, nodes, others: ["kind"] });
}

function fail(problem: string): never {
  throw new ScheduleError(problem);
}
