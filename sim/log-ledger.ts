/**
 * What stands on one disk, read from its bytes beside the code under test: which entries were
 * written, how far they would survive a power cut now, and what the manifest says of them.
 */
import type { Codecs } from "./build.ts";
import {
  type FoundRecord,
  MANIFEST,
  readManifest,
  readRecord,
  recordsOf,
  type StoredManifest,
  segmentsOf,
  snapshotIndexOf,
} from "./stored-bytes.ts";
import type { DiskWatcher, VirtualDisk, VirtualFile } from "./world/index.ts";

export interface LoggedEntry {
  readonly term: number;
  /** Hash of kind, version and body. */
  readonly content: number;
}

const ENTRY = 1;
const HARD_STATE = 2;
const TRUNCATION = 3;
const ANCHOR = 4;

/** It survives a power cut when its file is synced up to its end. */
interface Placed {
  readonly file: VirtualFile;
  readonly end: number;
}

type PlacedEntry = LoggedEntry & Placed;

export interface StoredVote {
  readonly term: number;
  readonly vote: number;
}

/** Read when it is asked for: each batch writes one. */
interface PlacedVote extends Placed {
  readonly version: number;
  readonly body: Uint8Array;
}

interface StoredEntry {
  readonly term: number;
  readonly index: number;
  readonly kind: string;
  readonly version: number;
  readonly critical: boolean;
  readonly body: Uint8Array;
}

export interface LedgerEvents {
  readonly onEntry: (index: number, entry: LoggedEntry) => void;
  /** This entry and all behind it do not count any more. */
  readonly onCut: (index: number, entry: LoggedEntry) => void;
  readonly onManifest: (manifest: StoredManifest) => void;
  /** Something has this version, and the manifest does not name it. */
  readonly onUnnamed: (version: number, what: string) => void;
  /** An entry was just written that the codec of its version can not read. */
  readonly onUnreadable: (version: number) => void;
  /** Something that a reader may skip was written. */
  readonly onIgnorable: (what: Skippable) => void;
}

export type Skippable = "entry" | "record" | "section";

export class LogLedger implements DiskWatcher {
  private readonly disk: VirtualDisk;
  private readonly codecs: Codecs;
  private readonly events: LedgerEvents;
  private entries: Map<number, PlacedEntry> = new Map();
  private last = 0;
  /** The last one that is durable, and those behind it. */
  private votes: readonly PlacedVote[] = [];
  private snapshot: number;
  private named: ReadonlySet<number>;
  private isStale = true;

  constructor(disk: VirtualDisk, codecs: Codecs, events: LedgerEvents) {
    this.disk = disk;
    this.codecs = codecs;
    this.events = events;
    this.named = readManifest(disk)?.named ?? new Set();
    this.snapshot = this.newestSnapshot();
  }

  onAppend(path: string, part: Uint8Array): void {
    const file = this.disk.files.get(path);
    if (!file || !path.startsWith("log/")) return;
    this.refresh();
    let offset = 0;
    while (offset < part.length) {
      const record = readRecord(part, offset, true);
      const isTaken = record && this.take(record, file, file.length + record.next);
      if (isTaken) offset = record.next;
      else return this.onStrange(record);
    }
  }

  /** Records come whole; anything else is read from the file when it is asked for. */
  private onStrange(record: FoundRecord | undefined): void {
    this.isStale = true;
    if (record) this.events.onUnreadable(record.version);
  }

  onChanged(path: string): void {
    if (snapshotIndexOf(path) !== undefined) this.onSnapshot(path);
    else if (path.startsWith("log/")) this.isStale = true;
    else if (path === MANIFEST) this.onManifest();
  }

  at(index: number): LoggedEntry | undefined {
    this.refresh();
    return index <= this.last ? this.entries.get(index) : undefined;
  }

