/**
 * Replication from the leader's side (figure 2, rules for leaders; §5.3, §5.4.2) and snapshots (§7, figure
 * 13), rule by rule; with the flow control of etcd raft, which the paper leaves open.
 */
import { expect, test } from "vitest";
import {
  EMPTY_CONF_STATE,
  type Message,
  message,
  SnapshotTemporarilyUnavailableError,
} from "./index.ts";
import { Desk, entry, type Start } from "./testing/desk.ts";

function leader(start: Start = {}): Desk {
  const desk = new Desk(start);
  desk.elect();
  return desk;
}

function sent(desk: Desk): readonly Message[] {
  return desk.carryOut().flatMap(({ messages }) => messages);
}

function progressOf(desk: Desk, wanted: number): unknown {
  return desk.node.status().progress.find(({ id }) => id === wanted);
}

test("volatile state on leaders: next is behind the leader's last entry, match is 0 (figure 2)", () => {
  const desk = leader({ terms: [1, 1] });
  // The empty entry of the new term, 4, is the first thing sent to everybody.
  expect(progressOf(desk, 2)).toMatchObject({ match: 0, next: 4, state: "probe" });
  expect(progressOf(desk, 1)).toMatchObject({ match: 4, state: "replicate" });
});

test("upon election: an append to everybody before anything else (figure 2, rules for leaders)", () => {
  const desk = new Desk();
  desk.node.campaign();
  desk.carryOut();
  const first = desk.step({ type: "MsgVoteResp", from: 3, term: 2 });
  expect(first.map(({ type, to }) => [type, to])).toEqual([
    ["MsgApp", 2],
    ["MsgApp", 3],
  ]);
});

test("in idle periods: heartbeats, so that nobody begins an election (figure 2, rules for leaders)", () => {
  const desk = leader({ heartbeatTick: 3 });
  for (const ticks of [2, 3, 3]) {
    for (let tick = 0; tick < ticks; tick++) desk.node.tick();
    const beats = sent(desk).filter(({ type }) => type === "MsgHeartbeat");
    expect(beats.map(({ to }) => to)).toEqual(ticks === 2 ? [] : [2, 3]);
  }
});

test("a heartbeat commits no further than the follower is known to be (etcd raft, sendHeartbeat)", () => {
  const desk = leader();
  desk.step({ type: "MsgAppResp", from: 2, term: 2, index: 2 });
  desk.node.tick();
  const beats = sent(desk).filter(({ type }) => type === "MsgHeartbeat");
  expect(beats.map(({ to, commit }) => [to, commit])).toEqual([
    [2, 2],
    [3, 0],
  ]);
});

test("a proposal is in the log at once, and handed out to be applied when it is committed (§5.3)", () => {
  const desk = leader();
  desk.step({ type: "MsgAppResp", from: 2, term: 2, index: 2 });
  desk.node.propose(Uint8Array.of(1));
  const readies = desk.carryOut();
  expect(readies.flatMap(({ entries }) => entries)).toMatchObject([{ index: 3, term: 2 }]);
  expect(readies.flatMap(({ committedEntries }) => committedEntries)).toEqual([]);
  desk.step({ type: "MsgAppResp", from: 3, term: 2, index: 3 });
  expect(desk.node.status()).toMatchObject({ commit: 3, applied: 3 });
});

test.for([
  { acks: [3, 3, 0, 0], commit: 3, why: "three of five, the own one included" },
  { acks: [3, 0, 0, 0], commit: 1, why: "two of five" },
  { acks: [3, 2, 2, 2], commit: 2, why: "the highest that a majority has" },
])("leaders: committed is what a majority has: $why (§5.3)", ({ acks, commit }) => {
  const desk = new Desk({ voters: [1, 2, 3, 4, 5] });
  desk.node.campaign();
  desk.carryOut();
  for (const from of [2, 3]) desk.step({ type: "MsgVoteResp", from, term: 2 });
  desk.node.propose(Uint8Array.of(1));
  desk.carryOut();
  for (const [place, index] of acks.entries()) {
    if (index > 0) desk.step({ type: "MsgAppResp", from: place + 2, term: 2, index });
  }
  expect(desk.node.status().commit).toBe(commit);
});

test("leaders: the own entry counts when it is on the own disk, not before (§5.3, thesis §10.2.1)", () => {
  const desk = new Desk({ voters: [1], asyncStorageWrites: true });
  desk.node.campaign();
  const election = desk.node.ready().messages.flatMap(({ responses }) => responses);
  for (const answer of election) desk.node.step(answer);
  const writes = desk.node.ready().messages.flatMap(({ responses }) => responses);
  expect(desk.node.status()).toMatchObject({ raftState: "leader", commit: 1 });
  for (const answer of writes) desk.node.step(answer);
  expect(desk.node.status().commit).toBe(2);
});

