/**
 * Terms are Raft's clock (§5.1, and "all servers" of figure 2): each rule is shown in every role and for
 * every kind of message that has a term, because a rule that one handler forgets is a rule that is broken.
 */
import { expect, test } from "vitest";
import { type MessageType, message, type StateType } from "./index.ts";
import { Desk, type Start } from "./testing/desk.ts";

const NOW = 3;
const ROLES: readonly StateType[] = ["follower", "candidate", "preCandidate", "leader"];

/** A node in that role in term 3, which has heard of leader 3 when it follows. */
function deskIn(role: StateType, start: Start = {}): Desk {
  const began = role === "candidate" || role === "leader" ? NOW - 1 : NOW;
  const preVote = role === "preCandidate" ? { preVote: true } : {};
  const desk = new Desk({ hardState: { term: began }, ...preVote, ...start });
  if (role === "follower") desk.step({ type: "MsgHeartbeat", from: 3, term: NOW });
  if (role === "candidate" || role === "preCandidate") {
    desk.node.campaign();
    desk.carryOut();
  }
  if (role === "leader") desk.elect();
  expect(desk.node.status()).toMatchObject({ raftState: role, term: NOW });
  return desk;
}

const FROM_A_LEADER: readonly MessageType[] = ["MsgApp", "MsgHeartbeat", "MsgSnap"];
const OTHERS: readonly MessageType[] = [
  "MsgAppResp",
  "MsgHeartbeatResp",
  "MsgVote",
  "MsgVoteResp",
  "MsgReadIndexResp",
];

/** What such a message carries when it is of no use but for its term. */
function bare(type: MessageType, term: number): Parameters<Desk["step"]>[0] {
  const place = type === "MsgApp" || type === "MsgVote" ? { index: 1, logTerm: 1 } : {};
  return { type, from: 2, term, ...place };
}

test.for(
  ROLES.flatMap((role) => [
    ...FROM_A_LEADER.map((type) => ({ role, type, lead: 2 })),
    ...OTHERS.map((type) => ({ role, type, lead: 0 })),
  ]),
)("a $role follows a newer term of a $type, and knows leader $lead then (§5.1)", (row) => {
  const desk = deskIn(row.role);
  desk.step(bare(row.type, NOW + 2));
  const { raftState, term, lead } = desk.node.status();
  expect({ raftState, term, lead }).toEqual({ raftState: "follower", term: 5, lead: row.lead });
  expect(desk.storage.initialState().hardState.term, "and it is on disk").toBe(5);
});

test.for(ROLES)("a %s forgets its vote with the old term: one vote per term (§5.2)", (role) => {
  const desk = deskIn(role);
  desk.step(bare("MsgAppResp", NOW + 2));
  expect(desk.storage.initialState().hardState).toMatchObject({ term: 5, vote: 0 });
});

test.for(
  ROLES.flatMap((role) =>
    [...FROM_A_LEADER, ...OTHERS, "MsgPreVote", "MsgPreVoteResp", "MsgTimeoutNow"].map((type) => ({
      role,
      type: type as MessageType,
    })),
  ),
)("a $role refuses a $type of an older term: nothing changes (§5.1)", ({ role, type }) => {
  const desk = deskIn(role);
  const [before, log] = [desk.node.status(), desk.terms()];
  desk.step(bare(type, NOW - 1));
  expect(desk.node.status()).toEqual(before);
  expect(desk.terms()).toEqual(log);
});

const APPENDED = { type: "MsgAppResp", to: 2, term: NOW };
const REFUSED = { type: "MsgPreVoteResp", to: 2, term: NOW, reject: true };

test.for([
  { type: "MsgApp", rules: { checkQuorum: true }, answer: [APPENDED] },
  { type: "MsgApp", rules: { preVote: true }, answer: [APPENDED] },
  { type: "MsgHeartbeat", rules: { checkQuorum: true }, answer: [APPENDED] },
  { type: "MsgHeartbeat", rules: { preVote: true }, answer: [APPENDED] },
  { type: "MsgPreVote", rules: {}, answer: [REFUSED] },
  { type: "MsgPreVote", rules: { preVote: true, checkQuorum: true }, answer: [REFUSED] },
  // Without the two rules a later MsgVote carries the newer term, so silence leaves nobody stuck.
  { type: "MsgApp", rules: {}, answer: [] },
  { type: "MsgHeartbeat", rules: {}, answer: [] },
  { type: "MsgVote", rules: { preVote: true, checkQuorum: true }, answer: [] },
  { type: "MsgSnap", rules: { preVote: true, checkQuorum: true }, answer: [] },
  { type: "MsgAppResp", rules: { preVote: true, checkQuorum: true }, answer: [] },
] as const)(
  "a $type of an older term under $rules is answered by $answer.length (§5.1, etcd raft, Step)",
  (row) => {
    const desk = deskIn("follower", row.rules);
    expect(desk.step(bare(row.type, NOW - 1))).toMatchObject(row.answer);
  },
);

