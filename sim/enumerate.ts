/**
 * Every plan of one hop on three nodes, without chance: the order of the upgrades × how many are rolled
 * back × who leads when they are mixed × who must be sent a snapshot then × when an activation is tried
 * too early. Studies of real upgrade failures found that three nodes and no special timing show most of
 * them, so this small and complete set comes before anything drawn.
 */
import type { RollStep, Schedule } from "./schedule.ts";

export interface HopRelease {
  readonly name: string;
  /** What it activates once all nodes run it. */
  readonly writes: number;
}

const NODES = 3;
const ORDERS = [
  [1, 2, 3],
  [1, 3, 2],
  [2, 1, 3],
  [2, 3, 1],
  [3, 1, 2],
  [3, 2, 1],
] as const;
type Order = (typeof ORDERS)[number];
/** Upgraded when all of those are rolled back; 0: none is. */
const ROLLBACKS = [0, 1, 2, 3];
/** Upgraded when the activation is tried; 3: all, so it is no longer too early. */
const ACTIVATIONS = [0, 1, 2, 3];

/** By place in the order: who leads once so many are upgraded, and who is fed by it. */
interface Mixture {
  readonly upgraded: number;
  readonly leader: number;
  readonly fed?: number;
}

const MIXTURES: readonly Mixture[] = [
  { upgraded: 1, leader: 1 },
  { upgraded: 1, leader: 0 },
  { upgraded: 1, leader: 1, fed: 2 },
  { upgraded: 2, leader: 2, fed: 1 },
  { upgraded: 1, leader: 0, fed: 2 },
  { upgraded: 2, leader: 0, fed: 1 },
];
const LAGGARD_MS = 300;

/** The seed of each is its number, from 1 on. */
export function enumerateHop(from: HopRelease, to: HopRelease): readonly Schedule[] {
  const isEarly = to.writes > from.writes;
  const rolls = ORDERS.flatMap((order) =>
    ROLLBACKS.flatMap((rollback) =>
      MIXTURES.flatMap((mixture) =>
        // When both write the same version, there is no activation to be early with.
        (isEarly ? ACTIVATIONS : [NODES]).map((activation) =>
          rollOf({ from, to, order, rollback, mixture, activation }),
        ),
      ),
    ),
  );
  return rolls.map((roll, place) => ({
    seed: place + 1,
    nodes: NODES,
    releases: [from.name, to.name],
    durationMs: 4_000,
    clients: 2,
    snapshotEvery: 1_000,
    faults: [],
    roll,
  }));
}

interface Plan {
  readonly from: HopRelease;
  readonly to: HopRelease;
  readonly order: Order;
  readonly rollback: number;
  readonly mixture: Mixture;
  readonly activation: number;
}

function rollOf(plan: Plan): readonly RollStep[] {
  const { from, to, order, rollback, activation } = plan;
  const early = (upgraded: number): RollStep[] =>
    upgraded === activation && upgraded < NODES
      ? [{ kind: "activateEarly", version: to.writes }]
      : [];
  return [
    { kind: "activate", version: from.writes },
    { kind: "rewrite", version: from.writes },
    ...early(0),
    ...order.flatMap((node, place) => [
      replace(node, to),
      ...mixed(plan, place + 1),
      ...early(place + 1),
      ...(rollback === place + 1 ? backAndForth(plan) : []),
    ]),
    { kind: "activate", version: to.writes },
    ...(to.writes > from.writes
      ? [{ kind: "stray", node: order[0], release: from.name, forMs: 200 } as const]
      : []),
    { kind: "rewrite", version: to.writes },
  ];
}

function mixed({ order, mixture }: Plan, upgraded: number): readonly RollStep[] {
  if (upgraded !== mixture.upgraded) return [];
  const lead: RollStep = { kind: "lead", node: order[mixture.leader] ?? 1 };
  const node = order[mixture.fed ?? -1];
  if (node === undefined) return [lead];
  return [
    lead,
    { kind: "inject", fault: { kind: "laggard", node, forMs: LAGGARD_MS } },
    { kind: "wait", forMs: LAGGARD_MS + 50 },
    { kind: "catchUp", node },
  ];
}

/** The last one first, and then all of them again. */
function backAndForth({ from, to, order, rollback }: Plan): readonly RollStep[] {
  const upgraded = order.slice(0, rollback);
  return [
    ...upgraded.toReversed().map((node) => replace(node, from)),
    ...upgraded.map((node) => replace(node, to)),
  ];
}

function replace(node: number, { name }: HopRelease): RollStep {
  return { kind: "replace", node, release: name, mode: "stop" };
}