test("leaders: a learner's log counts for no majority (thesis §4.2.1)", () => {
  const desk = leader();
  const changes = [{ type: "addLearnerNode" as const, nodeId: 4 }];
  desk.node.applyConfChange({ transition: "auto", changes, context: new Uint8Array(0) });
  desk.step({ type: "MsgAppResp", from: 4, term: 2, index: 2 });
  expect(desk.node.status().commit).toBe(1);
});

test("leaders: an acknowledgement that is late lowers nothing (§5.3)", () => {
  const desk = leader({ terms: [1, 1] });
  for (const index of [4, 3]) desk.step({ type: "MsgAppResp", from: 2, term: 2, index });
  expect(progressOf(desk, 2)).toMatchObject({ match: 4, next: 5 });
});

test("leaders: what was refused is retried until it matches, then sent on from there (§5.3)", () => {
  const desk = leader({ terms: [1, 1, 1] });
  const refusal = { type: "MsgAppResp", from: 2, term: 2, index: 4, reject: true } as const;
  const [probe] = desk.step({ ...refusal, rejectHint: 1, logTerm: 1 });
  expect(probe).toMatchObject({
    type: "MsgApp",
    index: 1,
    entries: [2, 3, 4, 5].map((index) => ({ index })),
  });
  expect(desk.step({ ...refusal, rejectHint: 1, logTerm: 1 }), "the same answer again").toEqual([]);
});

test("leaders: a refusal of what was acknowledged since is late and changes nothing (etcd raft, MaybeDecrTo)", () => {
  const desk = leader();
  desk.step({ type: "MsgAppResp", from: 2, term: 2, index: 2 });
  desk.node.propose(Uint8Array.of(1));
  desk.carryOut();
  const late = {
    type: "MsgAppResp",
    from: 2,
    term: 2,
    index: 1,
    reject: true,
    rejectHint: 0,
  } as const;
  expect(desk.step(late)).toEqual([]);
  expect(progressOf(desk, 2)).toMatchObject({ state: "replicate", match: 2, next: 4 });
});

test("probe: one append at a time, until there is an answer (etcd raft, progress.go)", () => {
  const desk = leader();
  for (let proposal = 0; proposal < 3; proposal++) desk.node.propose(Uint8Array.of(proposal));
  expect(sent(desk)).toEqual([]);
  const next = desk.step({ type: "MsgAppResp", from: 2, term: 2, index: 2 });
  const entries = next.filter(({ to }) => to === 2).flatMap((each) => each.entries);
  expect(entries.map(({ index }) => index)).toEqual([3, 4, 5]);
});

test("replicate: appends go out one behind the other, within the window of bytes (etcd raft, inflights.go)", () => {
  const desk = leader({ maxInflightBytes: 100, maxSizePerMsg: 100 });
  desk.step({ type: "MsgAppResp", from: 2, term: 2, index: 2 });
  const counts = [60, 60, 60].map((size) => {
    desk.node.propose(new Uint8Array(size));
    return sent(desk).filter(({ to, entries }) => to === 2 && entries.length > 0).length;
  });
  expect(counts, "the one that passes the limit still goes").toEqual([1, 1, 0]);
  const freed = desk.step({ type: "MsgAppResp", from: 2, term: 2, index: 3 });
  expect(freed.flatMap(({ entries }) => entries.map(({ index }) => index))).toEqual([5]);
});

test("unreachable: what was under way is taken for lost (etcd raft, MsgUnreachable)", () => {
  const desk = leader();
  desk.step({ type: "MsgAppResp", from: 2, term: 2, index: 2 });
  desk.node.propose(Uint8Array.of(1));
  desk.carryOut();
  expect(progressOf(desk, 2)).toMatchObject({ state: "replicate", next: 4, inflight: 1 });
  desk.node.reportUnreachable(2);
  expect(progressOf(desk, 2)).toMatchObject({ state: "probe", next: 3, inflight: 0 });
});

test("a message holds no more bytes of entries than it may, and at least one entry (etcd raft, MaxSizePerMsg)", () => {
  const desk = leader({ terms: [1, 1, 1], maxSizePerMsg: 1 });
  const refusal = { type: "MsgAppResp", from: 2, term: 2, index: 4, reject: true } as const;
  const [probe] = desk.step({ ...refusal, rejectHint: 1, logTerm: 1 });
  expect(probe?.entries.map(({ index }) => index)).toEqual([2]);
});

/** A leader whose log begins behind entry 4, with a follower that needs entry 2. */
function compactedLeader(): Desk {
  const desk = leader({ terms: [1, 1, 1] });
  desk.step({ type: "MsgAppResp", from: 3, term: 2, index: 5 });
  desk.storage.createSnapshot(4, undefined, new Uint8Array(0));
  desk.storage.compact(4);
  return desk;
}

