/** Makes the schedule of a seed. The same arguments give the same schedule. */
import { Chance } from "../base/index.ts";
import type {
  CrashMoment,
  Fault,
  FaultKind,
  NoiseKind,
  RollStep,
  Schedule,
  StopMode,
} from "./schedule.ts";

export interface DrawOptions {
  readonly seed: number;
  readonly nodes: { readonly min: number; readonly max: number };
  /** With the version each of them activates once all nodes run it. */
  readonly releases: readonly { readonly name: string; readonly writes: number }[];
}

const DURATION_MS = 6_000;
const MS_PER_HOP = 3_000;
const NOISES: readonly [NoiseKind, ...NoiseKind[]] = [
  "lose",
  "delay",
  "repeat",
  "reorder",
  "spoil",
  "break",
];
const MOMENTS: readonly [CrashMoment, ...CrashMoment[]] = [
  "process",
  "power",
  "beforeSync",
  "inSync",
  "afterSync",
];
const MODES: readonly [StopMode, ...StopMode[]] = ["stop", "process", "power"];

export function drawSchedule({ seed, nodes: bounds, releases }: DrawOptions): Schedule {
  const chance = new Chance(seed);
  const nodes = bounds.min + chance.below(bounds.max - bounds.min + 1);
  const durationMs = DURATION_MS + MS_PER_HOP * (releases.length - 1);
  // A roll replaces the founders only, so nobody else joins while releases change.
  const possible = releases.length === 1 ? [...MAKERS, ...MEMBER_MAKERS] : MAKERS;
  const makers = possible.filter(() => chance.below(3) > 0);
  const eachMs = 60 + chance.below(400);
  const faults: Fault[] = [];
  for (let atMs = 300 + chance.below(eachMs); atMs < durationMs; atMs += chance.below(2 * eachMs)) {
    const make = makers[chance.below(makers.length)];
    if (make)
      faults.push({ atMs, ...make({ chance, nodes, newcomer: nodes + 1 + faults.length }) });
  }
  return {
    seed,
    nodes,
    releases: releases.map(({ name }) => name),
    durationMs,
    clients: 2 + chance.below(4),
    snapshotEvery: [20, 60, 200][chance.below(3)] ?? 60,
    faults,
    roll: [
      ...beginWith(chance, releases),
      ...releases.slice(1).flatMap((to, place) => {
        const from = releases[place];
        return from
          ? drawHop(chance, nodes, { from: from.name, to: to.name, writes: to.writes })
          : [];
      }),
    ],
  };
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

interface Draw {
  readonly chance: Chance;
  readonly nodes: number;
  /** An id nobody had before. */
  readonly newcomer: number;
}

const node = ({ chance, nodes }: Draw): number => 1 + chance.below(nodes);
const span = ({ chance }: Draw, mostMs: number): number => 20 + chance.below(mostMs);

/** What can happen; a schedule leaves some of it out, so that faults do not hide each other. */
const MAKERS: readonly ((draw: Draw) => FaultKind)[] = [
  (draw) => ({
    kind: "crash",
    node: node(draw),
    when: draw.chance.pick(MOMENTS),
    forMs: span(draw, 800),
  }),
  (draw) => ({
    kind: "crash",
    node: node(draw),
    when: draw.chance.pick(MOMENTS),
    forMs: span(draw, 100),
  }),
  (draw) => ({ kind: "fullStop", forMs: span(draw, 400) }),
  (draw) => ({
    kind: "noise",
    noise: draw.chance.pick(NOISES),
    percent: 1 + draw.chance.below(30),
    forMs: span(draw, 1_000),
  }),
  (draw) => ({
    kind: "partition",
    side: someNodes(draw),
    oneWay: draw.chance.below(2) === 0,
    forMs: span(draw, 1_200),
  }),
  (draw) => ({ kind: "clog", from: node(draw), to: node(draw), forMs: span(draw, 600) }),
  (draw) => ({ kind: "pause", node: node(draw), forMs: span(draw, 600) }),
  (draw) => ({ kind: "clockJump", node: node(draw), byMs: span(draw, 100_000) }),
  (draw) => ({
    kind: "slowDisk",
    node: node(draw),
    byMs: span(draw, 60),
    forMs: span(draw, 1_500),
  }),
  (draw) => ({ kind: "fullDisk", node: node(draw), forMs: span(draw, 300) }),
  (draw) => ({ kind: "syncError", node: node(draw), forMs: span(draw, 300) }),
  (draw) => ({ kind: "bitRot", node: node(draw), folder: draw.chance.pick(["log", "snapshot"]) }),
  (draw) => ({ kind: "snapshot", node: node(draw) }),
  (draw) => ({ kind: "transfer", node: node(draw), to: node(draw) }),
];

const MEMBER_MAKERS: readonly ((draw: Draw) => FaultKind)[] = [
  (draw) => ({ kind: "add", node: draw.nodes + 1, as: draw.chance.pick(["voter", "learner"]) }),
  (draw) => ({ kind: "remove", node: draw.nodes + 1 }),
  (draw) => ({ kind: "reuseAddress", node: draw.nodes + 1, newcomer: draw.newcomer + 1 }),
];

function someNodes(draw: Draw): readonly number[] {
  const all = Array.from({ length: draw.nodes }, (_, place) => place + 1);
  return draw.chance.shuffle(all).slice(0, 1 + draw.chance.below(Math.max(1, draw.nodes >> 1)));
}

interface Hop {
  readonly from: string;
  readonly to: string;
  readonly writes: number;
}

/** Nodes in any order, some of them back and forth again; then the activation, and nothing old is left. */
function drawHop(chance: Chance, nodes: number, { from, to, writes }: Hop): readonly RollStep[] {
  const order = chance.shuffle(Array.from({ length: nodes }, (_, place) => place + 1));
  const replace = (id: number, release: string): RollStep[] => [
    { kind: "replace", node: id, release, mode: chance.pick(MODES) },
    { kind: "wait", forMs: chance.below(400) },
  ];
  return [
    { kind: "wait", forMs: chance.below(1_000) },
    ...order.flatMap((id) =>
      chance.below(3) === 0
        ? [...replace(id, to), ...replace(id, from), ...replace(id, to)]
        : replace(id, to),
    ),
    { kind: "activate", version: writes },
    { kind: "wait", forMs: chance.below(500) },
    { kind: "rewrite", version: writes },
  ];
}
