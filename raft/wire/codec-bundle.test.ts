/**
 * The codecs as a release offers them, and as a bundle: what it must not contain follows from the
 * formats that its wire versions use, so this test also holds for releases to come.
 */
import { readFileSync } from "node:fs";
import { build } from "esbuild";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { CodecHost, HelloState } from "../../compat-matrix/index.ts";
import { createCodecHost, openCodec } from "./codec-bundle.ts";
import { type FrameHeader, FrameKind, RELEASE, readHello, writeHello } from "./index.ts";

const host = createCodecHost();
const { range, versions, writes } = host.describe();
const MESSAGES = versions.flatMap(({ version, messages }) =>
  messages.filter(({ surface }) => surface !== "nested").map(({ name }) => ({ version, name })),
);
const CLUSTER = "ab".repeat(16);

test("describe() names the release, its range and every message on its surface", () => {
  expect(host.describe()).toMatchObject({ release: RELEASE, range: { min: versions[0]?.version } });
  expect(range.max).toBe(versions.at(-1)?.version);
  expect([writes.before, writes.after]).toEqual([range.min, range.max]);
  expect(new Set(versions[0]?.messages.map(({ surface }) => surface))).toEqual(
    new Set(["connection", "client", "log", "snapshot", "nested"]),
  );
});

test.for(MESSAGES)("$name at version $version: an empty value goes out and comes back", (row) => {
  const { name, version } = row;
  const encoded = host.encode(name, version, {});
  if (!encoded.ok) throw new Error(encoded.error.message);
  expect(encoded.losses).toEqual([]);
  const decoded = host.decode(name, version, encoded.bytes);
  expect(decoded).toMatchObject({ ok: true, unknownFields: 0 });
  expect(host.rewrite(name, version, encoded.bytes, version)).toEqual(encoded);
  expect(host.edit(name, version, encoded.bytes, {})).toEqual(encoded);
});

test.for(MESSAGES)(
  "$name at version $version: any bytes end in a value or a typed error",
  (row) => {
    const encoded = host.encode(row.name, row.version, {});
    const whole = encoded.ok ? encoded.bytes : new Uint8Array(0);
    const inputs = fc.oneof(fc.uint8Array(), damaged(whole));
    fc.assert(
      fc.property(inputs, (bytes) => {
        const result = host.decode(row.name, row.version, bytes);
        if (!result.ok) expect(result.error.kind).toBe("DecodeError");
      }),
      { numRuns: 200 },
    );
  },
);

/** The bytes with a few of them replaced, and cut somewhere. */
function damaged(whole: Uint8Array): fc.Arbitrary<Uint8Array> {
  const places = fc.array(fc.tuple(fc.nat(Math.max(whole.length - 1, 0)), fc.nat(255)), {
    maxLength: 3,
  });
  return fc.tuple(places, fc.nat(whole.length)).map(([changes, length]) => {
    const bytes = Uint8Array.from(whole);
    for (const [place, byte] of changes) bytes[place] = byte;
    return bytes.subarray(0, length);
  });
}

test.for<{ why: string; call: () => ReturnType<CodecHost["encode"]>; code: string }>([
  {
    why: "a message that does not exist",
    call: () => host.encode("Nothing", range.min, {}),
    code: "UnknownMessage",
  },
  {
    why: "a name that every object has",
    call: () => host.encode("constructor", range.min, {}),
    code: "UnknownMessage",
  },
  {
    why: "a version after the last",
    call: () => host.encode("Heartbeat", range.max + 1, {}),
    code: "VersionMismatch",
  },
  {
    why: "a number that JSON cannot hold exactly",
    call: () => host.encode("Heartbeat", range.min, { term: 2 ** 60 }),
    code: "InvalidValue",
  },
])("encode() refuses $why with $code", ({ call, code }) => {
  expect(call()).toMatchObject({ ok: false, error: { kind: "EncodeError", code } });
});

test("decode() refuses a version that this release does not read", () => {
  for (const version of [0, range.min - 1, range.max + 1, 99]) {
    expect(host.decode("Heartbeat", version, new Uint8Array(0))).toMatchObject({
      ok: false,
      error: { kind: "DecodeError", code: "UnsupportedVersion" },
    });
  }
});

test("edit() replaces what is named and keeps the rest", () => {
  const bytes = okBytes(host.encode("HardState", range.min, { term: 7, vote: 2, commit: 9 }));
  const edited = okBytes(host.edit("HardState", range.min, bytes, { vote: 3 }));
  expect(host.decode("HardState", range.min, edited)).toMatchObject({
    value: { term: 7, vote: 3, commit: 9 },
  });
});

function okBytes(result: ReturnType<CodecHost["encode"]>): Uint8Array {
  if (result.ok) return result.bytes;
  throw new Error(result.error.message);
}

