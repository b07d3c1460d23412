/** What bounds a leader: how much it takes in, what late answers may do, and which reads an answer confirms. */
import { expect, test } from "vitest";
import { message } from "./index.ts";
import { ReadOnly } from "./read-only.ts";
import { Desk, entry } from "./testing/desk.ts";

test("proposals are dropped while too much is uncommitted, empty ones and a first one never", () => {
  const desk = new Desk({ maxUncommittedEntriesSize: 100 });
  desk.elect();
  expect(desk.node.propose(new Uint8Array(150)), "the first one").toBeUndefined();
  expect(desk.node.propose(new Uint8Array(1))?.code).toBe("ProposalDropped");
  expect(desk.node.propose(new Uint8Array(0)), "an empty one").toBeUndefined();
  desk.carryOut();
  desk.step({ type: "MsgAppResp", from: 2, term: 2, index: 4 });
  expect(desk.node.propose(new Uint8Array(1)), "after the commit").toBeUndefined();
});

test.for([
  { index: 5, next: 2, why: "of the last probe lowers the next index" },
  { index: 4, next: 6, why: "of an earlier probe is late and changes nothing" },
])("a refusal $why", ({ index, next }) => {
  const desk = new Desk({ terms: [1, 1, 1, 1] });
  desk.elect();
  const refusal = { type: "MsgAppResp", from: 2, term: 2, reject: true } as const;
  desk.node.step(message({ ...refusal, to: 1, index, rejectHint: 1, logTerm: 1 }));
  expect(desk.node.status().progress.find(({ id }) => id === 2)?.next).toBe(next);
});

test("a follower's window of appends is bounded, and a heartbeat's answer opens it again", () => {
  const desk = new Desk({ maxInflightMsgs: 2 });
  desk.elect();
  desk.step({ type: "MsgAppResp", from: 2, term: 2, index: 2 });
  const sent: number[] = [];
  for (let proposal = 0; proposal < 4; proposal++) {
    desk.node.propose(Uint8Array.of(proposal));
    const messages = desk.carryOut().flatMap((ready) => ready.messages);
    sent.push(messages.filter(({ to, type }) => to === 2 && type === "MsgApp").length);
  }
  expect(sent).toEqual([1, 1, 0, 0]);
  const [probe] = desk.step({ type: "MsgHeartbeatResp", from: 2, term: 2 });
  expect(probe, "an empty one, in case all were lost").toMatchObject({
    type: "MsgApp",
    entries: [],
  });
  const freed = desk.step({ type: "MsgAppResp", from: 2, term: 2, index: 4 });
  expect(freed.flatMap(({ entries }) => entries.map((e) => e.index))).toEqual([5, 6]);
});

test("a transfer stops proposals, and an election timeout ends it (thesis §3.10)", () => {
  const desk = new Desk();
  desk.elect();
  desk.step({ type: "MsgAppResp", from: 2, term: 2, index: 2 });
  desk.node.transferLeader(2);
  expect(desk.carryOut().flatMap(({ messages }) => messages)).toMatchObject([
    { type: "MsgTimeoutNow", to: 2 },
  ]);
  expect(desk.node.propose(Uint8Array.of(1))?.code).toBe("ProposalDropped");
  for (let tick = 0; tick < 10; tick++) desk.node.tick();
  expect(desk.node.propose(Uint8Array.of(1))).toBeUndefined();
});

test("a confirmed read confirms those before it, and none after it", () => {
  const reads = new ReadOnly();
  for (const context of [1, 2, 3]) {
    const entries = [{ ...entry(0, 0), data: Uint8Array.of(context) }];
    reads.addRequest(10 + context, message({ type: "MsgReadIndex", entries }));
  }
  expect(reads.advance(Uint8Array.of(2)).map(({ index }) => index)).toEqual([11, 12]);
  expect(reads.advance(Uint8Array.of(2))).toEqual([]);
  expect(reads.lastPendingContext()).toEqual(Uint8Array.of(3));
});

test("proposeAll() takes all at consecutive places in one append for each follower, or none", () => {
  const desk = new Desk({ maxUncommittedEntriesSize: 10 });
  desk.elect();
  desk.step({ type: "MsgAppResp", from: 2, term: 2, index: 2 });
  desk.step({ type: "MsgAppResp", from: 3, term: 2, index: 2 });
  expect(desk.node.proposeAll([Uint8Array.of(1), Uint8Array.of(2), Uint8Array.of(3)])).toBe(
    undefined,
  );
  const appends = desk.carryOut().flatMap(({ messages }) => messages);
  expect(appends.map(({ to, entries }) => [to, entries.map(({ index }) => index)])).toEqual([
    [2, [3, 4, 5]],
    [3, [3, 4, 5]],
  ]);
  expect(desk.node.proposeAll([new Uint8Array(4), new Uint8Array(4)])?.code).toBe(
    "ProposalDropped",
  );
  expect(desk.node.status().lastIndex, "none of them").toBe(5);
});
