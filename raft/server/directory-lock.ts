/**
 * One process per data directory. The lock is a file that names its owner by process id *and*
 * start time, so that a killed owner, or a stranger who was given the same id later, holds nothing.
 */
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { LOCK_NAME, TEMPORARY_SUFFIX } from "./data-path.ts";
import { makeRoot } from "./file-system.ts";
import { StartRefused } from "./refusal.ts";

const ATTEMPTS_MAX = 5;
/** Fields 3 and 22 of /proc/<id>/stat, counted behind the command's name, which may contain anything. */
const STATE_FIELD = 0;
const START_TIME_FIELD = 19;
/** A killed process stays listed until its parent asks for it; it has nothing open any more. */
const ENDED_STATES = ["Z", "X"];

export interface DirectoryLock {
  release(): void;
}

/** Throws `StartRefused` while another living process has the directory. */
export function lockDirectory(directory: string): DirectoryLock {
  const place = join(directory, LOCK_NAME);
  const own = `${process.pid} ${startOf(process.pid)} ${bootId()}\n`;
  const temporary = `${place}.${process.pid}${TEMPORARY_SUFFIX}`;
  try {
    makeRoot(directory);
    writeFileSync(temporary, own);
    takeLock(directory, place, temporary);
  } catch (error) {
    if (error instanceof StartRefused) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new StartRefused("directory_unusable", `Cannot open the data directory: ${reason}`);
  } finally {
    rmSync(temporary, { force: true });
  }
  return {
    release: () => {
      if (readOwner(place) === own) rmSync(place, { force: true });
    },
  };
}

/** Linking a complete file to the name is atomic: nobody sees half a lock, and only one can have it. */
function takeLock(directory: string, place: string, temporary: string): void {
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
    try {
      linkSync(temporary, place);
      return;
    } catch (error) {
      if ((error as { code?: string }).code !== "EEXIST") throw error;
    }
    const owner = readOwner(place);
    if (owner !== undefined && isAlive(owner)) throw heldBy(directory, owner);
    if (owner !== undefined) clearStale(place, owner);
  }
  throw new StartRefused(
    "directory_in_use",
    `Cannot open the data directory ${directory}: other processes take its lock again and again`,
  );
}

/** Moved away first and looked at again: what was stale when we read it may be a rival's by now. */
function clearStale(place: string, stale: string): void {
  const aside = `${place}.${process.pid}.stale${TEMPORARY_SUFFIX}`;
  try {
    renameSync(place, aside);
    if (readOwner(aside) !== stale) linkSync(aside, place);
  } catch {
    // A rival was quicker; the next attempt sees what it left.
  }
  rmSync(aside, { force: true });
}

function isAlive(owner: string): boolean {
  const [id, start, boot] = owner.trim().split(" ");
  return start !== undefined && startOf(Number(id)) === start && boot === bootId();
}

/** When the process began, in the system's own count; undefined when there is no such process. */
function startOf(id: number): string | undefined {
  if (process.platform !== "linux") return isRunning(id) ? "unknown" : undefined;
  try {
    const text = readFileSync(`/proc/${id}/stat`, "utf8");
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    return ENDED_STATES.includes(fields[STATE_FIELD] ?? "") ? undefined : fields[START_TIME_FIELD];
  } catch {
    return undefined;
  }
}

/** Ids and start times are counted from the start of the machine, so they can return after the next one. */
function bootId(): string {
  try {
    return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  } catch {
    return "unknown";
  }
}

function isRunning(id: number): boolean {
  try {
    return process.kill(id, 0);
  } catch (error) {
    return (error as { code?: string }).code === "EPERM";
  }
}

function readOwner(place: string): string | undefined {
  try {
    return readFileSync(place, "utf8");
  } catch {
    return undefined;
  }
}

function heldBy(directory: string, owner: string): StartRefused {
  return new StartRefused(
    "directory_in_use",
    `Cannot open the data directory ${directory}: process ${owner.split(" ")[0]} has it open, stop that one first`,
  );
}
