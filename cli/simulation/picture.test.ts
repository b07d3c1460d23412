import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { writePicture } from "./picture.ts";

test("writePicture() draws the operations without an order, and nothing for another run", () => {
  const folder = mkdtempSync(join(tmpdir(), "wirespan-picture-"));
  try {
    expect(writePicture({ seed: 6 }, folder)).toBeUndefined();
    const read = { client: 3, text: "get(<k>)", calledAt: 1, endedAt: 2, place: undefined };
    const disorder = { part: "<k>", window: [read] };
    expect(writePicture({ seed: 7, disorder }, folder)).toBe(join(folder, "violation-7.html"));
    expect(readdirSync(folder)).toEqual(["violation-7.html"]);
    const page = readFileSync(join(folder, "violation-7.html"), "utf8");
    expect(page).toContain("client 3");
    expect(page).toContain("get(&lt;k&gt;)");
    expect(page).not.toContain("<k>");
  } finally {
    rmSync(folder, { recursive: true });
  }
});
