/**
 * A codec that loses something is fast for nothing: every contender must give back every variant of
 * every message by every call it has, and the check must notice one that does not.
 */
import { expect, test } from "vitest";
import type { Contender, Contenders } from "./contender.ts";
import { CASES } from "./corpus.ts";
import { SOURCES } from "./load.ts";
import { contenders as ours } from "./own.ts";
import { contenders as avsc } from "./peers/avsc.ts";
import { contenders as bebop } from "./peers/bebop.ts";
import { contenders as bebopFloat64 } from "./peers/bebop-float64.ts";
import { contenders as cborX } from "./peers/cbor-x.ts";
import { contenders as fixedLayout } from "./peers/fixed-layout.ts";
import { contenders as flatbuffers } from "./peers/flatbuffers.ts";
import { contenders as json } from "./peers/json.ts";
import { contenders as memcpy } from "./peers/memcpy.ts";
import { contenders as msgpack } from "./peers/msgpack.ts";
import { contenders as msgpackr } from "./peers/msgpackr.ts";
import { contenders as pbf } from "./peers/pbf.ts";
import { contenders as protobufEs } from "./peers/protobuf-es.ts";
import { contenders as protobufjs } from "./peers/protobufjs.ts";
import { contenders as protons } from "./peers/protons.ts";
import { contenders as v8 } from "./peers/v8.ts";
import { ROWS, runnersOf } from "./rows.ts";
import { checkRoundTrips, meanBytes } from "./verify.ts";

const FILES: Readonly<Record<string, Contenders>> = {
  own: ours,
  "peers/avsc": avsc,
  "peers/bebop": bebop,
  "peers/bebop-float64": bebopFloat64,
  "peers/cbor-x": cborX,
  "peers/fixed-layout": fixedLayout,
  "peers/flatbuffers": flatbuffers,
  "peers/json": json,
  "peers/memcpy": memcpy,
  "peers/msgpack": msgpack,
  "peers/msgpackr": msgpackr,
  "peers/pbf": pbf,
  "peers/protobuf-es": protobufEs,
  "peers/protobufjs": protobufjs,
  "peers/protons": protons,
  "peers/v8": v8,
};

test.for(SOURCES)(
  "%s %s gives back every variant of every message, by every call",
  async ([file, mode]) => {
    for (const bench of CASES) {
      const all = await FILES[file]?.(bench.message, mode);
      expect(all?.length).toBeGreaterThan(0);
      for (const contender of all ?? []) {
        checkRoundTrips(contender, bench);
        // The loops are texts: one that does not fit its codec fails when it runs, not when it is made.
        for (const row of ROWS) for (const { run } of runnersOf(row, contender, bench)) run(8);
      }
    }
  },
);

test("the corpus has the sizes that the targets were set with", async () => {
  for (const bench of CASES) {
    const [proto] = await protobufjs(bench.message);
    const [bilrost] = await ours(bench.message);
    const sizes = [proto, bilrost].map((one) => one && meanBytes(one, bench));
    expect(sizes).toEqual([bench.bytes.protobuf, bench.bytes.bilrost]);
  }
});

const small = CASES[0] as (typeof CASES)[number];

test.for([
  {
    why: "a payload that the next call overwrites",
    spoil: ({ view }: Contender) => ({ owned: view }),
  },
  {
    why: "a field that is lost",
    spoil: ({ decode }: Contender) => ({
      decode: (bytes: never) => ({ ...(decode?.(bytes) as object), commit: 0 }),
    }),
  },
  {
    why: "a range that reads the wrong message",
    spoil: ({ range }: Contender) => ({
      range: (chunk: never, _start: number, end: number) => range?.(chunk, 0, end),
    }),
  },
])("checkRoundTrips() notices $why", async ({ spoil }) => {
  const [honest] = await pbf("AppendRequest");
  if (!honest) throw new Error("pbf is not there");
  const spoilt = { ...honest, ...spoil(honest) } as Contender;
  expect(() => checkRoundTrips(spoilt, small)).toThrow(/Cannot measure pbf/);
});
