/** What a start writes, once nothing speaks against it. The incarnation rises last: until then the directory still begins. */
import { contentSummary } from "../../migrate/index.ts";
import type { OpenedDirectory } from "./directory.ts";
import type { Position } from "./log/log-records.ts";
import type { WriteAheadLog } from "./log/write-ahead-log.ts";
import { MANIFEST_PATH, type Manifest, withVersions, writeManifest } from "./manifest.ts";
import { haltOnDisk } from "./node.ts";
import type { ReplicaOptions, ReplicaPorts } from "./ports.ts";
import { snapshotPath } from "./snapshot/snapshot-file.ts";
import { snapshotBytes } from "./snapshot/snapshot-state.ts";

export interface Preparation {
  readonly opened: OpenedDirectory;
  readonly log: WriteAheadLog;
  readonly options: ReplicaOptions;
  readonly ports: ReplicaPorts;
  readonly halt: (code: string, message: string) => void;
}

export function prepareDirectory(work: Preparation, done: (manifest: Manifest) => void): void {
  const { opened, log } = work;
  const finish = (): void => removeOld(work, opened.oldSnapshots, () => raise(work, done));
  if (!opened.isNew)
    return opened.logHoldsSnapshot
      ? log.repair(finish)
      : startLog(work, positionOf(opened), finish);
  // The manifest names the version before the first byte of it is written.
  writeOrHalt(work, opened.manifest, () => writeFirstSnapshot(work, finish));
}

function writeFirstSnapshot(work: Preparation, done: () => void): void {
  const { state, log: recovered } = work.opened;
  const { anchor } = recovered;
  if (state.appliedIndex === 0) return startLog(work, anchor, done);
  const path = snapshotPath(positionOf(work.opened));
  work.ports.disk.replace(path, snapshotBytes(state), (error) =>
    error ? haltOnDisk(work, error, path) : startLog(work, anchor, done),
  );
}

/** All or nothing; whatever was in the log before goes. */
function startLog({ opened, log }: Preparation, anchor: Position, done: () => void): void {
  const { state, hardState } = opened;
  log.restart({ anchor, hardState, entries: [], version: state.activeVersion }, done);
}

function positionOf({ state }: OpenedDirectory): Position {
  return { index: state.appliedIndex, term: state.appliedTerm };
}

function removeOld(work: Preparation, paths: readonly string[], done: () => void): void {
  const [path, ...rest] = paths;
  if (path === undefined) return done();
  work.ports.disk.remove(path, (error) =>
    error ? haltOnDisk(work, error, path) : removeOld(work, rest, done),
  );
}

function raise(work: Preparation, done: (manifest: Manifest) => void): void {
  const { opened, options, log } = work;
  const { activeVersion } = opened.state;
  const versions = contentSummary([...log.content(), ...opened.snapshotContent]);
  const raised = {
    ...opened.manifest,
    incarnation: opened.manifest.incarnation + 1,
    release: options.release,
    activeVersion: Math.max(activeVersion, opened.manifest.activeVersion),
  };
  const manifest = withVersions(raised, [
    raised.activeVersion,
    activeVersion,
    ...versions.map(({ version }) => version),
  ]);
  writeOrHalt(work, manifest, () => done(manifest));
}

function writeOrHalt(work: Preparation, manifest: Manifest, done: () => void): void {
  writeManifest(work.ports.disk, manifest, (error) =>
    error ? haltOnDisk(work, error, MANIFEST_PATH) : done(),
  );
}
