import { expect, test } from "vitest";
import { compareReleases, isReleaseName, withdrawnBy } from "./order.ts";

test.for([
  { names: ["r1", "r2", "r10"], why: "numbers, not text" },
  { names: ["r2", "r2.1", "r2.10", "r3"], why: "patch releases stand between" },
  { names: ["r3-alpha2", "r3-rc1", "r3-rc2", "r3"], why: "a pre-release comes before its release" },
  { names: ["2026.9", "2026.11", "2026.11.1"], why: "calendar names" },
  { names: ["r4", "r99", "tree"], why: "the working tree is newer than all" },
])("compareReleases() orders $names: $why", ({ names }) => {
  expect([...names].reverse().sort(compareReleases)).toEqual(names);
});

test.for<{ names: string[]; withdrawn: Record<string, string>; why: string }>([
  { names: ["r1", "r2", "r2.1", "r3"], withdrawn: { r2: "r2.1" }, why: "it mends its release" },
  {
    names: ["r2", "r2.1", "r2.2"],
    withdrawn: { r2: "r2.2", "r2.1": "r2.2" },
    why: "the last patch takes the place of all before it",
  },
  { names: ["r2", "r2.1-rc1"], withdrawn: {}, why: "a candidate takes nobody's place yet" },
  { names: ["r2", "r20", "r20.1"], withdrawn: { r20: "r20.1" }, why: "numbers, not text" },
  { names: ["2026.9", "2026.11"], withdrawn: {}, why: "a month is no patch" },
])("withdrawnBy() of $names: $why", ({ names, withdrawn }) => {
  expect(Object.fromEntries(withdrawnBy(names))).toEqual(withdrawn);
});

test.for(["tree", "", "../r1", "r1/..", "R 1", "r"])("isReleaseName() refuses %j", (name) => {
  expect(isReleaseName(name)).toBe(false);
});
