/** The lock against real processes: one that lives, one that was killed, and one that only has the same id. */
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { lockDirectory } from "./directory-lock.ts";

let root = "";
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "wirespan-lock-"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

test("lockDirectory() makes the directory, refuses a second owner and leaves nothing behind", () => {
  const directory = join(root, "deep", "data");
  const lock = lockDirectory(directory);
  expect(() => lockDirectory(directory)).toThrow(`process ${process.pid} has it open`);
  expect(readdirSync(directory)).toEqual(["lock"]);
  lock.release();
  expect(readdirSync(directory)).toEqual([]);
  lockDirectory(directory).release();
});

test("the lock of a living process holds, that of a killed one does not", async () => {
  const source = `
    import { lockDirectory } from ${JSON.stringify(new URL("./directory-lock.ts", import.meta.url).href)};
    lockDirectory(${JSON.stringify(root)});
    console.log("locked");
    setInterval(() => {}, 1000);`;
  const file = join(root, "owner.mts");
  writeFileSync(file, source);
  const owner = spawn(process.execPath, ["--import", "tsx", file], {
    stdio: ["ignore", "pipe", 2],
  });
  try {
    await new Promise((ready) => owner.stdout?.once("data", ready));
    expect(() => lockDirectory(root)).toThrow(`process ${owner.pid} has it open`);
    const gone = new Promise((ended) => owner.once("exit", ended));
    owner.kill("SIGKILL");
    await gone;
    lockDirectory(root).release();
  } finally {
    owner.kill("SIGKILL");
  }
  expect(existsSync(join(root, "lock"))).toBe(false);
});

test.for([
  { owner: `${process.pid} 1\n`, why: "a stranger was given the id of the dead owner" },
  {
    owner: `${ownLock().replace(/\S+\n$/, "00000000-0000-0000-0000-000000000000\n")}`,
    why: "the machine was started anew since",
  },
  { owner: "999999999 12\n", why: "there is no such process" },
  { owner: "", why: "the file was never written" },
  { owner: "garbage", why: "the file is no lock" },
])("a stale lock is taken over: $why", ({ owner }) => {
  writeFileSync(join(root, "lock"), owner);
  lockDirectory(root).release();
  expect(readdirSync(root)).toEqual([]);
});

test("a directory that can not be made is refused with its reason", () => {
  writeFileSync(join(root, "file"), "");
  expect(() => lockDirectory(join(root, "file", "data"))).toThrow("ENOTDIR");
});

/** What this process writes into a lock. */
function ownLock(): string {
  const directory = mkdtempSync(join(tmpdir(), "wirespan-lock-"));
  const lock = lockDirectory(directory);
  const owner = readFileSync(join(directory, "lock"), "utf8");
  lock.release();
  rmSync(directory, { recursive: true });
  return owner;
}
