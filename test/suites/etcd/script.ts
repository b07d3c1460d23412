/** Reads data-driven scripts: a command line, its input, `----`, the expected output, a blank line. */
import { SuiteFileError } from "../tally.ts";

export interface Argument {
  readonly key: string;
  /** `voters=(1,2)` has two, `index=3` has one, a bare word has none. */
  readonly values: readonly string[];
}

export interface Command {
  readonly line: number;
  readonly text: string;
  readonly name: string;
  readonly args: readonly Argument[];
  readonly input: readonly string[];
  readonly expected: readonly string[];
}

const SEPARATOR = "----";

export function parseScript(text: string): readonly Command[] {
  const lines = text.split("\n");
  const commands: Command[] = [];
  let at = 0;
  while (at < lines.length) {
    const line = lines[at] ?? "";
    if (line.trim() === "" || line.startsWith("#")) {
      at++;
      continue;
    }
    const separator = lines.indexOf(SEPARATOR, at);
    if (separator < 0) throw new SuiteFileError(`line ${at + 1}: no ${SEPARATOR} follows`);
    if (lines[separator + 1] === SEPARATOR) {
      throw new SuiteFileError(`line ${separator + 2}: output with blank lines is not supported`);
    }
    const blank = lines.indexOf("", separator);
    const end = blank < 0 ? lines.length : blank;
    const [name = "", ...words] = wordsOf(line);
    commands.push({
      line: at + 1,
      text: line,
      name,
      args: words.map(parseArgument),
      input: lines.slice(at + 1, separator),
      expected: lines.slice(separator + 1, end),
    });
    at = end + 1;
  }
  return commands;
}

/** Spaces separate, except inside parentheses. */
function wordsOf(line: string): readonly string[] {
  return line.match(/[^\s(]*\([^)]*\)|\S+/g) ?? [];
}

function parseArgument(word: string): Argument {
  const [key = "", list] = word.split(/=(.*)/s);
  if (list === undefined) return { key, values: [] };
  const inner = /^\((.*)\)$/s.exec(list)?.[1] ?? list;
  return { key, values: inner === "" ? [] : inner.split(",").map((value) => value.trim()) };
}

export function argument(command: Command, key: string): readonly string[] | undefined {
  return command.args.find((arg) => arg.key === key)?.values;
}

/** The bare numbers of a command: ids of nodes, usually. */
export function numbersOf(command: Command): readonly number[] {
  return command.args.filter(({ values }) => values.length === 0).map(({ key }) => Number(key));
}
