/**
 * Whole clusters in memory under seeded schedules that lose, repeat and reorder messages and restart
 * nodes. After each step the properties of Raft figure 3 are checked on the node that moved; then
 * everything heals and the cluster must agree. `WIRESPAN_SEED=<n>` replays one schedule.
 */
import { expect, test } from "vitest";
import { Chance } from "../../base/index.ts";
import { CALM, Cluster, type ClusterOptions } from "./testing/cluster.ts";

const SEEDS = process.env.WIRESPAN_SEED ? [Number(process.env.WIRESPAN_SEED)] : [1, 2, 3, 4];
const STEPS = 6000;
const PLAIN: ClusterOptions = {
  nodes: 3,
  voters: 3,
  preVote: true,
  checkQuorum: true,
  asyncStorageWrites: false,
  changesMembers: false,
};

test.for(
  [
    { options: PLAIN, why: "three nodes" },
    { options: { ...PLAIN, nodes: 5, voters: 5 }, why: "five nodes" },
    {
      options: { ...PLAIN, preVote: false, checkQuorum: false },
      why: "elections without pre-vote",
    },
    { options: { ...PLAIN, asyncStorageWrites: true }, why: "writes that finish later" },
    { options: { ...PLAIN, nodes: 5, changesMembers: true }, why: "members that come and go" },
    {
      options: { ...PLAIN, nodes: 5, changesMembers: true, asyncStorageWrites: true },
      why: "members that come and go, writes that finish later",
    },
  ].flatMap((row) => SEEDS.map((seed) => ({ ...row, seed }))),
)("a cluster stays safe and agrees when it heals: $why (seed $seed)", ({ options, seed }) => {
  const cluster = new Cluster(options, new Chance(seed));
  for (let step = 0; step < STEPS; step++) {
    cluster.step({ loss: 100, repetition: 50, restarts: 3 });
  }
  for (let step = 0; step < 1000; step++) cluster.step(CALM);
  cluster.heal(200);
  const leaders = cluster.members.filter(({ node }) => node.status().raftState === "leader");
  const terms = leaders.map(({ node }) => node.status().term);
  const leader = leaders.find(({ node }) => node.status().term === Math.max(...terms));
  expect(leader, "a healed cluster has a leader").toBeDefined();
  const { confState, commit } = leader?.node.status() ?? { confState: undefined, commit: 0 };
  const current = [...(confState?.voters ?? []), ...(confState?.learners ?? [])];
  for (const { id, appliedIndex, applied } of cluster.members) {
    if (!current.includes(id)) continue;
    expect(appliedIndex, `node ${id} has applied everything`).toBe(commit);
    expect([...applied]).toEqual([...(leader?.applied ?? [])]);
  }
  // A schedule that did nothing proves nothing.
  expect(cluster.safety.leaders).toBeGreaterThan(1);
  expect(cluster.safety.appliedIndices).toBeGreaterThan(50);
});
