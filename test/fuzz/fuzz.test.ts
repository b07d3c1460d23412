/**
 * A short run of what `npm run fuzz` does at length, and that it can fail: a broken codec is found, made
 * small and replayed, a hang and a crash are told from outside. `WIRESPAN_SEED=<n>` replays a run,
 * `WIRESPAN_INPUTS=<n>` does more of it.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, expect, test } from "vitest";
import { Chance } from "../../base/index.ts";
import type { FormatName, MessageValue } from "../../codecs/index.ts";
import { assemble } from "./anatomy.ts";
import { Block } from "./block.ts";
import { bilrostAnatomy, protobufAnatomy } from "./field-anatomy.ts";
import { apart, faultOfHostile, judgeOf } from "./judge.ts";
import { faultOfMemory, memoryBoundOf } from "./memory.ts";
import { INPUTS_PER_BLOCK } from "./messages.ts";
import { packAnatomy } from "./pack-anatomy.ts";
import { fuzz } from "./run.ts";
import { shrink } from "./shrink.ts";
import { subjectOf } from "./subject.ts";

const SEED = Number(process.env.WIRESPAN_SEED ?? Math.floor(Math.random() * 2 ** 31));
const FORMATS: readonly FormatName[] = ["bilrost", "protobuf", "msgpack"];
const INPUTS = Number(process.env.WIRESPAN_INPUTS ?? 50_000);
const ANATOMIES = { bilrost: bilrostAnatomy, protobuf: protobufAnatomy, msgpack: packAnatomy };

describe.for(FORMATS)("%s", (format) => {
  test("damaged inputs are read or refused", { timeout: 600_000 }, async () => {
    const inputs = format === "bilrost" ? INPUTS : INPUTS / 5;
    const report = await fuzz({ format, seed: SEED, inputs, milliseconds: 300_000, threads: 2 });
    expect(report.failures, `WIRESPAN_SEED=${SEED}`).toEqual([]);
    expect(report.inputs).toBeGreaterThanOrEqual(inputs);
    expect(report.read).toBeGreaterThan(inputs / 20); // Damage that nothing survives tests little.
    expect(report.inputs - report.read).toBeGreaterThan(inputs / 20);
    if (format === "bilrost") expect(report.hostile).toBeGreaterThan(inputs / 20);
  });

  test("messages are taken apart and put together as they were", () => {
    for (let seed = 1; seed < 30; seed++) {
      for (const bytes of subjectOf(format, seed).corpus.messages) {
        const nodes = ANATOMIES[format].parse(bytes);
        expect(Buffer.from(assemble(nodes ?? [])).toString("hex")).toBe(
          Buffer.from(bytes).toString("hex"),
        );
      }
    }
  });

  test("a turn depends on its block and number alone", () => {
    const [one, other] = [new Block(format, 5), new Block(format, 5)];
    for (let turn = 0; turn < 100; turn++) one.mutant(turn);
    expect(other.mutant(77)).toEqual(one.mutant(77));
    expect(INPUTS_PER_BLOCK).toBeGreaterThan(77);
  });
});

test("a codec that loses something, throws something else or says no place is found out", () => {
  const { shape, twins, values } = subjectOf("bilrost", 1);
  const [codec] = twins ?? [];
  if (codec === undefined) throw new Error("the subject has no codec");
  const bytes = codec.encode(values.at(-1) as MessageValue);
  const broken = (change: object) => judgeOf({ ...codec, ...change }, shape.name)(bytes, 0).fault;
  expect(broken({})).toBe(undefined);
  const lost = { ...codec.decode(bytes), f4: -1n };
  expect(broken({ encode: () => codec.encode({}) })).toContain("another value");
  expect(broken({ decode: () => lost })).toContain("cannot be written");
  expect(
    broken({
      decode: () => {
        throw new TypeError("oops");
      },
    }),
  ).toContain("decode threw TypeError");
  expect(apart({ value: { a: -0 } }, { value: { a: 0 } }, "decode")).toContain("value.a: -0");
  expect(apart({ error: new Error("a") }, { value: {} }, "decode")).toContain("only compiled code");
  const throwing = {
    ...codec,
    encode: (): never => {
      throw new RangeError("oops");
    },
  };
  expect(faultOfHostile([throwing, codec], {})).toContain("encode threw RangeError");
});

test.for([
  { why: "bytes", act: () => new Uint8Array(64 * 1024 * 1024), isFound: true },
  { why: "items", act: () => new Array(2 ** 22).fill(0), isFound: true },
  { why: "no more than the input", act: () => new Uint8Array(20), isFound: false },
])("an allocation that the input does not justify is found out: $why", ({ act, isFound }) => {
  const bound = memoryBoundOf(subjectOf("bilrost", 1).shape);
  let kept: unknown;
  // What is collected meanwhile may hide one of them, and is not there again for the next.
  const found = [1, 2, 3, 4, 5].map(() => faultOfMemory(bound, 20, () => (kept = act())));
  expect(kept).toBeDefined();
  expect(found.some((fault) => fault !== undefined)).toBe(isFound);
});

test("an input is made small", () => {
  const chance = new Chance(SEED);
  const bytes = Uint8Array.from({ length: 200 }, () => chance.below(256)).with(120, 7);
  const least = shrink(bytes, (found) => found.includes(7));
  expect([...least]).toEqual([7]);
});

test.for([
  { args: [], code: 2, says: "usage" },
  { args: ["--minutes", "0"], code: 2, says: "usage" },
  { args: ["--minutes", "1", "--format", "xml"], code: 2, says: "usage" },
  { args: ["--minutes", "1", "--seed", "x"], code: 2, says: "usage" },
  { args: ["--format", "all", "--replay", "1:2"], code: 2, says: "usage" },
  { args: ["--format", "bilrost", "--replay", "1:2:zz"], code: 2, says: "usage" },
  { args: ["--format", "bilrost", "--replay", "1:2:0400"], code: 0, says: "nothing found" },
  { args: ["--format", "msgpack", "--minutes", "0.001"], code: 0, says: "nothing found" },
  { args: ["--minutes", "9"], code: 130, says: "nothing found", interrupt: true },
])("npm run fuzz -- $args ends with $code", async ({ args, code, says, interrupt }) => {
  const child = spawn(process.execPath, ["test/fuzz/main.ts", ...args]);
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (part: Buffer) => {
      output += part.toString();
      if (interrupt && !child.killed) child.kill("SIGINT");
    });
  }
  const [found] = await once(child, "close");
  expect(output).toContain(says);
  expect(found).toBe(code);
});
