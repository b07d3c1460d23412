import { join } from "node:path";
import { assert } from "../../base/index.ts";

const SEGMENT = /^(?!\.{1,2}$)[^/\\\0]+$/;

/**
 * The place of a file of the data directory on this machine. Names can stem from what peers sent,
 * so a path that would leave the directory must not reach the file system.
 */
export function placeOf(root: string, path: string): string {
  const isInside = path.split("/").every((segment) => SEGMENT.test(segment));
  assert(isInside, `a path stays inside the data directory, unlike "${path}"`);
  return join(root, path);
}

/** While a file is replaced, its new content stands beside it under this name. */
export const TEMPORARY_SUFFIX = ".tmp";

/** Lies in the root of the directory while a process has it open. */
export const LOCK_NAME = "lock";

/** What the replica has put there, as opposed to the server's own files. */
export function isContent(folder: string, name: string): boolean {
  return !name.endsWith(TEMPORARY_SUFFIX) && !(folder === "" && name === LOCK_NAME);
}
