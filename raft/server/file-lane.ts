/**
 * The queue of one file: operations take effect in the order of the calls, files do not wait for
 * each other. What has queued up while the disk was busy is written at once and synced at once.
 *
 * A failed sync is for ever (the system forgets which pages were lost, and a second sync would
 * lie), so from then on every operation on the file fails with it.
 */
import { closeSync, constants } from "node:fs";
import { dirname } from "node:path";
import { AssertionError } from "../../base/index.ts";
import type { DiskError } from "../replica/index.ts";
import {
  AT_ONCE_BYTES_MAX,
  asDiskError,
  openFile,
  sizeOf,
  syncContent,
  syncFolder,
  truncateTo,
  writeAll,
  writeAtOnce,
} from "./file-system.ts";

export type Done = (error?: DiskError) => void;

/** Takes the lane for itself while it runs; the file is closed before it, and may be another one after. */
type Exclusive = () => Promise<void>;

type Operation =
  | { readonly kind: "append"; readonly parts: readonly Uint8Array[]; readonly done: Done }
  | { readonly kind: "sync"; readonly done: Done }
  | { readonly kind: "truncate"; readonly length: number; readonly done: Done }
  | { readonly kind: "exclusive"; readonly run: Exclusive; readonly done: Done };

type Written = Extract<Operation, { kind: "append" | "sync" }>;

export interface LaneOptions {
  readonly place: string;
  /** Called before a file in that folder is opened for writing. */
  readonly prepare: (folder: string) => Promise<void>;
  readonly onSync: (durationMs: number) => void;
  readonly onIdle: () => void;
}

/** Bounds what is written by one call; more waits for the next. */
const RUN_LENGTH_MAX = 1024;

export class FileLane {
  readonly #options: LaneOptions;
  readonly #queue: Operation[] = [];
  #isBusy = false;
  #descriptor: number | undefined;
  /** Where the next append goes. */
  #length = 0;
  #isDirty = false;
  /** A killed process may have made the name without its folder's sync, so the first sync does it anyway. */
  #isNameDurable = false;
  #failure: DiskError | undefined;

  constructor(options: LaneOptions) {
    this.#options = options;
  }

  get isBusy(): boolean {
    return this.#isBusy;
  }

  /** Nothing to do, nothing to lose: the file may be closed and this lane forgotten. */
  get isIdle(): boolean {
    return !this.#isBusy && !this.#isDirty && this.#failure === undefined;
  }

  push(operation: Operation): void {
    this.#queue.push(operation);
    if (!this.#isBusy) void this.#work();
  }

  close(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
  }

  async #work(): Promise<void> {
    this.#isBusy = true;
    // Nothing is answered from inside the call that asked, and calls of one turn run together.
    await Promise.resolve();
    for (let next = this.#queue[0]; next !== undefined; next = this.#queue[0]) {
      if (next.kind === "append" || next.kind === "sync") await this.#write(this.#takeRun());
      else await this.#single(this.#queue.shift() as Exclude<Operation, Written>);
    }
    this.#isBusy = false;
    this.#options.onIdle();
  }

  #takeRun(): readonly Written[] {
    const other = this.#queue.findIndex(({ kind }) => kind !== "append" && kind !== "sync");
    const length = Math.min(other < 0 ? this.#queue.length : other, RUN_LENGTH_MAX);
    return this.#queue.splice(0, length) as Written[];
  }

  async #write(run: readonly Written[]): Promise<void> {
    const appends = run.filter((operation) => operation.kind === "append");
    const syncs = run.filter((operation) => operation.kind === "sync");
    const parts = appends.flatMap((append) => append.parts);
    const failed = appends.length > 0 ? await this.#attempt(() => this.#append(parts)) : undefined;
    for (const { done } of appends) done(failed);
    if (syncs.length === 0) return;
    const unsynced = failed ?? (await this.#attempt(() => this.#sync()));
    for (const { done } of syncs) done(unsynced);
  }

  async #single(operation: Exclude<Operation, Written>): Promise<void> {
    const work =
      operation.kind === "truncate"
        ? () => this.#truncate(operation.length)
        : () => this.#exclude(operation.run);
    operation.done(await this.#attempt(work));
  }

  async #attempt(work: () => Promise<void>): Promise<DiskError | undefined> {
    if (this.#failure !== undefined) return this.#failure;
    try {
      await work();
      return undefined;
    } catch (error) {
      if (error instanceof AssertionError) throw error;
      return asDiskError(error);
    }
  }

  async #append(parts: readonly Uint8Array[]): Promise<void> {
    const descriptor = await this.#open(constants.O_CREAT);
    this.#isDirty = true;
    const bytes = parts.reduce((sum, part) => sum + part.length, 0);
    try {
      this.#length =
        bytes <= AT_ONCE_BYTES_MAX
          ? writeAtOnce(descriptor, parts, this.#length)
          : await writeAll(descriptor, parts, this.#length);
    } catch (error) {
      // Half an append must not stay in front of the next one.
      await truncateTo(descriptor, this.#length).catch(() => this.#fail(error));
      throw error;
    }
  }

  async #sync(): Promise<void> {
    const started = performance.now();
    const descriptor = await this.#open(0);
    try {
      await syncContent(descriptor);
      if (!this.#isNameDurable) await syncFolder(dirname(this.#options.place));
    } catch (error) {
      this.#fail(error);
      throw error;
    }
    this.#isNameDurable = true;
    this.#isDirty = false;
    this.#options.onSync(performance.now() - started);
  }

  async #truncate(length: number): Promise<void> {
    const descriptor = await this.#open(0);
    if (length === this.#length) return;
    this.#isDirty = true;
    await truncateTo(descriptor, length);
    this.#length = length;
  }

  async #exclude(run: Exclusive): Promise<void> {
    this.close();
    this.#isDirty = false;
    this.#isNameDurable = false;
    await run();
  }

  async #open(create: number): Promise<number> {
    if (this.#descriptor !== undefined) return this.#descriptor;
    const { place, prepare } = this.#options;
    await prepare(dirname(place));
    const descriptor = await openFile(place, constants.O_RDWR | create);
    this.#descriptor = descriptor;
    this.#length = await sizeOf(descriptor);
    return descriptor;
  }

  #fail(error: unknown): void {
    this.#failure ??= asDiskError(error);
  }
}
