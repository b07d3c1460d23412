/**
 * A small cluster writes a trace in the form of etcd's TLA+ specification; a twin of that model, which
 * shares nothing with the core, must be able to take every event, and must refuse a trace that was
 * tampered with.
 */
import { expect, test } from "vitest";
import { Chance } from "../../base/index.ts";
import { type TraceEvent, traceLine } from "./index.ts";
import { Cluster } from "./testing/cluster.ts";
import { encodeChange, Member } from "./testing/member.ts";
import { TraceModel } from "./testing/trace-model.ts";

const NO_CONTEXT = new Uint8Array(0);

/** Three founders and one who joins; leaders change, a node restarts, a member comes and goes. */
function run(seed: number): readonly TraceEvent[] {
  const events: TraceEvent[] = [];
  const chance = new Chance(seed);
  const config = {
    preVote: false,
    checkQuorum: false,
    asyncStorageWrites: false,
    random: (limit: number) => chance.below(limit),
    trace: (event: TraceEvent) => events.push(event),
  };
  const members = [1, 2, 3, 4].map((id) => new Member(id, [1, 2, 3], config));
  /** Everything in order and nothing lost, until all is quiet. */
  const settle = (compacts = false) => {
    for (let sent = 1; sent > 0; ) {
      const due = members.flatMap((member) => member.carryOut());
      // The one who joins gets a snapshot that knows of it.
      if (compacts) at(1).compact();
      for (const message of due) members[message.to - 1]?.node.step(message);
      sent = due.length + members.filter(({ node }) => node.hasReady()).length;
    }
  };
  const at = (id: number) => members[id - 1] as Member;
  const propose = (id: number, text: string) => at(id).node.propose(new TextEncoder().encode(text));
  const change = (id: number, type: "addNode" | "removeNode") => {
    const conf = {
      transition: "auto",
      changes: [{ type, nodeId: 4 }],
      context: NO_CONTEXT,
    } as const;
    at(id).node.proposeConfChange(encodeChange(conf), conf);
  };
  at(1).node.campaign();
  settle();
  for (const text of ["a", "b"]) propose(1, text);
  settle();
  change(1, "addNode");
  settle(true);
  at(3).node.campaign();
  settle();
  for (const { node } of members) node.tick();
  settle();
  propose(3, "c");
  settle();
  // The model restarts with the configuration it had, so that must be in the snapshot.
  at(2).compact();
  at(2).restart();
  settle();
  change(3, "removeNode");
  settle();
  return events;
}

function judge(events: readonly TraceEvent[]): void {
  const model = new TraceModel();
  for (const [place, event] of events.entries()) {
    try {
      model.accept(event);
    } catch (error) {
      throw new Error(`line ${place + 1} ${JSON.stringify(event)}: ${(error as Error).message}`);
    }
  }
}

test("the model takes the whole trace of a run, and the trace has every kind that etcd writes", () => {
  const events = run(1);
  judge(events);
  expect(new Set(events.map(({ name }) => name))).toEqual(
    new Set([
      "InitState",
      "BecomeCandidate",
      "BecomeFollower",
      "BecomeLeader",
      "Commit",
      "Replicate",
      "ChangeConf",
      "ApplyConfChange",
      "Ready",
      "SendAppendEntriesRequest",
      "ReceiveAppendEntriesRequest",
      "SendAppendEntriesResponse",
      "ReceiveAppendEntriesResponse",
      "SendRequestVoteRequest",
      "ReceiveRequestVoteRequest",
      "SendRequestVoteResponse",
      "ReceiveRequestVoteResponse",
    ]),
  );
});

const SEEDS = process.env.WIRESPAN_SEED ? [Number(process.env.WIRESPAN_SEED)] : [1, 2, 3, 4];

test.for(SEEDS)("the model takes a run with losses, delays and restarts (seed %i)", (seed) => {
  const events: TraceEvent[] = [];
  const options = {
    nodes: 3,
    voters: 3,
    preVote: false,
    checkQuorum: false,
    asyncStorageWrites: false,
    changesMembers: false,
    trace: (event: TraceEvent) => events.push(event),
  };
  const cluster = new Cluster(options, new Chance(seed));
  for (let step = 0; step < 2500; step++) cluster.step({ loss: 100, repetition: 0, restarts: 3 });
  judge(events);
  expect(events.length).toBeGreaterThan(1000);
  expect(events.filter(({ name }) => name === "BecomeLeader").length).toBeGreaterThan(0);
});

test.for([
  { name: "BecomeCandidate", why: "an election that nobody began" },
  { name: "SendAppendEntriesRequest", why: "a message that nobody sent" },
  { name: "Replicate", why: "an entry from nowhere" },
  { name: "Ready", why: "messages that leave before the state is durable" },
  { name: "ReceiveRequestVoteResponse", why: "a leader without votes" },
] as const)("the model refuses $why", ({ name }) => {
  const events = run(1);
  const place = events.findIndex((event) => event.name === name);
  expect(place).toBeGreaterThan(0);
  expect(() => judge(events.filter((_, each) => each !== place))).toThrow("The model cannot take");
});

test("the model refuses a commit that no majority has", () => {
  const events = run(1);
  const place = events.findIndex(({ name, state }) => name === "Commit" && state.commit > 1);
  const early = events.findIndex(({ name }) => name === "Replicate");
  const moved = [...events.slice(0, early), events[place] as TraceEvent, ...events.slice(early)];
  expect(() => judge(moved)).toThrow("The model cannot take");
});

test("a line is what etcd writes, less the fields of its logger", () => {
  const line = traceLine(
    run(1).find(({ name }) => name === "SendRequestVoteRequest") as TraceEvent,
  );
  expect(line).toBe(
    '{"tag":"trace","event":{"name":"SendRequestVoteRequest","nid":"1",' +
      '"state":{"term":1,"vote":"1","commit":1},"role":"StateCandidate","log":1,' +
      '"conf":[["1","2","3"],[]],"msg":{"type":"MsgVote","term":1,"from":"1","to":"2","entries":0,' +
      '"logTerm":1,"index":1,"commit":0,"vote":"0","reject":false,"rejectHint":0}}}\n',
  );
});
