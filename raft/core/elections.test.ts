/**
 * Elections beyond figure 2: pre-vote (thesis §9.6), leases of check-quorum (§4.2.3, §6.2) and leadership
 * transfer (§3.10). Each rule has a test that names it.
 */
import { expect, test } from "vitest";
import { Desk } from "./testing/desk.ts";

const TRANSFER = new TextEncoder().encode("CampaignTransfer");

test("pre-vote: a majority of grants begins the election, in the term that was asked about (§9.6)", () => {
  const desk = new Desk({ preVote: true, voters: [1, 2, 3, 4, 5] });
  desk.node.campaign();
  desk.carryOut();
  desk.step({ type: "MsgPreVoteResp", from: 2, term: 2 });
  expect(desk.node.status(), "two of five").toMatchObject({ raftState: "preCandidate", term: 1 });
  const sent = desk.step({ type: "MsgPreVoteResp", from: 3, term: 2 });
  expect(desk.node.status()).toMatchObject({ raftState: "candidate", term: 2, vote: 1 });
  expect(sent[0]?.context, "and leases count: nobody ordered it").toHaveLength(0);
  expect(sent.map(({ type, to, term }) => [type, to, term])).toEqual(
    [2, 3, 4, 5].map((to) => ["MsgVote", to, 2]),
  );
});

test("pre-vote: a majority of refusals ends it, and the term stays (§9.6)", () => {
  const desk = new Desk({ preVote: true });
  desk.node.campaign();
  desk.carryOut();
  for (const from of [2, 3]) desk.step({ type: "MsgPreVoteResp", from, term: 1, reject: true });
  expect(desk.node.status()).toMatchObject({ raftState: "follower", term: 1 });
});

test.for([
  { index: 1, logTerm: 1, granted: false, why: "the asking log is shorter" },
  { index: 2, logTerm: 1, granted: true, why: "the asking log is as complete" },
])("pre-vote: $why (§9.6)", ({ index, logTerm, granted }) => {
  const desk = new Desk({ terms: [1], preVote: true });
  const sent = desk.step({ type: "MsgPreVote", from: 2, term: 2, index, logTerm });
  expect(sent).toMatchObject([{ type: "MsgPreVoteResp", reject: !granted, term: granted ? 2 : 1 }]);
  expect(desk.storage.initialState().hardState, "a grant binds nobody").toMatchObject({ vote: 0 });
});

test("pre-vote: any number of nodes may get the same grant, for it is no vote (§9.6)", () => {
  const desk = new Desk({ preVote: true });
  for (const from of [2, 3]) {
    const sent = desk.step({ type: "MsgPreVote", from, term: 2, index: 1, logTerm: 1 });
    expect(sent).toMatchObject([{ reject: false }]);
  }
});

test("pre-vote: answers to the pre-vote do not count in the election behind it (etcd raft, stepCandidate)", () => {
  const desk = new Desk({ preVote: true, voters: [1, 2, 3, 4, 5] });
  desk.node.campaign();
  desk.carryOut();
  for (const from of [2, 3]) desk.step({ type: "MsgPreVoteResp", from, term: 2 });
  for (const from of [4, 5]) desk.step({ type: "MsgPreVoteResp", from, term: 2 });
  expect(desk.node.status().raftState).toBe("candidate");
});

test("pre-vote: a grant of a lower term is late and ignored (§5.1)", () => {
  const desk = new Desk({ preVote: true, hardState: { term: 4 } });
  desk.node.campaign();
  desk.carryOut();
  for (const from of [2, 3]) desk.step({ type: "MsgPreVoteResp", from, term: 3 });
  expect(desk.node.status()).toMatchObject({ raftState: "preCandidate", term: 4 });
});

test.for([
  { type: "MsgVote", elapsed: 9, answered: false, why: "within the timeout" },
  { type: "MsgVote", elapsed: 10, answered: true, why: "when the timeout is over" },
  { type: "MsgPreVote", elapsed: 9, answered: false, why: "within the timeout" },
  { type: "MsgPreVote", elapsed: 10, answered: true, why: "when the timeout is over" },
] as const)(
  "check-quorum: a $type is answered or not, $why (§4.2.3)",
  ({ type, elapsed, answered }) => {
    // The longest draw, so that the node does not campaign itself before.
    const desk = new Desk({ checkQuorum: true, random: (limit) => limit - 1 });
    desk.step({ type: "MsgHeartbeat", from: 3, term: 1 });
    for (let tick = 0; tick < elapsed; tick++) desk.node.tick();
    const sent = desk.step({ type, from: 2, term: 2, index: 1, logTerm: 1 });
    expect(sent).toHaveLength(answered ? 1 : 0);
    if (!answered)
      expect(desk.node.status(), "nor its term taken").toMatchObject({ term: 1, lead: 3 });
  },
);

test("check-quorum: a leader that hears from a majority in each timeout stays one (§6.2)", () => {
  const desk = new Desk({ checkQuorum: true });
  desk.elect();
  for (let round = 0; round < 3; round++) {
    desk.step({ type: "MsgHeartbeatResp", from: 2, term: 2 });
    for (let tick = 0; tick < 10; tick++) desk.node.tick();
    expect(desk.node.status().raftState).toBe("leader");
  }
  for (let tick = 0; tick < 10; tick++) desk.node.tick();
  expect(desk.node.status(), "a timeout without answers").toMatchObject({ raftState: "follower" });
});

