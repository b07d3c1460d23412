/**
 * Programs that misbehave as whole processes, in a matrix beside an honest release: each defect is
 * found as broken cells that say what happened, and the honest program is not broken anywhere.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import { bilrost, bytes, list, message, protocol, uint32 } from "../../codecs/index.ts";
import { makeGolden } from "../cases/golden.ts";
import { participantOf } from "../cells/matrix.ts";
import { type CapturedFrame, type Cell, poolOf, runCells } from "../index.ts";
import { protocolHost } from "../made-up/protocol-host.ts";
import { type HostPatience, joinPools, outsidePool } from "./index.ts";

const folder = mkdtempSync(join(tmpdir(), "wirespan-outside-"));
afterAll(() => rmSync(folder, { recursive: true }));

const PATIENCE: HostPatience = { replyMs: 400, startMs: 10_000, restartsMax: 2 };

const Entry = message("Entry", { term: uint32(1), body: bytes(2), numbers: list(3, uint32) });
const release = protocolHost(
  "honest",
  protocol("made-up", {
    versions: [{ version: 1, format: bilrost, rules: {} }],
    messages: { Entry: { definition: Entry, surface: "log" } },
  }),
);

/** A whole program: it loads the same codecs and does what `trouble` says before it answers. */
function program(name: string, trouble: string): string[] {
  const from = (path: string) => JSON.stringify(fileURLToPath(new URL(path, import.meta.url)));
  const file = join(folder, `${name.replaceAll(" ", "-")}.mjs`);
  writeFileSync(
    file,
    `import { spawn } from "node:child_process";
     import { writeFileSync } from "node:fs";
     import { bilrost, bytes, list, message, protocol, uint32 } from ${from("../../codecs/index.ts")};
     import { protocolHost } from ${from("../made-up/protocol-host.ts")};
     import { HostFrameReader, parseBody, writeHostFrame } from ${from("../outside/frames.ts")};
     import { serveBody } from ${from("../outside/serve.ts")};
     const Entry = message("Entry", { term: uint32(1), body: bytes(2), numbers: list(3, uint32) });
     const versions = [{ version: 1, format: bilrost, rules: {} }];
     const messages = { Entry: { definition: Entry, surface: "log" } };
     const host = protocolHost("program", protocol("made-up", { versions, messages }));
     const reader = new HostFrameReader();
     const say = (body) => process.stdout.write(writeHostFrame(body));
     let calls = 0;
     process.stdin.on("data", (chunk) => {
       for (const body of reader.push(chunk)) {
         const call = parseBody(body);
         const { reply } = serveBody(host, body);
         const isDecode = call.ask === "decode" && ++calls === 5;
         ${trouble}
         say(reply);
         if (call.ask === "bye") process.exit(0);
       }
     });`,
  );
  return [process.execPath, file];
}

async function run(command: readonly string[], captured?: CapturedFrame[]): Promise<Cell[]> {
  const releases = [participantOf(release.describe(), makeGolden(release))];
  const outside = outsidePool([{ name: "program", command }], PATIENCE);
  const inside = { ...poolOf(new Map([["honest", release]])), close: async () => {} };
  const pool = joinPools(outside, new Set(["program"]), inside);
  try {
    const participants = [...releases, ...(await outside.load(releases))];
    return await runCells({ participants, pool }, captured ? { captured } : {});
  } finally {
    await pool.close();
  }
}

function brokenIn(cells: readonly Cell[]): Cell[] {
  return cells.filter(({ verdict, kind }) => verdict === "broken" && kind !== "hello");
}

test("an honest program: each direction has cells, and none is broken", async () => {
  const cells = await run(program("honest", ""));
  expect(brokenIn(cells)).toEqual([]);
  for (const [writer, reader] of [
    ["honest", "program"],
    ["program", "honest"],
    ["program", "program"],
  ]) {
    const met = cells.filter(
      (cell) => cell.writer.release === writer && cell.reader.release === reader,
    );
    expect(met.length, `${writer} to ${reader}`).toBeGreaterThan(8);
  }
});