test("a leader of an older term learns of the newer one by that answer, and steps down (§5.1)", () => {
  const [old, newer] = [
    deskIn("leader", { checkQuorum: true }),
    new Desk({ id: 2, checkQuorum: true, hardState: { term: 7 } }),
  ];
  for (let tick = 0; tick < 1; tick++) old.node.tick();
  const sent = old.carryOut().flatMap(({ messages }) => messages);
  const heartbeat = sent.find(({ type, to }) => type === "MsgHeartbeat" && to === 2);
  const [answer] = newer.step(heartbeat ?? { type: "MsgBeat" });
  old.step(answer ?? { type: "MsgBeat" });
  expect(old.node.status()).toMatchObject({ raftState: "follower", term: 7, lead: 0 });
});

test("a pre-vote asks about a later term and changes nobody's (thesis §9.6)", () => {
  for (const role of ROLES) {
    const desk = deskIn(role);
    const before = desk.node.status();
    const sent = desk.step({ type: "MsgPreVote", from: 2, term: NOW + 1, index: 9, logTerm: 9 });
    expect(desk.node.status()).toEqual(before);
    expect(sent).toMatchObject([{ type: "MsgPreVoteResp", term: NOW + 1, reject: false }]);
  }
});

test("a refused pre-vote names the term of the refusing node, which is taken up (thesis §9.6)", () => {
  const desk = deskIn("preCandidate");
  desk.step({ type: "MsgPreVoteResp", from: 2, term: NOW + 4, reject: true });
  expect(desk.node.status()).toMatchObject({ raftState: "follower", term: NOW + 4 });
});

test("who knows the leader of a term votes for nobody else in it, even with its vote unspent (§5.2)", () => {
  const desk = deskIn("follower");
  expect(desk.node.status()).toMatchObject({ lead: 3, vote: 0 });
  const sent = desk.step({ type: "MsgVote", from: 2, term: NOW, index: 9, logTerm: 9 });
  expect(sent).toMatchObject([{ type: "MsgVoteResp", reject: true }]);
});

test("a leader takes no entries from another leader of its own term: there is none (§5.2)", () => {
  const desk = deskIn("leader");
  const before = desk.node.status();
  desk.step({ type: "MsgApp", from: 2, term: NOW, index: 1, logTerm: 1 });
  expect(desk.node.status()).toEqual(before);
});

test.for([
  { stored: { term: 6, vote: 3 }, asks: 2, granted: false },
  { stored: { term: 6, vote: 2 }, asks: 2, granted: true },
])(
  "after a restart vote $stored.vote of term 6 still counts, asked by $asks (figure 2, persistent state)",
  (row) => {
    const desk = new Desk({ hardState: row.stored });
    const answers = desk.step({ type: "MsgVote", from: row.asks, term: 6, index: 1, logTerm: 1 });
    expect(answers).toMatchObject([{ type: "MsgVoteResp", reject: !row.granted }]);
  },
);

test("term, vote and entries are in the Ready of the answer that promises them (figure 2, persistent state)", () => {
  const desk = new Desk();
  const request = { type: "MsgVote", from: 2, to: 1, term: 4, index: 1, logTerm: 1 } as const;
  desk.node.step(message(request));
  const [voted] = desk.carryOut();
  expect(voted).toMatchObject({ mustSync: true, hardState: { term: 4, vote: 2 } });
  expect(voted?.messages).toMatchObject([{ type: "MsgVoteResp" }]);
  const entries = [{ term: 4, index: 2, type: "normal", data: new Uint8Array(1) }] as const;
  desk.node.step(message({ ...request, type: "MsgApp", entries }));
  const [appended] = desk.carryOut();
  expect(appended).toMatchObject({ mustSync: true, entries: [{ index: 2 }] });
  expect(appended?.messages).toMatchObject([{ type: "MsgAppResp", index: 2 }]);
});

test("a vote alone must be on disk as well, and a commit index alone need not (figure 2, persistent state)", () => {
  const desk = new Desk({ terms: [1], hardState: { term: 4 } });
  desk.node.step(message({ type: "MsgVote", from: 2, to: 1, term: 4, index: 2, logTerm: 1 }));
  expect(desk.carryOut()[0]).toMatchObject({ mustSync: true, hardState: { term: 4, vote: 2 } });
  desk.node.step(message({ type: "MsgHeartbeat", from: 2, to: 1, term: 4, commit: 2 }));
  expect(desk.carryOut()[0]).toMatchObject({ mustSync: false, hardState: { commit: 2 } });
});

test("with asynchronous writes the answer hangs on the write that it promises (figure 2, persistent state)", () => {
  const desk = new Desk({ asyncStorageWrites: true });
  desk.node.step(message({ type: "MsgVote", from: 2, to: 1, term: 4, index: 1, logTerm: 1 }));
  const { messages } = desk.node.ready();
  expect(messages).toMatchObject([
    { type: "MsgStorageAppend", term: 4, vote: 2, responses: [{ type: "MsgVoteResp", to: 2 }] },
  ]);
});
