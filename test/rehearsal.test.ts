/**
 * The command as a user runs it: exit codes, the plan as a file, one JSON on standard output, and
 * nothing left behind however it ends. Most runs use the stand-in release, which starts at once; the
 * last ones rehearse the frozen releases and need at least two of them.
 */
import { type ChildProcess, spawn } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { afterAll, beforeAll, expect, test } from "vitest";
import { listReleases, withdrawnBy } from "../release/index.ts";
import { digestFiles } from "../release/manifest.ts";
import { REPORT_HEAD_SCHEMA } from "../report/index.ts";

const folder = mkdtempSync(join(tmpdir(), "wirespan-command-"));
const releases = join(folder, "releases");
/** Temporary folders of these runs, apart from those of other tests. */
const temporary = join(folder, "temporary");
const STAND_INS = ["r1 1 1", "r2 1 2", "r3 2 3", "r4 3 4 dies"];

beforeAll(() => {
  mkdirSync(temporary);
  for (const row of STAND_INS) {
    const [name = "", min, max, ...bugs] = row.split(" ");
    const directory = join(releases, name);
    cpSync("rehearsal/testing/stand-in", directory, { recursive: true });
    const range = { min: Number(min), max: Number(max) };
    writeFileSync(
      join(directory, "release.json"),
      JSON.stringify({ release: name, ...range, bugs }),
    );
    const manifest = { format: 1, name, range, writes: {}, files: digestFiles(directory) };
    writeFileSync(join(directory, "manifest.json"), JSON.stringify(manifest));
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

interface Run {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function start(...args: string[]): { child: ChildProcess; ended: Promise<Run> } {
  const tsx = ["--import", "tsx", "cli/main.ts", "rehearse", ...args];
  const env = { ...process.env, TMPDIR: temporary };
  const child = spawn(process.execPath, tsx, { stdio: ["ignore", "pipe", "pipe"], env });
  const seen = { stdout: "", stderr: "" };
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    seen.stdout += text;
  });
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    seen.stderr += text;
  });
  const ended = new Promise<Run>((settle) => {
    child.once("close", (status) => settle({ status, ...seen }));
  });
  return { child, ended };
}

const run = (...args: string[]): Promise<Run> => start(...args).ended;
const STAND_IN = ["--releases-dir", releases, "--duration-scale", "0.2"];

/** What runs have left so far: temporary folders, and processes of nodes. */
function leftovers(): { folders: string[]; processes: string[] } {
  const folders = readdirSync(temporary).filter((name) => name.startsWith("wirespan-"));
  const processes = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(commandLineOf)
    .filter((line) => line.includes(releases) && line.includes("node.mjs"));
  return { folders, processes };
}

function commandLineOf(processId: string): string {
  try {
    return readFileSync(`/proc/${processId}/cmdline`, "utf8").replaceAll("\0", " ");
  } catch {
    return "";
  }
}

async function until(child: ChildProcess, text: string): Promise<void> {
  await new Promise<void>((settle) => {
    let seen = "";
    child.stderr?.on("data", (part: string) => {
      seen += part;
      if (seen.includes(text)) settle();
    });
    child.once("close", () => settle());
  });
}

test("rehearse: a sound release passes; --json writes the report and nothing else to standard output", async () => {
  const page = join(folder, "page.html");
  const { status, stdout, stderr } = await run(
    "--from",
    "r1",
    "--to",
    "r2",
    "--json",
    "--seed",
    "3",
    "--html",
    page,
    ...STAND_IN,
  );
  const report = JSON.parse(stdout) as Record<string, unknown>;
  expect(new Ajv2020().compile(REPORT_HEAD_SCHEMA)(report)).toBe(true);
  expect(report).toMatchObject({
    verdict: "pass",
    kind: "rehearsal",
    seed: 3,
    releases: [{ name: "r1" }, { name: "r2" }, { name: "r3" }],
  });
  expect(status).toBe(0);
  expect(stderr).toMatch(/ s {2}\d+\/\d+ activate wire version 2: active on 3 nodes/);
  expect(readFileSync(page, "utf8")).toContain("r1 → r2");
});

test("rehearse: findings exit with 100 and are told in words", async () => {
  const { status, stdout } = await run("--from", "r3", "--to", "r4", ...STAND_IN);
  expect(stdout).toContain("ended by itself: exit code 70");
  expect(stdout).toMatch(/again: wirespan rehearse --path r3,r4 --nodes 3 --seed \d+/);
  expect(status).toBe(100);
});

