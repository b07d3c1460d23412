/** The frozen releases are what they claim to be: different programs, complete, untouched. */
import { execFileSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, expect, test } from "vitest";
import type { CodecHost } from "../compat-matrix/index.ts";
import { freeze, listReleases, loadRelease, type ReleaseManifest } from "../release/index.ts";

const RELEASES = "fixtures/releases";
const scratch = mkdtempSync(join(tmpdir(), "wirespan-releases-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const bundle = (release: string, name: string): string =>
  readFileSync(join(RELEASES, release, name), "utf8");

const RANGES = {
  r1: { min: 1, max: 1 },
  r2: { min: 1, max: 2 },
  r3: { min: 2, max: 3 },
  r4: { min: 3, max: 4 },
  r5: { min: 3, max: 4 },
};
/** The one that a patch release mends, or the release itself. */
const lineOf = (name: string): string => name.split(".")[0] ?? name;

test("each release reads its neighbour's version, and a patch what the mended one reads", async () => {
  const names = listReleases();
  expect(names).toEqual(["r1", "r1.1", "r2", "r2.1", "r3", "r3.1", "r4", "r4.1", "r5"]);
  const ranges = await Promise.all(names.map(async (name) => (await loadRelease(name)).range));
  expect(ranges).toEqual(names.map((name) => RANGES[lineOf(name) as keyof typeof RANGES]));
});

test.for([
  { release: "r1", absent: ["protobuf", "bilrost"], why: "it was built before either was used" },
  { release: "r2", absent: ["bilrost"], why: "it was built before Bilrost was used" },
  { release: "r3", absent: ["msgpack"], why: "it no longer reads version 1" },
  { release: "r4", absent: ["msgpack", "protobuf"], why: "it reads Bilrost only" },
  { release: "r5", absent: ["msgpack", "protobuf"], why: "it reads Bilrost only" },
])("no bundle of $release holds $absent: $why", ({ release, absent }) => {
  for (const name of ["codecs.mjs", "replica.mjs", "client.mjs", "node.mjs"]) {
    const text = bundle(release, name).toLowerCase();
    for (const word of absent) expect(text.includes(word), `${name} has "${word}"`).toBe(false);
  }
});

test.for([
  {
    release: "r1",
    words: ["preVote = field", "hintIndex", "crc32c: optional", "leaseMs", "closeSession"],
  },
  { release: "r2", words: ["crc32c: optional", "jointConfigurations", "leaseMs", "closeSession"] },
  { release: "r3", words: ["leaseMs", "closeSession", "handOver"] },
])("$release knows nothing of later versions", ({ release, words }) => {
  for (const name of ["codecs.mjs", "node.mjs"]) {
    for (const word of words) expect(bundle(release, name).includes(word), word).toBe(false);
  }
});

test("the commits in the manifests are in this history, in order, and were clean", () => {
  const manifests = listReleases().map(
    (name) => JSON.parse(bundle(name, "manifest.json")) as ReleaseManifest,
  );
  const git = (...args: string[]): string => execFileSync("git", args, { encoding: "utf8" }).trim();
  if (git("rev-parse", "--is-shallow-repository") === "true") return;
  const commitOf = new Map(manifests.map(({ name, source }) => [name, source.commit]));
  const lines = [...commitOf.keys()].filter((name) => lineOf(name) === name);
  // A patch release comes from the sources of the one that it mends.
  const pairs = [...commitOf].flatMap(([name, commit]): [string | undefined, string][] => {
    const before = lineOf(name) === name ? lines[lines.indexOf(name) - 1] : lineOf(name);
    return [
      [commit, "HEAD"],
      ...(before === undefined ? [] : [[commitOf.get(before), commit] as [string, string]]),
    ];
  });
  for (const [older = "", newer] of pairs)
    expect(() => git("merge-base", "--is-ancestor", older, newer)).not.toThrow();
  expect(manifests.filter(({ source }) => source.dirty)).toEqual([]);
});

test("a file that was changed after freezing is noticed", async () => {
  cpSync(join(RELEASES, "r1"), join(scratch, "r1"), { recursive: true });
  await expect(loadRelease("r1", { releasesDir: scratch })).resolves.toBeDefined();
  writeFileSync(join(scratch, "r1", "golden", "1", "HardState.json"), "{}");
  await expect(loadRelease("r1", { releasesDir: scratch })).rejects.toThrow(
    "golden/1/HardState.json differs",
  );
});

test("freezing refuses a name that exists, and one that is none", async () => {
  await expect(freeze({ name: "r1" })).rejects.toThrow("a frozen release never changes");
  await expect(freeze({ name: "tree", into: scratch })).rejects.toThrow("Cannot freeze");
  await expect(freeze({ name: "../r9", into: scratch })).rejects.toThrow("Cannot freeze");
});

test.for(["codecs.mjs", "replica.mjs", "client.mjs"])(
  "%s of every release loads in a folder that has nothing but Node",
  (name) => {
    for (const release of listReleases()) {
      const folder = mkdtempSync(join(scratch, "bare-"));
      cpSync(join(RELEASES, release, name), join(folder, name));
      const script = `const bundle = await import("./${name}"); console.log(Object.keys(bundle).length)`;
      const args = ["--input-type=module", "--eval", script];
      const output = execFileSync(process.execPath, args, {
        cwd: folder,
        encoding: "utf8",
        env: {},
      });
      expect(Number(output)).toBeGreaterThan(0);
    }
  },
);

interface StoredRecord {
  readonly kind: number;
  readonly version: number;
  readonly body: Uint8Array;
}

/** Records of a log file or sections of a snapshot: after 32 bytes of header, one behind the other. */
function recordsIn(path: string): StoredRecord[] {
  const bytes = readFileSync(path);
  const records: StoredRecord[] = [];
  for (let at = 32; at + 16 <= bytes.length; ) {
    const length = bytes.readUInt32LE(at);
    if (at + 16 + length > bytes.length) break;
    const body = bytes.subarray(at + 16, at + 16 + length);
    records.push({ kind: bytes.readUInt16LE(at + 8), version: bytes.readUInt32LE(at + 12), body });
    at += Math.ceil((16 + length) / 8) * 8;
  }
  return records;
}

function recordsOf(release: string, folder: "log" | "snapshot"): StoredRecord[] {
  const directories = join(RELEASES, release, "directories");
  return readdirSync(directories).flatMap((name) => {
    const files = join(directories, name, folder);
    if (!existsSync(files)) return [];
    const wanted = readdirSync(files).filter((file) => /\.(wal|snap)$/.test(file));
    return wanted.flatMap((file) => recordsIn(join(files, file)));
  });
}

test.for([
  { release: "r1", kinds: ["noop", "command", "config", "activate"] },
  { release: "r2", kinds: ["noop", "command", "config", "activate"] },
  { release: "r3", kinds: ["noop", "command", "config", "activate"] },
  { release: "r4", kinds: ["noop", "command", "config", "activate", "closeSession"] },
  { release: "r5", kinds: ["noop", "command", "config", "activate", "closeSession"] },
])(
  "the data directories of $release hold every entry kind and section",
  async ({ release, kinds }) => {
    const url = pathToFileURL(join(RELEASES, release, "codecs.mjs")).href;
    const host = ((await import(url)) as { createCodecHost(): CodecHost }).createCodecHost();
    const known = host
      .describe()
      .versions.at(-1)
      ?.enumerations.find(({ name }) => name === "EntryKind");
    expect(
      known?.variants.map(({ name }) => name),
      "kinds this test knows",
    ).toEqual(kinds);
    const found = recordsOf(release, "log")
      .filter(({ kind }) => kind === 1)
      .map(({ version, body }) => {
        const read = host.decode("LogEntry", version, body);
        return read.ok ? (read.value as { kind: string }).kind : read.error.message;
      });
    expect([...new Set(found)].sort()).toEqual([...kinds].sort());
    // Hard state and anchor beside the entries; truncations need a leader that was deposed.
    expect(recordsOf(release, "log").map(({ kind }) => kind)).toEqual(
      expect.arrayContaining([2, 4]),
    );
    const sections = recordsOf(release, "snapshot").map(({ kind }) => kind);
    expect([...new Set(sections)].sort()).toEqual([1, 2, 3, 4]);
  },
);
