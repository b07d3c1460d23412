/** Linearizable reads: by ReadIndex (thesis §6.4) and by the leader's lease (§6.4.1), rule by rule. */
import { expect, test } from "vitest";
import { message, type ReadState } from "./index.ts";
import { Desk, type Start } from "./testing/desk.ts";

const CONTEXT = Uint8Array.of(7);

/** A leader of three whose first own entry, 2, is committed. */
function leader(start: Start = {}): Desk {
  const desk = new Desk(start);
  desk.elect();
  desk.step({ type: "MsgAppResp", from: 2, term: desk.node.status().term, index: 2 });
  expect(desk.node.status()).toMatchObject({ raftState: "leader", commit: 2 });
  return desk;
}

function take(desk: Desk): readonly ReadState[] {
  return desk.carryOut().flatMap(({ readStates }) => readStates);
}

function confirm(desk: Desk, from: number, context: Uint8Array = CONTEXT): readonly ReadState[] {
  desk.node.step(message({ type: "MsgHeartbeatResp", from, to: 1, term: 2, context }));
  return take(desk);
}

test("a leader notes its commit index when it is asked: not what is in its log, not what is committed later (§6.4, step 2)", () => {
  const desk = leader();
  desk.node.propose(Uint8Array.of(1));
  desk.node.readIndex(CONTEXT);
  desk.carryOut();
  desk.step({ type: "MsgAppResp", from: 2, term: 2, index: 3 });
  expect(desk.node.status().commit).toBe(3);
  expect(confirm(desk, 3)).toEqual([{ index: 2, requestContext: CONTEXT }]);
});

test("a leader asks everybody whether it still leads, by a heartbeat with the read's mark (§6.4, step 3)", () => {
  const desk = leader();
  desk.node.readIndex(CONTEXT);
  const sent = desk.carryOut().flatMap(({ messages }) => messages);
  expect(sent).toMatchObject([2, 3].map((to) => ({ type: "MsgHeartbeat", to, context: CONTEXT })));
});

test("a follower sends the mark back (§6.4, step 3)", () => {
  const sent = new Desk().step({ type: "MsgHeartbeat", from: 2, term: 1, context: CONTEXT });
  expect(sent).toMatchObject([{ type: "MsgHeartbeatResp", context: CONTEXT }]);
});

test("less than a majority confirms nothing, nor does an answer that comes twice (§6.4, step 3)", () => {
  const desk = leader();
  const joined = [4, 5].map((nodeId) => ({ type: "addNode" as const, nodeId }));
  for (const change of joined) {
    desk.node.applyConfChange({
      transition: "auto",
      changes: [change],
      context: new Uint8Array(0),
    });
  }
  desk.node.readIndex(CONTEXT);
  desk.carryOut();
  for (const from of [2, 2]) expect(confirm(desk, from), "two of five").toEqual([]);
  expect(confirm(desk, 5), "three of five").toHaveLength(1);
});

test("an answer without the mark, or with another one, confirms nothing (§6.4, step 3)", () => {
  const desk = leader();
  desk.node.readIndex(CONTEXT);
  desk.carryOut();
  expect(confirm(desk, 2, new Uint8Array(0))).toEqual([]);
  expect(confirm(desk, 2, Uint8Array.of(8))).toEqual([]);
  expect(confirm(desk, 2)).toHaveLength(1);
});

test("a confirmed read answers those asked before it as well (§6.4, end)", () => {
  const desk = leader();
  for (const mark of [5, 6, 7]) desk.node.readIndex(Uint8Array.of(mark));
  desk.carryOut();
  const answered = confirm(desk, 3, Uint8Array.of(6));
  expect(answered.map(({ requestContext }) => requestContext[0])).toEqual([5, 6]);
});

test("a leader without a commit of its own term lets the read wait (§6.4, step 1)", () => {
  const desk = new Desk();
  desk.elect();
  desk.node.readIndex(CONTEXT);
  expect(desk.carryOut(), "not even a heartbeat").toEqual([]);
  const sent = desk.step({ type: "MsgAppResp", from: 2, term: 2, index: 2 });
  expect(sent.filter(({ type }) => type === "MsgHeartbeat")).toHaveLength(2);
  expect(confirm(desk, 3)).toEqual([{ index: 2, requestContext: CONTEXT }]);
});

test("a leader that was deposed has forgotten what nobody confirmed, when it leads again (§6.4)", () => {
  const desk = leader();
  desk.node.readIndex(CONTEXT);
  desk.carryOut();
  desk.step({ type: "MsgHeartbeat", from: 3, term: 9 });
  desk.elect();
  desk.step({ type: "MsgAppResp", from: 2, term: 10, index: 3 });
  const confirmation = {
    type: "MsgHeartbeatResp",
    from: 2,
    to: 1,
    term: 10,
    context: CONTEXT,
  } as const;
  desk.node.step(message(confirmation));
  expect(take(desk)).toEqual([]);
});

test("a single voter confirms itself (§6.4)", () => {
  const desk = new Desk({ voters: [1] });
  desk.node.campaign();
  desk.carryOut();
  desk.node.readIndex(CONTEXT);
  expect(take(desk)).toEqual([{ index: 2, requestContext: CONTEXT }]);
});

test("a learner's answer confirms nothing (§6.4; only voters make a majority)", () => {
  const desk = leader();
  const changes = [{ type: "addLearnerNode" as const, nodeId: 4 }];
  desk.node.applyConfChange({ transition: "auto", changes, context: new Uint8Array(0) });
  desk.node.readIndex(CONTEXT);
  desk.carryOut();
  expect(confirm(desk, 4)).toEqual([]);
  expect(confirm(desk, 2)).toHaveLength(1);
});

test("in a joint configuration both majorities confirm (§6)", () => {
  const desk = leader();
  const changes = [4, 5].flatMap((nodeId) => [
    { type: "addNode" as const, nodeId },
    { type: "removeNode" as const, nodeId: nodeId - 2 },
  ]);
  const transition = "jointExplicit";
  desk.node.applyConfChange({ transition, changes, context: new Uint8Array(0) });
  desk.node.readIndex(CONTEXT);
  desk.carryOut();
  expect(confirm(desk, 4), "a majority of the new half").toEqual([]);
  expect(confirm(desk, 2), "and one of the old").toHaveLength(1);
});

test("the leader answers a forwarded read to whom it came from, with its entries (§6.4, end)", () => {
  const desk = leader();
  const entries = [{ term: 0, index: 0, type: "normal" as const, data: CONTEXT }];
  desk.step({ type: "MsgReadIndex", from: 3, entries });
  const sent = desk.step({ type: "MsgHeartbeatResp", from: 2, term: 2, context: CONTEXT });
  expect(sent).toMatchObject([{ type: "MsgReadIndexResp", to: 3, index: 2, entries }]);
});

test("a follower that knows no leader drops the read: its owner asks again (etcd raft, stepFollower)", () => {
  const desk = new Desk();
  desk.node.readIndex(CONTEXT);
  expect(desk.carryOut()).toEqual([]);
});

test("by the lease a leader answers at once, after its first own commit only (§6.4.1)", () => {
  const desk = new Desk({ checkQuorum: true, readOnlyOption: "leaseBased" });
  desk.elect();
  desk.node.readIndex(CONTEXT);
  expect(take(desk)).toEqual([]);
  desk.node.step(message({ type: "MsgAppResp", from: 2, to: 1, term: 2, index: 2 }));
  expect(take(desk)).toEqual([{ index: 2, requestContext: CONTEXT }]);
  desk.node.readIndex(CONTEXT);
  expect(take(desk), "no round of heartbeats").toHaveLength(1);
});
