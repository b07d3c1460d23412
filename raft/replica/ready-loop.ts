/**
 * Carries out what the core has ready, one Ready after the other: write and sync, then send what
 * promises durability, apply, advance. While a sync is under way proposals and messages gather in the
 * core, so the next write carries all of them.
 */
import type { Message, MessageType, Ready, Snapshot } from "../core/index.ts";
import { nameVersions } from "./name-versions.ts";
import type { Node } from "./node.ts";

export interface ReadyDuties {
  /** Whether this node leads, and in which term, as of this Ready. */
  readonly onReady: (ready: Ready) => void;
  readonly send: (messages: readonly Message[]) => void;
  readonly install: (snapshot: Snapshot, ready: Ready, done: () => void) => void;
  readonly apply: (ready: Ready, done: () => void) => void;
  readonly onAdvanced: () => void;
}

/** Work that must not meet a write of the loop, such as rewriting the log. */
type Exclusive = (done: () => void) => void;

/** These promise that something is on disk, so they wait for the sync (law 12). */
const PROMISES: ReadonlySet<MessageType> = new Set([
  "MsgAppResp",
  "MsgVoteResp",
  "MsgPreVoteResp",
  "MsgVote",
]);

export class ReadyLoop {
  private readonly node: Node;
  private readonly duties: ReadyDuties;
  private readonly waiting: Exclusive[] = [];
  private isBusy = false;
  private isStopped = false;
  private onIdle: (() => void) | undefined;

  constructor(node: Node, duties: ReadyDuties) {
    this.node = node;
    this.duties = duties;
  }

  /** Runs until there is nothing to do or something to wait for. */
  pump(): void {
    while (!this.isBusy && !this.isStopped) {
      const exclusive = this.waiting.shift();
      if (exclusive) this.occupy(exclusive);
      else if (this.node.core.hasReady()) this.occupy((done) => this.carryOut(done));
      else break;
    }
    if (!this.isBusy) this.settleIdle();
  }

  /** Runs when no Ready is under way, and none begins until it is done. */
  exclusively(work: Exclusive): void {
    this.waiting.push(work);
    this.pump();
  }

  /** No Ready begins any more; `done` when the last one is finished. */
  stop(done: () => void): void {
    this.isStopped = true;
    this.onIdle = done;
    if (!this.isBusy) this.settleIdle();
  }

  /** At once: nothing that is under way has an effect any more. */
  kill(): void {
    this.isStopped = true;
    this.isBusy = true;
  }

  private occupy(work: Exclusive): void {
    this.isBusy = true;
    let isSynchronous = true;
    work(() => {
      if (this.isStopped && this.onIdle === undefined) return;
      this.isBusy = false;
      // Work that ends within its call goes on in the loop above instead of nesting.
      if (!isSynchronous) this.pump();
    });
    isSynchronous = false;
  }

  private settleIdle(): void {
    const done = this.onIdle;
    this.onIdle = undefined;
    done?.();
  }

  private carryOut(done: () => void): void {
    const { core, storage } = this.node;
    const leads = core.status().raftState === "leader";
    const ready = core.ready();
    this.duties.onReady(ready);
    const early = leads ? ready.messages.filter(({ type }) => !PROMISES.has(type)) : [];
    const late = leads ? ready.messages.filter(({ type }) => PROMISES.has(type)) : ready.messages;
    // A leader's own write and those of its followers may run at the same time (§10.2.1 of the thesis).
    this.duties.send(early);
    this.persist(ready, () => {
      if (ready.hardState) storage.setHardState(ready.hardState);
      storage.append(ready.entries);
      this.duties.send(late);
      this.duties.apply(ready, () => {
        core.advance(ready);
        this.duties.onAdvanced();
        done();
      });
    });
  }

  private persist(ready: Ready, done: () => void): void {
    const { log, storage, state } = this.node;
    const { snapshot, entries, hardState, mustSync } = ready;
    if (snapshot) return this.duties.install(snapshot, ready, done);
    if (entries.length === 0 && hardState === undefined) return done();
    const first = entries[0];
    const index = first ? first.index - 1 : storage.lastIndex();
    const previous = { index, term: storage.term(index) };
    const batch = { entries, hardState, previous, sync: mustSync, version: state.activeVersion };
    nameVersions(this.node, entries, () => log.write(batch, done));
  }
}
