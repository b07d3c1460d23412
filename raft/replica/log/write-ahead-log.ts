/**
 * Writes the log: entries, hard state and truncations in one stream, one sync per batch that
 * promises something. One batch at a time: the next may come when `done` was called.
 */
import { assert } from "../../../base/index.ts";
import type { StoredVersion } from "../../../migrate/index.ts";
import type { Entry, HardState } from "../../core/index.ts";
import type { Disk, DiskError } from "../ports.ts";
import { joinRecords, type StoredRecord } from "../record.ts";
import { bodyVersionOf } from "../stored.ts";
import {
  anchorRecord,
  entryRecord,
  hardStateRecord,
  type Position,
  truncationRecord,
} from "./log-records.ts";
import type { RecoveredLog, RecoveredSegment } from "./recover.ts";
import { segmentHeaderBytes, segmentPath } from "./segment.ts";

export interface LogBatch {
  readonly entries: readonly Entry[];
  readonly hardState: HardState | undefined;
  /** The entry before the first one of this batch, or the last of the log when it has none. */
  readonly previous: Position;
  /** Whether `done` promises durability. */
  readonly sync: boolean;
  /** Wire version of the records. */
  readonly version: number;
}

export interface LogStart {
  readonly anchor: Position;
  readonly hardState: HardState;
  readonly entries: readonly Entry[];
  readonly version: number;
}

/** Called on success only: after a disk error the log stays silent, because nothing may be promised any more. */
type Done = () => void;

interface Segment {
  readonly path: string;
  readonly firstIndex: number;
  length: number;
  readonly versions: Set<number>;
}

export class WriteAheadLog {
  private readonly disk: Disk;
  private readonly onError: (error: DiskError, path: string) => void;
  private segments: Segment[];
  private leftovers: readonly string[];
  private sequence: number;
  private lastIndex: number;
  private hardState: HardState;
  /** A commit index that promises nothing waits for the next batch instead of costing a write of its own. */
  private isHardStateWaiting = false;
  /** Of what was written last: an older one may be gone from the manifest. */
  private version = 0;
  /** Something was appended to the last file since its last sync; at start nobody knows. */
  private isDirty = true;
  /** Rules of the active version: a file that reached this size is followed by a new one. */
  bytesPerSegmentMax = Number.POSITIVE_INFINITY;

  constructor(
    disk: Disk,
    recovered: RecoveredLog,
    onError: (error: DiskError, path: string) => void,
  ) {
    this.disk = disk;
    this.onError = onError;
    this.segments = recovered.segments.map(asSegment);
    this.leftovers = recovered.leftovers;
    this.sequence = recovered.segments.at(-1)?.header.sequence ?? 0;
    this.lastIndex = recovered.anchor.index + recovered.entries.length;
    this.hardState = recovered.hardState;
  }

  /** Appends a batch; entries that take the place of others remove everything behind them first. */
  write(batch: LogBatch, done: Done): void {
    const active = this.segments.at(-1);
    assert(active !== undefined, "a log has a file before anything is written to it");
    this.version = batch.version;
    if (batch.entries.length === 0 && !batch.sync) {
      this.hardState = batch.hardState ?? this.hardState;
      this.isHardStateWaiting ||= batch.hardState !== undefined;
      return done();
    }
    if (this.shallRotate(active, batch)) return this.rotate(batch, done);
    const records = this.batchRecords(batch, active.versions);
    if (records.length === 0) return this.syncIf(batch.sync, active, done);
    const bytes = joinRecords(records);
    active.length += bytes.length;
    this.isDirty = true;
    this.disk.append(active.path, [bytes], (error) => {
      if (error) return this.onError(error, active.path);
      if (batch.sync) this.syncIf(true, active, done);
    });
    // Writes to one file keep their order, so what promises nothing need not wait.
    if (!batch.sync) done();
  }

  /** Begins the log anew in one file, all or nothing, then removes the files before it. */
  restart(start: LogStart, done: Done): void {
    const { anchor, hardState, entries, version } = start;
    const path = segmentPath(anchor.index + 1);
    const versions = new Set([version, ...entries.map(bodyVersionOf).filter(Boolean)]);
    // The file comes whole or not at all, so nothing in it can be a torn tail.
    const records = [
      anchorRecord(anchor),
      hardStateRecord(hardState, version, true),
      ...entries.map((entry) => entryRecord(entry, version, true)),
    ];
    const bytes = joinRecords(records, this.header(anchor.index + 1, true));
    this.disk.replace(path, bytes, (error) => {
      if (error) return this.onError(error, path);
      const old = [...this.leftovers, ...this.segments.map((segment) => segment.path)];
      this.segments = [{ path, firstIndex: anchor.index + 1, length: bytes.length, versions }];
      this.leftovers = [];
      this.lastIndex = anchor.index + entries.length;
      this.hardState = hardState;
      this.version = version;
      this.isHardStateWaiting = false;
      this.isDirty = false;
      this.removeAll(
        old.filter((name) => name !== path),
        done,
      );
    });
  }

