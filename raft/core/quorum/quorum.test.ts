/** Each answer of the quorum package is compared with a slow twin that tries every majority. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { jointCommitted, jointVote, majorityCommitted, majorityVote } from "./index.ts";

const SEED = process.env.WIRESPAN_SEED;
/** `WIRESPAN_SEED=<n>` replays a run; a failure prints its seed. */
const RUNS: fc.Parameters<unknown> = {
  numRuns: 500,
  ...(SEED === undefined ? {} : { seed: Number(SEED) }),
};
const ids = fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { maxLength: 7 });
const acks = fc.array(fc.option(fc.nat(5), { nil: undefined }), { minLength: 8, maxLength: 8 });
const votes = fc.array(fc.option(fc.boolean(), { nil: undefined }), {
  minLength: 8,
  maxLength: 8,
});

/** All sets of more than half of the voters. */
function majorities(voters: readonly number[]): readonly (readonly number[])[] {
  const sets = Array.from({ length: 2 ** voters.length }, (_, mask) =>
    voters.filter((_voter, place) => (mask >> place) & 1),
  );
  return sets.filter((set) => set.length * 2 > voters.length);
}

/** Committed is what some whole majority has reached. */
function slowCommitted(voters: readonly number[], acked: readonly (number | undefined)[]): number {
  if (voters.length === 0) return Number.POSITIVE_INFINITY;
  return Math.max(...majorities(voters).map((set) => Math.min(...set.map((id) => acked[id] ?? 0))));
}

function slowVote(voters: readonly number[], cast: readonly (boolean | undefined)[]): string {
  if (voters.length === 0) return "won";
  const all = majorities(voters);
  if (all.some((set) => set.every((id) => cast[id] === true))) return "won";
  return all.some((set) => set.every((id) => cast[id] !== false)) ? "pending" : "lost";
}

function castOf(cast: readonly (boolean | undefined)[]): Map<number, boolean> {
  return new Map(cast.flatMap((vote, id) => (vote === undefined ? [] : [[id, vote]])));
}

test("majorities agree with the twin", () => {
  fc.assert(
    fc.property(ids, acks, votes, (voters, acked, cast) => {
      const config = new Set(voters);
      expect(majorityCommitted(config, (id) => acked[id])).toBe(slowCommitted(voters, acked));
      expect(majorityVote(config, castOf(cast))).toBe(slowVote(voters, cast));
    }),
    RUNS,
  );
});

test("joint majorities need both halves", () => {
  fc.assert(
    fc.property(ids, ids, acks, votes, (incoming, outgoing, acked, cast) => {
      const config = { incoming: new Set(incoming), outgoing: new Set(outgoing) };
      const [one, other] = [slowCommitted(incoming, acked), slowCommitted(outgoing, acked)];
      expect(jointCommitted(config, (id) => acked[id])).toBe(Math.min(one, other));
      const halves = [slowVote(incoming, cast), slowVote(outgoing, cast)];
      const isLost = halves.includes("lost");
      const isWon = halves.every((half) => half === "won");
      expect(jointVote(config, castOf(cast))).toBe(isLost ? "lost" : isWon ? "won" : "pending");
    }),
    RUNS,
  );
});
