/** The command line as a whole: what it is, and that each command is found alone as among the others. */
import { readdirSync, readFileSync } from "node:fs";
import { afterEach, expect, test, vi } from "vitest";
import { run } from "../cli/program.ts";

afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
});

async function said(...words: readonly string[]): Promise<{ text: string; code: unknown }> {
  let text = "";
  const write = (piece: unknown): boolean => {
    text += String(piece);
    return true;
  };
  vi.spyOn(process.stdout, "write").mockImplementation(write);
  vi.spyOn(process.stderr, "write").mockImplementation(write);
  await run(["node", "wirespan", ...words]);
  vi.restoreAllMocks();
  return { text, code: process.exitCode };
}

test.for(["--version", "-V"])("%s prints name, version and commit", async (option) => {
  const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };
  const { text, code } = await said(option);
  expect(text).toMatch(/^wirespan \S+ \(commit ([0-9a-f]{7,}|unknown)\)\n$/);
  expect(text).toContain(` ${version} `);
  expect(code).toBe(0);
});

test("every file of a command is found under its name, alone as well as in the list", async () => {
  const names = readdirSync("cli/commands").map((file) => file.replace(/\.ts$/, ""));
  expect(names.length).toBeGreaterThan(5);
  const list = (await said("--help")).text;
  for (const name of names) {
    expect(list).toMatch(new RegExp(`^  ${name} `, "m"));
    const { text, code } = await said(name, "--help");
    expect(text).toContain(`Usage: wirespan ${name}`);
    expect(code).toBe(0);
  }
});

test.for([["nonsense"], ["constructor"], ["inspect", "--nonsense"]])(
  "wrong usage is said and ends with 2: %j",
  async (words) => {
    const { text, code } = await said(...words);
    expect(text).toContain("unknown");
    expect(code).toBe(2);
  },
);