  /** Whether this disk would still hold the entry if the power went now. */
  holds(index: number, term: number): boolean {
    this.refresh();
    if (index <= this.snapshot) return true;
    const entry = this.entries.get(index);
    return index <= this.last && entry?.term === term && isDurable(entry);
  }

  /** Whether it was written, synced or not. */
  has(index: number, term: number): boolean {
    this.refresh();
    return index <= this.snapshot || (index <= this.last && this.entries.get(index)?.term === term);
  }

  /** Whether this disk would still hold all entries up to this one. */
  isDurableTo(index: number): boolean {
    this.refresh();
    if (index <= this.snapshot) return true;
    const entry = this.entries.get(index);
    return index <= this.last && entry !== undefined && isDurable(entry);
  }

  /** What a start would find if the power went now. */
  durableVote(): StoredVote | undefined {
    this.refresh();
    const found = this.votes.findLast(isDurable);
    return found && (this.codecs.open("HardState", found.version).decode(found.body) as StoredVote);
  }

  private keepVote(vote: PlacedVote): void {
    const durable = this.votes.findLastIndex(isDurable);
    this.votes = [...this.votes.slice(Math.max(0, durable)), vote];
  }

  private refresh(): void {
    if (!this.isStale) return;
    this.entries = new Map();
    this.last = 0;
    this.votes = [];
    // A record that can not be read is torn: the file ends here.
    for (const file of segmentsOf(this.disk))
      for (const record of recordsOf(file.bytes)) if (!this.take(record, file, record.end)) break;
    this.isStale = false;
  }

  private onSnapshot(path: string): void {
    this.snapshot = this.newestSnapshot();
    const file = this.disk.files.get(path);
    for (const { version, critical } of file ? recordsOf(file.bytes) : []) {
      this.demandNamed(version, path);
      if (!critical) this.events.onIgnorable("section");
    }
  }

  private newestSnapshot(): number {
    let newest = 0;
    for (const [path, file] of this.disk.files)
      if (file.safe === file.length) newest = Math.max(newest, snapshotIndexOf(path) ?? 0);
    return newest;
  }

  private onManifest(): void {
    const manifest = readManifest(this.disk);
    if (!manifest) return;
    this.named = manifest.named;
    this.events.onManifest(manifest);
  }

  /** False: it can not be read. `end`: in its file. */
  private take(
    { kind, version, critical, body }: FoundRecord,
    file: VirtualFile,
    end: number,
  ): boolean {
    if (!critical) this.events.onIgnorable("record");
    this.demandNamed(version, "the log");
    if (kind === TRUNCATION) this.cutFrom(numberIn(body));
    if (kind === ANCHOR) this.last = numberIn(body);
    if (kind === HARD_STATE) this.keepVote({ version, body: body.slice(), file, end });
    if (kind !== ENTRY) return true;
    const entry = this.decode(version, body);
    if (!entry) return false;
    if (!entry.critical && entry.body.length > 0) this.events.onIgnorable("entry");
    if (entry.body.length > 0) this.demandNamed(entry.version, `entry ${entry.index}`);
    this.put(entry, file, end);
    return true;
  }

  private demandNamed(version: number, what: string): void {
    if (version !== 0 && !this.named.has(version)) this.events.onUnnamed(version, what);
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
    file: VirtualFile,
    end: number,
  ): void {
    const entry = { term, content: hashOf(kind, version, body), file, end };
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

function isDurable({ file, end }: Placed): boolean {
  return end <= file.safe;
}

function numberIn(body: Uint8Array): number {
  return Number(new DataView(body.buffer, body.byteOffset, 8).getBigUint64(0, true));
}

function hashOf(kind: string, version: number, body: Uint8Array): number {
  let hash = 0x811c9dc5 ^ version;
  for (let place = 0; place < kind.length; place++)
    hash = Math.imul(hash ^ kind.charCodeAt(place), 0x01000193);
  for (let place = 0; place < body.length; place++)
    hash = Math.imul(hash ^ (body[place] ?? 0), 0x01000193);
  return hash >>> 0;
}
