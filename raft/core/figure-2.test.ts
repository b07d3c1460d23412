/**
 * The rules of Raft figure 2, one by one: a node is brought into a state by messages, gets one more,
 * and what it persists and sends is compared. Each row cites the rule or section it shows.
 */
import { expect, test } from "vitest";
import { type Entry, message, RawNode } from "./index.ts";
import { Desk, entry, NO_BYTES } from "./testing/desk.ts";

test.for([
  {
    start: { terms: [2] },
    request: { term: 3, index: 2, logTerm: 2 },
    granted: true,
    why: "RequestVote 2: nobody else has this vote and the log is as complete (§5.2)",
  },
  {
    start: { terms: [2], hardState: { term: 4 } },
    request: { term: 3, index: 2, logTerm: 2 },
    granted: undefined,
    why: "RequestVote 1: a request of an older term is refused, by silence as in etcd (§5.1)",
  },
  {
    start: { terms: [2], hardState: { term: 3, vote: 3 } },
    request: { term: 3, index: 2, logTerm: 2 },
    granted: false,
    why: "RequestVote 2: one vote per term (§5.2)",
  },
  {
    start: { terms: [2], hardState: { term: 3, vote: 2 } },
    request: { term: 3, index: 2, logTerm: 2 },
    granted: true,
    why: "RequestVote 2: the same candidate may ask again, its answer may be lost (§5.2)",
  },
  {
    start: { terms: [2, 2] },
    request: { term: 3, index: 2, logTerm: 2 },
    granted: false,
    why: "RequestVote 2: the same last term, but a shorter log (§5.4.1)",
  },
  {
    start: { terms: [3] },
    request: { term: 4, index: 9, logTerm: 2 },
    granted: false,
    why: "RequestVote 2: a longer log of an earlier term (§5.4.1)",
  },
])("a vote: $why", ({ start, request, granted }) => {
  const desk = new Desk(start);
  const answers = desk.step({ type: "MsgVote", from: 2, ...request });
  expect(answers.map(({ reject }) => !reject)).toEqual(granted === undefined ? [] : [granted]);
  const { vote } = desk.storage.initialState().hardState;
  if (granted) expect(vote, "the vote is persisted with the answer").toBe(2);
  else expect(vote).not.toBe(2);
});

test.for([
  {
    start: { terms: [1, 2] },
    append: { term: 2, index: 3, logTerm: 2, entries: [entry(2, 4)], commit: 3 },
    answer: { reject: false, index: 4 },
    terms: [1, 2, 2],
    commit: 3,
    why: "AppendEntries 4 and 5: new entries are appended, the commit index follows the leader (§5.3)",
  },
  {
    start: { terms: [1], hardState: { term: 2 } },
    append: { term: 2, index: 3, logTerm: 2, entries: [entry(2, 4)], commit: 1 },
    answer: { reject: true, index: 3 },
    terms: [1],
    commit: 1,
    why: "AppendEntries 2: no entry at the previous index (§5.3)",
  },
  {
    start: { terms: [1, 1], hardState: { term: 2 } },
    append: { term: 3, index: 3, logTerm: 2, entries: [entry(3, 4)], commit: 1 },
    answer: { reject: true, index: 3 },
    terms: [1, 1],
    commit: 1,
    why: "AppendEntries 2: the previous entry has another term (§5.3)",
  },
  {
    start: { terms: [1, 1, 1] },
    append: { term: 2, index: 2, logTerm: 1, entries: [entry(2, 3)], commit: 1 },
    answer: { reject: false, index: 3 },
    terms: [1, 2],
    commit: 1,
    why: "AppendEntries 3: a conflicting entry goes with all that follow it (§5.3)",
  },
  {
    start: { terms: [1, 2, 2] },
    append: { term: 2, index: 2, logTerm: 1, entries: [entry(2, 3)], commit: 1 },
    answer: { reject: false, index: 3 },
    terms: [1, 2, 2],
    commit: 1,
    why: "AppendEntries 3: without conflict nothing is cut, the message may be late (§5.3)",
  },
  {
    start: { terms: [1, 1, 1] },
    append: { term: 2, index: 2, logTerm: 1, entries: [], commit: 4 },
    answer: { reject: false, index: 2 },
    terms: [1, 1, 1],
    commit: 2,
    why: "AppendEntries 5: no further than the last entry this message vouches for (§5.3)",
  },
  {
    start: { terms: [1, 1], hardState: { commit: 3 } },
    append: { term: 1, index: 2, logTerm: 1, entries: [], commit: 2 },
    answer: { reject: false, index: 3 },
    terms: [1, 1],
    commit: 3,
    why: "a late message tells the leader how much is committed here (§5.3)",
  },
])("an append: $why", ({ start, append, answer, terms, commit }) => {
  const desk = new Desk(start);
  const answers = desk.step({ type: "MsgApp", from: 2, ...append });
  expect(answers).toMatchObject([{ type: "MsgAppResp", to: 2, ...answer }]);
  expect(desk.terms()).toEqual(terms);
  expect(desk.node.status()).toMatchObject({ commit, lead: 2, raftState: "follower" });
});

