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
    const head = directiveOf(lines, at);
    const output = outputOf(lines, separator);
    const input = lines.slice(head.next, separator);
    commands.push({ line: at + 1, ...parseDirective(head.text), input, expected: output.lines });
    at = output.next;
  }
  return commands;
}

/** A directive line, or a line of input that is a directive of its own. */
export function parseDirective(text: string): Pick<Command, "text" | "name" | "args"> {
  const [name = "", ...words] = wordsOf(text);
  return { text, name, args: words.map(parseArgument) };
}

/** A line that ends with a backslash goes on in the next one. */
function directiveOf(
  lines: readonly string[],
  start: number,
): { readonly text: string; readonly next: number } {
  let text = lines[start] ?? "";
  let next = start + 1;
  while (text.endsWith("\\") && next < lines.length) {
    text = `${text.slice(0, -1)} ${lines[next]?.trim()}`;
    next++;
  }
  return { text, next };
}

/** Up to the next blank line; between doubled separators an output may have blank lines itself. */
function outputOf(
  lines: readonly string[],
  separator: number,
): { readonly lines: readonly string[]; readonly next: number } {
  if (lines[separator + 1] !== SEPARATOR) {
    const blank = lines.indexOf("", separator);
    const end = blank < 0 ? lines.length : blank;
    return { lines: lines.slice(separator + 1, end), next: end + 1 };
  }
  const isEnd = (line: string, place: number) =>
    place > separator + 1 && line === SEPARATOR && lines[place + 1] === SEPARATOR;
  const end = lines.findIndex(isEnd);
  if (end < 0) throw new SuiteFileError(`line ${separator + 2}: the doubled ${SEPARATOR} is open`);
  return { lines: lines.slice(separator + 2, end), next: end + 2 };
}

/** Spaces separate, except inside parentheses. */
function wordsOf(line: string): readonly string[] {
  return line.match(/[^\s(]*\([^)]*\)|\S+/g) ?? [];
}

function parseArgument(word: string): Argument {
  const [key = "", list] = word.split(/=(.*)/s);
  if (list === undefined) return { key, values: [] };
  const inner = /^\((.*)\)$/s.exec(list)?.[1] ?? list;
  return { key, values: inner === "" ? [] : inner.trim().split(/\s*,\s*|\s+/) };
}

export function argument(command: Command, key: string): readonly string[] | undefined {
  return command.args.find((arg) => arg.key === key)?.values;
}

/** The bare numbers of a command: ids of nodes, usually. */
export function numbersOf(command: Command): readonly number[] {
  return command.args.filter(({ values }) => values.length === 0).map(({ key }) => Number(key));
}
