/**
 * A disk that forgets: what was appended since the last sync is lost or torn by a crash, as a real
 * one may do. Survives the replica that uses it.
 */
import type { Disk, DiskError } from "../../raft/replica/index.ts";
import { VirtualFile } from "./virtual-file.ts";
import type { SeededChance, VirtualTime } from "./virtual-time.ts";

type Done = (error?: DiskError) => void;

/** When the power goes, seen from the next sync, or from the next file that takes the place of another. */
export type CutAt = "beforeSync" | "inSync" | "afterSync" | "beforeReplace" | "afterReplace";

/** Sees what happens to the files. */
export interface DiskWatcher {
  /** The file does not have the part yet. */
  onAppend(path: string, part: Uint8Array): void;
  /** A file was replaced, renamed, cut, spoilt or removed. */
  onChanged(path: string): void;
}

const ROTS_FROM_BYTES = 256;
const NO_SPACE: DiskError = { code: "ENOSPC", message: "no space left on the virtual disk" };

export class VirtualDisk {
  readonly files: Map<string, VirtualFile> = new Map();
  /** Milliseconds until an operation is done. */
  delayMs = 1;
  syncDelayMs = 3;
  /** Up to so much longer, by lot, so that what is under way on several files ends in any order. */
  unevenMs = 0;
  /** The same on top while a fault slows it down. */
  jitterMs = 0;
  /** The next sync fails with this. */
  failNextSync: DiskError | undefined;
  isFull = false;
  /** Errors that somebody was told. */
  failures = 0;
  /** The power goes then, once; `powerCut` is called. */
  cutAt: CutAt | undefined;
  powerCut: () => void = () => {};
  /** The next read of a large file below this folder has one wrong bit, in its first half. */
  rotsBelow: string | undefined;
  syncs = 0;
  /** Reads that were given a wrong bit. */
  rotten = 0;
  watcher: DiskWatcher | undefined;
  private readonly time: VirtualTime;
  private readonly chance: SeededChance;
  private readonly owner: number;
  /** Rises with each crash, so that what was under way then never completes. */
  private life = 0;

  constructor(time: VirtualTime, chance: SeededChance, owner = 0) {
    this.time = time;
    this.chance = chance;
    this.owner = owner;
  }

  /** The port of one life of a replica. */
  port(): Disk {
    return {
      list: (folder) => this.list(folder),
      read: (path, offset = 0, length = Number.POSITIVE_INFINITY) =>
        this.readBytes(path)?.slice(offset, offset + length),
      size: (path) => this.files.get(path)?.length,
      append: (path, parts, done) => this.append(path, parts, done),
      sync: (path, done) => this.sync(path, done),
      replace: (path, bytes, done) => {
        const copy = bytes.slice();
        this.replaced(path, done, () => this.put(path, copy));
      },
      rename: (from, to, done) =>
        this.replaced(from, done, () => {
          const file = this.files.get(from);
          if (!file) throw new Error(`Cannot rename ${from}: there is no such file`);
          // The name is durable, the bytes are as durable as they were.
          this.files.delete(from);
          this.files.set(to, file);
          this.watcher?.onChanged(to);
        }),
      truncate: (path, length, done) =>
        this.later(path, this.delayMs, done, () => {
          this.open(path).truncate(length);
          this.watcher?.onChanged(path);
        }),
      remove: (path, done) => {
        const file = this.files.get(path);
        if (file) file.isLeaving = true;
        this.later(path, this.delayMs, done, () => {
          if (this.files.get(path) === file) this.files.delete(path);
          this.watcher?.onChanged(path);
        });
      },
    };
  }

  /** One is quick, another slower than the network, a third one answers in any order. */
  drawPace(chance: SeededChance): void {
    const pace = chance.below(4);
    if (pace === 1) Object.assign(this, { delayMs: 0.125, syncDelayMs: 0.5 });
    if (pace === 2) this.syncDelayMs = 5 + chance.below(20);
    if (pace === 3) this.unevenMs = 1 + chance.below(12);
  }

  /** Cuts the power: unsynced bytes are kept, cut or spoilt as chance wants. */
  crash(): void {
    this.kill();
    for (const [path, file] of this.files) {
      if (file.safe === file.length) continue;
      const unsynced = file.length - file.durable;
      const kept = this.chance.below(unsynced + 1);
      const isSpoilt = kept > 0 && this.chance.below(2) === 0;
      file.cut(kept, isSpoilt ? this.chance.below(kept) : undefined);
      this.watcher?.onChanged(path);
    }
  }

  /** Ends the process only: the machine keeps what was written. */
  kill(): void {
    this.life++;
    this.cutAt = undefined;
  }