test("check-quorum: in a joint configuration both majorities must have been heard of (§6)", () => {
  const desk = new Desk({ checkQuorum: true });
  desk.elect();
  const joined = [4, 5].map((nodeId) => ({ type: "addNode" as const, nodeId }));
  const removed = [2, 3].map((nodeId) => ({ type: "removeNode" as const, nodeId }));
  desk.node.applyConfChange({
    transition: "jointExplicit",
    changes: [...joined, ...removed],
    context: new Uint8Array(0),
  });
  const hear = (...ids: readonly number[]) => {
    for (const from of ids) desk.step({ type: "MsgHeartbeatResp", from, term: 2 });
    for (let tick = 0; tick < 10; tick++) desk.node.tick();
  };
  hear(2, 4); // What was new counted as heard of.
  hear(2, 4);
  expect(desk.node.status().raftState).toBe("leader");
  hear(4, 5);
  expect(desk.node.status().raftState, "the old majority is silent").toBe("follower");
});

test("forget-leader: the next who asks gets a vote, and no term is spent on it (etcd raft, MsgForgetLeader)", () => {
  const desk = new Desk({ checkQuorum: true });
  desk.step({ type: "MsgHeartbeat", from: 3, term: 1 });
  desk.node.forgetLeader();
  expect(desk.node.status()).toMatchObject({ lead: 0, term: 1 });
  const sent = desk.step({ type: "MsgVote", from: 2, term: 2, index: 1, logTerm: 1 });
  expect(sent).toMatchObject([{ type: "MsgVoteResp", reject: false }]);
});

test("forget-leader: not where reads rely on the lease (§6.4.1)", () => {
  const desk = new Desk({ checkQuorum: true, readOnlyOption: "leaseBased" });
  desk.step({ type: "MsgHeartbeat", from: 3, term: 1 });
  desk.node.forgetLeader();
  expect(desk.node.status().lead).toBe(3);
});

test("transfer: the target campaigns at once, without pre-vote, and says that it was ordered (§3.10)", () => {
  const desk = new Desk({ preVote: true, checkQuorum: true });
  desk.step({ type: "MsgHeartbeat", from: 2, term: 1 });
  const sent = desk.step({ type: "MsgTimeoutNow", from: 2, term: 1 });
  expect(sent).toMatchObject([
    { type: "MsgVote", to: 2, term: 2, context: TRANSFER },
    { type: "MsgVote", to: 3, term: 2, context: TRANSFER },
  ]);
});

test("transfer: a target that is behind is brought up to date first (§3.10, step 2)", () => {
  const desk = new Desk({ terms: [1] });
  desk.elect();
  desk.node.transferLeader(3);
  expect(desk.carryOut().flatMap(({ messages }) => messages)).toEqual([]);
  const first = desk.step({ type: "MsgAppResp", from: 3, term: 2, index: 2 });
  expect(first.map(({ type }) => type)).not.toContain("MsgTimeoutNow");
  const second = desk.step({ type: "MsgAppResp", from: 3, term: 2, index: 3 });
  expect(second.filter(({ to }) => to === 3).map(({ type }) => type)).toContain("MsgTimeoutNow");
});

test.for([
  { to: 1, why: "the leader itself" },
  { to: 9, why: "a node that is not there" },
  { to: 4, why: "a learner" },
])("transfer: to $why is ignored, proposals go on (§3.10)", ({ to }) => {
  const desk = new Desk();
  desk.elect();
  const changes = [{ type: "addLearnerNode" as const, nodeId: 4 }];
  desk.node.applyConfChange({ transition: "auto", changes, context: new Uint8Array(0) });
  desk.node.transferLeader(to);
  expect(desk.node.status().leadTransferee).toBe(0);
  expect(desk.node.propose(Uint8Array.of(1))).toBeUndefined();
});

test("transfer: a second order to another node replaces the first (etcd raft, MsgTransferLeader)", () => {
  const desk = new Desk();
  desk.elect();
  for (const from of [2, 3]) desk.step({ type: "MsgAppResp", from, term: 2, index: 2 });
  for (const to of [2, 2, 3]) desk.node.transferLeader(to);
  const sent = desk.carryOut().flatMap(({ messages }) => messages);
  expect(sent.map(({ type, to }) => [type, to])).toEqual([
    ["MsgTimeoutNow", 2],
    ["MsgTimeoutNow", 3],
  ]);
  expect(desk.node.status().leadTransferee).toBe(3);
});

test("transfer: removing the target ends it (etcd raft, switchToConfig)", () => {
  const desk = new Desk();
  desk.elect();
  desk.node.transferLeader(3);
  const changes = [{ type: "removeNode" as const, nodeId: 3 }];
  desk.node.applyConfChange({ transition: "auto", changes, context: new Uint8Array(0) });
  expect(desk.node.status().leadTransferee).toBe(0);
});