test("rehearse --print-plan: the same seed, the same plan; as a file it is carried out", async () => {
  const args = ["--from", "r1", "--to", "r3", "--print-plan", "--seed", "8", ...STAND_IN];
  const [one, other, text] = await Promise.all([
    run(...args, "--json"),
    run(...args, "--json"),
    run(...args),
  ]);
  expect(one.stdout).toBe(other.stdout);
  expect(text.stdout).toContain("Hop 2: r2 -> r3");
  const file = join(folder, "plan.json");
  const plan = JSON.parse(one.stdout) as { steps: { hop: number; kind: string }[]; path: string[] };
  // An edited plan is a plan: the second hop is cut off.
  const steps = plan.steps.filter(({ hop, kind }) => hop < 2 || kind === "stopLoad");
  writeFileSync(file, JSON.stringify({ ...plan, path: ["r1", "r2"], steps }));
  const replayed = await run("--plan", file, ...STAND_IN);
  expect(replayed.stdout).toContain(`${steps.length} of ${steps.length} steps went as planned`);
  expect(replayed.status).toBe(0);
});

test.for([
  {
    args: ["--from", "r1", "--to", "r9"],
    status: 2,
    says: /Cannot find release "r9": known are r1, r2, r3, r4, tree/,
  },
  { args: [], status: 2, says: /--from and --to/ },
  { args: ["--from", "r1", "--to", "r2", "--nodes", "x"], status: 2, says: /whole number/ },
  { args: ["--plan", "/nowhere.json"], status: 2, says: /nowhere\.json/ },
  {
    args: ["--path", "r1,r3"],
    status: 1,
    says: /Cannot go from r1 to r3 in one hop: .* go r1 -> r2 -> r3/,
  },
  { args: ["--from", "r2", "--to", "r1"], status: 1, says: /r1 is older/ },
])("rehearse $args exits with $status", async ({ args, status, says }) => {
  const result = await run(...args, "--releases-dir", releases);
  expect(result.stderr).toMatch(says);
  expect(result.status).toBe(status);
  expect(result.stderr).not.toContain("    at ");
});

test.for(["SIGINT", "SIGTERM"] as const)(
  "rehearse ended by %s leaves no process and no folder",
  async (signal) => {
    const before = leftovers().folders;
    const { child, ended } = start("--from", "r1", "--to", "r3", ...STAND_IN);
    await until(child, "start node");
    expect(leftovers().processes.length).toBeGreaterThan(0);
    child.kill(signal);
    expect((await ended).status).toBe(1);
    expect(leftovers()).toEqual({ folders: before, processes: [] });
  },
);

test("rehearse killed by SIGKILL leaves no process", async () => {
  const before = leftovers().folders;
  const { child, ended } = start("--from", "r1", "--to", "r3", ...STAND_IN);
  await until(child, "start node");
  expect(leftovers().processes.length).toBeGreaterThan(0);
  child.kill("SIGKILL");
  await ended;
  await expect.poll(() => leftovers().processes, { timeout: 5_000 }).toEqual([]);
  for (const name of leftovers().folders.filter((each) => !before.includes(each)))
    rmSync(join(temporary, name), { recursive: true });
});

const withdrawn = withdrawnBy(listReleases());
const frozen = listReleases().filter((name) => !withdrawn.has(name));
const [oldest = "", newest = ""] = [frozen[0], frozen.at(-1)];

test.skipIf(frozen.length < 2)(
  "the frozen releases: oldest to newest",
  { timeout: 240_000 },
  async () => {
    const { status, stdout, stderr } = await run(
      "--from",
      oldest,
      "--to",
      newest,
      "--seed",
      "1",
      "--duration-scale",
      "0.4",
    );
    expect(status, `${stdout}\n${stderr}`).toBe(0);
  },
);

test.skipIf(frozen.length < 2)(
  "the frozen releases: any process is killed at any moment",
  { timeout: 240_000 },
  async () => {
    const hop = ["--from", frozen.at(-2) ?? "", "--to", newest];
    const { status, stdout, stderr } = await run(...hop, "--seed", "2", "--kill-every", "900");
    expect(status, `${stdout}\n${stderr}`).toBe(0);
  },
);
