/**
 * Programs outside in the matrix as a person or a CI job runs them: our own codecs through a process
 * are the same as in a thread, the example hosts agree with the releases, and a liar is found.
 */
import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, expect, test } from "vitest";
import {
  type Cell,
  HostFrameReader,
  type MatrixReport,
  parseBody,
  runCells,
  writeHostFrame,
} from "../compat-matrix/index.ts";
import {
  joinPools,
  loadParticipants,
  outsidePool,
  poolOfReleases,
} from "../compat-matrix/run/index.ts";
import { loadRelease } from "../release/index.ts";
import { BUILD_MS, buildCrateHost, CRATE_HOST, isInstalled } from "./crate/crate-host.ts";

const folder = mkdtempSync(join(tmpdir(), "wirespan-codec-hosts-"));
afterAll(() => rmSync(folder, { recursive: true }));

const TSX = resolve("node_modules/.bin/tsx");
const OWN = [TSX, "cli/main.ts", "codec-host"];
const PYTHON = "python3 -I -S examples/codec-hosts/python/codec_host.py";

function matrix(...options: string[]): {
  status: number | null;
  report: MatrixReport;
  stderr: string;
} {
  const command = ["cli/main.ts", "matrix", "--no-start", "--json", ...options];
  const { status, stdout, stderr } = spawnSync(TSX, command, {
    encoding: "utf8",
    maxBuffer: 2 ** 30,
  });
  return { status, stderr, report: (stdout === "" ? {} : JSON.parse(stdout)) as MatrixReport };
}

async function cellsWith(name: string): Promise<Cell[]> {
  const release = await loadRelease(name);
  const releases = poolOfReleases([release]);
  const outside = outsidePool([{ name: "copy", command: [...OWN, "--release", name] }]);
  const pool = joinPools(outside, new Set(["copy"]), releases);
  try {
    const loaded = await loadParticipants([release], pool);
    const participants = [...loaded, ...(await outside.load(loaded))];
    return await runCells({ participants, pool });
  } finally {
    await pool.close();
    release.close();
  }
}

/** What a cell says, but for the names of its sides. */
function claimOf({
  kind,
  message,
  case: name,
  writer,
  reader,
  through,
  ...rest
}: Cell): [string, unknown] {
  const versions = [writer, reader, through].map((side) => side?.version);
  const { verdict, reason, bytes, expected, actual, rewritten } = rest;
  return [
    JSON.stringify([kind, message, name, versions]),
    { verdict, reason, bytes, expected, actual, rewritten },
  ];
}

test.for(["r4", "tree"])(
  "%s through a process gives the same cells as in a thread",
  async (name) => {
    const cells = await cellsWith(name);
    const sides = ({ writer, reader, through }: Cell) =>
      [writer, reader, through].flatMap((side) => (side ? [side.release] : []));
    const inside = new Map(
      cells.filter((cell) => sides(cell).every((side) => side === name)).map(claimOf),
    );
    const mixed = cells.filter((cell) => sides(cell).includes("copy"));
    expect(mixed.length).toBeGreaterThan(2000);
    for (const cell of mixed) {
      const [key, claim] = claimOf(cell);
      expect(claim, key).toEqual(inside.get(key));
    }
  },
);

test("the Python host agrees with the releases in every message that it describes", (context) => {
  if (!isInstalled("python3", "the Python codec host")) return context.skip("no python3");
  const { status, report } = matrix("--releases", "r4,tree", "--host", `python=${PYTHON}`);
  expect(report.broken).toEqual([]);
  expect(status).toBe(0);
  expect(report.hosts).toEqual([{ name: "python", program: "bilrost by hand, in Python" }]);
});

test("the Rust crate agrees with the releases in every message of versions 3 and 4", {
  timeout: BUILD_MS,
}, (context) => {
  if (!isInstalled("cargo", "the codec host of the Rust crate")) return context.skip("no cargo");
  buildCrateHost();
  const hosts = join(folder, "hosts.json");
  writeFileSync(hosts, JSON.stringify([{ name: "rust", command: [CRATE_HOST] }]));
  const without = matrix("--releases", "r3,r4,tree").report.counts.cells;
  const { status, report } = matrix("--releases", "r3,r4,tree", "--hosts", hosts);
  expect(report.broken).toEqual([]);
  expect(status).toBe(0);
  process.stderr.write(`\n${report.counts.cells - without} cells with the Rust crate\n`);
  expect(report.counts.cells - without).toBeGreaterThan(5000);
});

test("a host that lies is found: exit 100, and the message is named", () => {
  const liar = join(folder, "liar.py");
  const honest = readFileSync("examples/codec-hosts/python/codec_host.py", "utf8");
  const truth = '(4, "hintIndex", "uint64"), (5, "hintTerm", "uint64")';
  expect(honest).toContain(truth);
  // It describes the fields as they are and writes them under each other's number.
  const lie =
    'MESSAGES["AppendResponse"][3:] = [(4, "hintTerm", "uint64"), (5, "hintIndex", "uint64")]';
  writeFileSync(
    liar,
    honest.replace(
      "if __name__ ==",
      `TRUE = describe()\ndescribe = lambda: TRUE\n${lie}\n\nif __name__ ==`,
    ),
  );
  const { status, report } = matrix("--releases", "r4", "--host", `liar=python3 -I -S '${liar}'`);
  expect(status).toBe(100);
  expect(new Set(report.broken.map(({ message }) => message))).toEqual(new Set(["AppendResponse"]));
});