test.for([
  {
    name: "writes another value",
    trouble: `if (call.ask === "encode") reply.answer.bytes = reply.answer.bytes.replace(/^0401/, "0402");`,
    reason: /term is 2, expected 1/,
  },
  {
    name: "reads another value",
    trouble: `if (call.ask === "decode") reply.answer.value.term = 3;`,
    reason: /term is 3, expected/,
  },
  {
    name: "drops unknown fields unsaid",
    trouble: `if (call.ask === "decode") reply.answer.unknownFields = 0;`,
    reason: /does not know 0 fields \(1 expected\)/,
  },
  {
    name: "dies on one call",
    trouble: `if (isDecode) { console.error("out of ideas"); process.exit(7); }`,
    reason: /the reader crashed: ended with code 7 \(its last line on stderr: out of ideas\)/,
  },
  {
    name: "is killed on one call",
    trouble: `if (isDecode) process.kill(process.pid, "SIGSEGV");`,
    reason: /was ended by SIGSEGV/,
  },
  {
    name: "hangs on one call",
    trouble: "if (isDecode) for (;;);",
    reason: /gave no answer to decode within 400 ms/,
  },
  {
    name: "prints a line on stdout",
    trouble: `if (isDecode) console.log("debug: decoding");`,
    reason:
      /protocol does not allow: Cannot take a frame of \d+ bytes: .* it reads "debu".*prints to stdout/,
  },
  {
    name: "answers out of order",
    trouble: "if (isDecode) reply.id += 1;",
    reason: /protocol does not allow: .*its id is/,
  },
  {
    name: "answers twice",
    trouble: "if (isDecode) say(reply);",
    reason: /its id is|although nothing was asked/,
  },
  {
    name: "fails inside",
    trouble: `if (isDecode) { reply.error = { kind: "HostError", code: "Internal", message: "oh" }; }`,
    reason: /answered Internal: oh/,
  },
])("a program that $name is broken", async ({ name, trouble, reason }) => {
  const cells = await run(program(name, trouble));
  const broken = brokenIn(cells);
  expect(broken.map((cell) => cell.reason).join("\n")).toMatch(reason);
  const isAccused = broken.every(({ writer, reader, through }) =>
    [writer.release, reader.release, through?.release].includes("program"),
  );
  expect(isAccused, "no cell of the release alone is broken").toBe(true);
  expect(cells.length).toBeGreaterThan(broken.length);
});

test("captured frames: the program reads the bodies of messages that it describes, and of no others", async () => {
  const written = release.encode("Entry", 1, { term: 7 });
  if (!written.ok) throw new Error(written.error.message);
  const header = {
    ...{ kind: 16, flags: 0, wireVersion: 1 },
    sender: 1,
    addressee: 2,
    incarnation: 1,
  };
  const clusterId = "ab".repeat(16);
  const bytes = release.frame({ ...header, clusterId }, written.bytes);
  const captured = ["Entry", "Stranger"].map((name) => ({
    ...{ name, message: name, wireVersion: 1, clusterId, addressee: 2 },
    frame: bytes,
  }));
  const read = async (trouble: string) =>
    (await run(program(`captured ${trouble.length}`, trouble), captured)).filter(
      ({ kind, reader }) => kind === "captured" && reader.release === "program",
    );
  expect((await read("")).map(({ message, verdict }) => [message, verdict])).toEqual([
    ["Entry", "exact"],
  ]);
  const misread = await read(`if (call.ask === "decode") reply.answer.value.term += 1;`);
  expect(misread.map(({ reason }) => reason)).toEqual(["term is 8, expected 7 by honest"]);
});

test("a program that dies on every call is given up, and every cell still has a verdict", async () => {
  const cells = await run(program("always dies", `if (call.message) process.exit(1);`));
  expect(
    brokenIn(cells)
      .map(({ reason }) => reason)
      .join(),
  ).toMatch(/given up after 3 crashes/);
  const direct = (all: readonly Cell[]) => all.filter(({ kind }) => kind === "direct").length;
  expect(direct(cells)).toBe(direct(await run(program("honest", ""))));
});

test.for([
  { command: ["/nowhere/at-all"], says: /it cannot be started: .*ENOENT/ },
  {
    command: [process.execPath, "-e", "console.error('no licence'); process.exit(3)"],
    says: /it ended with code 3 \(its last line on stderr: no licence\)/,
  },
  {
    command: program(
      "speaks another protocol",
      "if (call.ask === 'hello') reply.answer.protocol = 9;",
    ),
    says: /Cannot talk in version 9 of the protocol: version 1 was asked for/,
  },
  {
    command: program(
      "describes strangers",
      `if (call.ask === "describe") reply.answer.versions[0].version = 9;`,
    ),
    says: /no release has a message that it describes \(v9 Entry\)/,
  },
  {
    command: program(
      "describes nothing",
      `if (call.ask === "describe") reply.answer.versions = [];`,
    ),
    says: /no release has a message that it describes \(nothing\)/,
  },
])("a program that cannot take part at all: $says", async ({ command, says }) => {
  await expect(run(command)).rejects.toThrow(says);
});

test("nothing of a program is left behind, not even what it started itself", async () => {
  const note = join(folder, "grandchild");
  const trouble = `if (call.ask === "hello") {
    const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "ignore" });
    writeFileSync(${JSON.stringify(note)}, String(child.pid));
  }`;
  await run(program("has children", trouble));
  expect(existsSync(note)).toBe(true);
  const pid = Number(readFileSync(note, "utf8"));
  await expect.poll(() => isAlive(pid), { timeout: 3000 }).toBe(false);
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // A killed process that nobody has buried yet is dead, too.
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
}
