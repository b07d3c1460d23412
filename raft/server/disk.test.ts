/**
 * The disk on a real folder. What only a crash shows (lost unsynced bytes) can not be shown here;
 * what the system reports is provoked for real: a full device and a folder in the place of a file.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { DiskError } from "../replica/index.ts";
import { FileDisk } from "./disk.ts";
import type { Done } from "./file-lane.ts";

let root = "";
let disk: FileDisk;
let syncs = 0;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "wirespan-disk-"));
  syncs = 0;
  disk = new FileDisk(root, () => void syncs++);
});
afterEach(async () => {
  await disk.close();
  rmSync(root, { recursive: true, force: true });
});

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const finished = (start: (done: Done) => void): Promise<DiskError | undefined> =>
  new Promise((fulfil) => start(fulfil));
const onDisk = (path: string): string => readFileSync(join(root, path), "utf8");

test("append() of many parts writes them in the order of the calls", async () => {
  const all = Array.from({ length: 50 }, (_, n) =>
    finished((done) => disk.append("log/a", [bytes(`${n}`), bytes(","), new Uint8Array()], done)),
  );
  expect(await Promise.all(all)).toEqual(all.map(() => undefined));
  expect(onDisk("log/a")).toBe(Array.from({ length: 50 }, (_, n) => `${n},`).join(""));
});

test("append() goes on at the end of what an earlier process left", async () => {
  await finished((done) => disk.append("a", [bytes("one")], done));
  const next = new FileDisk(root);
  await finished((done) => next.append("a", [bytes("two")], done));
  await next.close();
  expect(onDisk("a")).toBe("onetwo");
});

test("syncs that queued up while the disk was busy are one sync, and each is answered", async () => {
  const answers = Array.from({ length: 20 }, (_, n) => [
    finished((done) => disk.append("a", [bytes(`${n % 10}`)], done)),
    finished((done) => disk.sync("a", done)),
  ]).flat();
  expect((await Promise.all(answers)).filter(Boolean)).toEqual([]);
  expect(syncs).toBe(1);
  expect(onDisk("a")).toBe("01234567890123456789");
});

test("truncate(), append() and rename() of one file take effect in the order of the calls", async () => {
  disk.append("a", [bytes("0123456789")], () => {});
  disk.truncate("a", 4, () => {});
  disk.append("a", [bytes("x")], () => {});
  disk.rename("a", "folder/b", () => {});
  disk.append("folder/b", [bytes("y")], () => {});
  await finished((done) => disk.append("a", [bytes("new")], done));
  await finished((done) => disk.sync("folder/b", done));
  expect([onDisk("folder/b"), onDisk("a")]).toEqual(["0123xy", "new"]);
});

test("renames that cross each other both happen", async () => {
  await finished((done) => disk.replace("a", bytes("A"), done));
  await finished((done) => disk.replace("b", bytes("B"), done));
  const crossed = [
    finished((done) => disk.rename("a", "c", done)),
    finished((done) => disk.rename("b", "a", done)),
    finished((done) => disk.rename("c", "b", done)),
  ];
  expect((await Promise.all(crossed)).filter(Boolean)).toEqual([]);
  expect([onDisk("a"), onDisk("b"), disk.size("c")]).toEqual(["B", "A", undefined]);
});

test("replace() leaves the whole new content, and clears what a crash left of an earlier one", async () => {
  writeFileSync(join(root, "manifest.json.tmp"), "half");
  writeFileSync(join(root, "other.tmp"), "half");
  expect(disk.list("")).toEqual([]);
  expect(await finished((done) => disk.replace("manifest.json", bytes("{}"), done))).toBe(
    undefined,
  );
  expect(onDisk("manifest.json")).toBe("{}");
  expect(() => onDisk("other.tmp")).toThrow("ENOENT");
});

test("remove() of a file that is not there is done", async () => {
  await finished((done) => disk.append("a", [bytes("1")], done));
  expect(await finished((done) => disk.remove("a", done))).toBe(undefined);
  expect(await finished((done) => disk.remove("a", done))).toBe(undefined);
  expect(disk.list("")).toEqual([]);
});

test.for([
  { offset: 0, length: undefined, text: "0123456789", why: "the whole file" },
  { offset: 8, length: 5, text: "89", why: "shorter than asked at the end" },
  { offset: 20, length: 5, text: "", why: "nothing behind the end" },
  { offset: 3, length: 2, text: "34", why: "a piece" },
])("read() gives $why", async ({ offset, length, text }) => {
  await finished((done) => disk.append("a", [bytes("0123456789")], done));
  expect(new TextDecoder().decode(disk.read("a", offset, length))).toBe(text);
});

test("read(), size() and list() say that there is nothing", () => {
  expect([disk.read("no/a"), disk.size("no/a"), disk.list("no")]).toEqual([
    undefined,
    undefined,
    [],
  ]);
});

test("list() shows neither the lock nor folders", async () => {
  writeFileSync(join(root, "lock"), "1 2");
  mkdirSync(join(root, "log"));
  await finished((done) => disk.append("b", [], done));
  expect(disk.list("")).toEqual(["b"]);
});

test.for(["../a", "/etc/a", "a/../../b", "a//b", "", ".", "a/\0", "..\\a"])(
  "a path that leaves the directory stops us: %j",
  (path) => {
    expect(() => disk.append(path, [], () => {})).toThrow("inside the data directory");
    expect(() => disk.read(path)).toThrow("inside the data directory");
  },
);

test.skipIf(process.platform !== "linux")(
  "a full device is reported with its code, and a failed sync is never taken back",
  async () => {
    symlinkSync("/dev/full", join(root, "full"));
    const error = await finished((done) => disk.append("full", [bytes("1")], done));
    expect(error?.code).toBe("ENOSPC");
    // The device can not be cut back either, so nothing may follow on it.
    expect((await finished((done) => disk.sync("full", done)))?.code).toBe("ENOSPC");
  },
);

test("a folder in the place of a file is reported with its code", async () => {
  mkdirSync(join(root, "a"));
  expect((await finished((done) => disk.append("a", [bytes("1")], done)))?.code).toBe("EISDIR");
  expect((await finished((done) => disk.truncate("missing", 0, done)))?.code).toBe("ENOENT");
});

test("no answer comes from inside the call", async () => {
  let isInside = true;
  const answers = [
    finished((done) => disk.append("a", [bytes("1")], () => done(isInside ? INSIDE : undefined))),
    finished((done) => disk.remove("b", () => done(isInside ? INSIDE : undefined))),
  ];
  isInside = false;
  expect(await Promise.all(answers)).toEqual([undefined, undefined]);
});
const INSIDE: DiskError = { code: "inside", message: "called from inside" };

test("many files can be written though few stay open", async () => {
  const all = Array.from({ length: 100 }, async (_, n) => {
    await finished((done) => disk.append(`log/${n}`, [bytes(`${n}`)], done));
    return await finished((done) => disk.sync(`log/${n}`, done));
  });
  await Promise.all(all);
  await finished((done) => disk.append("log/7", [bytes("!")], done));
  expect([disk.list("log").length, onDisk("log/7")]).toEqual([100, "7!"]);
});