test("all servers: a higher term makes a leader step down (§5.1)", () => {
  const desk = new Desk();
  desk.elect();
  desk.step({ type: "MsgHeartbeat", from: 3, term: 9 });
  expect(desk.node.status()).toMatchObject({ raftState: "follower", term: 9, lead: 3, vote: 0 });
});

test("all servers: commitIndex > lastApplied hands entries out once and in order (§5.3)", () => {
  const desk = new Desk({ terms: [1, 1] });
  desk.node.step(message({ type: "MsgHeartbeat", from: 2, to: 1, term: 1, commit: 3 }));
  const indices = desk.carryOut().flatMap(({ committedEntries }) => committedEntries);
  expect(indices.map(({ index }) => index)).toEqual([2, 3]);
  expect(desk.step({ type: "MsgHeartbeat", from: 2, term: 1, commit: 3 })).toHaveLength(1);
});

test("followers: no word from a leader within the timeout starts an election (§5.2)", () => {
  const desk = new Desk();
  for (let tick = 0; tick < 9; tick++) desk.node.tick();
  expect(desk.node.hasReady()).toBe(false);
  desk.node.tick();
  const [ready] = desk.carryOut();
  expect(ready?.hardState).toEqual({ term: 2, vote: 1, commit: 1 });
  expect(ready?.messages).toMatchObject([
    { type: "MsgVote", to: 2, term: 2, index: 1, logTerm: 1 },
    { type: "MsgVote", to: 3, term: 2, index: 1, logTerm: 1 },
  ]);
});

test("followers: a granted vote resets the timeout (§5.2)", () => {
  const desk = new Desk();
  for (let tick = 0; tick < 9; tick++) desk.node.tick();
  desk.step({ type: "MsgVote", from: 2, term: 2, index: 1, logTerm: 1 });
  for (let tick = 0; tick < 9; tick++) desk.node.tick();
  expect(desk.carryOut()).toEqual([]);
});

test("followers: so does one in a term that was known before (§5.2)", () => {
  const desk = new Desk({ hardState: { term: 2 } });
  for (let tick = 0; tick < 9; tick++) desk.node.tick();
  desk.step({ type: "MsgVote", from: 2, term: 2, index: 1, logTerm: 1 });
  for (let tick = 0; tick < 9; tick++) desk.node.tick();
  expect(desk.carryOut()).toEqual([]);
});

test("followers: a refused vote does not reset the timeout (§5.2)", () => {
  const desk = new Desk({ terms: [2], hardState: { term: 3 } });
  for (let tick = 0; tick < 9; tick++) desk.node.tick();
  const sent = desk.step({ type: "MsgVote", from: 2, term: 3, index: 1, logTerm: 1 });
  expect(sent).toMatchObject([{ reject: true }]);
  desk.node.tick();
  expect(desk.node.status().raftState).toBe("candidate");
});

