/** Makes the schedule of a seed. The same arguments give the same schedule. */
import { Chance } from "../base/index.ts";
import {
  type Draw,
  FAULT_MAKERS,
  type FaultMaker,
  MEMBER_MAKERS,
  OVERLAP_MAKERS,
} from "./draw-fault.ts";
import type { Fault, RollStep, Schedule, StopMode } from "./schedule.ts";

export interface DrawOptions {
  readonly seed: number;
  readonly nodes: { readonly min: number; readonly max: number };
  /** With the version each of them activates once all nodes run it. */
  readonly releases: readonly { readonly name: string; readonly writes: number }[];
  /** Only these kinds, and more of them; absent: all. */
  readonly faults?: readonly string[] | undefined;
  readonly readLease?: boolean | undefined;
  /** In every schedule, not in a few. */
  readonly largeValues?: boolean | undefined;
}

const DURATION_MS = 6_000;
/** More than half an election timeout. */
const RESTART_MS_MIN = 60;
const MS_PER_HOP = 3_000;
/** So that a snapshot has several chunks, and the log several files. */
const LARGE_VALUES: readonly [number, ...number[]] = [100_000, 300_000, 900_000];
const LARGE_VALUES_EVERY = 30;
const LARGE_OPERATIONS_MAX = 120;
/** What was last heard of a member says nothing any more. */
const SILENCE_MS = 5_000;
const MODES: readonly [StopMode, ...StopMode[]] = ["stop", "process", "power"];

export function drawSchedule({
  seed,
  nodes: bounds,
  releases,
  faults: only,
  readLease = false,
  largeValues = false,
}: DrawOptions): Schedule {
  const chance = new Chance(seed);
  const nodes = bounds.min + chance.below(bounds.max - bounds.min + 1);
  const durationMs = DURATION_MS + MS_PER_HOP * (releases.length - 1);
  const names = releases.map(({ name }) => name);
  const draw: Draw = { chance, nodes, releases: [names[0] ?? "", ...names.slice(1)], newcomer: 0 };
  const faults = drawFaults(draw, durationMs, only);
  const roll = [
    ...beginWith(chance, releases),
    ...releases.slice(1).flatMap((to, place) => {
      const from = releases[place];
      return from
        ? drawHop(draw, {
            from: from.name,
            to: to.name,
            writes: to.writes,
            early: to.writes > from.writes,
          })
        : [];
    }),
  ];
  return {
    seed,
    nodes,
    releases: names,
    durationMs,
    clients: 2 + chance.below(7),
    snapshotEvery: [20, 60, 200][chance.below(3)] ?? 60,
    networkJitterMs: [0, 2, 10, 40][chance.below(4)] ?? 0,
    ...((chance.below(LARGE_VALUES_EVERY) === 0 || largeValues) && {
      largeValueBytes: chance.pick(LARGE_VALUES),
      operationsMax: LARGE_OPERATIONS_MAX,
    }),
    ...(readLease && { readLease }),
    faults: readLease ? faults.map(withoutHaste) : faults,
    roll,
  };
}

function drawFaults(
  draw: Draw,
  durationMs: number,
  only: readonly string[] | undefined,
): readonly Fault[] {
  const { chance, nodes } = draw;
  const makers = only ? makersOf(only, draw) : drawMakers(chance);
  const eachMs = only ? 30 + chance.below(200) : 60 + chance.below(400);
  const faults: Fault[] = [];
  for (let atMs = 300 + chance.below(eachMs); atMs < durationMs; atMs += chance.below(2 * eachMs)) {
    const make = makers[chance.below(makers.length)];
    if (make) faults.push({ atMs, ...make({ ...draw, newcomer: nodes + 1 + faults.length }) });
  }
  return faults;
}

function drawMakers(chance: Chance): readonly FaultMaker[] {
  // Members change in one schedule of two: they make other faults hard to see.
  const possible = chance.below(2) === 0 ? [...FAULT_MAKERS, ...MEMBER_MAKERS] : FAULT_MAKERS;
  return possible.filter(() => chance.below(3) > 0);
}

/** What a maker makes is always of one kind. */
function makersOf(kinds: readonly string[], draw: Draw): readonly FaultMaker[] {
  return [...FAULT_MAKERS, ...MEMBER_MAKERS].filter((make) =>
    kinds.includes(make({ ...draw, chance: new Chance(0) }).kind),
  );
}

/** A lease holds as long as no voter is back from a restart sooner than it lasts. */
function withoutHaste(fault: Fault): Fault {
  return "forMs" in fault ? { ...fault, forMs: Math.max(fault.forMs, RESTART_MS_MIN) } : fault;
}

