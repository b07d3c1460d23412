/**
 * The state of one Raft node and what every role does with it (etcd raft, raft.go). What a role does
 * with a message stands in `leader.ts`, `candidate.ts` and `follower.ts`.
 */
import { assert } from "../../base/index.ts";
import { type Config, problemOfRules, type Rules, type Settings, settingsOf } from "./config.ts";
import { ConfigError } from "./errors.ts";
import { restoreConfig } from "./membership/index.ts";
import { type Draft, message, NO_BYTES } from "./message.ts";
import { RaftLog } from "./raft-log.ts";
import { ReadOnly } from "./read-only.ts";
import { payloadsSize } from "./storage.ts";
import { type Trace, traceApplyConf, traceSent, traceState } from "./trace.ts";
import { Progress, type ProgressMap, Tracker, type TrackerConfig } from "./tracker/index.ts";
import {
  type ConfState,
  type Entry,
  type HardState,
  type Message,
  NONE,
  type NodeId,
  type ReadState,
  type SoftState,
  type StateType,
} from "./types.ts";

/** An entry before it has a place in the log. */
export type NewEntry = Pick<Entry, "type" | "data">;

export class Raft {
  readonly id: NodeId;
  readonly settings: Settings;
  rules: Rules;
  readonly log: RaftLog;
  tracker: Tracker;
  state: StateType = "follower";
  term = 0;
  vote: NodeId = NONE;
  lead: NodeId = NONE;
  isLearner = false;
  /** Target of a leadership transfer under way. */
  leadTransferee: NodeId = NONE;
  /** Only one configuration change may be unapplied: index of the last one in the log, or a later one. */
  pendingConfIndex = 0;
  uncommittedSize = 0;
  electionElapsed = 0;
  heartbeatElapsed = 0;
  randomizedElectionTimeout = 0;
  readOnly = new ReadOnly();
  readStates: ReadState[] = [];
  /** Reads that came before this leader committed an entry of its own term. */
  pendingReads: Message[] = [];
  /** Messages that may leave at once. */
  msgs: Message[] = [];
  /** Messages that promise durability: they wait for the write that the Ready carries (law 12). */
  msgsAfterAppend: Message[] = [];
  readonly trace: Trace | undefined;

  constructor(config: Config) {
    this.settings = settingsOf(config);
    this.rules = this.settings;
    this.id = this.settings.id;
    const { storage } = this.settings;
    this.log = new RaftLog(storage, this.settings.maxCommittedSizePerReady);
    this.tracker = this.#newTracker();
    const { hardState, confState } = storage.initialState();
    this.#restoreTracker(confState);
    this.#loadState(hardState);
    if (this.settings.applied > 0) this.log.appliedTo(this.settings.applied, 0);
    this.becomeFollower(this.term, NONE);
    // Set this late, so that a start is one event.
    this.trace = config.trace;
    traceState(this, "InitState");
  }

  setRules(change: Partial<Rules>): void {
    const rules = { ...this.rules, ...change };
    const wrong = problemOfRules(rules);
    if (wrong !== undefined) throw new ConfigError(`Cannot change the rules: ${wrong}`);
    this.rules = rules;
    this.resetRandomizedElectionTimeout();
  }

  /** Begins anew with the configuration of a snapshot. */
  restoreConfiguration(confState: ConfState): void {
    this.tracker = this.#newTracker();
    this.#restoreTracker(confState);
  }

