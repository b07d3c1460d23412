/** The names a user can import. A change here is a change of the public surface: `npm test -- -u` and a line in CHANGELOG.md. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

test("the public surface is what golden/public-api.txt says", async () => {
  const { exports } = JSON.parse(readFileSync("package.json", "utf8")) as {
    exports: Record<string, string>;
  };
  const lines: string[] = [];
  for (const [entry, target] of Object.entries(exports)) {
    if (!target.endsWith(".js")) continue;
    const source = target.replace("./dist/", "../").replace(/\.js$/, ".ts");
    const names = Object.keys((await import(source)) as object).sort();
    expect(names.length, `${entry} offers something`).toBeGreaterThan(0);
    lines.push(`wirespan/${entry.slice(2)}`, ...names.map((name) => `  ${name}`), "");
  }
  await expect(lines.join("\n")).toMatchFileSnapshot("golden/public-api.txt");
});
