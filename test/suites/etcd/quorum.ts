/** Replays quorum scripts: committed indices and votes of majorities and joint majorities. */
import {
  type JointConfig,
  jointCommitted,
  jointIds,
  jointVote,
  majorityCommitted,
  majorityVote,
} from "../../../raft/core/quorum/index.ts";
import { argument, type Command } from "./script.ts";

const VOTES = { won: "VoteWon", lost: "VoteLost", pending: "VotePending" } as const;
const NONE: ReadonlySet<number> = new Set();

export function runQuorum(command: Command): readonly string[] {
  const ids = (argument(command, "cfg") ?? []).map(Number);
  const other = argument(command, "cfgj");
  const otherIds = (other ?? []).filter((id) => id !== "zero").map(Number);
  const config: JointConfig = { incoming: new Set(ids), outgoing: new Set(otherIds) };
  const given = argument(command, command.name === "vote" ? "votes" : "idx") ?? [];
  const voters = [...new Set([...ids, ...otherIds])];
  if (jointIds(config).size !== given.length) {
    const sorted = [...voters].sort((a, b) => a - b).map((id) => `${id}:{}`);
    const shown = given.map((value) => ({ _: "0", n: "1", y: "2" })[value] ?? value);
    const what = `voters map[${sorted.join(" ")}]: [${shown.join(" ")}]`;
    return [`error: mismatched input (explicit or _) for ${what}`];
  }
  const values = new Map(
    voters.flatMap((id, place) => (given[place] === "_" ? [] : [[id, String(given[place])]])),
  );
  const isJoint = other !== undefined;
  return command.name === "vote"
    ? runVote(config, values, isJoint)
    : runCommitted(config, values, isJoint);
}

type Values = ReadonlyMap<number, string>;

function runVote(config: JointConfig, values: Values, isJoint: boolean): readonly string[] {
  const votes = new Map([...values].map(([id, vote]) => [id, vote === "y"]));
  if (!isJoint) return [VOTES[majorityVote(config.incoming, votes)]];
  const result = jointVote(config, votes);
  const swapped = jointVote({ incoming: config.outgoing, outgoing: config.incoming }, votes);
  const odd = swapped === result ? [] : [`${VOTES[swapped]} <-- via symmetry`];
  return [...odd, VOTES[result]];
}

function runCommitted(config: JointConfig, values: Values, isJoint: boolean): readonly string[] {
  const acked = new Map([...values].map(([id, index]) => [id, Number(index)]));
  const lookUp = (id: number) => acked.get(id);
  const picture = describe(jointIds(config), acked);
  if (isJoint) {
    const result = jointCommitted(config, lookUp);
    const swapped = { incoming: config.outgoing, outgoing: config.incoming };
    const odd = differing(result, [["via symmetry", jointCommitted(swapped, lookUp)]]);
    return closed(picture, [...odd, indexText(result)]);
  }
  const { incoming } = config;
  const result = majorityCommitted(incoming, lookUp);
  const odd = differing(result, [
    ["via alternative computation", countedCommitted(incoming, acked)],
    ["via zero-joint quorum", jointCommitted({ incoming, outgoing: NONE }, lookUp)],
    ["via self-joint quorum", jointCommitted({ incoming, outgoing: incoming }, lookUp)],
    ...lowered(incoming, acked, result),
  ]);
  return closed(picture, [...odd, indexText(result)]);
}

/** Lowering an acknowledgement that is below the result already must not change it. */
function lowered(
  config: ReadonlySet<number>,
  acked: ReadonlyMap<number, number>,
  result: number,
): readonly (readonly [string, number])[] {
  return [...config].flatMap((id) => {
    const own = acked.get(id) ?? 0;
    if (own === 0 || result <= own) return [];
    return [own - 1, 0].map((less) => {
      const committed = majorityCommitted(config, (of) => (of === id ? less : acked.get(of)));
      return [`overlaying ${id}->${less}`, committed] as const;
    });
  });
}

function differing(
  result: number,
  others: readonly (readonly [string, number])[],
): readonly string[] {
  return others
    .filter(([, value]) => value !== result)
    .map(([how, value]) => `${indexText(value)} <-- ${how}`);
}

/** The slow twin: the largest index that enough voters have reached, by counting for each. */
function countedCommitted(config: ReadonlySet<number>, acked: ReadonlyMap<number, number>): number {
  if (config.size === 0) return Number.POSITIVE_INFINITY;
  const needed = Math.floor(config.size / 2) + 1;
  const reached = (index: number) =>
    [...config].filter((id) => (acked.get(id) ?? 0) >= index).length >= needed;
  return Math.max(0, ...[...acked.values()].filter(reached));
}

/** One bar per voter, the longer the further its index is in the order. */
function describe(ids: ReadonlySet<number>, acked: ReadonlyMap<number, number>): readonly string[] {
  if (ids.size === 0) return ["<empty majority quorum>"];
  const rows = [...ids].map((id) => ({ id, index: acked.get(id) ?? 0 }));
  const ordered = [...rows].sort((a, b) => a.index - b.index || a.id - b.id);
  const barOf = new Map<number, number>();
  for (const [place, { id, index }] of ordered.entries()) {
    const before = ordered[place - 1];
    // Equal indices have equal bars.
    const bar = before?.index === index ? (barOf.get(before.id) ?? 0) : place;
    barOf.set(id, bar);
  }
  const lines = [...rows]
    .sort((a, b) => a.id - b.id)
    .map(({ id, index }) => {
      const bar = barOf.get(id) ?? 0;
      const drawn = acked.has(id)
        ? `${"x".repeat(bar)}>${" ".repeat(ids.size - bar)}`
        : `?${" ".repeat(ids.size)}`;
      return `${drawn} ${String(index).padStart(5)}    (id=${id})`;
    });
  return [`${" ".repeat(ids.size)}    idx`, ...lines];
}

/** The picture of an empty quorum has no line end of its own. */
function closed(picture: readonly string[], rest: readonly string[]): readonly string[] {
  if (picture.length > 1) return [...picture, ...rest];
  const [first = "", ...others] = rest;
  return [`${picture.join("")}${first}`, ...others];
}

function indexText(index: number): string {
  return index === Number.POSITIVE_INFINITY ? "∞" : String(index);
}
