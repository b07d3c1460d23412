/** The two halves of the log: what is on its way to disk, and what is there. */
import { expect, test } from "vitest";
import {
  CompactedError,
  EMPTY_CONF_STATE,
  type Entry,
  MemoryStorage,
  SnapshotOutOfDateError,
  UnavailableError,
} from "./index.ts";
import { RaftLog } from "./raft-log.ts";
import { limitSize } from "./storage.ts";
import { Inflights } from "./tracker/index.ts";

const NO_LIMIT = Number.POSITIVE_INFINITY;

function entry(term: number, index: number, bytes = 0): Entry {
  return { term, index, type: "normal", data: new Uint8Array(bytes) };
}

function logOf(stable: readonly Entry[]): {
  readonly log: RaftLog;
  readonly storage: MemoryStorage;
} {
  const storage = new MemoryStorage();
  storage.append(stable);
  return { log: new RaftLog(storage, NO_LIMIT), storage };
}

function places(entries: readonly Entry[]): readonly string[] {
  return entries.map(({ term, index }) => `${term}/${index}`);
}

test.for([
  { written: [2, 1], left: ["1/3"], why: "the entries up to it" },
  { written: [2, 9], left: ["1/1", "1/2", "1/3"], why: "nothing: another entry is there now" },
  { written: [4, 1], left: ["1/1", "1/2", "1/3"], why: "nothing: it is not there any more" },
] satisfies { written: [number, number]; left: string[]; why: string }[])(
  "a finished write of index $written.0, term $written.1 makes stable $why",
  (row) => {
    const { log } = logOf([]);
    log.append([entry(1, 1), entry(1, 2), entry(1, 3)]);
    log.acceptUnstable();
    const [index, term] = row.written;
    log.stableTo(index, term);
    expect(places(log.unstable.entries)).toEqual(row.left);
  },
);

test.for([
  { from: 4, left: ["1/1", "1/2", "1/3", "2/4"], waiting: ["2/4"], why: "the end" },
  { from: 3, left: ["1/1", "1/2", "2/3"], waiting: ["2/3"], why: "the middle" },
  { from: 1, left: ["2/1"], waiting: ["2/1"], why: "the beginning" },
])("entries on their way to disk are overwritten from $why and written again", (row) => {
  const { log } = logOf([]);
  log.append([entry(1, 1), entry(1, 2), entry(1, 3)]);
  log.acceptUnstable();
  expect(log.nextUnstableEntries()).toEqual([]);
  log.append([entry(2, row.from)]);
  expect(places(log.unstable.entries)).toEqual(row.left);
  expect(places(log.nextUnstableEntries())).toEqual(row.waiting);
});

test("an entry that was handed out does not change when the log does", () => {
  const { log } = logOf([]);
  log.append([entry(1, 1), entry(1, 2)]);
  const handedOut = log.nextUnstableEntries();
  log.append([entry(2, 2), entry(2, 3)]);
  expect(places(handedOut)).toEqual(["1/1", "1/2"]);
});

test("a slice crosses from the disk to what is not there yet, within its limit", () => {
  const { log } = logOf([entry(1, 1, 100), entry(1, 2, 100)]);
  log.append([entry(2, 3, 100), entry(2, 4, 100)]);
  expect(places(log.slice(1, 5, NO_LIMIT))).toEqual(["1/1", "1/2", "2/3", "2/4"]);
  expect(places(log.slice(1, 5, 350))).toEqual(["1/1", "1/2", "2/3"]);
  expect(places(log.slice(2, 5, 1)), "at least one").toEqual(["1/2"]);
});

test("applying stops at its limit until something was applied", () => {
  const storage = new MemoryStorage();
  storage.append([1, 2, 3].map((index) => entry(1, index, 100)));
  const log = new RaftLog(storage, 150);
  log.commitTo(3);
  expect(places(log.nextCommittedEntries(true))).toEqual(["1/1"]);
  log.acceptApplying(1, 108, true);
  expect(log.hasNextCommittedEntries(true)).toBe(false);
  log.appliedTo(1, 108);
  expect(places(log.nextCommittedEntries(true))).toEqual(["1/2"]);
});

test("the storage says whether an entry is gone or not there yet, and keeps the term before the first", () => {
  const { storage } = logOf([entry(1, 1), entry(2, 2), entry(3, 3)]);
  storage.createSnapshot(2, EMPTY_CONF_STATE, new Uint8Array(0));
  storage.compact(2);
  expect([storage.firstIndex(), storage.lastIndex(), storage.term(2)]).toEqual([3, 3, 2]);
  expect(() => storage.term(1)).toThrow(CompactedError);
  expect(() => storage.term(4)).toThrow(UnavailableError);
  expect(() => storage.entries(2, 3, NO_LIMIT)).toThrow(CompactedError);
  expect(() => storage.compact(2)).toThrow(CompactedError);
  expect(() => storage.createSnapshot(2, undefined, new Uint8Array(0))).toThrow(
    SnapshotOutOfDateError,
  );
});

test.for([
  { append: [entry(2, 2)], terms: [1, 2], why: "cuts the end" },
  { append: [entry(1, 3), entry(2, 4)], terms: [1, 1, 1, 2], why: "goes on" },
  { append: [], terms: [1, 1, 1], why: "changes nothing when empty" },
])("MemoryStorage.append() $why", ({ append, terms }) => {
  const { storage } = logOf([entry(1, 1), entry(1, 2), entry(1, 3)]);
  storage.append(append);
  const found = storage.entries(1, storage.lastIndex() + 1, NO_LIMIT);
  expect(found.map(({ term }) => term)).toEqual(terms);
});

test("a limit of 0 lets one entry through", () => {
  expect(places(limitSize([entry(1, 1), entry(1, 2)], 0))).toEqual(["1/1"]);
});

test("a window is full by count or by bytes, and acknowledgements free all before them", () => {
  const byCount = new Inflights(2, NO_LIMIT);
  byCount.add(1, 10);
  byCount.add(3, 10);
  expect(byCount.full()).toBe(true);
  byCount.freeLe(2);
  expect([byCount.full(), byCount.count]).toEqual([false, 1]);
  const byBytes = new Inflights(9, 15);
  byBytes.add(1, 10);
  expect(byBytes.full()).toBe(false);
  byBytes.add(2, 10);
  expect(byBytes.full()).toBe(true);
  byBytes.freeLe(1);
  expect(byBytes.full()).toBe(false);
});
