/**
 * The matrix over made-up releases. Each row plants one defect and says what the matrix must call
 * it; the twin without a defect must stay clean, or the rows would prove nothing.
 */
import { expect, test } from "vitest";
import type { GoldenFile } from "./cases/golden.ts";
import { makeGolden } from "./cases/golden.ts";
import { participantOf } from "./cells/matrix.ts";
import type {
  CodecHost,
  HostDescription,
  MemberDescription,
  VersionDescription,
} from "./codec-host.ts";
import { poolOf } from "./host-request.ts";
import { type Faults, madeUpHost } from "./made-up/host.ts";
import { field, integer, NEW, OLD, withMessage } from "./made-up/schemas.ts";
import { makeMatrixReport } from "./matrix-report.ts";
import { countCells, runCells } from "./run-cells.ts";
import type { Cell } from "./verdict.ts";

const OLD_HOST = madeUpHost(OLD);

async function run(...hosts: readonly CodecHost[]): Promise<Cell[]> {
  const named = hosts.map((host) => [host.describe().release, host] as const);
  const participants = hosts.map((host) => participantOf(host.describe(), goldenOf(host)));
  return await runCells({ participants, pool: poolOf(new Map(named)) });
}

/** A faulty host may not be able to write its own golden bytes; the honest one of its schema does. */
function goldenOf(host: CodecHost): GoldenFile[] {
  return makeGolden(madeUpHost(host.describe()));
}

function brokenIn(cells: readonly Cell[]): Cell[] {
  return cells.filter(({ verdict }) => verdict === "broken");
}

/** One line for each broken cell. */
function findings(cells: readonly Cell[]): string[] {
  return brokenIn(cells).map(
    ({ kind, writer, reader, message, case: name, reason }) =>
      `${kind} ${writer.release} v${writer.version} -> ${reader.release} v${reader.version} ${message}, ${name}: ${reason}`,
  );
}

test("honest releases: nothing is broken, each other verdict occurs, and the order is the same again", async () => {
  const cells = await run(OLD_HOST, madeUpHost(NEW));
  expect(findings(cells)).toEqual([]);
  const counts = countCells(cells);
  expect(counts.exact).toBeGreaterThan(300);
  expect(counts.declaredLoss).toBeGreaterThan(0);
  expect(counts.cleanRefusal).toBeGreaterThan(0);
  expect(new Set(cells.map(({ kind }) => kind))).toEqual(
    new Set(["direct", "relay", "hello", "client-server"]),
  );
  expect(await run(OLD_HOST, madeUpHost(NEW))).toEqual(cells);
});

test("what only writes is read by the others, and reads nothing", async () => {
  const named = [OLD_HOST, madeUpHost(NEW)].map((host) => [host.describe().release, host] as const);
  const [old, next] = named.map(([, host]) => participantOf(host.describe(), goldenOf(host)));
  if (!old || !next) throw new Error("two hosts are given");
  const participants = [{ ...old, onlyWrites: true }, next];
  const cells = await runCells({ participants, pool: poolOf(new Map(named)) });
  expect(
    cells.some(({ writer, reader }) => writer.release === "old" && reader.release === "new"),
  ).toBe(true);
  expect(cells.filter(({ reader }) => reader.release === "old").map(({ kind }) => kind)).toEqual(
    [],
  );
});

test("a field that v1 lacks is a declared loss where the schema gives the reason, else a refusal", async () => {
  const cells = await run(OLD_HOST, madeUpHost(NEW));
  const downgrade = (message: string) =>
    cells.find(
      (cell) =>
        cell.kind === "direct" &&
        cell.message === message &&
        cell.case === "typical" &&
        cell.writer.version === 2 &&
        cell.reader.version === 1 &&
        cell.reader.release === "new",
    );
  expect(downgrade("Append")).toMatchObject({
    verdict: "declared-loss",
    reason: "leaseMs: a lease is only an offer",
  });
  expect(downgrade("ClientRequest")).toMatchObject({ verdict: "clean-refusal" });
  expect(downgrade("Vote")).toMatchObject({ verdict: "clean-refusal" });
});

