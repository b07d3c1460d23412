/**
 * What stands in the log of one disk, read from its bytes beside the code under test: which entries
 * were written, and how far they would survive a power cut now.
 */
import { crc32c } from "../raft/wire/index.ts";
import type { Codecs } from "./build.ts";
import type { DiskWatcher, VirtualDisk, VirtualFile } from "./world/index.ts";

export interface LoggedEntry {
  readonly term: number;
  /** Hash of kind, version and body. */
  readonly content: number;
}

const MANIFEST = "manifest.json";
const RECORD_HEADER = 16;
const SEGMENT_HEADER = 32;
const ENTRY = 1;
const TRUNCATION = 3;
const ANCHOR = 4;

/** An entry survives a power cut when its file is synced up to its end. */
interface PlacedEntry extends LoggedEntry {
  readonly file: VirtualFile;
  readonly end: number;
}

interface StoredEntry {
  readonly term: number;
  readonly index: number;
  readonly kind: string;
  readonly version: number;
  readonly body: Uint8Array;
}

export interface LedgerEvents {
  readonly onEntry: (index: number, entry: LoggedEntry) => void;
  /** This entry and all behind it do not count any more. */
  readonly onCut: (index: number, entry: LoggedEntry) => void;
  readonly onManifest: (manifest: StoredManifest) => void;
}

export interface StoredManifest {
  readonly incarnation: number;
  readonly activeVersion: number;
}

export class LogLedger implements DiskWatcher {
  private readonly disk: VirtualDisk;
  private readonly codecs: Codecs;
  private readonly events: LedgerEvents;
  private entries: Map<number, PlacedEntry> = new Map();
  private last = 0;
  private snapshot = 0;
  private isStale = true;

  constructor(disk: VirtualDisk, codecs: Codecs, events: LedgerEvents) {
    this.disk = disk;
    this.codecs = codecs;
    this.events = events;
  }

  onAppend(path: string, part: Uint8Array): void {
    const file = this.disk.files.get(path);
    if (!file || !path.startsWith("log/")) return;
    this.refresh();
    const where = { file, startsAt: file.length };
    let offset: number | undefined = 0;
    while (offset !== undefined && offset < part.length) offset = this.take(part, offset, where);
    // Records come whole; anything else is read from the file when it is asked for.
    if (offset === undefined) this.isStale = true;
  }

  onChanged(path: string): void {
    if (path.startsWith("snapshot/")) this.snapshot = this.newestSnapshot();
    else if (path.startsWith("log/")) this.isStale = true;
    else if (path === MANIFEST) this.readManifest();
  }

  at(index: number): LoggedEntry | undefined {
    this.refresh();
    return index <= this.last ? this.entries.get(index) : undefined;
  }

  /** Whether this disk would still hold the entry if the power went now. */
  holds(index: number, term: number): boolean {
    this.refresh();
    // A snapshot appears under its name once it is durable.
    if (index <= this.snapshot) return true;
    const entry = this.entries.get(index);
    return index <= this.last && entry?.term === term && entry.end <= entry.file.durable;
  }

  /** Whether it was written, synced or not. */
  has(index: number, term: number): boolean {
    this.refresh();
    return index <= this.snapshot || (index <= this.last && this.entries.get(index)?.term === term);
  }

  private refresh(): void {
    if (!this.isStale) return;
    this.entries = new Map();
    this.last = 0;
    this.snapshot = this.newestSnapshot();
    const segments: { file: VirtualFile; sequence: number; isBase: boolean }[] = [];
    for (const [path, file] of this.disk.files) {
      if (!/^log\/\d{20}\.wal$/.test(path) || file.length < SEGMENT_HEADER) continue;
      const { bytes } = file;
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
      const sequence = Number(view.getBigUint64(20, true));
      segments.push({ file, sequence, isBase: (view.getUint32(16, true) & 1) !== 0 });
    }
    segments.sort((one, other) => one.sequence - other.sequence);
    const first = Math.max(
      0,
      segments.findLastIndex(({ isBase }) => isBase),
    );
    for (const { file } of segments.slice(first)) {
      const { bytes } = file;
      let offset: number | undefined = SEGMENT_HEADER;
      while (offset !== undefined && offset < bytes.length)
        offset = this.take(bytes, offset, { file, startsAt: 0 });
    }
    this.isStale = false;
  }

  private newestSnapshot(): number {
    let newest = 0;
    for (const path of this.disk.files.keys()) {
      const [, index] = /^snapshot\/(\d{20})-\d{20}\.snap$/.exec(path) ?? [];
      if (index !== undefined) newest = Math.max(newest, Number(index));
    }
    return newest;
  }

  private readManifest(): void {
    if (!this.disk.files.has(MANIFEST)) return;
    const text = new TextDecoder().decode(this.disk.bytes(MANIFEST));
    this.events.onManifest(JSON.parse(text) as StoredManifest);
  }

  /** One record; where the next one begins, or undefined when it is no whole record. */
  private take(
    bytes: Uint8Array,
    offset: number,
    { file, startsAt }: { readonly file: VirtualFile; readonly startsAt: number },
  ): number | undefined {
    if (bytes.length - offset < RECORD_HEADER) return undefined;
    const view = new DataView(bytes.buffer, bytes.byteOffset + offset, bytes.length - offset);
    const length = view.getUint32(0, true);
    const next = offset + Math.ceil((RECORD_HEADER + length) / 8) * 8;
    if (next > bytes.length) return undefined;
    const body = bytes.subarray(offset + RECORD_HEADER, offset + RECORD_HEADER + length);
    // What was just appended is whole; what a crash left may not be.
    const covered = bytes.subarray(offset + 8, offset + RECORD_HEADER + length);
    if (this.isStale && view.getUint32(4, true) !== crc32c(covered)) return undefined;
    const kind = view.getUint16(8, true);
    if (kind === TRUNCATION) this.cutFrom(Number(view.getBigUint64(RECORD_HEADER, true)));
    if (kind === ANCHOR) this.last = Number(view.getBigUint64(RECORD_HEADER, true));
    if (kind !== ENTRY) return next;
    const entry = this.decode(view.getUint32(12, true), body);
    // A torn record: the log ends here.
    if (!entry) return undefined;
    this.put(entry, { file, end: startsAt + next });
    return next;
  }

  private decode(version: number, body: Uint8Array): StoredEntry | undefined {
    try {
      return this.codecs.open("LogEntry", version).decode(body) as StoredEntry;
    } catch {
      return undefined;
    }
  }

  private put(
    { term, index, kind, version, body }: StoredEntry,
    where: { readonly file: VirtualFile; readonly end: number },
  ): void {
    const entry = { term, content: hashOf(kind, version, body), ...where };
    if (index <= this.last) this.cutFrom(index);
    this.entries.set(index, entry);
    this.last = index;
    this.events.onEntry(index, entry);
  }

  private cutFrom(index: number): void {
    const entry = index <= this.last ? this.entries.get(index) : undefined;
    if (entry && !this.isStale) this.events.onCut(index, entry);
    this.last = Math.min(this.last, index - 1);
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
