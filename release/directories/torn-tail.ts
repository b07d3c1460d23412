/** What a crash in the middle of an append leaves: the last record of the log, cut. */
import { readdirSync, statSync, truncateSync } from "node:fs";
import { join } from "node:path";

/** Less than the padding and the smallest body, so that the cut is inside the last record. */
const CUT_BYTES = 11;

export function tearTail(directory: string): void {
  const segments = readdirSync(join(directory, "log")).filter((name) => name.endsWith(".wal"));
  const last = segments.sort().at(-1);
  if (last === undefined) throw new Error(`Cannot tear the tail of ${directory}: it has no log`);
  const path = join(directory, "log", last);
  truncateSync(path, statSync(path).size - CUT_BYTES);
}