/** The next release need not read what the first one wrote before its activation. */
function beginWith(chance: Chance, releases: DrawOptions["releases"]): readonly RollStep[] {
  const [first] = releases;
  if (!first || (releases.length === 1 && chance.below(2) === 0)) return [];
  return [
    { kind: "wait", forMs: chance.below(1_500) },
    { kind: "activate", version: first.writes },
    { kind: "rewrite", version: first.writes },
  ];
}

interface Hop {
  readonly from: string;
  readonly to: string;
  readonly writes: number;
  /** The old release does not read what the new one is going to write. */
  readonly early: boolean;
}

/** Nodes in any order, some of them back and forth again; then the activation, and nothing old is left. */
function drawHop(draw: Draw, hop: Hop): readonly RollStep[] {
  const { chance, nodes } = draw;
  const { to, writes } = hop;
  const founders = Array.from({ length: nodes }, (_, place) => place + 1);
  const order = chance.shuffle(founders);
  const last = order.at(-1) ?? 1;
  return [
    { kind: "wait", forMs: chance.below(1_000) },
    ...(chance.below(4) === 0 ? [drawMixedStop(draw, hop, last)] : []),
    ...order.flatMap((id) => drawReplacements(draw, hop, { id, isLast: id === last })),
    ...(chance.below(3) === 0
      ? [
          drawFullStop(
            draw,
            founders.map(() => to),
          ),
        ]
      : []),
    { kind: "replaceRest", release: to, mode: chance.pick(MODES) },
    ...overlap(draw),
    { kind: "activate", version: writes },
    ...(hop.early && chance.below(3) === 0
      ? [
          {
            kind: "stray",
            node: 1 + chance.below(nodes),
            release: hop.from,
            forMs: 100 + chance.below(500),
          } as const,
        ]
      : []),
    { kind: "wait", forMs: chance.below(500) },
    { kind: "rewrite", version: writes },
  ];
}

function drawReplacements(
  draw: Draw,
  { from, to, writes, early }: Hop,
  { id, isLast }: { readonly id: number; readonly isLast: boolean },
): readonly RollStep[] {
  const { chance } = draw;
  const replace = (release: string): RollStep[] => [
    ...overlap(draw),
    { kind: "replace", node: id, release, mode: chance.pick(MODES) },
    { kind: "wait", forMs: chance.below(400) },
  ];
  const around: RollStep[] = [
    ...(early && chance.below(2) === 0 ? activateEarly(draw, writes) : []),
    ...(chance.below(4) === 0 ? feed(draw) : []),
    ...(chance.below(5) === 0
      ? [{ kind: "lead", node: 1 + chance.below(draw.nodes) } as const]
      : []),
  ];
  const back = chance.below(3) === 0 ? [...replace(to), ...replace(from)] : [];
  // The last one could read it once it was there and back.
  return isLast ? [...around, ...back, ...replace(to)] : [...back, ...replace(to), ...around];
}

/** At times by somebody who has not heard of the others for a while. */
function activateEarly({ chance, nodes }: Draw, version: number): readonly RollStep[] {
  const node = 1 + chance.below(nodes);
  const jump = { kind: "inject", fault: { kind: "clockJump", node, byMs: SILENCE_MS } } as const;
  return [...(chance.below(2) === 0 ? [jump] : []), { kind: "activateEarly", version }];
}

/** A leader of either side has to send a snapshot to a node of either side. */
function feed({ chance, nodes }: Draw): readonly RollStep[] {
  const forMs = 200 + chance.below(400);
  const node = 1 + chance.below(nodes);
  return [
    { kind: "lead", node: 1 + chance.below(nodes) },
    { kind: "inject", fault: { kind: "laggard", node, forMs } },
    { kind: "wait", forMs },
    { kind: "catchUp", node },
  ];
}

/** In one case of three something happens at that very step. */
function overlap(draw: Draw): RollStep[] {
  if (draw.chance.below(3) > 0) return [];
  const make: FaultMaker = draw.chance.pick(OVERLAP_MAKERS);
  return [{ kind: "inject", fault: make(draw) }];
}

function drawFullStop({ chance }: Draw, releases: readonly string[]): RollStep {
  return { kind: "replaceAll", releases, forMs: chance.below(400) };
}

/** Some come back with the new release, the last one never. */
function drawMixedStop(draw: Draw, { from, to }: Hop, last: number): RollStep {
  const releases = Array.from({ length: draw.nodes }, (_, place) =>
    place + 1 === last || draw.chance.below(2) === 0 ? from : to,
  );
  return drawFullStop(draw, releases);
}