test("followers: with a configuration change to apply nobody campaigns (etcd raft, hup)", () => {
  const desk = new Desk();
  const change: Entry = { ...entry(1, 2), type: "confChangeV2" };
  desk.storage.append([change]);
  desk.storage.setHardState({ term: 1, vote: 0, commit: 2 });
  const node = new RawNode({ ...desk.config, storage: desk.storage });
  node.campaign();
  expect(node.status().raftState, "whose majority counts is not known yet").toBe("follower");
  const ready = node.ready();
  node.applyConfChange({
    transition: "auto",
    changes: [{ type: "addNode", nodeId: 4 }],
    context: NO_BYTES,
  });
  node.advance(ready);
  node.campaign();
  expect(node.status().raftState).toBe("candidate");
});

test("candidates: votes of a majority make a leader, which appends an empty entry (§5.2, §8)", () => {
  const desk = new Desk();
  desk.node.campaign();
  desk.carryOut();
  const sent = desk.step({ type: "MsgVoteResp", from: 2, term: 2 });
  expect(sent.filter(({ type }) => type === "MsgApp")).toMatchObject([
    { to: 2, index: 1, logTerm: 1, entries: [{ term: 2, index: 2 }] },
    { to: 3, index: 1, logTerm: 1, entries: [{ term: 2, index: 2 }] },
  ]);
});

test("candidates: an append of the same term makes a follower (§5.2)", () => {
  const desk = new Desk();
  desk.node.campaign();
  desk.carryOut();
  desk.step({ type: "MsgApp", from: 3, term: 2, index: 1, logTerm: 1 });
  expect(desk.node.status()).toMatchObject({ raftState: "follower", lead: 3, term: 2 });
});

test("leaders: an entry is committed when a majority has it, the own write counts last (§5.3)", () => {
  const desk = new Desk();
  desk.elect();
  desk.step({ type: "MsgAppResp", from: 2, term: 2, index: 2 });
  expect(desk.node.status().commit).toBe(2);
});

test("leaders: an entry of an earlier term is not committed by counting (§5.4.2, figure 8)", () => {
  const desk = new Desk({ terms: [2], hardState: { term: 3 } });
  desk.elect();
  for (const from of [2, 3]) desk.step({ type: "MsgAppResp", from, term: 4, index: 2 });
  expect(desk.node.status().commit, "entry 2 of term 2 is on all three").toBe(1);
  desk.step({ type: "MsgAppResp", from: 2, term: 4, index: 3 });
  expect(desk.node.status().commit, "an entry of this term takes it along").toBe(3);
});

test("leaders: a refused append is tried again further back, one term at a time (§5.3)", () => {
  const desk = new Desk({ terms: [1, 3, 3, 3], hardState: { term: 4 } });
  desk.elect();
  const [retry] = desk.step({
    type: "MsgAppResp",
    from: 2,
    term: 5,
    index: 5,
    reject: true,
    rejectHint: 4,
    logTerm: 2,
  });
  expect(retry).toMatchObject({ type: "MsgApp", to: 2, index: 2, logTerm: 1 });
});

test.for([
  { lead: 0, context: undefined, answered: true, why: "no leader is known" },
  { lead: 3, context: undefined, answered: false, why: "a leader was heard of (thesis §4.2.3)" },
  {
    lead: 3,
    context: "CampaignTransfer",
    answered: true,
    why: "that leader wants it (thesis §3.10)",
  },
])("with check-quorum a vote is answered or not: $why", ({ lead, context, answered }) => {
  const desk = new Desk({ checkQuorum: true });
  if (lead !== 0) desk.step({ type: "MsgHeartbeat", from: lead, term: 1 });
  const bytes = context === undefined ? {} : { context: new TextEncoder().encode(context) };
  const sent = desk.step({ type: "MsgVote", from: 2, term: 2, index: 1, logTerm: 1, ...bytes });
  expect(sent).toHaveLength(answered ? 1 : 0);
});

