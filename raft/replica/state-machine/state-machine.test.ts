/** The digest, kept up to date change by change, against the same state built from nothing in another order. */
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Command } from "../../wire/index.ts";
import { READABLE } from "../stored.ts";
import { StateMachine } from "./state-machine.ts";

const keys = fc.uint8Array({ maxLength: 2 });
const values = fc.uint8Array({ maxLength: 3 });
const operations: fc.Arbitrary<NonNullable<Command["op"]>> = fc.oneof(
  fc.record({ case: fc.constant("put" as const), value: fc.record({ key: keys, value: values }) }),
  fc.record({
    case: fc.constant("append" as const),
    value: fc.record({ key: keys, value: values }),
  }),
  fc.record({ case: fc.constant("delete" as const), value: fc.record({ key: keys }) }),
  fc.record({
    case: fc.constant("compareAndSwap" as const),
    value: fc.record({ key: keys, expected: fc.option(values, { nil: undefined }), value: values }),
  }),
  fc.record({ case: fc.constant("openSession" as const), value: fc.constant({}) }),
);
const commands = fc.array(
  fc.record({ session: fc.integer({ min: 1, max: 4 }), sequence: fc.nat(9), op: operations }),
  { maxLength: 60 },
);

function run(list: readonly Command[], sessionsMax: number): StateMachine {
  const state = new StateMachine(READABLE.min);
  const open = { session: 0, sequence: 0, op: { case: "openSession", value: {} } } as const;
  for (const [place, command] of [open, open, ...list].entries()) {
    state.applyCommand(command, place + 1, sessionsMax);
    state.finishEntry(place + 1, 1);
  }
  return state;
}

/** The same content, put together from nothing and in the opposite order. */
function rebuilt(state: StateMachine): StateMachine {
  const copy = new StateMachine(state.activeVersion);
  for (const { key, value } of state.pairs.sorted().toReversed()) copy.pairs.set(key, value);
  for (const session of state.sessions.all().toReversed()) copy.sessions.set(session, 1_000);
  return copy;
}

test("the digest is that of the content, however it came about", () => {
  fc.assert(
    fc.property(commands, fc.integer({ min: 1, max: 3 }), (list, sessionsMax) => {
      const state = run(list, sessionsMax);
      expect(state.digest()).toBe(rebuilt(state).digest());
      expect(state.digestAt(state.appliedIndex)).toBe(state.digest());
      expect(state.sessions.size).toBeLessThanOrEqual(sessionsMax);
    }),
  );
});

test("any change of the content is another digest", () => {
  fc.assert(
    fc.property(commands, keys, values, (list, key, value) => {
      const state = run(list, 10);
      const copy = rebuilt(state);
      copy.pairs.set(key, Uint8Array.of(...value, 7));
      const isChanged = String(state.pairs.get(key)) !== String(copy.pairs.get(key));
      expect(copy.digest() !== state.digest()).toBe(isChanged);
      const later = rebuilt(state);
      later.activeVersion++;
      expect(later.digest()).not.toBe(state.digest());
    }),
  );
});

test.for([
  { why: "a byte moved from key to value", one: [[1, 2], [3]], other: [[1], [2, 3]] },
  { why: "key and value changed places", one: [[1], [2]], other: [[2], [1]] },
  { why: "an empty value is no absent one", one: [[1], []], other: [[], [1]] },
] as const)("two states differ: $why", ({ one, other }) => {
  const digests = [one, other].map(([key, value]) => {
    const state = new StateMachine(READABLE.min);
    state.pairs.set(Uint8Array.from(key), Uint8Array.from(value));
    return state.digest();
  });
  expect(digests[0]).not.toBe(digests[1]);
});

test("a retry changes nothing, an older sequence is refused, the next one counts", () => {
  const state = new StateMachine(READABLE.min);
  const key = Uint8Array.of(1);
  const append = (sequence: number): Command => ({
    session: 1,
    sequence,
    op: { case: "append", value: { key, value: Uint8Array.of(9) } },
  });
  const open: Command = { session: 0, sequence: 0, op: { case: "openSession", value: {} } };
  expect(state.applyCommand(open, 1, 10)).toMatchObject({ session: 1, answer: { status: "ok" } });
  const first = state.applyCommand(append(2), 2, 10);
  const digest = state.digest();
  expect(state.applyCommand(append(2), 3, 10)).toEqual(first);
  expect(state.applyCommand(append(1), 4, 10).answer.status).toBe("staleSequence");
  expect(state.digest()).toBe(digest);
  expect(state.pairs.get(key)).toEqual(Uint8Array.of(9));
  state.applyCommand(append(3), 5, 10);
  expect(state.pairs.get(key)).toEqual(Uint8Array.of(9, 9));
});

test("above the limit, the session that was silent longest is forgotten", () => {
  const state = new StateMachine(READABLE.min);
  const open: Command = { session: 0, sequence: 0, op: { case: "openSession", value: {} } };
  for (const index of [1, 2]) state.applyCommand(open, index, 2);
  const op = { case: "put", value: { key: Uint8Array.of(1), value: Uint8Array.of(1) } } as const;
  state.applyCommand({ session: 1, sequence: 1, op }, 3, 2);
  state.applyCommand(open, 4, 2);
  expect(state.sessions.all().map(({ id }) => id)).toEqual([1, 4]);
  expect(state.applyCommand({ session: 2, sequence: 1, op }, 5, 2).answer.status).toBe(
    "unknownSession",
  );
});
