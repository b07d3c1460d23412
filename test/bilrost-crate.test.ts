/**
 * Our Bilrost codec beside the real crate on damaged bytes: both must take or refuse the same, see the
 * same value, and find it as canonical, in all three modes and with both of our engines. The crate
 * answers through the example codec host. `WIRESPAN_SEED=<n>` replays other damage,
 * `WIRESPAN_INPUTS=<n>` does more of it.
 */
import { expect, test } from "vitest";
import { Chance } from "../base/index.ts";
import { type BilrostCodec, compile } from "../codecs/bilrost/index.ts";
import {
  DecodeError,
  fromHex,
  type MessageShape,
  type MessageValue,
  messageToJson,
  toHex,
} from "../codecs/index.ts";
import type { DecodeMode, Reply } from "../compat-matrix/index.ts";
import { HostProcess, PATIENCE, readGolden } from "../compat-matrix/run/index.ts";
import { wireProtocol } from "../raft/wire/index.ts";
import { BUILD_MS, buildCrateHost, CRATE_HOST, isInstalled } from "./crate/crate-host.ts";
import { damage } from "./crate/damage.ts";
import { type Draw, drawMessage, EVERY_FLOAT, EVERY_TYPE } from "./crate/every-type.ts";

const SEED = Number(process.env.WIRESPAN_SEED ?? 1);
const INPUTS = Number(process.env.WIRESPAN_INPUTS ?? 15_000);
const MODES: readonly DecodeMode[] = ["relaxed", "distinguished", "canonical"];
const ENGINES = ["compiled", "interpreted"] as const;

/** A message that both sides have, and how what was read is told. */
interface Subject {
  readonly name: string;
  readonly version: number;
  readonly modes: readonly DecodeMode[];
  readonly codecs: Readonly<Record<(typeof ENGINES)[number], BilrostCodec>>;
  show(codec: BilrostCodec, value: MessageValue): unknown;
  drawBytes(draw: Draw): Uint8Array;
}

function codecsOf(shape: MessageShape): Subject["codecs"] {
  return {
    compiled: compile(shape, { engine: "compiled" }),
    interpreted: compile(shape, { engine: "interpreted" }),
  };
}

/** Messages with all types have no value JSON in the host: it writes again what it has read. */
function ofEveryType(shape: MessageShape, modes: readonly DecodeMode[]): Subject {
  const codecs = codecsOf(shape);
  return {
    name: shape.name,
    version: 0,
    modes,
    codecs,
    show: (codec, value) => ({ hex: toHex(codec.encode(withoutUnknown(value) as MessageValue)) }),
    drawBytes: (draw) => codecs.interpreted.encode(drawMessage(shape, draw)),
  };
}

const LONG = 1200;

function ofProtocol(): Subject[] {
  return readGolden("fixtures/releases/r4").map(({ message, version, records }) => {
    const definition = wireProtocol.messages[message]?.definition;
    if (definition === undefined) throw new Error(`Cannot find ${message}`);
    const shape = wireProtocol.shapeOf(definition, version);
    const given = records.filter(({ hex }) => hex.length < LONG).map(({ hex }) => fromHex(hex));
    return {
      name: message,
      version,
      modes: MODES,
      codecs: codecsOf(shape),
      show: (_, value) => messageToJson(shape, value),
      drawBytes: (draw) => given[draw(given.length)] ?? new Uint8Array(),
    };
  });
}

/** The crate forgets unknown fields: so does a copy made member by member. */
function withoutUnknown(value: unknown): unknown {
  if (value instanceof Uint8Array || typeof value !== "object" || value === null) return value;
  if (value instanceof Set) return new Set([...value].map(withoutUnknown));
  if (value instanceof Map) {
    return new Map([...value].map(([key, held]) => [withoutUnknown(key), withoutUnknown(held)]));
  }
  if (Array.isArray(value)) return value.map(withoutUnknown);
  return Object.fromEntries(
    Object.entries(value).map(([name, held]) => [name, withoutUnknown(held)]),
  );
}

type Reading =
  | { readonly value: unknown; readonly canonicity?: string }
  | { readonly code: string; readonly message: string };

function readOurs(
  subject: Subject,
  engine: (typeof ENGINES)[number],
  bytes: Uint8Array,
  mode: DecodeMode,
): Reading {
  const codec = subject.codecs[engine];
  try {
    if (mode === "relaxed") return { value: subject.show(codec, codec.decode(bytes)) };
    const minimum = mode === "canonical" ? "Canonical" : "NotCanonical";
    const { value, canonicity } = codec.decodeDistinguished(bytes, { minimum });
    return { value: subject.show(codec, value), canonicity };
  } catch (error) {
    if (error instanceof DecodeError) return { code: error.code, message: error.message };
    throw error;
  }
}

