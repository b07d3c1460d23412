/** What the documents point at exists, and what they call a command is one. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";

const PAGES = [
  ...readdirSync(".").filter((name) => name.endsWith(".md")),
  ...readdirSync("docs", { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".md"))
    .map((name) => join("docs", name)),
];

test("every relative link leads somewhere", () => {
  expect(PAGES.length).toBeGreaterThan(5);
  const broken = PAGES.flatMap((page) => {
    const links = [...readFileSync(page, "utf8").matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)];
    return links
      .map(([, target = ""]) => target)
      .filter((target) => !existsSync(join(dirname(page), target)))
      .map((target) => `${page}: ${target}`);
  });
  expect(broken).toEqual([]);
});

test("every npm script and every wirespan command in the documents exists", () => {
  const { scripts } = JSON.parse(readFileSync("package.json", "utf8")) as {
    scripts: Record<string, string>;
  };
  const commands = readdirSync("cli/commands").map((name) => name.replace(/\.ts$/, ""));
  const unknown = PAGES.flatMap((page) => {
    const text = readFileSync(page, "utf8");
    const named = [...text.matchAll(/npm run (?:-s )?([a-z:-]+)/g)].map(([, name = ""]) => name);
    const called = [...text.matchAll(/`wirespan ([a-z-]+)|run wirespan -- ([a-z-]+)/g)].map(
      ([, one, other]) => one ?? other ?? "",
    );
    return [
      ...named
        .filter((name) => scripts[name] === undefined)
        .map((name) => `${page}: npm run ${name}`),
      ...called
        .filter((name) => !commands.includes(name))
        .map((name) => `${page}: wirespan ${name}`),
    ];
  });
  expect(unknown).toEqual([]);
});