test("openCodec() works on native values", () => {
  const codec = openCodec("HardState", range.min);
  const value = codec.fromJson({ term: 7, vote: 2, commit: 9 });
  expect(codec.decode(codec.encode(value))).toEqual(value);
  expect(() => openCodec("toString", range.min)).toThrow("has none of that name");
});

const HEADER: FrameHeader = {
  kind: FrameKind.heartbeat,
  flags: 0,
  wireVersion: range.max,
  clusterId: CLUSTER,
  sender: 1,
  addressee: 2,
  incarnation: 3,
};

test.for<{ why: string; change: Partial<FrameHeader>; code: string }>([
  { why: "for us", change: {}, code: "ok" },
  { why: "of another cluster", change: { clusterId: "cd".repeat(16) }, code: "foreign_cluster" },
  { why: "for another node", change: { addressee: 7 }, code: "wrong_addressee" },
  { why: "of an unknown kind", change: { kind: 999 }, code: "unknown_kind" },
  { why: "at another version", change: { wireVersion: 99 }, code: "unsupported_version" },
  { why: "with an unknown flag", change: { flags: 2 }, code: "unknown_flag" },
])("openFrame() of a frame $why says $code", ({ change, code }) => {
  const header = { ...HEADER, ...change };
  const body = Uint8Array.of(1, 2, 3);
  const result = host.openFrame(host.frame(header, body), { clusterId: CLUSTER, nodeId: 2 });
  expect(result.ok ? "ok" : result.code).toBe(code);
  if (result.ok) expect(result).toMatchObject({ header, body });
});

test("openFrame() of a cut or damaged frame is a result, never an exception", () => {
  const whole = host.frame(HEADER, Uint8Array.of(1, 2, 3));
  for (let length = 0; length < whole.length; length++) {
    const cut = host.openFrame(whole.subarray(0, length), { clusterId: CLUSTER, nodeId: 2 });
    expect(cut).toMatchObject({ ok: false, code: "truncated" });
  }
});

const STATE: HelloState = {
  clusterId: CLUSTER,
  nodeId: 1,
  activeVersion: range.min,
  offeredClusterId: CLUSTER,
};

test("a release agrees with itself, as peer and as client", () => {
  for (const role of ["peer", "client"] as const) {
    const body = host.hello(role);
    expect(readHello(body)).toEqual({ range, release: RELEASE, role });
    expect(host.answerHello(body, STATE).agreed).toBe(range.max);
  }
});

test("a refusal carries code and text in its body", () => {
  const offer = { min: range.max + 1, max: range.max + 9 };
  const body = writeHello({ range: offer, release: "later", role: "peer" });
  const answer = host.answerHello(body, STATE);
  expect(answer).toMatchObject({ agreed: 0, code: "version_too_new" });
  const text = new TextDecoder().decode(answer.body);
  expect(text).toContain("version_too_new");
  expect(text).toContain(`reads wire versions ${range.min} to ${range.max}`);
});

/** How each format shows in a bundle: its name, and the package behind it. */
const TRACES: Readonly<Record<string, RegExp>> = {
  msgpack: /msgpack/i,
  protobuf: /protobuf/i,
  bilrost: /bilrost/i,
};

test("the bundle holds the formats of its versions and no other, imports nothing and has its name", async () => {
  const { outputFiles } = await build({
    entryPoints: ["raft/wire/codec-bundle.ts"],
    bundle: true,
    write: false,
    format: "esm",
    platform: "neutral",
    mainFields: ["module", "main"],
    conditions: ["import"],
    treeShaking: true,
    define: { WIRESPAN_RELEASE: '"r-test"' },
  });
  const text = outputFiles[0]?.text ?? "";
  const used = new Set(versions.map(({ format }) => format as string));
  const seen = Object.keys(TRACES).filter((name) => TRACES[name]?.test(text));
  expect(seen).toEqual(Object.keys(TRACES).filter((name) => used.has(name)));
  expect(text).not.toMatch(/^import |["']node:|\brequire\(/m);
  expect(text).toContain('"r-test"');
  const url = `data:text/javascript;base64,${Buffer.from(text).toString("base64")}`;
  const loaded = (await import(url)) as { createCodecHost(): CodecHost };
  expect(loaded.createCodecHost().describe()).toEqual({ ...host.describe(), release: "r-test" });
});

test("every wire version has a file of its own, and none knows of a later one", () => {
  for (const { version } of versions) {
    const source = readFileSync(`raft/wire/versions/v${version}.ts`, "utf8");
    const named = [...source.matchAll(/version (\d+)/gi)].map(([, number]) => Number(number));
    expect(Math.max(...named)).toBe(version);
  }
});
