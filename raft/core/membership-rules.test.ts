/**
 * When a configuration may change, and what each role does about it (Raft §6; thesis §4.1, §4.2; etcd raft
 * for joint phases that are left by themselves), rule by rule.
 */
import { expect, test } from "vitest";
import {
  type ConfChangeSingle,
  type ConfChangeTransition,
  type ConfChangeV2,
  type Entry,
  message,
} from "./index.ts";
import { Desk, NO_BYTES, type Start } from "./testing/desk.ts";
import { decodeChange, encodeChange } from "./testing/member.ts";

const LEAVE: ConfChangeV2 = { transition: "auto", changes: [], context: NO_BYTES };

function of(
  transition: ConfChangeTransition,
  ...changes: readonly ConfChangeSingle[]
): ConfChangeV2 {
  return { transition, changes, context: NO_BYTES };
}

const ADD_FOUR = of("auto", { type: "addNode", nodeId: 4 });
const DROP_THREE = of("auto", { type: "removeNode", nodeId: 3 });
const DROP_SELF = of("auto", { type: "removeNode", nodeId: 1 });

/** Leads term 2 of three; its first own entry is committed unless the start says otherwise. */
function leader(start: Start = {}, commits = true): Desk {
  const desk = new Desk({ confChangeOf: decodeChange, ...start });
  desk.elect();
  const { term, lastIndex } = desk.node.status();
  if (commits) desk.step({ type: "MsgAppResp", from: 2, term, index: lastIndex });
  return desk;
}

/** Proposes and carries out; the entry that came of it. */
function propose(desk: Desk, change: ConfChangeV2): Entry | undefined {
  const data = change === LEAVE ? NO_BYTES : encodeChange(change);
  desk.node.proposeConfChange(data, change);
  return desk.carryOut().flatMap(({ entries }) => entries)[0];
}

/** The others acknowledge everything, and the change is applied while the Ready that hands it out is open. */
function commitAndApply(desk: Desk, change: ConfChangeV2): void {
  const { term, lastIndex } = desk.node.status();
  for (const from of [2, 3]) {
    desk.node.step(message({ type: "MsgAppResp", from, to: 1, term, index: lastIndex }));
  }
  const ready = desk.node.ready();
  desk.storage.append(ready.entries);
  if (ready.committedEntries.some(({ type }) => type !== "normal"))
    desk.node.applyConfChange(change);
  desk.node.advance(ready);
}

test("one change at a time: the second becomes an empty entry, until the first is applied (thesis §4.1)", () => {
  const desk = leader();
  expect(propose(desk, ADD_FOUR)?.type).toBe("confChangeV2");
  expect(propose(desk, DROP_THREE)).toMatchObject({ type: "normal", data: NO_BYTES });
  commitAndApply(desk, ADD_FOUR);
  expect(propose(desk, DROP_THREE)?.type).toBe("confChangeV2");
});

test("a new leader takes no change before it has applied what it found in its log (thesis §4.1)", () => {
  const desk = leader({ terms: [1] }, false);
  expect(propose(desk, ADD_FOUR)?.type).toBe("normal");
  commitAndApply(desk, ADD_FOUR);
  expect(propose(desk, ADD_FOUR)?.type).toBe("confChangeV2");
});

test("a change counts when it is applied, not when it is in the log (etcd raft; thesis §4.1 differs)", () => {
  const desk = leader();
  propose(desk, ADD_FOUR);
  expect(desk.node.status().confState.voters).toEqual([1, 2, 3]);
  commitAndApply(desk, ADD_FOUR);
  expect(desk.node.status().confState.voters).toEqual([1, 2, 3, 4]);
});

test.for([
  { joint: false, change: LEAVE, taken: false, why: "there is nothing to leave" },
  { joint: true, change: LEAVE, taken: true, why: "it leaves" },
  { joint: true, change: ADD_FOUR, taken: false, why: "the joint phase is to be left first" },
  { joint: false, change: ADD_FOUR, taken: true, why: "nothing else is under way" },
])("joint: $joint, taken: $taken, because $why (§6)", ({ joint, change, taken }) => {
  const desk = leader();
  if (joint) desk.node.applyConfChange(of("jointExplicit", { type: "removeNode", nodeId: 3 }));
  expect(propose(desk, change)?.type === "confChangeV2").toBe(taken);
});

test("whoever checks elsewhere may switch the check off (etcd raft, DisableConfChangeValidation)", () => {
  const desk = leader({ disableConfChangeValidation: true });
  for (const change of [ADD_FOUR, DROP_THREE]) {
    expect(propose(desk, change)?.type).toBe("confChangeV2");
  }
});

