/**
 * The data directory on this machine's file system (port `Disk`). One process at a time: see
 * `directory-lock.ts`.
 */
import { closeSync, fstatSync, openSync, readdirSync, readSync, statSync } from "node:fs";
import { dirname } from "node:path";
import type { Disk } from "../replica/index.ts";
import { isContent, placeOf, TEMPORARY_SUFFIX } from "./data-path.ts";
import { type Done, FileLane } from "./file-lane.ts";
import {
  openFile,
  prepareFolder,
  removeFile,
  renameFile,
  syncContent,
  syncFolder,
  writeAll,
} from "./file-system.ts";

/** Open files that are kept for the next append. */
const OPEN_MAX = 16;

export class FileDisk implements Disk {
  readonly #root: string;
  readonly #onSync: (durationMs: number) => void;
  /** Least recently used first. */
  readonly #lanes: Map<string, FileLane> = new Map();
  readonly #prepared: Map<string, Promise<void>> = new Map();

  constructor(root: string, onSync: (durationMs: number) => void = () => {}) {
    this.#root = root;
    this.#onSync = onSync;
  }

  list(folder: string): readonly string[] {
    const place = folder === "" ? this.#root : placeOf(this.#root, folder);
    const entries = unlessMissing(() => readdirSync(place, { withFileTypes: true })) ?? [];
    return entries
      .filter((entry) => entry.isFile() && isContent(folder, entry.name))
      .map(({ name }) => name)
      .sort();
  }

  read(path: string, offset = 0, length?: number): Uint8Array | undefined {
    const descriptor = unlessMissing(() => openSync(placeOf(this.#root, path), "r"));
    if (descriptor === undefined) return undefined;
    try {
      const left = Math.max(0, fstatSync(descriptor).size - offset);
      return readFully(descriptor, new Uint8Array(Math.min(left, length ?? left)), offset);
    } finally {
      closeSync(descriptor);
    }
  }

  size(path: string): number | undefined {
    return unlessMissing(() => statSync(placeOf(this.#root, path)).size);
  }

  append(path: string, parts: readonly Uint8Array[], done: Done): void {
    this.#lane(path).push({ kind: "append", parts, done });
  }

  sync(path: string, done: Done): void {
    this.#lane(path).push({ kind: "sync", done });
  }

  truncate(path: string, length: number, done: Done): void {
    this.#lane(path).push({ kind: "truncate", length, done });
  }

  replace(path: string, bytes: Uint8Array, done: Done): void {
    const place = placeOf(this.#root, path);
    this.#lane(path).push({ kind: "exclusive", run: () => this.#replace(place, bytes), done });
  }

  remove(path: string, done: Done): void {
    const place = placeOf(this.#root, path);
    this.#lane(path).push({ kind: "exclusive", run: () => removeDurably(place), done });
  }

  rename(from: string, to: string, done: Done): void {
    const run = async (): Promise<void> => {
      const target = placeOf(this.#root, to);
      await this.#prepare(dirname(target));
      await renameFile(placeOf(this.#root, from), target);
      await syncFolders(dirname(target), dirname(placeOf(this.#root, from)));
    };
    if (from === to) {
      this.#lane(from).push({ kind: "exclusive", run, done });
      return;
    }
    // Both lanes are taken in one turn, so all renames meet in the same order everywhere: no deadlock.
    const source = Promise.withResolvers<void>();
    const target = Promise.withResolvers<void>();
    const hold = (): Promise<void> => {
      target.resolve();
      return source.promise;
    };
    this.#lane(to).push({ kind: "exclusive", run: hold, done: () => target.resolve() });
    this.#lane(from).push({
      kind: "exclusive",
      run: () => target.promise.then(run),
      done: (error) => {
        source.resolve();
        done(error);
      },
    });
  }

  /** For the end of the process: open files are closed, nothing that was asked for is lost. */
  async close(): Promise<void> {
    while ([...this.#lanes.values()].some((lane) => lane.isBusy))
      await new Promise((wake) => setTimeout(wake, 1));
    for (const lane of this.#lanes.values()) lane.close();
    this.#lanes.clear();
  }

  #lane(path: string): FileLane {
    const lane = this.#lanes.get(path) ?? this.#makeLane(path);
    this.#lanes.delete(path);
    this.#lanes.set(path, lane);
    return lane;
  }

  #makeLane(path: string): FileLane {
    return new FileLane({
      place: placeOf(this.#root, path),
      prepare: (folder) => this.#prepare(folder),
      onSync: this.#onSync,
      onIdle: () => this.#closeSome(),
    });
  }

  #closeSome(): void {
    for (const [path, lane] of this.#lanes) {
      if (this.#lanes.size <= OPEN_MAX) return;
      if (!lane.isIdle) continue;
      lane.close();
      this.#lanes.delete(path);
    }
  }

  /** Once per folder: whoever comes second waits for the first, or it would clear the other's files. */
  #prepare(folder: string): Promise<void> {
    const prepared =
      this.#prepared.get(folder) ??
      prepareFolder(this.#root, folder).catch((error: unknown) => {
        this.#prepared.delete(folder);
        throw error;
      });
    this.#prepared.set(folder, prepared);
    return prepared;
  }

  async #replace(place: string, bytes: Uint8Array): Promise<void> {
    const temporary = `${place}${TEMPORARY_SUFFIX}`;
    await this.#prepare(dirname(place));
    const descriptor = await openFile(temporary, "w");
    try {
      await writeAll(descriptor, [bytes], 0);
      await syncContent(descriptor);
    } finally {
      closeSync(descriptor);
    }
    await renameFile(temporary, place);
    await syncFolder(dirname(place));
  }
}

/** The name must be gone for good before anything (the manifest) says that no such content is left. */
async function removeDurably(place: string): Promise<void> {
  try {
    await removeFile(place);
  } catch (error) {
    if (isMissing(error)) return;
    throw error;
  }
  await syncFolder(dirname(place));
}

async function syncFolders(one: string, other: string): Promise<void> {
  await syncFolder(one);
  if (other !== one) await syncFolder(other);
}

function readFully(descriptor: number, bytes: Uint8Array, offset: number): Uint8Array {
  let filled = 0;
  while (filled < bytes.length) {
    const read = readSync(descriptor, bytes, filled, bytes.length - filled, offset + filled);
    if (read === 0) break;
    filled += read;
  }
  return bytes.subarray(0, filled);
}

function unlessMissing<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  const { code } = error as { code?: string };
  return code === "ENOENT" || code === "ENOTDIR";
}
