/** CPU time of processes, from `/proc`: what the system counts, not what a program says of itself. */
import { readFileSync } from "node:fs";

const TICKS_PER_SECOND = 100;

/** User and system time of a running process so far, in seconds. */
export function cpuSeconds(pid: number): number {
  const [user = 0, system = 0] = statFields(`/proc/${pid}/stat`);
  return (user + system) / TICKS_PER_SECOND;
}

/** Of all children of this process that have ended. */
export function endedChildrenCpuSeconds(): number {
  const [, , user = 0, system = 0] = statFields("/proc/self/stat");
  return (user + system) / TICKS_PER_SECOND;
}

/** utime, stime, cutime, cstime; the name before them may hold anything, so they are counted behind its end. */
function statFields(path: string): readonly number[] {
  const text = readFileSync(path, "utf8");
  return text
    .slice(text.lastIndexOf(")") + 2)
    .split(" ")
    .slice(11, 15)
    .map(Number);
}
