/** The words inside `#[bilrost(…)]`, and what each place takes. */
import { unresolved } from "./errors.ts";
import type { Attribute } from "./items.ts";
import { type RustType, typeOfTokens } from "./rust-type.ts";
import { integerOf, splitAtCommas, type Token, TokenCursor, textOf, tokenize } from "./tokens.ts";
import { type CrateVersion, needsVersion } from "./version.ts";

/** `word`, `word(tokens)` or `word = tokens`. A bare number is the word "tag" with it. */
export interface Word {
  readonly name: string;
  readonly tokens: readonly Token[] | undefined;
}

/** Inclusive. */
export type TagRange = readonly [first: number, last: number];

const TAG_MAX = 2n ** 32n - 1n;
const RANGE_LENGTH_MAX = 99;

/** `shorthand` names what a bare value stands for. */
export function wordsOf(attributes: readonly Attribute[], shorthand?: string): Word[] {
  return attributes.flatMap((attribute): Word[] => {
    if (attribute.isValue) {
      if (shorthand !== undefined) return [{ name: shorthand, tokens: attribute.tokens }];
      return unresolved(
        `#[bilrost = ${textOf(attribute.tokens)}] stands where no number is expected`,
      );
    }
    return splitAtCommas(attribute.tokens).map((part) => wordOf(part, shorthand));
  });
}

function wordOf(tokens: readonly Token[], shorthand: string | undefined): Word {
  const [head, mark] = tokens;
  if (head?.kind === "name" && mark === undefined) return { name: head.text, tokens: undefined };
  if (head?.kind === "name" && mark?.text === "=")
    return { name: head.text, tokens: tokens.slice(2) };
  if (head?.kind === "name" && mark?.text === "(" && tokens.at(-1)?.text === ")") {
    return { name: head.text, tokens: tokens.slice(2, -1) };
  }
  if (shorthand !== undefined) return { name: shorthand, tokens };
  return unresolved(`"${textOf(tokens)}" is no attribute of bilrost`);
}

/** Each word once, and only those that the place knows. */
export function wordMap(
  words: readonly Word[],
  known: readonly string[],
  place: string,
): Map<string, Word> {
  const found = new Map<string, Word>();
  for (const word of words) {
    if (!known.includes(word.name))
      unresolved(`the attribute "${word.name}" is not known for ${place}`);
    if (found.has(word.name)) unresolved(`the attribute "${word.name}" stands twice`);
    found.set(word.name, word);
  }
  return found;
}

/** `tag(N)`, `tag = N`, `tag = "N"`. */
export function tagOf(word: Word | undefined): number | undefined {
  if (word === undefined) return undefined;
  return numberOf(contentOf(word), `tag "${textOf(word.tokens ?? [])}"`);
}

/** A string holds the tokens that could have stood there without quotes. */
export function contentOf({ name, tokens = [] }: Word): readonly Token[] {
  if (tokens.length === 0) return unresolved(`the attribute "${name}" lacks its value`);
  return tokens.length === 1 && tokens[0]?.kind === "string" ? tokenize(tokens[0].text) : tokens;
}

function numberOf(tokens: readonly Token[], what: string): number {
  const [token] = tokens;
  const isNumber = tokens.length === 1 && token?.kind === "integer";
  const value = isNumber ? integerOf(token) : -1n;
  if (value < 0n || value > TAG_MAX) return unresolved(`the ${what} is no number of 32 bits`);
  return Number(value);
}

export function encodingOf(word: Word | undefined): RustType | undefined {
  return word === undefined ? undefined : typeOfTokens(contentOf(word));
}

/** `N`, `N-M`, `N..` and `..=M` between commas; both ends belong to a range in every form and version. */
export function tagRangesOf(word: Word, version: CrateVersion): readonly TagRange[] {
  const tokens = word.tokens ?? unresolved(`the attribute "${word.name}" lacks its list`);
  const content = tokens.length === 0 ? tokens : contentOf(word);
  const ranges = splitAtCommas(content).map((part) => rangeOf(part, version));
  ranges.sort(([left], [right]) => left - right);
  for (const [at, [first]] of ranges.entries()) {
    const before = ranges[at - 1];
    if (before !== undefined && before[1] >= first)
      unresolved(`the tag ${first} stands twice in "${word.name}"`);
  }
  return ranges;
}

function rangeOf(tokens: readonly Token[], version: CrateVersion): TagRange {
  const what = `tag range "${textOf(tokens)}"`;
  const cursor = new TokenCursor(tokens);
  if (cursor.take("..=")) {
    needsVersion(version, 1012, "a range without a start");
    return [0, numberOf(tokens.slice(1), what)];
  }
  const first = numberOf(tokens.slice(0, 1), what);
  if (tokens.length === 1) return [first, first];
  if (tokens[1]?.text === ".." && tokens.length === 2) {
    needsVersion(version, 1012, "a range without an end");
    return [first, Number(TAG_MAX)];
  }
  const last = tokens[1]?.text === "-" ? numberOf(tokens.slice(2), what) : -1;
  return last < first ? unresolved(`the ${what} is none that bilrost takes`) : [first, last];
}

/** The tags of a oneof's list, in ascending order. */
export function tagListOf(word: Word, version: CrateVersion): readonly number[] {
  return tagRangesOf(word, version).flatMap(([first, last]) => {
    const length = last - first + 1;
    if (length > RANGE_LENGTH_MAX)
      return unresolved(`the tag range ${first}-${last} is longer than ${RANGE_LENGTH_MAX}`);
    return Array.from({ length }, (_, at) => first + at);
  });
}
