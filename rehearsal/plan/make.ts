/**
 * Makes the plain rolling upgrade: one hop after the other, one node after the other. The seed
 * chooses what an operator does not choose either: the order, who leads, how a process ends.
 */
import { Chance } from "../../base/index.ts";
import { canFollow, type ReleaseRange } from "../../migrate/index.ts";
import { type Action, type Load, PLAN_SCHEMA, type Plan, type Signal, type Step } from "./steps.ts";

export interface PlanOptions {
  /** All known releases, oldest first. */
  readonly releases: readonly ReleaseRange[];
  /** From `findPath` or `checkPath`. */
  readonly path: readonly string[];
  readonly nodes: number;
  readonly seed: number;
  /** Multiplies the time for which the load runs undisturbed. Default 1. */
  readonly durationScale?: number;
  readonly load?: Partial<Load>;
}

const OBSERVE_MS = 1500;
const HEALTHY_WITHIN_MS = 20_000;
const DEFAULT_LOAD: Load = { clients: 6, sharedKeys: 4, pauseMs: 8 };
const SIGNALS: readonly [Signal, Signal] = ["SIGTERM", "SIGKILL"];

export function makePlan(options: PlanOptions): Plan {
  const { path, nodes, seed } = options;
  const chance = new Chance(seed);
  const first = releaseOf(options, path[0]);
  const hops = path.length - 1;
  const rollbackHop = Math.min(2, hops);
  const steps: Step[] = [
    { hop: 0, kind: "startCluster", release: first.name },
    ...numbers(nodes).map((node): Step => ({ hop: 0, ...healthy(node) })),
    { hop: 0, kind: "startLoad", release: first.name },
    ...reachOwnVersion(first).map((action) => ({ hop: 0, ...action })),
    ...tryTooNew(options, chance).map((action) => ({ hop: 0, ...action })),
  ];
  for (let hop = 1; hop <= hops; hop++) {
    const actions = planHop(options, chance, hop, hop === rollbackHop);
    steps.push(...actions.map((action) => ({ hop, ...action })));
  }
  steps.push({ hop: hops, kind: "stopLoad" }, { hop: hops, kind: "compareDigests" });
  const releases = namedReleases(options, steps);
  return {
    schema: PLAN_SCHEMA,
    seed,
    nodes,
    releases,
    path,
    load: { ...DEFAULT_LOAD, ...options.load },
    steps,
  };
}

/** A new cluster writes the lowest version of its release; one in service has activated the highest. */
function reachOwnVersion({ range }: ReleaseRange): Action[] {
  if (range.min === range.max) return [];
  return [
    { kind: "activate", version: range.max },
    { kind: "snapshotAll" },
    { kind: "verifyContent", version: range.max },
  ];
}

/** Before the first hop: what nobody should do must be harmless. */
function tryTooNew(options: PlanOptions, chance: Chance): Action[] {
  const tooNew = releaseAfterNext(options);
  if (tooNew === undefined) return [];
  const first = releaseOf(options, options.path[0]);
  const node = 1 + chance.below(options.nodes);
  return [
    { kind: "stop", node, signal: chance.pick(SIGNALS) },
    { kind: "refuseStart", release: tooNew.name, as: "copy", node },
    { kind: "start", node, release: first.name, why: "again" },
    healthy(node),
    { kind: "refuseStart", release: tooNew.name, as: "joiner", node: options.nodes + 1 },
  ];
}

/** The oldest release behind the first one that cannot follow it. */
function releaseAfterNext({ releases, path }: PlanOptions): ReleaseRange | undefined {
  const start = releases.findIndex(({ name }) => name === path[0]);
  const first = releases[start];
  if (first === undefined) return undefined;
  return releases.slice(start + 1).find((release) => !canFollow(first, release));
}

function planHop(
  options: PlanOptions,
  chance: Chance,
  hop: number,
  hasRollback: boolean,
): Action[] {
  const older = releaseOf(options, options.path[hop - 1]);
  const newer = releaseOf(options, options.path[hop]);
  const version = newer.range.max;
  const isNewVersion = version > older.range.max;
  const ms = Math.max(200, Math.round(OBSERVE_MS * (options.durationScale ?? 1)));
  const order = chance.shuffle(numbers(options.nodes));
  // The old leader dies first or last: then either the new side elects, or the old side is served by a new leader.
  const leader = chance.pick([order[0] ?? 1, order.at(-1) ?? 1]);
  const middle = Math.ceil(order.length / 2);
  const replacements = order.flatMap((node, index): Action[] => [
    ...replaceNode(chance, node, newer.name, "upgrade"),
    ...(hasRollback && index + 1 === middle
      ? [
          ...replaceNode(chance, node, older.name, "rollback"),
          ...replaceNode(chance, node, newer.name, "upgrade"),
        ]
      : []),
    ...(isNewVersion && index + 1 < order.length && index < 1
      ? [{ kind: "refuseActivation", version } as const]
      : []),
  ]);
  return [
    { kind: "observe", phase: "before", ms },
    { kind: "transferLeadership", node: leader },
    ...replacements,
    { kind: "compareDigests" },
    ...(isNewVersion ? [{ kind: "activate", version } as const] : []),
    { kind: "upgradeClients", release: newer.name },
    { kind: "snapshotAll" },
    { kind: "verifyContent", version },
    { kind: "observe", phase: "after", ms },
  ];
}

function replaceNode(
  chance: Chance,
  node: number,
  release: string,
  why: "upgrade" | "rollback",
): Action[] {
  return [
    { kind: "stop", node, signal: chance.pick(SIGNALS) },
    { kind: "start", node, release, why },
    healthy(node),
  ];
}

function healthy(node: number): Extract<Action, { kind: "awaitHealthy" }> {
  return { kind: "awaitHealthy", node, withinMs: HEALTHY_WITHIN_MS };
}

function namedReleases(options: PlanOptions, steps: readonly Step[]): Plan["releases"] {
  const named = new Set(steps.flatMap((step) => ("release" in step ? [step.release] : [])));
  return options.releases
    .filter(({ name }) => named.has(name))
    .map(({ name, range }) => ({ name, min: range.min, max: range.max }));
}

function releaseOf({ releases }: PlanOptions, name: string | undefined): ReleaseRange {
  const release = releases.find((each) => each.name === name);
  if (release === undefined) throw new RangeError(`Cannot plan: release "${name}" is not known`);
  return release;
}

function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}
