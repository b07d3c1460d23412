/** `wirespan simulate` as a person runs it, on frozen releases. */
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { expect, test } from "vitest";
import { REPORT_HEAD_SCHEMA } from "../report/index.ts";

const MAIN = ["--import", "tsx", "cli/main.ts", "simulate"];
const FOLDER = mkdtempSync(join(tmpdir(), "wirespan-simulate-"));

interface Run {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function simulate(...options: readonly string[]): Run {
  return spawnSync(process.execPath, [...MAIN, ...options], { encoding: "utf8" });
}

test.for<[readonly string[], string]>([
  [["--seeds", "0"], "at least 1 is needed"],
  [["--seeds", "1e9"], "a whole number below 1 000 000 000 is needed"],
  [["--releases", "r9"], 'Cannot find release "r9"'],
  [["--releases", "r1,r3"], "r3 reads versions 2 to 3, version 1 may still be stored"],
  [["--releases", "r4,r4"], 'Cannot roll through "r4" twice'],
  [["--seed", "1", "--schedule", "x.json"], "cannot be used with option '--seed <seed>'"],
  [["--schedule", join(FOLDER, "none.json")], "none.json: ENOENT"],
  [["--at", "5"], "need --seed or --schedule"],
  [["--enumerate"], "--enumerate needs two releases"],
  [["--enumerate", "--releases", "r3,r4", "--seed", "577"], "they go from 1 to 576"],
])("%j is wrong usage", ([options, problem]) => {
  const { status, stdout, stderr } = simulate(...options);
  expect(stderr).toContain(problem);
  expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
});

test("the printed schedule does what its seed does, up to any moment", () => {
  const seed = ["--seed", "3", "--releases", "r3,r4"];
  const printed = simulate(...seed, "--print-schedule");
  expect(printed.status).toBe(0);
  const file = join(FOLDER, "schedule.json");
  writeFileSync(file, printed.stdout);
  const bySeed = simulate(...seed, "--at", "700");
  expect(bySeed.stderr).toBe("");
  expect(JSON.parse(bySeed.stdout)).toMatchObject({ seed: 3, dump: [{ nodeId: 1 }, {}, {}] });
  expect(simulate("--schedule", file, "--at", "700").stdout).toBe(bySeed.stdout);
  writeFileSync(file, readFileSync(file, "utf8").replace('"r4": "', '"r4": "0'));
  const other = simulate("--schedule", file, "--at", "700");
  expect(other.stderr).toContain("was made with another r4");
  expect(other.stdout).toBe(bySeed.stdout);
});

test("a plan by its number: the report holds to its schema and names the command", () => {
  const options = ["--enumerate", "--releases", "r3,r4", "--seed", "9"];
  const { status, stdout, stderr } = simulate(...options, "--json");
  expect(stderr).toBe("");
  const report = JSON.parse(stdout);
  const ajv = new Ajv2020();
  expect(ajv.validate(REPORT_HEAD_SCHEMA, report), ajv.errorsText()).toBe(true);
  expect(report).toMatchObject({
    verdict: "pass",
    command: "wirespan simulate --enumerate --seed 9 --releases r3,r4",
    counts: { seeds: 1, plans: 576 },
  });
  expect(report.coverage.cellsNever.length).toBeGreaterThan(0);
  expect(status).toBe(0);
});

test("a reader that leaves is no failure: the exit code is still the verdict", async () => {
  const options = ["--enumerate", "--releases", "r3,r4", "--seed", "1", "--json"];
  const child = spawn(process.execPath, [...MAIN, ...options], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  child.stdout.destroy();
  let stderr = "";
  child.stderr.on("data", (part) => {
    stderr += part;
  });
  const status = await new Promise((resolve) => child.on("close", resolve));
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
});
