/**
 * A disk that forgets: what was appended since the last sync is lost or torn by a crash, as a real
 * one may do. Survives the replica that uses it.
 */
import type { Disk, DiskError } from "../ports.ts";
import type { SeededChance, VirtualTime } from "./virtual-time.ts";

type Done = (error?: DiskError) => void;

interface VirtualFile {
  bytes: Uint8Array;
  /** How many bytes a crash can not touch. */
  durable: number;
}

export class VirtualDisk {
  readonly files: Map<string, VirtualFile> = new Map();
  /** Milliseconds until an operation is done. */
  delayMs = 1;
  syncDelayMs = 3;
  /** The next sync fails with this. */
  failNextSync: DiskError | undefined;
  syncs = 0;
  private readonly time: VirtualTime;
  private readonly chance: SeededChance;
  /** Rises with each crash, so that what was under way then never completes. */
  private life = 0;

  constructor(time: VirtualTime, chance: SeededChance) {
    this.time = time;
    this.chance = chance;
  }

  /** The port of one life of a replica. */
  port(): Disk {
    const operations = {
      list: (folder: string) => this.list(folder),
      read: (path: string, offset = 0, length = Number.POSITIVE_INFINITY) =>
        this.files.get(path)?.bytes.slice(offset, offset + length),
      size: (path: string) => this.files.get(path)?.bytes.length,
      append: (path: string, parts: readonly Uint8Array[], done: Done) => {
        const file = this.open(path);
        file.bytes = join([file.bytes, ...parts]);
        this.later(this.delayMs, done);
      },
      sync: (path: string, done: Done) => this.sync(path, done),
      replace: (path: string, bytes: Uint8Array, done: Done) => {
        const copy = bytes.slice();
        this.later(this.syncDelayMs, done, () => this.put(path, copy));
      },
      rename: (from: string, to: string, done: Done) =>
        this.later(this.syncDelayMs, done, () => {
          const file = this.files.get(from);
          if (!file) throw new Error(`Cannot rename ${from}: there is no such file`);
          this.files.delete(from);
          this.files.set(to, file);
        }),
      truncate: (path: string, length: number, done: Done) =>
        this.later(this.delayMs, done, () => {
          const file = this.open(path);
          file.bytes = file.bytes.slice(0, length);
          file.durable = Math.min(file.durable, length);
        }),
      remove: (path: string, done: Done) =>
        this.later(this.delayMs, done, () => this.files.delete(path)),
    };
    return operations;
  }

  /** Cuts the power: unsynced bytes are kept, cut or spoilt as chance wants. */
  crash(): void {
    this.life++;
    for (const file of this.files.values()) {
      const unsynced = file.bytes.length - file.durable;
      if (unsynced === 0) continue;
      const kept = this.chance.below(unsynced + 1);
      const bytes = file.bytes.slice(0, file.durable + kept);
      if (kept > 0 && this.chance.below(2) === 0) bytes[file.durable + this.chance.below(kept)] = 0;
      file.bytes = bytes;
      file.durable = bytes.length;
    }
  }

  /** Ends the process only: the machine keeps what was written. */
  kill(): void {
    this.life++;
  }

  put(path: string, bytes: Uint8Array): void {
    this.files.set(path, { bytes, durable: bytes.length });
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

  private sync(path: string, done: Done): void {
    const error = this.failNextSync;
    this.failNextSync = undefined;
    const length = this.files.get(path)?.bytes.length ?? 0;
    const life = this.life;
    this.time.after(this.syncDelayMs, () => {
      if (life !== this.life) return;
      this.syncs++;
      const file = this.files.get(path);
      if (file && !error) file.durable = Math.max(file.durable, length);
      done(error);
    });
  }

  private later(delayMs: number, done: Done, effect?: () => void): void {
    const life = this.life;
    this.time.after(delayMs, () => {
      if (life !== this.life) return;
      effect?.();
      done();
    });
  }

  private open(path: string): VirtualFile {
    const file = this.files.get(path) ?? { bytes: new Uint8Array(0), durable: 0 };
    this.files.set(path, file);
    return file;
  }
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}
