/** One node from its first start on: what it promises survives every kind of end. */

import { expect, test } from "vitest";
import { addressOf, VirtualCluster } from "../../sim/world/index.ts";
import type { Outcome, SingleMembershipChange } from "./ports.ts";

test("a single node elects itself, applies a put and has it after a restart", () => {
  const cluster = VirtualCluster.found(1);
  expect(cluster.leader()).toBe(1);
  const client = cluster.client();
  client.connect(1);
  expect(client.put("a", "1")).toMatchObject({ status: "ok" });
  expect(client.get("a")).toBe("1");
  cluster.kill(1);
  cluster.start(1);
  expect(cluster.leader()).toBe(1);
  client.connect(1);
  expect(client.get("a")).toBe("1");
  expect(cluster.node(1).running.status().incarnation).toBe(2);
});

test("the trace port is given each transition as a line, from every start on", () => {
  const cluster = new VirtualCluster();
  const lines: string[] = [];
  cluster.onTraceLine = (line) => lines.push(line);
  cluster.start(1, { founders: [addressOf(1)] });
  expect(cluster.leader()).toBe(1);
  const names = lines.map((line) => JSON.parse(line).event.name);
  expect(names[0]).toBe("InitState");
  expect(names).toEqual(expect.arrayContaining(["BecomeLeader", "Replicate", "Ready", "Commit"]));
  cluster.kill(1);
  const before = lines.length;
  cluster.start(1, { founders: [addressOf(1)] });
  expect(JSON.parse(lines[before] ?? "").event).toMatchObject({ name: "InitState", nid: "1" });
});

test.for<{ why: string; changes: readonly SingleMembershipChange[] }>([
  { why: "its removal", changes: [{ kind: "remove", id: 1 }] },
  { why: "that it only learns", changes: [{ kind: "addLearner", member: addressOf(1) }] },
  {
    why: "that another one takes over as a learner",
    changes: [
      { kind: "remove", id: 1 },
      { kind: "addLearner", member: addressOf(2) },
    ],
  },
])("changes after which nobody votes are refused: $why", ({ changes }) => {
  const cluster = VirtualCluster.found(1);
  cluster.leader();
  const change = { kind: "joint", changes } as const;
  const order = (done: (outcome: Outcome) => void): void =>
    cluster.node(1).running.changeMembership(change, done);
  expect(cluster.outcome(order)).toMatchObject({ ok: false, code: "last_voter" });
  cluster.run(1_000);
  expect(cluster.node(1).halted).toBeUndefined();
});
