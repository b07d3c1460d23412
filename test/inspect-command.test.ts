/**
 * `wirespan inspect` as a person runs it. What it prints is compared with a page that one can read; the
 * bytes are the examples of the Bilrost specification, hand-made ones, and golden bytes of frozen releases.
 */
import { spawn, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { FrameKind, writeFrame, writeHello } from "../raft/wire/index.ts";

const MAIN = ["--import", "tsx", "cli/main.ts", "inspect"];

interface Run {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function inspect(options: readonly string[], input: Uint8Array = new Uint8Array()): Run {
  return spawnSync(process.execPath, [...MAIN, ...options], { encoding: "utf8", input });
}

const EXAMPLE = "0507666f6f2e7478740401050e7075626c69632f666f6f2e747874";
/** A put and a delete at wire version 3 in a request at version 4. */
const APPEND =
  "04030402045704030457053c200401040304010403045805140409040" +
  "40d0e0506636f6c6f75720504626c75651a04010403040104030459050e0409040515080506636f6c6f7572";

/** Three frames as one would see them on a connection: a hello, a request, one from the future. */
function frames(): Uint8Array {
  const golden = JSON.parse(
    readFileSync("fixtures/releases/r3/golden/3/AppendRequest.json", "utf8"),
  ) as { records: readonly { case: string; hex: string }[] };
  const minimal = golden.records.find((one) => one.case === "minimal")?.hex ?? "";
  const ids = { clusterId: "00112233445566778899aabbccddeeff", sender: 2, addressee: 1 };
  const header = { ...ids, incarnation: 7, flags: 0 };
  const hello = writeHello({ range: { min: 2, max: 3 }, release: "r3", role: "peer" });
  return Buffer.concat(
    [
      writeFrame({ ...header, kind: FrameKind.hello, wireVersion: 0 }, hello),
      writeFrame(
        { ...header, kind: FrameKind.appendRequest, wireVersion: 3 },
        Buffer.from(minimal, "hex"),
      ),
      writeFrame(
        { ...header, kind: 77, flags: 1, wireVersion: 9 },
        Buffer.from("0a03666f6f", "hex"),
      ),
    ].flat(),
  );
}

/** The file of `docs/reference`, as `Capture` of a node writes it, cut as by a kill. */
function capture(): Uint8Array {
  const frame = frames().subarray(95, 189);
  const header = Buffer.from("57534331010000000100000000000000", "hex");
  const record = Buffer.from(`5e00000001000000010000000000000000dcffa59a010000`, "hex");
  return Buffer.concat([header, record, frame, record, frame.subarray(0, 80)]);
}

const STORY: readonly { options: readonly string[]; input?: Uint8Array; why: string }[] = [
  { options: [EXAMPLE], why: "Bilrost: a guess with its reason, and all that a body may be" },
  {
    options: ["08 96 01 12 07 74 65 73 74 69 6e 67 1a 03 08 96 01 25 00 00 c0 3f"],
    why: "protobuf, where Bilrost would fail at the first text",
  },
  {
    options: ["83a46e616d65a3616263a26f6bc301930 1d1ff38c0"],
    why: "MessagePack, which says of itself what it is",
  },
  {
    options: ["--release", "r4", "--message", "AppendRequest", APPEND],
    why: "names of a release; the entries are opened at the version that they name",
  },
  {
    options: ["--release", "r4", "--message", "AppendRequest", APPEND.slice(0, 116)],
    why: "cut: what is there is shown, and each body that lacks its end says so",
  },
  {
    options: ["--release", "r3", "--message", "HardState", "05026869 0401"],
    why: "another type than the schema says: the release has the last word",
  },
  {
    options: ["--stream", "--format", "bilrost", "020401 00 0405026869 0504"],
    why: "a stream of lengths and messages, the last one cut",
  },
  {
    options: ["07 0803 1203 616263 06 0804 1202 6869"],
    why: "no message at all: as a stream it would be two",
  },
  { options: ["--release", "r3", "-"], input: frames(), why: "frames of a connection" },
  { options: ["-"], input: capture(), why: "a capture without names, its last record cut" },
  {
    options: ["--limit", "3", "--format", "bilrost", "0401".repeat(100)],
    why: "more pieces than asked for",
  },
];

test("inspect prints what a person can read", async () => {
  const pages = STORY.map(({ options, input, why }) => {
    const { status, stdout, stderr } = inspect(options, input);
    const command = `wirespan inspect ${options.map((word) => (/[^\w-]/.test(word) ? `'${word}'` : word)).join(" ")}`;
    return [`# ${why}`, `$ ${command}`, `${stdout}${stderr}[exit ${status}]`, ""].join("\n");
  });
  await expect(pages.join("\n")).toMatchFileSnapshot("golden/inspect.txt");
});

interface Json {
  readonly schema: string;
  readonly format: string;
  readonly guesses: readonly { readonly format: string }[];
  readonly problems: readonly { readonly code: string; readonly offset: number }[];
  readonly tree: { readonly readings: readonly { readonly pieces: readonly object[] }[] };
}

test("inspect --json: only the tree on stdout, under a name that says its form", () => {
  const { status, stdout } = inspect(["--json", `${EXAMPLE}0509`]);
  const json = JSON.parse(stdout) as Json;
  expect(status).toBe(1);
  expect(json).toMatchObject({ schema: "wirespan/inspect/1", format: "bilrost", isGuess: true });
  expect(json.guesses.map(({ format }) => format)).toContain("protobuf");
  expect(json.problems).toMatchObject([{ code: "Truncated", offset: 28, path: ["4"] }]);
  expect(json.tree.readings[0]?.pieces[0]).toEqual({
    role: "field",
    tag: 1,
    delta: 1,
    wire: "length-delimited",
    start: 0,
    end: 9,
    key: "05",
    length: "07",
    body: "666f6f2e747874",
    readings: [
      { as: "text", value: "foo.txt" },
      { as: "message", summary: "2 fields, tags 25 to 55" },
      {
        as: "packed varints",
        list: { shown: [102, 111, 111, 46, 116, 120, 116], count: 7 },
      },
      { as: "bytes" },
    ],
  });
});

test.for([
  { options: [], says: /missing required argument/, why: "no input" },
  {
    options: ["no-such-file.bin"],
    says: /neither a file nor hex/,
    why: "a file that is not there",
  },
  { options: ["050"], says: /3 digits/, why: "half a byte" },
  { options: ["test"], says: /test: it is a folder/, why: "a folder" },
  { options: ["0401", "--limit", "0"], says: /from 1 on/, why: "a limit of nothing" },
  { options: ["0401", "--format", "xml"], says: /Allowed choices/, why: "an unknown format" },
  {
    options: ["0401", "--wire-version", "3"],
    says: /--message is needed/,
    why: "a version of nothing",
  },
  {
    options: ["0401", "--format", "bilrost", "--message", "HardState"],
    says: /has its own/,
    why: "two formats",
  },
  {
    options: ["0401", "--release", "r99", "--message", "HardState"],
    says: /known are r1/,
    why: "an unknown release",
  },
  {
    options: ["0401", "--release", "r3", "--message", "Nope"],
    says: /known are AppendRequest/,
    why: "an unknown message",
  },
  {
    options: ["57534631", "--release", "r3", "--message", "HardState"],
    says: /each names its own/,
    why: "a message for frames",
  },
  {
    options: ["0401", "--release", "r3", "--message", "HardState", "--wire-version", "9"],
    says: /r3 reads 2 to 3/,
    why: "an unknown version",
  },
] as const)("inspect ends with 2: $why", ({ options, says }) => {
  const run = inspect(options);
  expect(run.stderr).toMatch(says);
  expect(run.stdout).toBe("");
  expect(run.status).toBe(2);
});

test("nothing to read ends with 1, unless a format is named in which nothing is a message", () => {
  expect(inspect(["-"])).toMatchObject({ status: 1, stderr: expect.stringContaining("is empty") });
  expect(inspect(["-", "--format", "bilrost"])).toMatchObject({ status: 0, stderr: "" });
});

test("bytes and their hex, also as a dump, give the same tree", () => {
  const bytes = Buffer.from(EXAMPLE, "hex");
  const tree = (run: Run): string => run.stdout.split("\n").slice(1).join("\n");
  const expected = tree(inspect([EXAMPLE]));
  expect(expected).toContain("foo.txt");
  expect(tree(inspect(["-"], bytes))).toBe(expected);
  expect(tree(inspect(["-"], Buffer.from(`0x${EXAMPLE}\n`)))).toBe(expected);
  expect(inspect(["-", "--binary"], Buffer.from("0401")).stdout).toContain("4 bytes\n");
});

test("whoever stops reading is not told about it", () => {
  const command = `head -c 400000 /dev/zero | tr '\\0' '\\4' | "${process.execPath}" ${MAIN.join(" ")} - --format bilrost --limit 100000 | head -1`;
  const { stdout, stderr, status } = spawnSync("sh", ["-c", command], { encoding: "utf8" });
  expect({ stdout, stderr, status }).toEqual({
    stdout: "input    stdin, 400000 bytes\n",
    stderr: "",
    status: 0,
  });
});

test("Ctrl-C ends it without a word", async () => {
  const child = spawn(process.execPath, [...MAIN, "-"], { stdio: ["pipe", "pipe", "pipe"] });
  let said = "";
  child.stdout.on("data", (chunk) => {
    said += chunk;
  });
  child.stderr.on("data", (chunk) => {
    said += chunk;
  });
  child.stdin.write("04");
  await new Promise((done) => setTimeout(done, 1500));
  child.kill("SIGINT");
  const [code, signal] = await new Promise<[number | null, string | null]>((done) => {
    child.on("exit", (...end) => done(end));
  });
  expect(said).toBe("");
  expect([code, signal]).toEqual([null, "SIGINT"]);
});

test("a hundred megabytes that are all fields, or nested without end, are done in seconds", () => {
  const fields = Buffer.alloc(100_000_000, Buffer.from("0401", "hex"));
  const run = inspect(["-", "--format", "bilrost"], fields);
  expect(run.status).toBe(0);
  expect(run.stdout).toContain("49998001 more fields");
  const nested = Buffer.alloc(20_000_000, 0x91);
  nested[nested.length - 1] = 0xc0;
  const deep = inspect(["-"], nested);
  expect(deep.stdout).toContain("nested deeper than 100, not looked into");
  expect(deep.status).toBe(0);
});
