/**
 * The snapshot on disk and everything that follows from a new one: the log begins behind it, older
 * files go, and the manifest forgets versions that nothing is written in any more.
 */
import { contentSummary, type StoredVersion } from "../../../migrate/index.ts";
import type { HardState, Ready, Snapshot } from "../../core/index.ts";
import { changeManifest } from "../apply.ts";
import { MANIFEST_PATH, versionsOf, withVersions } from "../manifest.ts";
import { haltOnDisk, type Node } from "../node.ts";
import type { Outcome } from "../ports.ts";
import { refuse } from "../refusal.ts";
import { confStateOf } from "../state-machine/membership.ts";
import type { StateMachine } from "../state-machine/state-machine.ts";
import { bodyVersionOf } from "../stored.ts";
import { listSnapshots, snapshotPath } from "./snapshot-file.ts";
import { snapshotBytes } from "./snapshot-state.ts";

const NO_BYTES = new Uint8Array(0);
/** Entries kept in memory behind an automatic snapshot, so that a follower close by needs none. */
const ENTRIES_TRAILING = 1024;

export type Exclusively = (work: (done: () => void) => void) => void;

export class Snapshots {
  private readonly node: Node;
  private readonly exclusively: Exclusively;
  private stored: readonly StoredVersion[];
  private isTaking = false;

  constructor(node: Node, exclusively: Exclusively, stored: readonly StoredVersion[]) {
    this.node = node;
    this.exclusively = exclusively;
    this.stored = stored;
  }

  get index(): number {
    return this.node.storage.snapshot().metadata.index;
  }

  /** Everything on disk that has a version, lowest first. */
  content(): readonly StoredVersion[] {
    // A version that only the manifest still names keeps a release out as well.
    const named = versionsOf(this.node.manifest).map((version) => ({
      version,
      place: MANIFEST_PATH,
    }));
    return contentSummary([...this.written(), ...named]);
  }

  private written(): readonly StoredVersion[] {
    return [...this.node.log.content(), ...this.stored];
  }

  /** `trailing`: keep some entries in memory for followers that are nearly up to date. */
  take(trailing: boolean, done: (outcome: Outcome) => void): void {
    const { state, ports } = this.node;
    if (this.isTaking)
      return done(refuse("busy", "Cannot take a snapshot: one is being taken, wait for it"));
    if (state.appliedIndex === 0)
      return done(
        refuse(
          "nothing_applied",
          "Cannot take a snapshot: nothing is applied yet, this node waits for its first snapshot",
        ),
      );
    this.isTaking = true;
    const { appliedIndex: index, appliedTerm: term, activeVersion } = state;
    const path = snapshotPath({ index, term });
    const bytes = snapshotBytes(state);
    const confState = confStateOf(state.membership);
    ports.disk.replace(path, bytes, (error) => {
      if (error) return haltOnDisk(this.node, error, path);
      this.exclusively((free) => {
        const finish = (): void => {
          this.isTaking = false;
          free();
          done({ ok: true, index });
        };
        if (this.index > index) return this.removeOthers(finish);
        if (this.index < index) this.node.storage.createSnapshot(index, confState, NO_BYTES);
        this.stored = [{ version: activeVersion, place: path }];
        this.rewriteLog(() => {
          this.compactMemory(index, trailing);
          this.removeOthers(finish);
        });
      });
    });
  }

  /** A received snapshot becomes the state; log and hard state begin anew with it. */
  install(
    received: {
      readonly path: string;
      readonly state: StateMachine;
      readonly content: readonly StoredVersion[];
    },
    { snapshot, ready }: { readonly snapshot: Snapshot; readonly ready: Ready },
    done: () => void,
  ): void {
    const { node } = this;
    const { index, term } = snapshot.metadata;
    const path = snapshotPath({ index, term });
    const hardState = ready.hardState ?? node.storage.initialState().hardState;
    this.nameVersions(received, () => {
      node.ports.disk.rename(received.path, path, (error) => {
        if (error) return haltOnDisk(node, error, path);
        const version = received.state.activeVersion;
        node.log.restart(
          { anchor: { index, term }, hardState, entries: ready.entries, version },
          () => {
            node.storage.applySnapshot(snapshot);
            node.storage.setHardState(hardState);
            node.state = received.state;
            this.stored = received.content.map(({ version: held }) => ({
              version: held,
              place: path,
            }));
            this.removeOthers(done);
          },
        );
      });
    });
  }

  /** The manifest names every version before the content that uses it is in place. */
  private nameVersions(
    {
      state,
      content,
    }: { readonly state: StateMachine; readonly content: readonly StoredVersion[] },
    done: () => void,
  ): void {
    const { manifest } = this.node;
    const activeVersion = Math.max(manifest.activeVersion, state.activeVersion);
    const versions = [
      ...versionsOf(manifest),
      activeVersion,
      ...content.map(({ version }) => version),
    ];
    const next = withVersions({ ...manifest, activeVersion }, versions);
    if (isSameNaming(next, manifest)) return done();
    changeManifest(this.node, next, done);
  }

  private rewriteLog(done: () => void): void {
    const { storage, log, state } = this.node;
    const { index, term } = storage.snapshot().metadata;
    const hardState: HardState = storage.initialState().hardState;
    const last = storage.lastIndex();
    const entries =
      last > index ? storage.entries(index + 1, last + 1, Number.POSITIVE_INFINITY) : [];
    log.restart(
      { anchor: { index, term }, hardState, entries, version: state.activeVersion },
      done,
    );
  }

  /** Entries of an older version go at once: whoever needs them gets a snapshot that is written in today's. */
  private compactMemory(index: number, trailing: boolean): void {
    const { storage, state } = this.node;
    const first = storage.firstIndex();
    let to = trailing ? Math.max(first - 1, index - ENTRIES_TRAILING) : index;
    if (to < index) {
      const kept = storage.entries(to + 1, index + 1, Number.POSITIVE_INFINITY);
      const old = kept.findLast((entry) => {
        const version = bodyVersionOf(entry);
        return version !== 0 && version !== state.activeVersion;
      });
      to = Math.max(to, old?.index ?? 0);
    }
    if (to >= first) storage.compact(to);
  }

  private removeOthers(done: () => void): void {
    const { disk } = this.node.ports;
    const { index, term } = this.node.storage.snapshot().metadata;
    const current = snapshotPath({ index, term });
    const [path] = listSnapshots(disk).filter((name) => name !== current);
    if (path === undefined) return this.forgetVersions(done);
    disk.remove(path, (error) =>
      error ? haltOnDisk(this.node, error, path) : this.removeOthers(done),
    );
  }

  private forgetVersions(done: () => void): void {
    const { manifest, state } = this.node;
    const versions = [
      state.activeVersion,
      manifest.activeVersion,
      ...this.written().map(({ version }) => version),
    ];
    const next = withVersions(manifest, versions);
    if (isSameNaming(next, manifest)) return done();
    changeManifest(this.node, next, done);
  }
}

function isSameNaming(
  one: { activeVersion: number; features: { incompatible: readonly string[] } },
  other: { activeVersion: number; features: { incompatible: readonly string[] } },
): boolean {
  return (
    one.activeVersion === other.activeVersion &&
    one.features.incompatible.join() === other.features.incompatible.join()
  );
}
