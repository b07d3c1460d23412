/**
 * Reads the log of a data directory and changes nothing. A torn tail, which an interrupted write
 * leaves, is reported so that it can be cut off later; damage anywhere else is a refusal, because
 * what stood there may have been acknowledged.
 */
import type { StoredVersion } from "../../../migrate/index.ts";
import type { Entry, HardState } from "../../core/index.ts";
import type { Disk } from "../ports.ts";
import { findSettledRecord, readRecord, type StoredRecord } from "../record.ts";
import { DirectoryRefused } from "../refusal.ts";
import { decodeStoredEntry, decodeStoredHardState, isReadable } from "../stored.ts";
import { LogRecordKind, type Position, readNumbers } from "./log-records.ts";
import {
  isSegmentName,
  LOG_FOLDER,
  readSegmentHeader,
  SEGMENT_HEADER_BYTES,
  type SegmentHeader,
} from "./segment.ts";

export interface RecoveredSegment {
  readonly path: string;
  readonly header: SegmentHeader;
  /** Length without the torn tail. */
  readonly length: number;
  /** Wire versions of the records and entry bodies in it. */
  readonly versions: Set<number>;
}

export interface RecoveredLog {
  /** Oldest first; the last one is written to. Empty: there is no log. */
  readonly segments: readonly RecoveredSegment[];
  /** Files of before the last rewrite, which a crash kept. */
  readonly leftovers: readonly string[];
  readonly anchor: Position;
  /** Contiguous, from `anchor.index + 1`. Incomplete when the content is not readable (see `content`). */
  readonly entries: readonly Entry[];
  readonly hardState: HardState;
  readonly tornBytes: number;
  /** Ignorable records of unknown kinds. */
  readonly recordsSkipped: number;
  readonly content: readonly StoredVersion[];
}

export function recoverLog(disk: Disk): RecoveredLog {
  const files = readSegments(disk);
  const base = files.findLastIndex(({ header }) => header.base);
  const live = files.slice(Math.max(base, 0));
  const replay = new Replay();
  const segments = live.map((file, position) =>
    replay.readSegment(file, position === live.length - 1),
  );
  return {
    segments,
    leftovers: files.slice(0, Math.max(base, 0)).map(({ path }) => path),
    anchor: replay.anchor,
    entries: replay.entries,
    hardState: replay.hardState,
    tornBytes: replay.tornBytes,
    recordsSkipped: replay.recordsSkipped,
    content: segments.flatMap(({ path, versions }) =>
      [...versions].map((version) => ({ version, place: path })),
    ),
  };
}

interface SegmentFile {
  readonly path: string;
  readonly header: SegmentHeader;
  readonly bytes: Uint8Array;
}

function readSegments(disk: Disk): readonly SegmentFile[] {
  return disk
    .list(LOG_FOLDER)
    .filter(isSegmentName)
    .map((name) => readSegment(disk, `${LOG_FOLDER}/${name}`))
    .sort((one, other) => one.header.sequence - other.header.sequence);
}

function readSegment(disk: Disk, path: string): SegmentFile {
  const bytes = disk.read(path) ?? new Uint8Array(0);
  const header = readSegmentHeader(bytes);
  if (typeof header === "string") throw damaged(path, 0, header);
  return { path, header, bytes };
}

/** What the records said so far, one after the other. */
class Replay {
  anchor: Position = { index: 0, term: 0 };
  entries: Entry[] = [];
  hardState: HardState = { term: 0, vote: 0, commit: 0 };
  tornBytes = 0;
  recordsSkipped = 0;
  /** Once a record can not be read, the positions of later ones can not be checked any more. */
  private unreadable = false;

  readSegment(file: SegmentFile, isLast: boolean): RecoveredSegment {
    const versions = new Set<number>();
    let offset = SEGMENT_HEADER_BYTES;
    while (offset < file.bytes.length) {
      const found = readRecord(file.bytes, offset);
      if (!found.ok) {
        // A record that is whole was written by a release that knows more: it may hold what counts.
        if (found.isWhole) throw notUnderstood(file.path, offset, found.problem);
        refuseUnlessTorn(file, offset, isLast, found.problem);
        break;
      }
      this.apply(file, offset, found.record, versions);
      offset = found.next;
    }
    this.tornBytes += file.bytes.length - offset;
    return { path: file.path, header: file.header, length: offset, versions };
  }

