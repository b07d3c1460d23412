/** The command others judge the checker with: its last line and its exit code, as run from outside. */
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";

const GIVEN = "fixtures/interop/porcupine-kv";
const folder = mkdtempSync(join(tmpdir(), "wirespan-histories-"));
afterAll(() => rmSync(folder, { recursive: true }));

function histories(...files: string[]): { status: number | null; last: string; text: string } {
  const { status, stdout } = spawnSync("npx", ["tsx", "test/suites/histories.ts", ...files], {
    encoding: "utf8",
  });
  return { status, last: stdout.trim().split("\n").at(-1) ?? "", text: stdout };
}

test("histories: all given files pass", () => {
  const names = ["c01-ok", "c01-bad", "c10-ok", "c10-bad"];
  const run = histories(...names.map((name) => `${GIVEN}/${name}.txt`));
  expect(run).toMatchObject({ status: 0, last: "4 passed, 0 failed, 0 skipped" });
});

test("histories: a wrong verdict fails with evidence, an unreadable file fails, a nameless one is skipped", () => {
  const renamed = join(folder, "renamed-ok.txt");
  copyFileSync(`${GIVEN}/c01-bad.txt`, renamed);
  const broken = join(folder, "broken-ok.txt");
  writeFileSync(broken, "{:process 0\n");
  const nameless = join(folder, "nameless.txt");
  copyFileSync(`${GIVEN}/c01-ok.txt`, nameless);
  const run = histories(renamed, broken, nameless, join(folder, "missing-ok.txt"));
  expect(run).toMatchObject({ status: 1, last: "0 passed, 3 failed, 1 skipped" });
  expect(run.text).toContain("<- no place found");
  expect(run.text).toContain('the name tells neither "ok" nor "bad"');
});

test("histories: nothing ran is a failure, no file is wrong usage", () => {
  expect(histories(`${GIVEN}/LICENSE.md`).status).toBe(1);
  expect(histories().status).toBe(2);
});
