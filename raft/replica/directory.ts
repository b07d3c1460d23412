/**
 * Opens a data directory: reads and judges all of it before anything is written, so that a refusal
 * leaves it as it was. What has to be written then is done by `prepareDirectory`.
 */
import { DecodeError } from "../../codecs/index.ts";
import { judgeContent, type StoredVersion } from "../../migrate/index.ts";
import type { HardState } from "../core/index.ts";
import { type RecoveredLog, recoverLog } from "./log/recover.ts";
import {
  MANIFEST_PATH,
  type Manifest,
  newManifest,
  readManifest,
  refuseForeign,
  versionsOf,
} from "./manifest.ts";
import type { Disk, ReplicaOptions } from "./ports.ts";
import { DirectoryRefused } from "./refusal.ts";
import { listSnapshots, snapshotPath } from "./snapshot/snapshot-file.ts";
import { readSnapshot, snapshotContent } from "./snapshot/snapshot-state.ts";
import { foundingMembers } from "./state-machine/membership.ts";
import { StateMachine } from "./state-machine/state-machine.ts";
import { READABLE } from "./stored.ts";

export interface OpenedDirectory {
  /** As it was found, or as it begins. */
  readonly manifest: Manifest;
  /** Nothing was there: the first snapshot and the log are still to be written. */
  readonly isNew: boolean;
  readonly state: StateMachine;
  readonly log: RecoveredLog;
  /**
   * The log holds the last entry of the snapshot. False: the power went when a received snapshot was in place
   * and its log was not, so what the log holds counts no more.
   */
  readonly logHoldsSnapshot: boolean;
  readonly hardState: HardState;
  /** Complete snapshots that a newer one replaces. */
  readonly oldSnapshots: readonly string[];
  readonly sectionsSkipped: number;
  readonly snapshotContent: readonly StoredVersion[];
}

/** Throws `DirectoryRefused`. */
export function openDirectory(disk: Disk, options: ReplicaOptions): OpenedDirectory {
  const manifest = readManifest(disk);
  if (manifest) refuseForeign(manifest, options);
  const snapshots = listSnapshots(disk);
  if (manifest === undefined || manifest.incarnation === 0)
    return found(disk, options, manifest, snapshots);
  refuseVersions(manifest);
  const log = guarded("the log", () => recoverLog(disk));
  const newest = snapshots.at(-1);
  const bytes = newest === undefined ? undefined : disk.read(newest);
  const stored = [
    ...log.content,
    ...(newest && bytes ? snapshotContent(bytes, newest) : []),
    { version: manifest.activeVersion, place: MANIFEST_PATH },
  ];
  refuseContent(stored, manifest);
  const read = newest && bytes ? guarded(newest, () => readSnapshot(bytes, newest)) : undefined;
  refuseContent(read?.content ?? [], manifest);
  const state = read?.state ?? new StateMachine(manifest.activeVersion);
  return {
    manifest,
    isNew: false,
    state,
    log,
    logHoldsSnapshot: termIn(log, state.appliedIndex) === state.appliedTerm,
    hardState: joinParts(log, state, newest),
    oldSnapshots: snapshots.slice(0, -1),
    sectionsSkipped: read?.sectionsSkipped ?? 0,
    snapshotContent: read?.content ?? [],
  };
}

/** First start, or one that was interrupted before it was complete. */
function found(
  disk: Disk,
  options: ReplicaOptions,
  manifest: Manifest | undefined,
  snapshots: readonly string[],
): OpenedDirectory {
  const files = disk.list("log");
  if (manifest === undefined && (snapshots.length > 0 || files.length > 0))
    throw new DirectoryRefused(
      "manifest_missing",
      `Cannot open the data directory: it holds ${snapshots.length + files.length} files of a node but no ${MANIFEST_PATH}; restore it, or empty the directory`,
    );
  const state = new StateMachine(READABLE.min);
  if (options.founders.length > 0) {
    // Every founder writes the same snapshot, so the cluster begins with an agreed first entry.
    state.membership = foundingMembers(options.founders);
    state.finishSnapshot(1, 1);
  }
  const { appliedIndex: index, appliedTerm: term } = state;
  const hardState: HardState = { term, vote: 0, commit: index };
  return {
    manifest: manifest ?? newManifest(options, READABLE.min),
    isNew: true,
    state,
    log: {
      segments: [],
      leftovers: files.map((name) => `log/${name}`),
      anchor: { index, term },
      entries: [],
      hardState,
      tornBytes: 0,
      recordsSkipped: 0,
      content: [],
    },
    logHoldsSnapshot: true,
    hardState,
    oldSnapshots: snapshots.filter((path) => path !== snapshotPath({ index, term })),
    sectionsSkipped: 0,
    snapshotContent: [],
  };
}

/** The features of the manifest name versions that content may use, also content that nobody looked at yet. */
function refuseVersions(manifest: Manifest): void {
  const named = versionsOf(manifest).map((version) => ({ version, place: MANIFEST_PATH }));
  refuseContent(named, manifest);
}

function refuseContent(stored: readonly StoredVersion[], manifest: Manifest): void {
  const verdict = judgeContent(stored, READABLE, manifest.release);
  if (!verdict.readable) throw new DirectoryRefused("content_version_unsupported", verdict.message);
}

/** Undefined: the entry is before or behind the log. */
function termIn({ anchor, entries }: RecoveredLog, index: number): number | undefined {
  return index === anchor.index ? anchor.term : entries[index - anchor.index - 1]?.term;
}

/**
 * Log, snapshot and hard state were written one after the other; a crash between them leaves them
 * apart. A snapshot that is ahead of the log wins, because it holds committed entries only.
 */
function joinParts(
  log: RecoveredLog,
  state: StateMachine,
  snapshot: string | undefined,
): HardState {
  const { appliedIndex, appliedTerm } = state;
  if (log.segments.length === 0)
    throw new DirectoryRefused(
      "log_missing",
      "Cannot open the data directory: it has no log, which may have held votes; restore it, or remove this member and join it anew with an empty directory",
    );
  if (log.anchor.index > appliedIndex)
    throw new DirectoryRefused(
      "snapshot_missing",
      `Cannot open the data directory: the log begins behind entry ${log.anchor.index}, ${snapshot ?? "no snapshot"} ends before it; restore the snapshot, or remove this member and join it anew with an empty directory`,
    );
  const lastIndex = Math.max(log.anchor.index + log.entries.length, appliedIndex);
  if (log.hardState.commit > lastIndex)
    throw new DirectoryRefused(
      "log_damaged",
      `Cannot read ${log.segments.at(-1)?.path}: entries up to ${log.hardState.commit} were committed, the log ends at ${lastIndex}; restore the directory, or remove this member and join it anew with an empty one`,
    );
  const { term, vote, commit } = log.hardState;
  return {
    term: Math.max(term, appliedTerm),
    vote: term >= appliedTerm ? vote : 0,
    commit: Math.max(commit, appliedIndex),
  };
}

function guarded<T>(place: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    throw new DirectoryRefused(
      "content_undecodable",
      `Cannot read ${place}: ${error.message}; restore the directory, or remove this member and join it anew with an empty one`,
    );
  }
}