  private apply(
    file: SegmentFile,
    offset: number,
    record: StoredRecord,
    versions: Set<number>,
  ): void {
    if (record.version !== 0) versions.add(record.version);
    switch (record.kind) {
      case LogRecordKind.entry:
        return this.applyEntry(file, offset, record, versions);
      case LogRecordKind.hardState:
        if (isReadable(record.version))
          this.hardState = decodeStoredHardState(record.body, record.version);
        return;
      case LogRecordKind.truncation:
        return this.applyTruncation(file, offset, record);
      case LogRecordKind.anchor:
        return this.applyAnchor(file, offset, record);
      default:
        if (record.critical)
          throw new DirectoryRefused(
            "unknown_critical_record",
            `Cannot read ${file.path}: record kind ${record.kind} at byte ${offset} is critical and unknown to this release; start the release that wrote it`,
          );
        this.recordsSkipped++;
    }
  }

  private applyEntry(
    file: SegmentFile,
    offset: number,
    record: StoredRecord,
    versions: Set<number>,
  ): void {
    if (!isReadable(record.version)) {
      this.unreadable = true;
      return;
    }
    const { entry, bodyVersion } = decodeStoredEntry(record.body, record.version);
    if (bodyVersion !== 0) versions.add(bodyVersion);
    if (this.unreadable) return;
    if (entry.index !== this.lastIndex() + 1)
      throw damaged(file.path, offset, `entry ${entry.index} follows entry ${this.lastIndex()}`);
    this.entries.push(entry);
  }

  private applyTruncation(file: SegmentFile, offset: number, record: StoredRecord): void {
    const [firstRemoved] = readNumbers(record.body, 1) ?? [];
    if (firstRemoved === undefined) throw damaged(file.path, offset, "a truncation has 8 bytes");
    this.cutFrom(firstRemoved);
  }

  private applyAnchor(file: SegmentFile, offset: number, record: StoredRecord): void {
    const [index, term] = readNumbers(record.body, 2) ?? [];
    if (index === undefined || term === undefined)
      throw damaged(file.path, offset, "an anchor has 16 bytes");
    if (file.header.base) {
      this.anchor = { index, term };
      this.entries = [];
      return;
    }
    if (this.unreadable) return;
    this.cutFrom(index + 1);
    if (this.lastIndex() !== index || this.lastTerm() !== term)
      throw damaged(
        file.path,
        offset,
        `it continues behind entry ${index} of term ${term}, the file before it ends with entry ${this.lastIndex()} of term ${this.lastTerm()}`,
      );
  }

  private cutFrom(index: number): void {
    this.entries.length = Math.min(this.entries.length, Math.max(0, index - this.anchor.index - 1));
  }

  private lastIndex(): number {
    return this.anchor.index + this.entries.length;
  }

  private lastTerm(): number {
    return this.entries.at(-1)?.term ?? this.anchor.term;
  }
}

function refuseUnlessTorn(
  file: SegmentFile,
  offset: number,
  isLast: boolean,
  problem: string,
): void {
  if (!isLast) throw damaged(file.path, offset, problem);
  const settled = findSettledRecord(file.bytes, offset + 1);
  if (settled !== undefined)
    throw damaged(
      file.path,
      offset,
      `${problem}, and the record at byte ${settled} was written after it was safe on disk`,
    );
}

function notUnderstood(path: string, offset: number, problem: string): DirectoryRefused {
  return new DirectoryRefused(
    "unknown_record_form",
    `Cannot read ${path}: the record at byte ${offset} has ${problem}; start the release that wrote it, or a later one`,
  );
}

function damaged(path: string, offset: number, problem: string): DirectoryRefused {
  return new DirectoryRefused(
    "log_damaged",
    `Cannot read ${path}: damage at byte ${offset}: ${problem}; restore the directory, or remove this member and join it anew with an empty one`,
  );
}