test("a joint phase that is left by itself is left by an entry that the leader proposes when it applies (§6)", () => {
  const desk = leader();
  const swap = of(
    "jointImplicit",
    { type: "removeNode", nodeId: 3 },
    { type: "addNode", nodeId: 4 },
  );
  propose(desk, swap);
  commitAndApply(desk, swap);
  expect(desk.node.status().confState).toMatchObject({
    votersOutgoing: [1, 2, 3],
    autoLeave: true,
  });
  const [entry] = desk.carryOut().flatMap(({ entries }) => entries);
  expect(entry, "nobody asked for it").toMatchObject({ type: "confChangeV2", data: NO_BYTES });
});

test("an explicit one stays until somebody leaves it (§6)", () => {
  const desk = leader();
  const swap = of("jointExplicit", { type: "removeNode", nodeId: 3 });
  propose(desk, swap);
  commitAndApply(desk, swap);
  expect(desk.carryOut().flatMap(({ entries }) => entries)).toEqual([]);
  expect(propose(desk, LEAVE)?.type).toBe("confChangeV2");
});

test("a removed leader goes on without a vote of its own, and takes nothing new (thesis §4.2.2)", () => {
  const desk = leader();
  desk.node.applyConfChange(DROP_SELF);
  expect(desk.node.status().raftState).toBe("leader");
  expect(desk.node.propose(Uint8Array.of(1))?.code).toBe("ProposalDropped");
});

test.for([
  { change: DROP_SELF, why: "removed" },
  { change: of("auto", { type: "addLearnerNode", nodeId: 1 }), why: "made a learner" },
])(
  "with step-down a leader that is $why is one no longer (etcd raft, StepDownOnRemoval)",
  ({ change }) => {
    const desk = leader({ stepDownOnRemoval: true });
    desk.node.applyConfChange(change);
    expect(desk.node.status()).toMatchObject({ raftState: "follower", lead: 0, term: 2 });
  },
);

test("a smaller majority may commit more at once (etcd raft, switchToConfig)", () => {
  const desk = leader({ voters: [1, 2] }, false);
  expect(desk.node.status().commit).toBe(1);
  desk.node.applyConfChange(of("auto", { type: "removeNode", nodeId: 2 }));
  expect(desk.node.status().commit).toBe(2);
});

test("a new node is sent to at once, not at the next heartbeat (etcd raft, switchToConfig)", () => {
  const desk = leader();
  desk.node.applyConfChange(ADD_FOUR);
  const sent = desk.carryOut().flatMap(({ messages }) => messages);
  expect(sent.map(({ type, to }) => [type, to])).toEqual([["MsgApp", 4]]);
});

test.for([
  { type: "removeNode", nodeId: 1, why: "is not a member" },
  { type: "addLearnerNode", nodeId: 1, why: "is a learner" },
] as const)("who $why does not campaign (thesis §4.2.1)", (change) => {
  const desk = new Desk();
  desk.node.applyConfChange(of("auto", change));
  desk.node.campaign();
  for (let tick = 0; tick < 30; tick++) desk.node.tick();
  expect(desk.node.status()).toMatchObject({ raftState: "follower", term: 1 });
});

test("a learner votes when it is asked: it may be a voter and not know yet (etcd raft, Step)", () => {
  const desk = new Desk();
  desk.node.applyConfChange(of("auto", { type: "addLearnerNode", nodeId: 1 }));
  const sent = desk.step({ type: "MsgVote", from: 2, term: 2, index: 1, logTerm: 1 });
  expect(sent).toMatchObject([{ type: "MsgVoteResp", reject: false }]);
});

test("candidates ask the voters of both halves of a joint configuration (§6)", () => {
  const desk = new Desk();
  const changes = [4, 5].map((nodeId) => ({ type: "addNode" as const, nodeId }));
  desk.node.applyConfChange(of("jointExplicit", ...changes, { type: "removeNode", nodeId: 3 }));
  desk.node.campaign();
  const sent = desk.carryOut().flatMap(({ messages }) => messages);
  expect(sent.map(({ to }) => to)).toEqual([2, 3, 4, 5]);
  for (const from of [4, 5]) desk.step({ type: "MsgVoteResp", from, term: 2 });
  expect(desk.node.status().raftState, "three of the new four, one of the old three").toBe(
    "candidate",
  );
  desk.step({ type: "MsgVoteResp", from: 2, term: 2 });
  expect(desk.node.status().raftState).toBe("leader");
});