test("pre-vote: neither term nor vote change before a majority would follow (thesis §9.6)", () => {
  const desk = new Desk({ preVote: true });
  desk.node.campaign();
  const [ready] = desk.carryOut();
  expect(ready?.hardState).toBeUndefined();
  expect(ready?.messages).toMatchObject([
    { type: "MsgPreVote", to: 2, term: 2 },
    { type: "MsgPreVote", to: 3, term: 2 },
  ]);
  desk.step({ type: "MsgPreVoteResp", from: 2, term: 2 });
  expect(desk.node.status()).toMatchObject({ term: 2, vote: 1, raftState: "candidate" });
});

test("check-quorum: a leader without a majority steps down (thesis §6.2)", () => {
  const desk = new Desk({ checkQuorum: true });
  desk.elect();
  for (let tick = 0; tick < 10; tick++) desk.node.tick();
  expect(desk.node.status()).toMatchObject({ raftState: "follower", lead: 0 });
});

test("the rules may change while the node runs", () => {
  const desk = new Desk();
  desk.node.setRules({ preVote: true, electionTick: 4 });
  for (let tick = 0; tick < 4; tick++) desk.node.tick();
  expect(desk.carryOut()[0]?.messages[0]).toMatchObject({ type: "MsgPreVote" });
  expect(() => desk.node.setRules({ electionTick: 1 })).toThrow("electionTick must be greater");
  expect(() => desk.node.setRules({ readOnlyOption: "leaseBased" })).toThrow("needs checkQuorum");
});

test("reads: a follower forwards under its own name, so the answer comes back (thesis §6.4)", () => {
  const desk = new Desk();
  desk.step({ type: "MsgHeartbeat", from: 2, term: 1 });
  desk.node.readIndex(Uint8Array.of(7));
  const [forwarded] = desk.carryOut().flatMap(({ messages }) => messages);
  expect(forwarded).toMatchObject({ type: "MsgReadIndex", from: 1, to: 2 });
  const entries = forwarded?.entries ?? [];
  desk.node.step(message({ type: "MsgReadIndexResp", from: 2, to: 1, term: 1, index: 5, entries }));
  const readStates = desk.carryOut().flatMap((ready) => ready.readStates);
  expect(readStates).toEqual([{ index: 5, requestContext: Uint8Array.of(7) }]);
});

test("reads: a leader answers after its first own commit and a majority's heartbeat (thesis §6.4)", () => {
  const desk = new Desk();
  desk.elect();
  desk.node.readIndex(Uint8Array.of(7));
  expect(desk.carryOut()).toEqual([]);
  desk.step({ type: "MsgAppResp", from: 2, term: 2, index: 2 });
  const context = Uint8Array.of(7);
  desk.node.step(message({ type: "MsgHeartbeatResp", from: 3, to: 1, term: 2, context }));
  const readStates = desk.carryOut().flatMap((ready) => ready.readStates);
  expect(readStates).toEqual([{ index: 2, requestContext: context }]);
});

test.for([
  { send: { type: "MsgHup", from: 2 }, code: "LocalMessage", why: "an order to campaign" },
  { send: { type: "MsgAppResp", from: 9 }, code: "PeerNotFound", why: "an answer of a stranger" },
  {
    send: { type: "MsgProp", from: 2, entries: [entry(0, 0)] },
    code: "ProposalDropped",
    why: "no leader",
  },
] as const)("step() refuses $why", ({ send, code }) => {
  const desk = new Desk();
  expect(desk.node.step(message({ to: 1, ...send }))?.code).toBe(code);
  expect(desk.carryOut()).toEqual([]);
});