  #newTracker(): Tracker {
    return new Tracker(this.settings.maxInflightMsgs, this.settings.maxInflightBytes);
  }

  #restoreTracker(confState: ConfState): void {
    const newInflights = () => this.tracker.newInflights();
    const { config, progress } = restoreConfig(confState, this.log.lastIndex(), newInflights);
    traceApplyConf(this, config.incoming);
    this.adoptConfig(config, progress);
  }

  adoptConfig(config: TrackerConfig, progress: ProgressMap): void {
    this.tracker.config = config;
    this.tracker.progress = progress;
    this.isLearner = progress.get(this.id)?.isLearner ?? false;
  }

  #loadState({ term, vote, commit }: HardState): void {
    if (term === 0 && vote === NONE && commit === 0) return;
    assert(
      commit >= this.log.committed && commit <= this.log.lastIndex(),
      "the stored commit index lies inside the stored log",
    );
    this.log.committed = commit;
    this.term = term;
    this.vote = vote;
  }

  softState(): SoftState {
    return { lead: this.lead, raftState: this.state };
  }

  hardState(): HardState {
    return { term: this.term, vote: this.vote, commit: this.log.committed };
  }

  /** Votes name their term themselves; everything else is of the present one. */
  send(draft: Draft): void {
    // A request of the owner has no sender yet; a forwarded one keeps its own.
    const from = draft.from || this.id;
    const namesTerm = VOTE_TYPES.has(draft.type) || TERMLESS.has(draft.type);
    const term = namesTerm ? (draft.term ?? 0) : this.term;
    const sent = message({ ...draft, from, term });
    if (AFTER_APPEND.has(sent.type)) {
      this.msgsAfterAppend.push(sent);
    } else {
      assert(sent.to !== this.id, "a node sends itself only what waits for its own write");
      this.msgs.push(sent);
    }
    traceSent(this, sent);
  }

  reset(term: number): void {
    if (this.term !== term) {
      assert(term > this.term, "terms only grow");
      this.term = term;
      this.vote = NONE;
    }
    this.lead = NONE;
    this.electionElapsed = 0;
    this.heartbeatElapsed = 0;
    this.resetRandomizedElectionTimeout();
    this.leadTransferee = NONE;
    this.tracker.resetVotes();
    const lastIndex = this.log.lastIndex();
    for (const [id, { isLearner }] of this.tracker.progress) {
      const match = id === this.id ? lastIndex : 0;
      const fresh = new Progress(match, lastIndex + 1, this.tracker.newInflights(), isLearner);
      this.tracker.progress.set(id, fresh);
    }
    this.pendingConfIndex = 0;
    this.uncommittedSize = 0;
    this.readOnly = new ReadOnly();
  }

  becomeFollower(term: number, lead: NodeId): void {
    this.reset(term);
    this.lead = lead;
    this.state = "follower";
    traceState(this, "BecomeFollower");
  }

  becomeCandidate(): void {
    assert(this.state !== "leader", "a leader does not campaign");
    this.reset(this.term + 1);
    this.vote = this.id;
    this.state = "candidate";
    traceState(this, "BecomeCandidate");
  }

  /** Neither term nor vote change before the election is known to be winnable. */
  becomePreCandidate(): void {
    assert(this.state !== "leader", "a leader does not campaign");
    this.tracker.resetVotes();
    this.lead = NONE;
    this.state = "preCandidate";
  }

  becomeLeader(): void {
    assert(this.state !== "follower", "only a candidate becomes leader");
    this.reset(this.term);
    this.lead = this.id;
    this.state = "leader";
    const progress = this.tracker.progress.get(this.id);
    assert(progress !== undefined, "a leader is in its configuration");
    progress.becomeReplicate();
    progress.recentActive = true;
    // There may be a change among the unapplied entries; it is cheaper to assume so than to look.
    this.pendingConfIndex = this.log.lastIndex();
    traceState(this, "BecomeLeader");
    const appended = this.appendEntries([{ type: "normal", data: NO_BYTES }]);
    assert(appended, "the empty entry of a new leader is never dropped");
  }

  /** Gives entries their places. False: too much is uncommitted. */
  appendEntries(entries: readonly NewEntry[]): boolean {
    const lastIndex = this.log.lastIndex();
    const placed = entries.map(({ type, data }, place) => ({
      term: this.term,
      index: lastIndex + 1 + place,
      type,
      data,
    }));
    if (!this.#increaseUncommitted(placed)) return false;
    for (const { type } of placed) if (type === "normal") traceState(this, "Replicate");
    const index = this.log.append(placed);
    // Counted like any other acknowledgement, once it is on disk.
    this.send({ type: "MsgAppResp", to: this.id, index });
    return true;
  }

  #increaseUncommitted(entries: readonly Entry[]): boolean {
    const size = payloadsSize(entries);
    const { maxUncommittedEntriesSize } = this.settings;
    const tooMuch = this.uncommittedSize + size > maxUncommittedEntriesSize;
    // The first one always goes, and so do empty ones, without which no leader could begin.
    if (this.uncommittedSize > 0 && size > 0 && tooMuch) return false;
    this.uncommittedSize += size;
    return true;
  }

  reduceUncommitted(size: number): void {
    this.uncommittedSize = Math.max(0, this.uncommittedSize - size);
  }

  maybeCommit(): boolean {
    const isNews = this.log.maybeCommit(this.tracker.committed(), this.term);
    traceState(this, "Commit");
    return isNews;
  }

  committedInCurrentTerm(): boolean {
    return this.log.maybeTerm(this.log.committed) === this.term;
  }

  /** May this node campaign at all? */
  promotable(): boolean {
    const progress = this.tracker.progress.get(this.id);
    return progress !== undefined && !progress.isLearner && !this.log.hasNextOrInProgressSnapshot();
  }

  pastElectionTimeout(): boolean {
    return this.electionElapsed >= this.randomizedElectionTimeout;
  }

  resetRandomizedElectionTimeout(): void {
    const { electionTick } = this.rules;
    this.randomizedElectionTimeout = electionTick + this.settings.random(electionTick);
  }
}

const VOTE_TYPES: ReadonlySet<string> = new Set([
  "MsgVote",
  "MsgVoteResp",
  "MsgPreVote",
  "MsgPreVoteResp",
]);
/** Forwarded to the leader whatever the term. */
const TERMLESS: ReadonlySet<string> = new Set(["MsgProp", "MsgReadIndex"]);
const AFTER_APPEND: ReadonlySet<string> = new Set(["MsgAppResp", "MsgVoteResp", "MsgPreVoteResp"]);
