/** The calls of `node:fs` that the disk makes, as promises over plain descriptors. */
import {
  closeSync,
  fdatasync,
  fstat,
  fsync,
  fsyncSync,
  ftruncate,
  mkdirSync,
  open,
  openSync,
  readdirSync,
  rename,
  rmSync,
  unlink,
  writeSync,
  writev,
} from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import type { DiskError } from "../replica/index.ts";
import { TEMPORARY_SUFFIX } from "./data-path.ts";

export const openFile: (place: string, flags: string | number) => Promise<number> = promisify(open);
export const sizeOf = async (descriptor: number): Promise<number> =>
  (await promisify(fstat)(descriptor)).size;
export const syncContent: (descriptor: number) => Promise<void> = promisify(fdatasync);
export const truncateTo: (descriptor: number, length: number) => Promise<void> =
  promisify(ftruncate);
export const renameFile: (from: string, to: string) => Promise<void> = promisify(rename);
export const removeFile: (place: string) => Promise<void> = promisify(unlink);

/** Up to here a write ends in the system's memory sooner than another thread could begin it. */
export const AT_ONCE_BYTES_MAX: number = 256 * 1024;

/** Writes all of it before it returns, and says where it ends. */
export function writeAtOnce(
  descriptor: number,
  parts: readonly Uint8Array[],
  position: number,
): number {
  const [first] = parts;
  const bytes = first && parts.length === 1 ? first : Buffer.concat(parts);
  let written = 0;
  while (written < bytes.length)
    written += writeSync(descriptor, bytes, written, bytes.length - written, position + written);
  return position + written;
}

/** Writes all of it: the system may take less than it was given, for instance on a full disk. */
export async function writeAll(
  descriptor: number,
  parts: readonly Uint8Array[],
  position: number,
): Promise<number> {
  let left = parts.filter((part) => part.length > 0);
  let at = position;
  while (left.length > 0) {
    const written = await writeVector(descriptor, left, at);
    at += written;
    left = dropBytes(left, written);
  }
  return at;
}

/** A new name, or one that is gone, is durable only when its folder is. */
export async function syncFolder(folder: string): Promise<void> {
  const descriptor = await openFile(folder, "r");
  try {
    await promisify(fsync)(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Makes the folder of a file, durable below `root`, and clears what a crash left of replacements. */
export async function prepareFolder(root: string, folder: string): Promise<void> {
  if (mkdirSync(folder, { recursive: true }) !== undefined)
    for (let at = folder; at.length > root.length; at = dirname(at)) await syncFolder(dirname(at));
  for (const name of readdirSync(folder))
    if (name.endsWith(TEMPORARY_SUFFIX)) rmSync(join(folder, name), { force: true });
}

/** Makes the data directory itself and waits until its name is durable. */
export function makeRoot(root: string): void {
  const first = mkdirSync(root, { recursive: true });
  if (first === undefined) return;
  for (let at = root; at.length >= first.length; at = dirname(at)) {
    const descriptor = openSync(dirname(at), "r");
    fsyncSync(descriptor);
    closeSync(descriptor);
  }
}

function writeVector(
  descriptor: number,
  parts: readonly Uint8Array[],
  position: number,
): Promise<number> {
  return new Promise((fulfil, reject) => {
    writev(descriptor, parts, position, (error, written) =>
      error ? reject(error) : fulfil(written),
    );
  });
}

export function asDiskError(error: unknown): DiskError {
  const { code = "EUNKNOWN", message = String(error) } = error as {
    code?: string;
    message?: string;
  };
  return { code, message };
}

function dropBytes(parts: readonly Uint8Array[], count: number): Uint8Array[] {
  let toDrop = count;
  return parts.flatMap((part) => {
    const dropped = Math.min(toDrop, part.length);
    toDrop -= dropped;
    return dropped === part.length ? [] : [part.subarray(dropped)];
  });
}