test.for([
  {
    options: ["--host", "gone=/nowhere/at-all"],
    status: 1,
    says: /it cannot be started/,
    why: "no such program",
  },
  {
    options: ["--only", "NodeStatus", "--host", `python=${PYTHON}`],
    status: 2,
    says: /Cannot check only "NodeStatus": host "python" never has such a message/,
    why: "a message that the host does not describe",
  },
  {
    options: ["--host", "r4=cat"],
    status: 2,
    says: /"r4": it is taken/,
    why: "the name of a release",
  },
  { options: ["--host", "cat"], status: 2, says: /name=command is needed/, why: "no name" },
  {
    options: ["--host", "x=cat 'a"],
    status: 2,
    says: /quotation mark is not closed/,
    why: "an open quotation",
  },
  {
    options: ["--hosts", "missing.json"],
    status: 2,
    says: /Cannot use hosts file/,
    why: "no such file",
  },
])("matrix ends with $status: $why", ({ options, status, says }) => {
  const run = matrix("--releases", "r4", ...options);
  expect(run.stderr).toMatch(says);
  expect(run.status).toBe(status);
});

test("what a program prints on stdout beside its frames is told to be that, and a release cannot do it", () => {
  const answer = (input: Buffer, ...flags: string[]) =>
    spawnSync(
      process.execPath,
      [...flags, "--import", "tsx", "cli/main.ts", "codec-host", "--release", "r4"],
      { input },
    );
  const printing = answer(Buffer.from("starting up\n"));
  expect(printing.status).toBe(1);
  expect(printing.stderr.toString()).toMatch(/it reads "star".*prints to stdout/);
  const preload = join(folder, "printing.mjs");
  writeFileSync(preload, `process.stdin.once("data", () => console.log("a release prints"));`);
  const frame = Buffer.from(writeHostFrame({ id: 1, ask: "hello", protocol: 1 }));
  const { status, stdout, stderr } = answer(frame, "--import", preload);
  expect(status).toBe(0);
  expect([...new HostFrameReader().push(stdout)].length).toBe(1);
  expect(stderr.toString()).toMatch(/a release prints/);
  expect(stderr.toString()).toMatch(/stdout belongs to the frames/);
});

interface End {
  readonly code: number | null;
  readonly replies: unknown[];
  readonly stderr: string;
}

/** Starts our own host, waits for its reply to a hello, and then does what the test says. */
async function converse(act: (host: ChildProcessWithoutNullStreams) => void): Promise<End> {
  const host = spawn(process.execPath, [
    "--import",
    "tsx",
    "cli/main.ts",
    "codec-host",
    "--release",
    "r4",
  ]);
  const reader = new HostFrameReader();
  const replies: unknown[] = [];
  let stderr = "";
  host.stderr.on("data", (text) => (stderr += text));
  host.stdin.on("error", () => {});
  host.stdout.on("data", (chunk: Uint8Array) => {
    for (const body of reader.push(chunk)) {
      replies.push(parseBody(body));
      if (replies.length === 1) act(host);
    }
  });
  host.stdin.write(writeHostFrame({ id: 1, ask: "hello", protocol: 1 }));
  const code = await new Promise<number | null>((settle) => host.once("close", settle));
  return { code, replies, stderr };
}

test.for<{
  why: string;
  act: (host: ChildProcessWithoutNullStreams) => void;
  code: number | null;
  last: object;
}>([
  { why: "the input ends", act: (host) => host.stdin.end(), code: 0, last: { id: 1 } },
  {
    why: "bye",
    act: (host) => host.stdin.write(writeHostFrame({ id: 2, ask: "bye" })),
    code: 0,
    last: { id: 2, answer: {} },
  },
  {
    why: "the input ends inside a frame",
    act: (host) => host.stdin.end(Buffer.from([9, 0, 0, 0, 123])),
    code: 1,
    last: { id: null, error: { code: "BadCall" } },
  },
  {
    why: "text instead of frames",
    act: (host) => host.stdin.write("GET / HTTP/1.1\r\n\r\n"),
    code: 1,
    last: { id: null, error: { kind: "HostError", code: "BadCall" } },
  },
  { why: "Ctrl-C", act: (host) => host.kill("SIGINT"), code: 130, last: { id: 1 } },
  {
    why: "nobody reads any more",
    act: (host) => {
      host.stdout.destroy();
      host.stdin.write(writeHostFrame({ id: 2, ask: "describe" }));
    },
    code: 0,
    last: { id: 1 },
  },
])("codec-host ends with $code: $why", async ({ act, code, last }) => {
  const end = await converse(act);
  expect(end.code, end.stderr).toBe(code);
  expect(end.replies.at(-1)).toMatchObject(last);
});