  /**
   * Makes durable what was read at start: a killed process leaves bytes that the machine has not
   * yet written, and the node will answer for them from now on.
   */
  repair(done: Done): void {
    const active = this.segments.at(-1);
    if (active === undefined) return done();
    this.disk.truncate(active.path, active.length, (error) => {
      if (error) return this.onError(error, active.path);
      this.disk.sync(active.path, (failed) => {
        if (failed) return this.onError(failed, active.path);
        this.isDirty = false;
        const old = this.leftovers;
        this.leftovers = [];
        this.removeAll(old, done);
      });
    });
  }

  /**
   * For the end: what was written without a promise becomes durable too. Then the hard state is written once
   * more, behind it and settled: whatever is found spoilt before that mark is damage and no torn tail.
   */
  flush(done: Done): void {
    const active = this.segments.at(-1);
    if (active === undefined) return done();
    this.syncIf(true, active, () => {
      if (this.version === 0) return done();
      const bytes = joinRecords([hardStateRecord(this.hardState, this.version, true)]);
      this.isHardStateWaiting = false;
      active.versions.add(this.version);
      active.length += bytes.length;
      this.isDirty = true;
      this.disk.append(active.path, [bytes], (error) =>
        error ? this.onError(error, active.path) : this.syncIf(true, active, done),
      );
    });
  }

  content(): readonly StoredVersion[] {
    return this.segments.flatMap(({ path, versions }) =>
      [...versions].map((version) => ({ version, place: path })),
    );
  }

  private shallRotate(active: Segment, batch: LogBatch): boolean {
    const first = batch.entries[0];
    if (first === undefined || active.length < this.bytesPerSegmentMax) return false;
    // Names stay unique: after a truncation the log goes on in the same file until it has passed them all.
    return this.segments.every(({ firstIndex }) => first.index > firstIndex);
  }

  private rotate(batch: LogBatch, done: Done): void {
    const active = this.segments.at(-1);
    assert(active !== undefined, "only an existing file is followed by another");
    // Only the last file may have a torn tail, so the one before it is complete on disk first.
    this.syncIf(true, active, () => {
      const firstIndex = batch.previous.index + 1;
      const records = [
        anchorRecord(batch.previous),
        hardStateRecord(this.hardState, batch.version, false),
      ];
      const bytes = joinRecords(records, this.header(firstIndex, false));
      const path = segmentPath(firstIndex);
      const versions = new Set([batch.version]);
      this.disk.replace(path, bytes, (failed) => {
        if (failed) return this.onError(failed, path);
        this.segments.push({ path, firstIndex, length: bytes.length, versions });
        this.lastIndex = batch.previous.index;
        this.write(batch, done);
      });
    });
  }

  private header(firstIndex: number, base: boolean): Uint8Array {
    this.sequence++;
    return segmentHeaderBytes({ firstIndex, sequence: this.sequence, base });
  }

  private batchRecords(batch: LogBatch, versions: Set<number>): readonly StoredRecord[] {
    const { entries, version } = batch;
    const hardState = batch.hardState ?? (this.isHardStateWaiting ? this.hardState : undefined);
    const settled = !this.isDirty;
    const records = [...this.truncation(entries[0], settled)];
    for (const entry of entries) {
      records.push(entryRecord(entry, version, settled && records.length === 0));
      const bodyVersion = bodyVersionOf(entry);
      if (bodyVersion !== 0) versions.add(bodyVersion);
      this.lastIndex = entry.index;
    }
    if (hardState !== undefined) {
      records.push(hardStateRecord(hardState, version, settled && records.length === 0));
      this.hardState = hardState;
      this.isHardStateWaiting = false;
    }
    if (records.length > 0) versions.add(version);
    return records;
  }

  private truncation(first: Entry | undefined, settled: boolean): readonly StoredRecord[] {
    if (first === undefined || first.index > this.lastIndex) return [];
    return [truncationRecord(first.index, settled)];
  }

  private syncIf(wanted: boolean, segment: Segment, done: Done): void {
    if (!wanted || !this.isDirty) return done();
    this.disk.sync(segment.path, (error) => {
      // A failed sync is not tried again: the machine may have dropped the bytes and report success next time.
      if (error) return this.onError(error, segment.path);
      this.isDirty = false;
      done();
    });
  }

  private removeAll(paths: readonly string[], done: Done): void {
    const [path, ...rest] = paths;
    if (path === undefined) return done();
    this.disk.remove(path, (error) => {
      if (error) return this.onError(error, path);
      this.removeAll(rest, done);
    });
  }
}

function asSegment({ path, header, length, versions }: RecoveredSegment): Segment {
  return { path, firstIndex: header.firstIndex, length, versions: new Set(versions) };
}
