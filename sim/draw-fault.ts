/** What can happen to a cluster, and by what lots. */
import type { Chance } from "../base/index.ts";
import {
  type CrashMoment,
  type FaultKind,
  type JointChange,
  LEADER,
  type NoiseKind,
} from "./schedule.ts";

export interface Draw {
  readonly chance: Chance;
  readonly nodes: number;
  /** Which newcomers run. */
  readonly releases: readonly [string, ...string[]];
  /** An id nobody had before. */
  readonly newcomer: number;
}

export type FaultMaker = (draw: Draw) => FaultKind;

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
  "beforeReplace",
  "afterReplace",
];
/** Newcomers that faults add and remove again and again. */
const SPARES = 2;

const node = ({ chance, nodes }: Draw): number => 1 + chance.below(nodes);
/** One of two faults hits whoever leads, because there a bug of elections shows. */
const nodeOrLeader = (draw: Draw): number => (draw.chance.below(2) === 0 ? LEADER : node(draw));
const span = ({ chance }: Draw, mostMs: number): number => 20 + chance.below(mostMs);
const release = ({ chance, releases }: Draw): string => chance.pick(releases);
const spare = ({ chance, nodes }: Draw): number => nodes + 1 + chance.below(SPARES);
/** A founder at times, a newcomer more often. */
const anybody = (draw: Draw): number => (draw.chance.below(3) === 0 ? node(draw) : spare(draw));

const crash: FaultMaker = (draw) => ({
  kind: "crash",
  node: nodeOrLeader(draw),
  when: draw.chance.pick(MOMENTS),
  forMs: span(draw, 800),
});
const shortCrash: FaultMaker = (draw) => ({
  kind: "crash",
  node: nodeOrLeader(draw),
  when: draw.chance.pick(MOMENTS),
  forMs: span(draw, 100),
});
const partition: FaultMaker = (draw) => ({
  kind: "partition",
  side: someNodes(draw),
  oneWay: draw.chance.below(2) === 0,
  forMs: span(draw, 1_200),
});
const laggard: FaultMaker = (draw) => ({
  kind: "laggard",
  node: node(draw),
  forMs: 200 + draw.chance.below(1_000),
});
const transfer: FaultMaker = (draw) => ({
  kind: "transfer",
  node: nodeOrLeader(draw),
  to: node(draw),
});
const clog: FaultMaker = (draw) => ({
  kind: "clog",
  from: nodeOrLeader(draw),
  to: nodeOrLeader(draw),
  forMs: span(draw, 600),
});
const fullStop: FaultMaker = (draw) => ({ kind: "fullStop", forMs: span(draw, 400) });
const pause: FaultMaker = (draw) => ({
  kind: "pause",
  node: nodeOrLeader(draw),
  forMs: span(draw, 600),
});
const snapshot: FaultMaker = (draw) => ({ kind: "snapshot", node: nodeOrLeader(draw) });

const electionCrash: FaultMaker = (draw) => ({
  kind: "electionCrash",
  afterMs: draw.chance.below(8),
  when: draw.chance.pick(MOMENTS),
  forMs: span(draw, 300),
});
const chunkCrash: FaultMaker = (draw) => ({
  kind: "chunkCrash",
  side: draw.chance.pick(["sender", "receiver"]),
  afterMs: draw.chance.below(8),
  when: draw.chance.pick(MOMENTS),
  forMs: span(draw, 500),
});
const slowTicks: FaultMaker = (draw) => ({
  kind: "slowTicks",
  node: nodeOrLeader(draw),
  times: 2 + draw.chance.below(6),
  forMs: span(draw, 1_500),
});

/** A schedule leaves some of it out, so that faults do not hide each other. */
export const FAULT_MAKERS: readonly FaultMaker[] = [
  crash,
  shortCrash,
  electionCrash,
  chunkCrash,
  slowTicks,
  fullStop,
  (draw) => ({
    kind: "noise",
    noise: draw.chance.pick(NOISES),
    percent: 1 + draw.chance.below(30),
    forMs: span(draw, 1_000),
  }),
  partition,
  clog,
  pause,
  (draw) => ({ kind: "clockJump", node: node(draw), byMs: span(draw, 100_000) }),
  (draw) => ({ kind: "clockBack", node: node(draw), byMs: span(draw, 100_000) }),
  (draw) => ({
    kind: "slowDisk",
    node: nodeOrLeader(draw),
    byMs: span(draw, 60),
    forMs: span(draw, 1_500),
  }),
  (draw) => ({ kind: "fullDisk", node: node(draw), forMs: span(draw, 300) }),
  (draw) => ({ kind: "syncError", node: node(draw), forMs: span(draw, 300) }),
  (draw) => ({ kind: "bitRot", node: node(draw), folder: draw.chance.pick(["log", "snapshot"]) }),
  snapshot,
  transfer,
  laggard,
];

export const MEMBER_MAKERS: readonly FaultMaker[] = [
  (draw) => ({
    kind: "add",
    node: spare(draw),
    as: draw.chance.pick(["voter", "learner"]),
    release: release(draw),
  }),
  (draw) => ({ kind: "promote", node: spare(draw) }),
  (draw) => ({ kind: "remove", node: spare(draw) }),
  (draw) => ({ kind: "removeAndAdd", node: anybody(draw), forMs: span(draw, 1_000) }),
  (draw) => ({ kind: "removeLeader", forMs: span(draw, 600) }),
  (draw) => ({ kind: "joint", changes: jointChanges(draw) }),
  (draw) => ({
    kind: "reuseAddress",
    node: anybody(draw),
    newcomer: draw.newcomer + SPARES,
    release: release(draw),
  }),
];

/** At the very moment of an upgrade or an activation. */
export const OVERLAP_MAKERS: readonly [FaultMaker, ...FaultMaker[]] = [
  crash,
  shortCrash,
  partition,
  laggard,
  transfer,
  clog,
  fullStop,
  pause,
  snapshot,
];

/** One member at most leaves: the oracles of releases that tell no halves count the voters of both together. */
function jointChanges(draw: Draw): readonly JointChange[] {
  const [first, second] = [draw.nodes + 1, draw.nodes + SPARES];
  const join = (id: number): JointChange => ({
    change: draw.chance.pick(["voter", "learner"]),
    node: id,
    release: release(draw),
  });
  const leave = (id: number): JointChange => ({
    change: "remove",
    node: id,
    release: release(draw),
  });
  switch (draw.chance.below(4)) {
    case 0:
      return [join(first), join(second)];
    case 1:
      return [join(first), leave(second)];
    case 2:
      return [leave(first), join(second)];
    default:
      return [leave(node(draw)), join(first)];
  }
}

function someNodes(draw: Draw): readonly number[] {
  if (draw.chance.below(2) === 0) return [LEADER];
  const all = Array.from({ length: draw.nodes }, (_, place) => place + 1);
  return draw.chance.shuffle(all).slice(0, 1 + draw.chance.below(Math.max(1, draw.nodes >> 1)));
}
