/** How fast we mean to be, as multiples of the best peer of the same row, and how far we are. */
import type { Sample } from "./measure.ts";
import { compare, fastestOf, type Processes, type Spread } from "./statistics.ts";

export interface Target {
  readonly case: string;
  readonly row: "owned" | "into" | "decode" | "chunk";
  /** The entry point, where it is not the row's own. */
  readonly entry?: "segments" | "columns";
  /** Only beside peers that have u64 on the wire: one that declares float64 rounds and lets fractions pass. */
  readonly integersOnly?: true;
  readonly atLeast: number;
}

const SMALL = "AppendRequest 1 × 64 B";
const BATCH = "AppendRequest 64 × 256 B";
const LARGE = "AppendRequest 1 × 64 KiB";
const SNAPSHOT = "SnapshotChunk 256 KiB";

export const TARGETS: readonly Target[] = [
  { case: SMALL, row: "owned", atLeast: 1.9 },
  { case: SMALL, row: "into", atLeast: 1 },
  { case: SMALL, row: "decode", atLeast: 1.6 },
  { case: SMALL, row: "chunk", atLeast: 1.8 },
  { case: BATCH, row: "owned", atLeast: 1.5 },
  { case: BATCH, row: "into", atLeast: 2.2 },
  { case: BATCH, row: "decode", atLeast: 1.1 },
  { case: BATCH, row: "decode", integersOnly: true, atLeast: 1.6 },
  { case: BATCH, row: "decode", entry: "columns", atLeast: 2.5 },
  { case: LARGE, row: "into", atLeast: 1 },
  { case: LARGE, row: "owned", entry: "segments", atLeast: 10 },
  { case: LARGE, row: "decode", atLeast: 1.5 },
  { case: "AppendResponse", row: "owned", atLeast: 3 },
  { case: "AppendResponse", row: "into", atLeast: 2.2 },
  { case: "AppendResponse", row: "decode", atLeast: 2.5 },
  { case: "VoteRequest", row: "owned", atLeast: 2.5 },
  { case: "VoteRequest", row: "decode", atLeast: 2 },
  { case: SNAPSHOT, row: "into", atLeast: 1 },
  { case: SNAPSHOT, row: "owned", entry: "segments", atLeast: 20 },
  { case: SNAPSHOT, row: "decode", atLeast: 1.8 },
  { case: "ConfigChange", row: "owned", atLeast: 2.4 },
  { case: "ConfigChange", row: "decode", atLeast: 1.3 },
];

export interface Outcome extends Target {
  readonly codec: string;
  readonly reference: string;
  /** Undefined when we have no such call, or when no peer ran. */
  readonly measured: Spread | undefined;
  readonly met: boolean;
}

const NOT_INTEGERS = "bebop float64";

export function outcomeOf(target: Target, processes: Processes): Outcome {
  const codec = fastestOf(processes, ({ name, group }) => group === "ours" && fits(name, target));
  const rival = ({ name, group }: Sample) =>
    group === "peer" && !(target.integersOnly && name === NOT_INTEGERS);
  const reference = fastestOf(processes, rival);
  if (codec === "" || reference === "") {
    return { ...target, codec, reference, measured: undefined, met: false };
  }
  const measured = compare(processes, codec, reference);
  // As it is printed: a table must not say "1.00, target 1, not met".
  const met = Math.round(measured.median * 100) / 100 >= target.atLeast;
  return { ...target, codec, reference, measured, met };
}

const ENTRIES = ["segments", "columns"];

function fits(name: string, { entry }: Target): boolean {
  const own = ENTRIES.find((one) => name.endsWith(`, ${one}`));
  return own === entry;
}
