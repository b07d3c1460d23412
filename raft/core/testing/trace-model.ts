/**
 * A twin of etcd's TLA+ model (etcd raft, tla/etcdraft.tla) that steps through a trace: it knows nothing of
 * the core, holds the state of every server and the messages under way by the rules of the model, and
 * throws where an event is one that the model cannot take. It has elections, replication, snapshots,
 * commits, single configuration changes, losses and restarts.
 *
 * In three places it follows etcd's code where the model is narrower and would refuse a run of etcd too:
 * an append names the leader's commit index even beyond its own entries, heartbeats and snapshots move the
 * commit index of a node that has committed something, and who knows the leader of a term votes for nobody.
 */
import type { TraceEvent, TraceMessage } from "../index.ts";

interface Server {
  term: number;
  vote: string;
  role: string;
  /** Has heard from the leader of this term. */
  isLed?: boolean;
  commit: number;
  /** Terms of the entries from index 1 on. */
  log: readonly number[];
  conf: readonly string[];
}

/** What the model holds of a server besides: what was durable at its last Ready, votes, acknowledgements. */
interface Volatile {
  durable: Server;
  granted: Set<string>;
  match: Map<string, number>;
}

type Shape = Partial<TraceMessage> & { readonly entryTerms?: readonly number[] };

export class TraceModel {
  readonly #servers = new Map<string, Server & Volatile>();
  /** Sent and waiting for the next Ready, with what a receiver needs of it. */
  #pending: Shape[] = [];
  /** Under way, by kind and both ends. */
  readonly #underWay = new Map<string, Shape[]>();
  #last = new Map<string, TraceEvent>();

  accept(event: TraceEvent): void {
    const server = this.#servers.get(event.nid);
    if (server === undefined) this.#begin(event);
    else this.#take(event, server);
    this.#last.set(event.nid, event);
  }

