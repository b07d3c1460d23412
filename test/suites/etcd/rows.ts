/** From the text of a script to rows that are judged one after the other; each builds on those before it. */
import { type NamedRow, PASSED, type RowResult, SuiteFileError } from "../tally.ts";
import { ConfChangeScript } from "./confchange.ts";
import { InteractionScript } from "./interaction.ts";
import { runQuorum } from "./quorum.ts";
import { type Command, parseScript } from "./script.ts";

type Run = (command: Command) => readonly string[];

/** A line of etcd's logger, which the core here does not have. */
const LOGGER_LINE = /^\s*(DEBUG|INFO|WARN|ERROR|FATAL) /;

export function rowsOf(text: string): readonly NamedRow[] {
  const commands = parseScript(text);
  const run = runnerOf(commands);
  return commands.map((command) => ({
    name: `line ${command.line}: ${command.text}`,
    run: () => judge(command, run),
  }));
}

/** The commands tell which of the three kinds of script it is. */
function runnerOf(commands: readonly Command[]): Run {
  const names = new Set(commands.map(({ name }) => name));
  if (names.size === 0) throw new SuiteFileError("no command in it");
  if (names.has("committed") || names.has("vote")) return runQuorum;
  if (["simple", "enter-joint", "leave-joint"].some((name) => names.has(name))) {
    const script = new ConfChangeScript();
    return (command) => script.run(command);
  }
  const script = new InteractionScript();
  return (command) => script.run(command);
}

function judge(command: Command, run: Run): RowResult {
  const expected = comparable(command.expected);
  const found = comparable(run(command));
  const problems = differences(expected, found);
  return problems.length === 0 ? PASSED : { result: "failed", problems };
}

/** What stands between the first and the last difference, as a diff with a line around it. */
function differences(expected: readonly string[], found: readonly string[]): readonly string[] {
  const shorter = Math.min(expected.length, found.length);
  let same = 0;
  while (same < shorter && expected[same] === found[same]) same++;
  if (same === expected.length && same === found.length) return [];
  let tail = 0;
  while (tail < shorter - same && expected.at(-1 - tail) === found.at(-1 - tail)) tail++;
  const middle = (lines: readonly string[], mark: string) =>
    lines.slice(same, lines.length - tail).map((line) => `${mark}${line}`);
  const before = expected.slice(Math.max(0, same - 1), same);
  const after = expected.slice(expected.length - tail).slice(0, 1);
  return [
    ...before.map((line) => ` ${line}`),
    ...middle(expected, "-"),
    ...middle(found, "+"),
    ...after.map((line) => ` ${line}`),
  ];
}

/** An output of logger lines alone is the same as none, which is written as "ok". */
function comparable(lines: readonly string[]): readonly string[] {
  const kept = lines.filter((line) => !LOGGER_LINE.test(line));
  while (kept.at(-1) === "") kept.pop();
  return kept.length === 0 ? ["ok"] : kept;
}
