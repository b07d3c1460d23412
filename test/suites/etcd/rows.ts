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
  const lines = Math.max(expected.length, found.length);
  const problems: string[] = [];
  for (let line = 0; line < lines; line++) {
    if (expected[line] === found[line]) continue;
    problems.push(`expected ${JSON.stringify(expected[line] ?? "(nothing)")}`);
    problems.push(`found    ${JSON.stringify(found[line] ?? "(nothing)")}`);
    break; // What follows the first difference follows from it.
  }
  return problems.length === 0 ? PASSED : { result: "failed", problems };
}

/** An output of logger lines alone is the same as none, which is written as "ok". */
function comparable(lines: readonly string[]): readonly string[] {
  const kept = lines.filter((line) => !LOGGER_LINE.test(line)).map((line) => line.trimEnd());
  while (kept.at(-1) === "") kept.pop();
  return kept.length === 0 ? ["ok"] : kept;
}