function readTheirs(reply: Reply): Reading {
  if ("error" in reply) return { code: reply.error.code, message: reply.error.message };
  const { value, canonicity } = reply.answer as { value: unknown; canonicity?: string };
  return { value, ...(canonicity && { canonicity }) };
}

/**
 * Both refuse, for the first of two reasons that each finds. The crate may look at bytes behind a region
 * before it notices the region's end; a reader that never does finds the region cut.
 */
function isSameRefusal(ours: string, theirs: string): boolean {
  return ours === theirs || ours === "Truncated";
}

/** Undefined: they agree. */
function differenceOf(ours: Reading, theirs: Reading): string | undefined {
  if ("code" in ours && "code" in theirs) {
    const isSame = isSameRefusal(ours.code, theirs.code);
    return isSame ? undefined : `ours ${ours.code}, the crate ${theirs.code}`;
  }
  if ("code" in ours !== "code" in theirs) {
    const told = (reading: Reading) => ("code" in reading ? reading.message : "reads it");
    return `ours ${told(ours)}, the crate ${told(theirs)}`;
  }
  const [left, right] = [sorted(ours), sorted(theirs)];
  return left === right ? undefined : `ours ${left}, the crate ${right}`;
}

function sorted(value: unknown): string {
  return JSON.stringify(value, (_, held: unknown) =>
    typeof held === "object" && held !== null && !Array.isArray(held)
      ? Object.fromEntries(Object.entries(held).sort(([a], [b]) => (a < b ? -1 : 1)))
      : held,
  );
}

/** A uint64 above 2^53 - 1 is refused as our schema declares, and read by the crate. */
function isBeyondNumbers(ours: Reading): boolean {
  return "code" in ours && ours.code === "OutOfDomainValue" && ours.message.includes("2^53 - 1");
}

const BATCH = 500;

async function compareAll(
  subjects: readonly Subject[],
  host: HostProcess,
): Promise<Map<string, string>> {
  const chance = new Chance(SEED);
  const draw: Draw = (bound) => chance.below(bound);
  const drawSubject = () => subjects[draw(subjects.length)] as Subject;
  const differences = new Map<string, string>();
  for (let done = 0; done < INPUTS; done += BATCH) {
    const inputs = Array.from({ length: BATCH }, () => {
      const subject = drawSubject();
      const bytes = damage(subject.drawBytes(draw), drawSubject().drawBytes(draw), draw);
      return { subject, bytes, mode: subject.modes[draw(subject.modes.length)] ?? "relaxed" };
    });
    const replies = await Promise.all(
      inputs.map(({ subject, bytes, mode }) =>
        host.send({
          ask: "decode",
          message: subject.name,
          version: subject.version,
          bytes: toHex(bytes),
          mode,
        }),
      ),
    );
    inputs.forEach(({ subject, bytes, mode }, place) => {
      const theirs = readTheirs(replies[place] as Reply);
      for (const engine of ENGINES) {
        const ours = readOurs(subject, engine, bytes, mode);
        const difference = isBeyondNumbers(ours) ? undefined : differenceOf(ours, theirs);
        if (difference === undefined) continue;
        const witness = `${subject.name} v${subject.version} ${mode} ${engine}: ${toHex(bytes)}`;
        differences.set(`${engine}: ${difference}`, witness);
      }
    });
  }
  return differences;
}

test("the crate and our codec agree on damaged bytes", { timeout: BUILD_MS }, async (context) => {
  if (!isInstalled("cargo", "damaged bytes beside the Rust crate")) return context.skip("no cargo");
  buildCrateHost();
  const host = new HostProcess({ name: "crate", command: [CRATE_HOST] }, PATIENCE);
  try {
    const everyType = [ofEveryType(EVERY_TYPE, MODES), ofEveryType(EVERY_FLOAT, ["relaxed"])];
    for (const subjects of [ofProtocol(), everyType]) {
      expect(await compareAll(subjects, host), `seed ${SEED}`).toEqual(new Map());
    }
    process.stderr.write(`\n${2 * INPUTS} damaged inputs beside the Rust crate, seed ${SEED}\n`);
  } finally {
    await host.close();
  }
});
