/** The main job, over the last two releases: both of its parts run and leave their pages. */
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";

test("prove: the matrix, then the rehearsal", { timeout: 300_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), "wirespan-prove-"));
  try {
    const releases = join(folder, "releases");
    for (const name of ["r4.1", "r5"])
      cpSync(join("fixtures/releases", name), join(releases, name), { recursive: true });
    const out = join(folder, "out");
    const options = ["--releases-dir", releases, "--out", out];
    const run = spawnSync(
      process.execPath,
      ["--import", "tsx", "cli/main.ts", "prove", ...options],
      {
        encoding: "utf8",
      },
    );
    expect(run.stdout, run.stderr).toMatch(/^matrix {5}pass/m);
    expect(run.stdout).toMatch(/^rehearsal {2}pass/m);
    expect(run.status).toBe(0);
    expect(existsSync(join(out, "matrix.html"))).toBe(true);
    expect(readFileSync(join(out, "rehearsal.html"), "utf8")).toContain("r4.1");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
