/**
 * House rules that no linter knows: which folder may import which, which folders must stay
 * repeatable, and how long a file may grow. Change a rule here first, then the code.
 */
import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

/** The architecture: a folder may enter only the folders named on its line. */
const MAY_IMPORT: Record<string, string> = {
  base: "",
  report: "",
  codecs: "base",
  sources: "base codecs",
  "compat-matrix": "base codecs report",
  "compat-matrix/run": "compat-matrix",
  migrate: "base codecs compat-matrix",
  "raft/core": "base",
  "raft/wire": "base codecs compat-matrix raft/core",
  "raft/replica": "base codecs migrate raft/core raft/wire",
  "raft/client": "base codecs raft/core raft/wire",
  "raft/server": "base codecs raft/core raft/wire raft/replica",
  "sim/checkers": "base report",
  "sim/world": "raft/replica raft/wire",
  sim: "base raft/replica raft/wire sim/checkers sim/world",
  "sim/campaign": "report sim",
  "rehearsal/plan": "base compat-matrix migrate report",
  rehearsal:
    "base codecs compat-matrix migrate raft/wire rehearsal/plan release report sim/checkers",
  release: "base codecs compat-matrix compat-matrix/run report",
  cli: "base codecs compat-matrix compat-matrix/run migrate raft/server raft/wire rehearsal rehearsal/plan release report sim sim/campaign sim/checkers",
  bench:
    "base codecs compat-matrix migrate raft/core raft/wire raft/replica release report sim/checkers",
};
/** Replaying a seed must replay the run, so here time, chance and the machine come in as arguments. */
const REPEATABLE =
  "base report codecs compat-matrix migrate raft/core raft/wire raft/replica rehearsal/plan sim sim/checkers sim/world".split(
    " ",
  );
const HAZARD =
  /\b(Date\.now|new Date\(\)|Math\.random|setTimeout|setInterval|performance\.now|process\.[a-z]\w*)|"node:[a-z/_]+"/;
const LINES_MAX = 400;
const NOT_SOURCE = ["node_modules", "dist", "docs", "fixtures", "test"];

type Rule = (file: SourceFile) => string[];
interface SourceFile {
  readonly folder: string;
  readonly path: string;
  readonly text: string;
}

/** The most specific line of the table that holds this path. */
function folderOf(path: string): string | undefined {
  return Object.keys(MAY_IMPORT)
    .filter((folder) => path.startsWith(`${folder}/`))
    .sort((a, b) => b.length - a.length)[0];
}

/** Folders meet only at each other's front door, index.ts, and only where the table says so. */
const importsFollowTheTable: Rule = ({ folder, path, text }) => {
  const allowed = MAY_IMPORT[folder]?.split(" ") ?? [];
  return [...text.matchAll(/from "(\.\.?\/[^"]*)"/g)].flatMap(([, target = ""]) => {
    const entered = new URL(target, `file:///${path}`).pathname.slice(1);
    const imported = folderOf(entered) ?? entered;
    if (imported === folder) return [];
    if (!allowed.includes(imported)) return [`${folder}/ must not import ${imported}/`];
    if (entered !== `${imported}/index.ts`)
      return [`enter ${imported}/ by its index.ts: ${target}`];
    return [];
  });
};

const repeatableFoldersStayRepeatable: Rule = ({ folder, text }) => {
  const hazard = REPEATABLE.includes(folder) ? HAZARD.exec(text) : null;
  return hazard ? [`${hazard[0]} makes ${folder}/ unrepeatable: inject it instead`] : [];
};

const filesFitInOneReading: Rule = ({ text }) => {
  const lines = text.split("\n").length;
  return lines > LINES_MAX ? [`${lines} lines, the most is ${LINES_MAX}: split it`] : [];
};

function untidy(path: string, text: string): string[] {
  const folder = folderOf(path);
  if (folder === undefined) return [`${path}: no line in MAY_IMPORT covers it`];
  return [importsFollowTheTable, repeatableFoldersStayRepeatable, filesFitInOneReading]
    .flatMap((rule) => rule({ folder, path, text }))
    .map((message) => `${path}: ${message}`);
}

test("the source follows the house rules", () => {
  const paths = readdirSync(".", { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !/^\./.test(entry.name))
    .filter((entry) => !NOT_SOURCE.includes(entry.name))
    .flatMap(({ name }) =>
      readdirSync(name, { recursive: true, encoding: "utf8" }).map((path) => `${name}/${path}`),
    )
    .filter((path) => /(?<!\.test|\.d)\.tsx?$/.test(path));
  expect(paths.length).toBeGreaterThan(0); // A checker that sees no files must not pass.
  expect(paths.flatMap((path) => untidy(path, readFileSync(path, "utf8")))).toEqual([]);
});

test.for([
  ["codecs/x.ts", 'import { a } from "../raft/core/index.ts"', "must not import raft/core/"],
  ["raft/core/x.ts", 'import { a } from "../wire/index.ts"', "must not import raft/wire/"],
  ["raft/wire/x.ts", 'import { a } from "../../codecs/errors.ts"', "by its index.ts"],
  ["sim/checkers/deep/x.ts", 'import fs from "node:fs"', "inject it instead"],
  ["raft/core/x.ts", "const now = Date.now();", "unrepeatable"],
  ["raft/core/x.ts", "\n".repeat(400), "the most is 400"],
  ["utils/x.ts", "", "no line in MAY_IMPORT covers it"],
] as const)("untidy() reports %s with %j", ([path, text, message]) => {
  expect(untidy(path, text).join()).toContain(message);
});

test("the table has no cycle: a folder may import only folders that cannot reach it", () => {
  const reaches = (from: string, to: string): boolean =>
    (MAY_IMPORT[from] ?? "")
      .split(" ")
      .filter(Boolean)
      .some((next) => next === to || reaches(next, to));
  expect(Object.keys(MAY_IMPORT).filter((folder) => reaches(folder, folder))).toEqual([]);
});