  put(path: string, bytes: Uint8Array): void {
    this.files.set(path, new VirtualFile(bytes));
    this.watcher?.onChanged(path);
  }

  bytes(path: string): Uint8Array {
    const file = this.files.get(path);
    if (!file) throw new Error(`Cannot read ${path}: there is no such file`);
    return file.bytes;
  }

  /** Everything, to see whether anything changed. */
  picture(): string {
    return [...this.files]
      .map(([path, { bytes }]) => `${path} ${Buffer.from(bytes).toString("hex")}`)
      .sort()
      .join("\n");
  }

  copy(): VirtualDisk {
    const copy = new VirtualDisk(this.time, this.chance);
    for (const [path, { bytes }] of this.files) copy.put(path, bytes.slice());
    return copy;
  }

  private list(folder: string): readonly string[] {
    return [...this.files.keys()]
      .filter((path) => path.startsWith(`${folder}/`))
      .map((path) => path.slice(folder.length + 1))
      .sort();
  }

  private readBytes(path: string): Uint8Array | undefined {
    const file = this.files.get(path);
    const bytes = file?.bytes;
    const { rotsBelow } = this;
    if (!file || !bytes || rotsBelow === undefined || !path.startsWith(rotsBelow)) return bytes;
    // Nobody can tell damage in what was written last from a write that was torn.
    const end = path.startsWith("log/")
      ? Math.min(file.settled, bytes.length >> 1)
      : bytes.length >> 1;
    if (end < ROTS_FROM_BYTES) return bytes;
    this.rotsBelow = undefined;
    this.rotten++;
    const copy = bytes.slice();
    const place = this.chance.below(end);
    copy[place] = (copy[place] ?? 0) ^ (1 << this.chance.below(8));
    return copy;
  }

  private append(path: string, parts: readonly Uint8Array[], done: Done): void {
    if (this.isFull) {
      this.failures++;
      return this.later(path, this.delayMs, () => done(NO_SPACE));
    }
    const file = this.open(path);
    file.beginBatch();
    for (const part of parts) {
      this.watcher?.onAppend(path, part);
      file.append(part);
    }
    this.later(path, this.delayMs, done);
  }

  private sync(path: string, done: Done): void {
    const error = this.failNextSync;
    this.failNextSync = undefined;
    const file = this.files.get(path);
    const length = file?.length ?? 0;
    const durable = file?.durable ?? 0;
    const cutAt = this.takeCut("beforeSync", "inSync", "afterSync");
    this.later(
      path,
      this.syncDelayMs,
      () => {
        this.syncs++;
        if (error) this.failures++;
        done(error);
      },
      () => {
        if (cutAt === "beforeSync") return this.powerCut();
        if (cutAt === "inSync" && file)
          file.durable = Math.max(durable, durable + this.chance.below(length - durable + 1));
        if (cutAt === "inSync") return this.powerCut();
        if (file && error) file.dropUnsynced(length);
        else file?.synced(length);
        if (cutAt === "afterSync") this.powerCut();
      },
    );
  }

  /** All or nothing: the power goes before it or behind it. */
  private replaced(path: string, done: Done, effect: () => void): void {
    const cutAt = this.takeCut("beforeReplace", "afterReplace");
    this.later(path, this.syncDelayMs, done, () => {
      if (cutAt === "beforeReplace") return this.powerCut();
      effect();
      if (cutAt === "afterReplace") this.powerCut();
    });
  }

  /** It happens once. */
  private takeCut(...moments: readonly CutAt[]): CutAt | undefined {
    const { cutAt } = this;
    if (cutAt === undefined || !moments.includes(cutAt)) return undefined;
    this.cutAt = undefined;
    return cutAt;
  }

  /** In the order of the calls for one file; other files may overtake it. */
  private later(path: string, delayMs: number, done: Done, effect?: () => void): void {
    const life = this.life;
    const file = this.files.get(path);
    const moreMs = this.unevenMs + this.jitterMs;
    const lotMs = moreMs > 0 ? this.chance.below(moreMs * 8) / 8 : 0;
    const atMs = Math.max(this.time.nowMs() + delayMs + lotMs, file?.busyUntilMs ?? 0);
    if (file) file.busyUntilMs = atMs;
    this.time.after(
      atMs - this.time.nowMs(),
      () => {
        if (life !== this.life) return;
        effect?.();
        // The effect may have been the end of this life.
        if (life === this.life) done();
      },
      this.owner,
    );
  }

  private open(path: string): VirtualFile {
    const known = this.files.get(path);
    // What is written after a removal was asked for belongs to the next file of that name.
    const file = known === undefined || known.isLeaving ? new VirtualFile() : known;
    this.files.set(path, file);
    return file;
  }
}