const NEEDS_TWO = {
  type: "MsgAppResp",
  from: 2,
  term: 2,
  index: 4,
  reject: true,
  rejectHint: 1,
  logTerm: 1,
} as const;

test("a follower whose entries are compacted gets the snapshot, and nothing else meanwhile (§7)", () => {
  const desk = compactedLeader();
  expect(desk.step(NEEDS_TWO)).toMatchObject([
    { type: "MsgSnap", to: 2, snapshot: { metadata: { index: 4 } } },
  ]);
  desk.node.propose(Uint8Array.of(1));
  expect(sent(desk).filter(({ to }) => to === 2)).toEqual([]);
  const answered = desk.step({ type: "MsgAppResp", from: 2, term: 2, index: 4 });
  expect(answered.flatMap(({ entries }) => entries.map(({ index }) => index))).toEqual([5, 6]);
});

test.for([
  { received: true, next: 5, why: "it goes on behind the snapshot when the answer comes" },
  { received: false, next: 1, why: "it begins again where the follower was" },
])("after a report about the snapshot $why (etcd raft, MsgSnapStatus)", ({ received, next }) => {
  const desk = compactedLeader();
  desk.step(NEEDS_TWO);
  desk.node.reportSnapshot(2, received);
  expect(progressOf(desk, 2)).toMatchObject({ state: "probe", next, paused: true });
});

test("a snapshot that is still being made is asked for again (etcd raft, maybeSendSnapshot)", () => {
  const desk = compactedLeader();
  desk.storage.snapshot = () => {
    throw new SnapshotTemporarilyUnavailableError();
  };
  expect(desk.step(NEEDS_TWO)).toEqual([]);
  expect(progressOf(desk, 2), "asked for again at the next answer").toMatchObject({
    state: "probe",
  });
});

function snapshotAt(index: number, term: number, voters: readonly number[]): Message["snapshot"] {
  const confState = { ...EMPTY_CONF_STATE, voters };
  return { data: new Uint8Array(0), metadata: { index, term, confState } };
}

test.for([
  {
    index: 9,
    term: 3,
    answer: 9,
    first: 10,
    why: "6, 7: nothing of it is here, the log is discarded",
  },
  {
    index: 3,
    term: 2,
    answer: 3,
    first: 2,
    why: "6: the entry is here, so the log is kept and only commit moves",
  },
  { index: 1, term: 1, answer: 1, first: 2, why: "it is older than what is committed here" },
  {
    index: 3,
    term: 3,
    answer: 3,
    first: 4,
    why: "7: another term at that index, the log is discarded",
  },
])("InstallSnapshot $why (figure 13)", ({ index, term, answer, first }) => {
  const desk = new Desk({ terms: [2, 2, 2], hardState: { term: 3 } });
  desk.node.step(
    message({
      type: "MsgSnap",
      from: 2,
      to: 1,
      term: 3,
      snapshot: snapshotAt(index, term, [1, 2]),
    }),
  );
  const ready = desk.node.ready();
  expect(ready.messages).toMatchObject([{ type: "MsgAppResp", to: 2, index: answer }]);
  expect(desk.node.status()).toMatchObject({ firstIndex: first });
  const isTaken = first === index + 1 && index > 1;
  expect(ready.snapshot?.metadata.index).toBe(isTaken ? index : undefined);
  expect(desk.node.status().confState.voters, "8: with its configuration").toEqual(
    isTaken ? [1, 2] : [1, 2, 3],
  );
});

test("a snapshot whose configuration does not name the node is refused (etcd raft, restore)", () => {
  const desk = new Desk();
  const [answer] = desk.step({
    type: "MsgSnap",
    from: 2,
    term: 2,
    snapshot: snapshotAt(9, 2, [2, 3]),
  });
  expect(answer).toMatchObject({ type: "MsgAppResp", index: 1 });
  expect(desk.node.status()).toMatchObject({ lastIndex: 1, commit: 1 });
});

test("who has a snapshot to install neither campaigns nor applies (etcd raft, promotable)", () => {
  const desk = new Desk();
  const snapshot = snapshotAt(9, 2, [1, 2, 3]);
  desk.node.step(message({ type: "MsgSnap", from: 2, to: 1, term: 2, snapshot }));
  desk.node.campaign();
  expect(desk.node.status().raftState).toBe("follower");
});

test("followers: what is appended twice is there once (§5.3; appends are idempotent)", () => {
  const desk = new Desk();
  const append = {
    type: "MsgApp",
    from: 2,
    term: 2,
    index: 1,
    logTerm: 1,
    entries: [entry(2, 2), entry(2, 3)],
  } as const;
  for (const _ of [1, 2]) expect(desk.step(append)).toMatchObject([{ index: 3, reject: false }]);
  expect(desk.terms()).toEqual([2, 2]);
});
