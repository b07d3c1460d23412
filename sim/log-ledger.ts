/**
 * What stands in the log of one disk, read from its bytes beside the code under test: which entries
 * were written, and how far they would survive a power cut now.
 */
import type { Codecs } from "./build.ts";
import type { DiskWatcher, VirtualDisk } from "./world/index.ts";

export interface LoggedEntry {
  readonly term: number;
  /** Hash of kind, version and body. */
  readonly content: number;
}

const RECORD_HEADER = 16;
const SEGMENT_HEADER = 32;
const ENTRY = 1;
const TRUNCATION = 3;
const ANCHOR = 4;

interface StoredEntry {
  readonly term: number;
  readonly index: number;
  readonly kind: string;
  readonly version: number;
  readonly body: Uint8Array;
}

export class LogLedger implements DiskWatcher {
  private readonly disk: VirtualDisk;
  private readonly codecs: Codecs;
  private readonly onEntry: (index: number, entry: LoggedEntry) => void;
  private entries: Map<number, LoggedEntry> = new Map();
  private last = 0;
  private durableTo = 0;
  private snapshot = 0;
  private snapshotDurable = 0;
  /** Last index when the sync of a file began. */
  private readonly syncing: Map<string, number> = new Map();
  private isStale = true;

  constructor(
    disk: VirtualDisk,
    codecs: Codecs,
    onEntry: (index: number, entry: LoggedEntry) => void,
  ) {
    this.disk = disk;
    this.codecs = codecs;
    this.onEntry = onEntry;
  }

  onAppend(path: string, part: Uint8Array): void {
    if (this.isStale || !path.startsWith("log/")) return;
    // Records come whole; anything else is read from the file when it is asked for.
    if (this.take(part, 0) !== part.length) this.isStale = true;
  }

  onSyncBegun(path: string): void {
    this.refresh();
    this.syncing.set(path, this.last);
  }

  onSynced(path: string): void {
    this.refresh();
    const reached = this.syncing.get(path);
    this.syncing.delete(path);
    if (reached !== undefined)
      this.durableTo = Math.max(this.durableTo, Math.min(reached, this.last));
  }

  onChanged(path: string): void {
    if (path === "") this.syncing.clear();
    this.isStale = true;
  }

  at(index: number): LoggedEntry | undefined {
    this.refresh();
    return index <= this.last ? this.entries.get(index) : undefined;
  }

  /** Whether this disk would still hold the entry if the power went now. */
  holds(index: number, term: number): boolean {
    this.refresh();
    if (index <= this.snapshotDurable) return true;
    return index <= this.durableTo && this.entries.get(index)?.term === term;
  }

  /** Whether it was written, synced or not. */
  has(index: number, term: number): boolean {
    this.refresh();
    return index <= this.snapshot || (index <= this.last && this.entries.get(index)?.term === term);
  }

  private refresh(): void {
    if (!this.isStale) return;
    this.scan(true);
    this.durableTo = this.last;
    this.snapshotDurable = this.snapshot;
    this.scan(false);
    this.durableTo = Math.min(this.durableTo, this.last);
    this.isStale = false;
  }

  private scan(durableOnly: boolean): void {
    this.entries = new Map();
    this.last = 0;
    this.snapshot = 0;
    const segments: { bytes: Uint8Array; sequence: number; isBase: boolean }[] = [];
    for (const [path, file] of this.disk.files) {
      const [, index] = /^snapshot\/(\d{20})-\d{20}\.snap$/.exec(path) ?? [];
      if (index !== undefined) this.snapshot = Math.max(this.snapshot, Number(index));
      if (!/^log\/\d{20}\.wal$/.test(path) || file.length < SEGMENT_HEADER) continue;
      const bytes = durableOnly ? file.bytes.subarray(0, file.durable) : file.bytes;
      if (bytes.length < SEGMENT_HEADER) continue;
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
      const sequence = Number(view.getBigUint64(20, true));
      segments.push({ bytes, sequence, isBase: (view.getUint32(16, true) & 1) !== 0 });
    }
    segments.sort((one, other) => one.sequence - other.sequence);
    const first = Math.max(
      0,
      segments.findLastIndex(({ isBase }) => isBase),
    );
    for (const { bytes } of segments.slice(first)) {
      let offset: number | undefined = SEGMENT_HEADER;
      while (offset !== undefined && offset < bytes.length) offset = this.take(bytes, offset);
    }
  }

  /** One record; where the next one begins, or undefined when it is no whole record. */
  private take(bytes: Uint8Array, offset: number): number | undefined {
    if (bytes.length - offset < RECORD_HEADER) return undefined;
    const view = new DataView(bytes.buffer, bytes.byteOffset + offset, bytes.length - offset);
    const length = view.getUint32(0, true);
    const next = offset + Math.ceil((RECORD_HEADER + length) / 8) * 8;
    if (next > bytes.length) return undefined;
    const body = bytes.subarray(offset + RECORD_HEADER, offset + RECORD_HEADER + length);
    const kind = view.getUint16(8, true);
    if (kind === TRUNCATION) this.cutFrom(Number(view.getBigUint64(RECORD_HEADER, true)));
    if (kind === ANCHOR) this.last = Number(view.getBigUint64(RECORD_HEADER, true));
    if (kind !== ENTRY) return next;
    try {
      const codec = this.codecs.open("LogEntry", view.getUint32(12, true));
      this.put(codec.decode(body) as StoredEntry);
      return next;
    } catch {
      // A torn record: the log ends here.
      return undefined;
    }
  }

  private put({ term, index, kind, version, body }: StoredEntry): void {
    const entry = { term, content: hashOf(kind, version, body) };
    if (index <= this.last) this.cutFrom(index);
    this.entries.set(index, entry);
    this.last = index;
    if (!this.isStale) this.onEntry(index, entry);
  }

  private cutFrom(index: number): void {
    this.last = Math.min(this.last, index - 1);
    this.durableTo = Math.min(this.durableTo, index - 1);
  }
}

function hashOf(kind: string, version: number, body: Uint8Array): number {
  let hash = 0x811c9dc5 ^ version;
  for (let place = 0; place < kind.length; place++)
    hash = Math.imul(hash ^ kind.charCodeAt(place), 0x01000193);
  for (let place = 0; place < body.length; place++)
    hash = Math.imul(hash ^ (body[place] ?? 0), 0x01000193);
  return hash >>> 0;
}
