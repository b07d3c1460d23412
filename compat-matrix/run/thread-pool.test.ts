/** Releases that misbehave as whole programs; the pool must contain each and go on with the others. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, expect, test } from "vitest";
import type { HostRequest } from "../index.ts";
import { type ThreadPool, threadPool } from "./thread-pool.ts";

const folder = mkdtempSync(join(tmpdir(), "wirespan-pool-"));
afterAll(() => rmSync(folder, { recursive: true }));

const TIMEOUT_MS = 150;
const encode = (message: string): HostRequest => ({ ask: "encode", message, version: 1, value: 0 });

/** A bundle whose `encode` answers with its argument, and does what `trouble` says on the message "trouble". */
function poolWith(name: string, trouble: string): ThreadPool {
  const file = join(folder, `${name}.mjs`);
  const text = `export function createCodecHost() {
    return { encode(message) { if (message === "trouble") { ${trouble} } return { echo: message, polluted: {}.polluted }; } };
  }`;
  writeFileSync(file, text);
  const honest = join(folder, "honest.mjs");
  writeFileSync(honest, text.replace(trouble, ""));
  const location = (path: string) => pathToFileURL(path).href;
  return threadPool(
    [
      { name: "faulty", codecs: location(file) },
      { name: "honest", codecs: location(honest) },
    ],
    TIMEOUT_MS,
  );
}

test.for([
  { name: "throws", trouble: "throw new RangeError('boom')", crash: /threw RangeError: boom/ },
  { name: "hangs", trouble: "for (;;);", crash: /gave no answer within 150 ms/ },
  { name: "exits", trouble: "process.exit(7)", crash: /ended with code 7/ },
  { name: "throws what is no error", trouble: "throw 'text'", crash: /threw text/ },
])("a release that $name crashes on that request only", async ({ name, trouble, crash }) => {
  const pool = poolWith(name, trouble);
  try {
    const outcomes = await pool.ask("faulty", ["a", "b", "trouble", "c"].map(encode));
    expect(outcomes.map(({ ok }) => ok)).toEqual([true, true, false, true]);
    expect(JSON.stringify(outcomes[2])).toMatch(crash);
    expect(outcomes[3]).toMatchObject({ value: { echo: "c" } });
    expect(await pool.ask("honest", [encode("d")])).toMatchObject([{ value: { echo: "d" } }]);
  } finally {
    await pool.close();
  }
});

test("a polluted prototype stays in the release that polluted it", async () => {
  const pool = poolWith("pollutes", "Object.prototype.polluted = 1");
  try {
    const [, own] = await pool.ask("faulty", [encode("trouble"), encode("a")]);
    expect(own).toMatchObject({ value: { polluted: 1 } });
    expect(await pool.ask("honest", [encode("a")])).toEqual([
      { ok: true, value: { echo: "a", polluted: undefined } },
    ]);
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  } finally {
    await pool.close();
  }
});

test("a release that always hangs is given up, and every request still has an outcome", async () => {
  const pool = poolWith("always-hangs", "for (;;);");
  try {
    const outcomes = await pool.ask(
      "faulty",
      Array.from({ length: 20 }, () => encode("trouble")),
    );
    expect(outcomes).toHaveLength(20);
    expect(outcomes.every(({ ok }) => !ok)).toBe(true);
    expect(JSON.stringify(outcomes.at(-1))).toContain("given up after 5 crashes");
  } finally {
    await pool.close();
  }
});
