import { expect, test } from "vitest";
import { canFollow, checkPath, findPath, type ReleaseRange } from "./path.ts";

const RELEASES = ["r1 1 1", "r2 1 2", "r2.1 1 2", "r3 2 3", "r4 3 4", "tree 3 4"].map(release);

test.for([
  { from: "r1", to: "r4", path: "r1 r2.1 r3 r4", why: "the patch release is preferred" },
  { from: "r1", to: "r2", path: "r1 r2", why: "unless the other one is asked for" },
  { from: "r1", to: "tree", path: "r1 r2.1 r3 tree", why: "r4 is no needed stop" },
  { from: "r3", to: "r4", path: "r3 r4", why: "one hop" },
  { from: "r2", to: "r2.1", path: "r2 r2.1", why: "the same range" },
])("findPath() goes $from -> $to by $path: $why", ({ from, to, path }) => {
  expect(findPath(RELEASES, from, to)).toEqual({ ok: true, path: path.split(" ") });
});

test.for([
  { from: "r1", to: "r9", code: "UnknownRelease", text: "known are r1, r2, r2.1, r3, r4, tree" },
  { from: "r2", to: "r2", code: "NothingToDo", text: "the same release" },
  { from: "r4", to: "r1", code: "GoingBack", text: "r1 is older" },
])("findPath() refuses $from -> $to: $code", ({ from, to, code, text }) => {
  expect(findPath(RELEASES, from, to)).toMatchObject({
    code,
    message: expect.stringContaining(text),
  });
});

test("findPath() says so when the release in between is missing", () => {
  const without = RELEASES.filter(({ name }) => !name.startsWith("r2"));
  expect(findPath(without, "r1", "r4")).toMatchObject({ code: "NoPath" });
});

test("checkPath() refuses a skipped release with the way to go", () => {
  expect(checkPath(RELEASES, ["r1", "r3"])).toEqual({
    ok: false,
    code: "SkippedRelease",
    message:
      "Cannot go from r1 to r3 in one hop: r1 writes wire version 1, r3 reads 2 to 3; go r1 -> r2.1 -> r3",
  });
  expect(checkPath(RELEASES, ["r1", "r2", "r4"])).toMatchObject({ code: "SkippedRelease" });
  expect(checkPath(RELEASES, ["r1", "r7"])).toMatchObject({ code: "UnknownRelease" });
  expect(checkPath(RELEASES, ["r1"])).toMatchObject({ code: "NothingToDo" });
  expect(checkPath(RELEASES, ["r1", "r2", "r3"])).toMatchObject({ ok: true });
});

test("canFollow() needs a reader for what is active, not just any overlap", () => {
  // They share version 1, but the older one writes version 3 by now.
  expect(canFollow(release("a 1 3"), release("b 1 2"))).toBe(false);
});

function release(row: string): ReleaseRange {
  const [name = "", min, max] = row.split(" ");
  return { name, range: { min: Number(min), max: Number(max) } };
}