const changed =
  (name: string, more: Partial<MemberDescription>) => (members: readonly MemberDescription[]) =>
    members.map((member) =>
      member.name === name ? ({ ...member, ...more } as MemberDescription) : member,
    );

test.for<{
  why: string;
  change: (host: HostDescription) => HostDescription;
  message: string;
  reason: RegExp;
}>([
  {
    why: "a field has another number",
    change: (host) => withMessage(host, 1, "Append", changed("term", { number: 9 })),
    message: "Append",
    reason: /term is 0, expected/,
  },
  {
    why: "a field has another type",
    change: (host) =>
      withMessage(host, 1, "ClientRequest", changed("text", { type: integer(32) } as never)),
    message: "ClientRequest",
    reason: /not an integer/,
  },
  {
    why: "a variant that old peers send is gone",
    change: (host) =>
      withMessage(
        host,
        1,
        "Entry",
        changed("op", { variants: [field("put", 2, { kind: "bytes" })] } as never),
      ),
    message: "Entry",
    reason: /op is null, expected \{"case":"remove"/,
  },
  {
    why: "a field is added to a released version",
    change: (host) =>
      withMessage(host, 1, "Append", (members) => [...members, field("extra", 12, integer(32))]),
    message: "Append",
    reason: /extra = 1 is not known to the reader/,
  },
  {
    why: "presence is dropped",
    change: (host) =>
      withMessage(host, 1, "Append", changed("note", { presence: "implicit" } as never)),
    message: "Append",
    reason: /the bytes differ/,
  },
])("a changed schema is broken: $why", async ({ change, message, reason }) => {
  const broken = brokenIn(await run(OLD_HOST, madeUpHost(change(NEW))));
  expect(broken.map((cell) => cell.message)).toContain(message);
  expect(broken.map((cell) => cell.reason).join("\n")).toMatch(reason);
  const report = makeMatrixReport(broken, { durationMs: 1, command: "x", releases: [] });
  expect(report.verdict).toBe("fail");
  expect(report.broken.every(({ victim }) => victim.length > 0)).toBe(true);
});

const withRoots = (host: HostDescription, change: (one: VersionDescription) => object) => ({
  ...host,
  versions: host.versions.map((one) => ({ ...one, ...change(one) })),
});

test.for<{ why: string; host: HostDescription; victim: string; reason: RegExp }>([
  {
    why: "gone from a version that is still read",
    host: withRoots(NEW, ({ messages }) => ({
      messages: messages.filter(({ name }) => name !== "ClientRequest"),
    })),
    victim: "new reader of old bytes",
    reason: /new reads v1 but has no ClientRequest there/,
  },
  {
    why: "added to a released version",
    host: withRoots(NEW, ({ messages }) => ({
      messages: [...messages, { name: "Extra", surface: "log", members: [] }],
    })),
    victim: "old reader of new bytes",
    reason: /old reads v1 but has no Extra there/,
  },
])("a message is broken, $why, for the $victim", async ({ host, victim, reason }) => {
  const broken = brokenIn(await run(OLD_HOST, madeUpHost(host)));
  const missing = broken.filter((cell) => reason.test(cell.reason));
  expect(missing.map((cell) => cell.kind)).toContain("direct");
  expect(new Set(missing.map((cell) => cell.victim))).toEqual(new Set([victim]));
});

test("a renamed field is no finding where the format writes numbers", async () => {
  const renamed = withMessage(NEW, 1, "ClientRequest", changed("text", { name: "body" }));
  const both = withMessage(renamed, 2, "ClientRequest", changed("text", { name: "body" }));
  expect(findings(await run(OLD_HOST, madeUpHost(both)))).toEqual([]);
});

test.for<{ why: string; faults: Faults; reason: RegExp; kind?: string }>([
  {
    why: "the host throws",
    faults: () => ({
      decode: () => {
        throw new RangeError("boom");
      },
    }),
    reason: /crashed: threw RangeError: boom/,
  },
  {
    why: "it refuses everything at another version",
    faults: ({ rewrite }) => ({
      rewrite: (message, from, bytes, to) =>
        from === to ? rewrite(message, from, bytes, to) : refusal("EncodeError", "VersionMismatch"),
    }),
    reason: /refused without need/,
  },
  {
    why: "a refusal is not typed",
    faults: ({ decode }) => ({
      decode: (message, version, bytes) =>
        version > 2 ? decode(message, version, bytes) : refusal("DecodeError", "Malformed"),
    }),
    reason: /cannot be read: DecodeError Malformed/,
  },
  {
    why: "a loss has a reason that no schema declares",
    faults: ({ rewrite }) => ({
      rewrite(message, from, bytes, to) {
        const result = rewrite(message, from, bytes, to);
        if (!result.ok) return result;
        return { ...result, losses: result.losses.map((loss) => ({ ...loss, reason: "why not" })) };
      },
    }),
    reason: /for a reason that no schema declares: "why not"/,
  },
  {
    why: "a loss is not reported at all",
    faults: ({ rewrite }) => ({
      rewrite(message, from, bytes, to) {
        const result = rewrite(message, from, bytes, to);
        return result.ok ? { ...result, losses: [] } : result;
      },
    }),
    reason: /leaseMs = .* is not known to the reader, and no loss is declared/,
  },
  {
    why: "bytes written back are not canonical",
    faults: ({ rewrite }) => ({
      rewrite(message, from, bytes, to) {
        const result = rewrite(message, from, bytes, to);
        return result.ok ? { ...result, bytes: Uint8Array.from([...result.bytes, 32]) } : result;
      },
    }),
    reason: /the bytes differ from byte/,
  },
  {
    why: "an edit forgets a field",
    faults: ({ edit }) => ({
      edit: (message, version, bytes, changes) =>
        edit(message, version, bytes, message === "Append" ? { ...changes, entries: [] } : changes),
    }),
    reason: /entries is \[\]/,
    kind: "relay",
  },
  {
    why: "the hello knows versions from a table",
    faults: ({ answerHello }) => ({
      answerHello(body, state) {
        const answer = answerHello(body, state);
        return body[12] === 99
          ? { ...answer, agreed: 0, code: "BadHello", text: "reads v1 to v2" }
          : answer;
      },
    }),
    reason: /answered a refusal, expected v2/,
    kind: "hello",
  },
  {
    why: "the refusal does not name its own range",
    faults: ({ answerHello }) => ({
      answerHello(body, state) {
        const answer = answerHello(body, state);
        return "text" in answer ? { ...answer, text: "no" } : answer;
      },
    }),
    reason: /does not name its own range/,
    kind: "hello",
  },
  {
    why: "a frame loses its addressee",
    faults: ({ openFrame }) => ({
      openFrame(bytes, expected) {
        const result = openFrame(bytes, expected);
        return result.ok ? { ...result, header: { ...result.header, addressee: 0 } } : result;
      },
    }),
    reason: /the frame's addressee is 0/,
    kind: "client-server",
  },
])("a faulty codec is broken: $why", async ({ faults, reason, kind }) => {
  const broken = brokenIn(await run(OLD_HOST, madeUpHost(NEW, faults)));
  expect(broken.map((cell) => cell.reason).join("\n")).toMatch(reason);
  if (kind !== undefined) expect(broken.map((cell) => cell.kind)).toContain(kind);
});

function refusal(kind: "EncodeError" | "DecodeError", code: string) {
  return { ok: false as const, error: { kind, code, message: "refused", path: [] } };
}

test("nothing checked is not a pass", () => {
  expect(makeMatrixReport([], { durationMs: 1, command: "x", releases: [] }).verdict).toBe(
    "unknown",
  );
});
