/**
 * What decides about elections belongs to the wire version, never to the program (law 13): under the
 * versions that they share, the tree elects as the frozen release does, message by message.
 */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, test } from "vitest";
import { createReplica } from "../raft/replica/index.ts";
import { FrameKind, rulesOf } from "../raft/wire/index.ts";
import { addressOf, type Program, SeededChance, VirtualCluster } from "../sim/world/index.ts";

const FROZEN = "r4";
const VERSIONS = [3, 4];
const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8];
const IDS = [1, 2, 3];

const OF_ELECTIONS: ReadonlySet<number> = new Set([
  FrameKind.voteRequest,
  FrameKind.voteResponse,
  FrameKind.timeoutNow,
  FrameKind.heartbeat,
]);

test.for(VERSIONS)(
  "the rules of version %i are those that the frozen release was listed with",
  (version) => {
    const manifest = readFileSync(`fixtures/releases/${FROZEN}/manifest.json`, "utf8");
    const { rules } = JSON.parse(manifest) as { rules: Record<string, unknown> };
    expect(rulesOf(version)).toEqual(rules[version]);
  },
);

test.for(VERSIONS)(
  "under version %i the tree elects as the frozen release does",
  async (version) => {
    const file = resolve(`fixtures/releases/${FROZEN}/replica.mjs`);
    const frozen = (await import(file)) as Pick<Program, "createReplica">;
    for (const seed of SEEDS) {
      const expected = story(frozen.createReplica, version, seed);
      expect(expected.length).toBeGreaterThan(200);
      expect(story(createReplica, version, seed), `seed ${seed}`).toEqual(expected);
    }
  },
);

/** Every message of an election, with its time, through a start, a kill, a transfer and a partition. */
function story(
  program: Program["createReplica"],
  version: number,
  seed: number,
): readonly string[] {
  const cluster = new VirtualCluster(seed);
  const lines: string[] = [];
  cluster.network.weather = {
    isReachable: () => true,
    pass: (from, to, { kind }) => {
      const time = String(cluster.time.nowMs()).padStart(6, "0");
      if (OF_ELECTIONS.has(kind)) lines.push(`${time} ${from} ${to} ${kind}`);
      return { delays: [1] };
    },
  };
  const founders = IDS.map(addressOf);
  // A chance of its own for each node: which of them draws first is nobody's rule.
  const chances = new Map(IDS.map((id) => [id, new SeededChance(seed * 10 + id)]));
  const withChance: Program["createReplica"] = (options, ports) =>
    program(options, { ...ports, chance: chances.get(options.nodeId) ?? ports.chance });
  for (const id of IDS) cluster.programs.set(id, { release: "any", createReplica: withChance });
  for (const id of IDS) cluster.start(id, { founders });
  const first = cluster.leader();
  cluster.run(1_500);
  if (cluster.node(first).running.status().activeVersion < version)
    cluster.outcome((done) => cluster.node(first).running.activate(version, done));
  // How soon followers hear of a commit may differ, and each word of a leader puts off an election.
  cluster.run(500);
  cluster.kill(first);
  const second = cluster.leader();
  cluster.run(300);
  cluster.start(first);
  cluster.run(500);
  const third = IDS.find((id) => id !== second) ?? 0;
  cluster.node(second).running.transferLeadership(third, () => {});
  cluster.run(300);
  for (const id of IDS) if (id !== third) cluster.network.separate(`node ${third}`, `node ${id}`);
  cluster.run(600);
  cluster.network.heal();
  cluster.run(600);
  expect(cluster.node(1).running.status().activeVersion).toBe(version);
  // What happens within one millisecond may come in another order.
  return lines.sort();
}