  #begin(event: TraceEvent): void {
    must(event.name === "InitState", "a server begins with its state");
    const { term, vote, commit } = event.state;
    const log = Array.from({ length: event.log }, () => 1);
    const state = { term, vote, commit, log, role: event.role, conf: event.conf[0] };
    this.#servers.set(event.nid, { ...state, ...fresh(state) });
  }

  #take(event: TraceEvent, server: Server & Volatile): void {
    if (event.msg && event.name.startsWith("Receive")) {
      this.#same(event, server);
      this.#receive(event.msg, server);
      return;
    }
    if (this.#isPartOfReceiving(event)) return;
    if (event.msg) this.#send(event.msg, server);
    else this.#change(event, server);
    // An entry is counted by the event behind it, and a configuration is named before it is taken up.
    if (!["Replicate", "ChangeConf", "ApplyConfChange"].includes(event.name)) {
      this.#same(event, server);
    }
  }

  /** The model takes a message in one step, answer and new role included; these lines lie inside of it. */
  #isPartOfReceiving({ nid, name, msg }: TraceEvent): boolean {
    if (msg) return ANSWERS.includes(msg.type) && msg.from !== msg.to;
    const before = this.#last.get(nid);
    if (name !== "BecomeFollower" || before?.msg === undefined) return false;
    if (!before.name.startsWith("Receive")) return false;
    const isNewer = before.msg.term > before.state.term;
    const isRival = before.role === CANDIDATE && before.name === "ReceiveAppendEntriesRequest";
    return isNewer || isRival;
  }

  #same({ state, role, log, conf }: TraceEvent, server: Server): void {
    const { term, vote, commit } = server;
    const told = [state.term, state.vote, state.commit, role, log, conf[0]];
    const held = [term, vote, commit, server.role, server.log.length, server.conf];
    must(JSON.stringify(told) === JSON.stringify(held), `state ${told}, the model has ${held}`);
  }

  #change(event: TraceEvent, server: Server & Volatile): void {
    const { nid, name } = event;
    if (name === "BecomeCandidate") {
      must(
        server.role !== LEADER && server.conf.includes(nid),
        "who campaigns votes and does not lead",
      );
      Object.assign(server, {
        role: CANDIDATE,
        term: server.term + 1,
        vote: nid,
        isLed: false,
        granted: new Set(),
      });
    } else if (name === "BecomeLeader") {
      must(server.role === CANDIDATE && isQuorum(server.granted, server.conf), "a majority voted");
      Object.assign(server, { role: LEADER, match: new Map([[nid, server.log.length]]) });
    } else if (name === "Replicate" || name === "ChangeConf") {
      must(server.role === LEADER, "only a leader makes entries");
      server.log = [...server.log, server.term];
    } else if (name === "Commit") {
      this.#commit(server);
    } else if (name === "ApplyConfChange") {
      const cc = event.prop?.cc as { readonly newconf?: readonly string[] };
      server.conf = cc.newconf ?? [];
    } else if (name === "InitState") {
      Object.assign(server, server.durable, { role: FOLLOWER }, fresh(server.durable));
    } else if (name === "BecomeFollower") {
      must(server.role !== FOLLOWER, "only leaders and candidates step down");
      server.role = FOLLOWER;
    } else {
      must(name === "Ready", `no event of this kind: ${name}`);
      server.durable = durableOf(server);
      for (const shape of this.#pending) {
        const route = routeOf(shape);
        this.#underWay.set(route, [...(this.#underWay.get(route) ?? []), shape]);
      }
      this.#pending = [];
    }
  }

  #commit(server: Server & Volatile): void {
    must(server.role === LEADER, "only a leader commits by counting");
    for (let index = server.log.length; index > server.commit; index--) {
      const who = server.conf.filter((id) => (server.match.get(id) ?? 0) >= index);
      if (!isQuorum(new Set(who), server.conf)) continue;
      // Figure 8: the highest that a majority has must be of this term.
      if (server.log[index - 1] === server.term) server.commit = index;
      return;
    }
  }

  #send(sent: TraceMessage, server: Server & Volatile): void {
    const at = { term: server.term, from: sent.from, to: sent.to };
    const length = server.log.length;
    if (sent.from === sent.to) {
      const index = sent.type === "MsgAppResp" ? { index: length } : {};
      this.#expect(sent, { ...at, ...index, reject: false });
    } else if (sent.type === "MsgVote") {
      must(server.role === CANDIDATE && server.conf.includes(sent.to), "candidates ask voters");
      this.#expect(sent, { ...at, index: length, logTerm: server.log.at(-1) ?? 0 });
    } else {
      must(server.role === LEADER, "only leaders replicate");
      this.#expect(sent, { ...at, ...this.#replication(sent, server) });
    }
  }

  #replication({ type, to, index, entries }: TraceMessage, server: Server & Volatile): Shape {
    const { log, match, commit } = server;
    const matched = match.get(to) ?? 0;
    if (type === "MsgHeartbeat") return { commit: Math.min(commit, matched), entryTerms: [] };
    if (type === "MsgSnap") {
      must(entries <= commit, "a snapshot holds what is committed");
      // As if it were all entries from the first on.
      return { index: 0, entryTerms: log.slice(0, entries) };
    }
    must(index >= matched, "nothing acknowledged is sent again");
    const entryTerms = log.slice(index, index + entries);
    const logTerm = index === 0 ? 0 : log[index - 1];
    must(entryTerms.length === entries && logTerm !== undefined, "the leader has what it sends");
    return { index, logTerm, commit, entryTerms };
  }

  #expect(sent: TraceMessage, shape: Shape): void {
    for (const [field, value] of Object.entries(shape)) {
      if (field === "entryTerms") continue;
      const found = sent[field as keyof TraceMessage];
      must(found === value, `${sent.type} with ${field} ${found}, the model sends ${value}`);
    }
    this.#pending.push({ type: sent.type, ...shape });
  }

  #receive(got: TraceMessage, server: Server & Volatile): void {
    const underWay = this.#underWay.get(routeOf(got)) ?? [];
    const place = underWay.findIndex((shape) => {
      if (shape.entryTerms && shape.entryTerms.length !== got.entries) return false;
      const fields = Object.entries(shape).filter(([field]) => field !== "entryTerms");
      return fields.every(([field, value]) => got[field as keyof TraceMessage] === value);
    });
    must(place >= 0, `a ${got.type} from ${got.from} to ${got.to} is under way`);
    const [shape = {}] = underWay.splice(place, 1);
    if (got.term > server.term) {
      Object.assign(server, { term: got.term, role: FOLLOWER, vote: NOBODY, isLed: false });
    }
    if (got.type === "MsgVote") this.#vote(got, server);
    else if (got.type === "MsgApp" || got.type === "MsgHeartbeat" || got.type === "MsgSnap") {
      const commit = got.type === "MsgSnap" ? got.entries : got.commit;
      this.#append({ ...got, commit }, shape.entryTerms ?? [], server);
    } else if (got.term === server.term && !got.reject) {
      if (got.type === "MsgVoteResp") server.granted.add(got.from);
      else if (got.type === "MsgAppResp") {
        server.match.set(got.from, Math.max(server.match.get(got.from) ?? 0, got.index));
      }
    }
  }

  #vote({ from, to, term, index, logTerm }: TraceMessage, server: Server): void {
    const lastTerm = server.log.at(-1) ?? 0;
    const isUpToDate = logTerm > lastTerm || (logTerm === lastTerm && index >= server.log.length);
    const isFree = server.vote === from || (server.vote === NOBODY && !server.isLed);
    const grants = term === server.term && isUpToDate && isFree;
    if (grants) server.vote = from;
    this.#reply({ type: "MsgVoteResp", term: server.term, from: to, to: from, reject: !grants });
  }

  #append(got: TraceMessage, entryTerms: readonly number[], server: Server): void {
    const { from, to, term, index, logTerm, commit, type } = got;
    const answer = { term: server.term, from: to, to: from };
    if (term < server.term) return this.#reply({ type: "MsgAppResp", ...answer, reject: true });
    Object.assign(server, { role: FOLLOWER, isLed: true });
    if (type === "MsgHeartbeat") {
      server.commit = Math.max(server.commit, commit);
      this.#reply({ type: "MsgHeartbeatResp", ...answer });
    } else if (index < server.commit && (type === "MsgApp" || commit <= server.commit)) {
      this.#reply({ type: "MsgAppResp", ...answer, reject: false, index: server.commit });
    } else if (index > 0 && server.log[index - 1] !== logTerm) {
      this.#reply({ type: "MsgAppResp", ...answer, reject: true });
    } else {
      const last = index + entryTerms.length;
      const conflicts = entryTerms.some((each, place) => server.log[index + place] !== each);
      if (conflicts) server.log = [...server.log.slice(0, index), ...entryTerms];
      server.commit = Math.max(server.commit, Math.min(commit, last));
      this.#reply({ type: "MsgAppResp", ...answer, reject: false, index: last });
    }
  }

  #reply(shape: Shape): void {
    this.#pending.push(shape);
  }
}

const [FOLLOWER, CANDIDATE, LEADER] = ["StateFollower", "StateCandidate", "StateLeader"] as const;
const ANSWERS: readonly string[] = ["MsgAppResp", "MsgHeartbeatResp", "MsgVoteResp"];
const NOBODY = "0";

function routeOf({ type, from, to }: Shape): string {
  return `${type} ${from} ${to}`;
}

function durableOf({ term, vote, role, commit, log, conf }: Server): Server {
  return { term, vote, role, isLed: false, commit, log, conf };
}

function fresh(state: Server): Volatile {
  return { durable: durableOf(state), granted: new Set(), match: new Map() };
}

function isQuorum(some: ReadonlySet<string>, all: readonly string[]): boolean {
  return all.filter((id) => some.has(id)).length * 2 > all.length;
}

function must(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Error(`The model cannot take this: ${what}`);
}
