/**
 * Words and signs of Rust, for what tree-sitter leaves as bare tokens (the insides of attributes) and
 * for what is written in Rust's notation outside of Rust (type maps): types, encodings, constants.
 */

export type TokenKind = "name" | "lifetime" | "integer" | "string" | "sign" | "other";

export interface Token {
  readonly kind: TokenKind;
  /** For a string its content, for a raw identifier the name without `r#`. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const BLANK = /\s+|\/\/[^\n]*/y;
const NAME = /(?:r#)?[\p{XID_Start}_]\p{XID_Continue}*/uy;
const RAW_STRING = /(?:b|c)?r(#*)"([\s\S]*?)"\1/y;
const STRING = /[bc]?"((?:[^"\\]|\\[\s\S])*)"/y;
const CHARACTER = /b?'(?:[^'\\]|\\u\{[^}]*\}|\\x..|\\.)'/y;
const LIFETIME = /'[\p{XID_Start}_]\p{XID_Continue}*/uy;
const NUMBER = /\d[\w]*(?:\.\d[\w]*)?/y;
const SIGN = /::|\.\.=|\.\.|->|[\s\S]/uy;

export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const blank = blankAt(text, at);
    if (blank > at) {
      at = blank;
      continue;
    }
    const token = tokenAt(text, at);
    tokens.push(token);
    at = token.end;
  }
  return tokens;
}

function match(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

/** Behind white space and comments; block comments may be nested. */
function blankAt(text: string, at: number): number {
  const blank = match(BLANK, text, at);
  if (blank !== null) return at + blank[0].length;
  if (!text.startsWith("/*", at)) return at;
  let depth = 0;
  const marks = /\/\*|\*\//g;
  marks.lastIndex = at;
  for (let mark = marks.exec(text); mark !== null; mark = marks.exec(text)) {
    depth += mark[0] === "/*" ? 1 : -1;
    if (depth === 0) return marks.lastIndex;
  }
  return text.length;
}

function tokenAt(text: string, at: number): Token {
  const token = (kind: TokenKind, found: string, content: string): Token => ({
    kind,
    text: content,
    start: at,
    end: at + found.length,
  });
  const raw = match(RAW_STRING, text, at);
  if (raw !== null) return token("string", raw[0], raw[2] as string);
  const quoted = match(STRING, text, at);
  if (quoted !== null) return token("string", quoted[0], unescaped(quoted[1] as string));
  const character = match(CHARACTER, text, at);
  if (character !== null) return token("other", character[0], character[0]);
  const lifetime = match(LIFETIME, text, at);
  if (lifetime !== null) return token("lifetime", lifetime[0], lifetime[0]);
  const name = match(NAME, text, at);
  if (name !== null) return token("name", name[0], name[0].replace(/^r#/, ""));
  const number = match(NUMBER, text, at);
  if (number !== null) return token(numberKind(number[0]), number[0], number[0]);
  const [sign = ""] = match(SIGN, text, at) ?? [];
  return token("sign", sign, sign);
}

function numberKind(text: string): TokenKind {
  return /^(?:0x[\da-f_]+|0o[0-7_]+|0b[01_]+|\d[\d_]*)(?:[iu](?:8|16|32|64|128|size))?$/i.test(text)
    ? "integer"
    : "other";
}

/** Enough for names and numbers, which is all that stands in strings here. */
function unescaped(text: string): string {
  return text.replace(/\\(["'\\])/g, "$1");
}

/** The value of an integer token. */
export function integerOf(token: Token): bigint {
  const digits = token.text.replace(/_/g, "").replace(/[iu](?:8|16|32|64|128|size)$/i, "");
  return BigInt(digits.toLowerCase());
}

/** A list of tokens with a place in it. */
export class TokenCursor {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  get atEnd(): boolean {
    return this.#at >= this.#tokens.length;
  }

  peek(ahead = 0): Token | undefined {
    return this.#tokens[this.#at + ahead];
  }

  next(): Token | undefined {
    return this.#tokens[this.#at++];
  }

  /** Whether the next token is this sign or word. */
  sees(text: string, ahead = 0): boolean {
    const token = this.peek(ahead);
    return token?.text === text && (token.kind === "sign" || token.kind === "name");
  }

  /** Takes it if it is next. */
  take(text: string): boolean {
    if (!this.sees(text)) return false;
    this.#at += 1;
    return true;
  }

  /** Everything up to a sign at the outermost level, which stays; what is in brackets is taken whole. */
  until(stops: readonly string[]): Token[] {
    const taken: Token[] = [];
    let depth = 0;
    for (let token = this.peek(); token !== undefined; token = this.peek()) {
      const sign = token.kind === "sign" ? token.text : "none";
      if (depth === 0 && (stops.includes(sign) || CLOSING.has(sign))) break;
      if (CLOSING.has(sign)) depth -= 1;
      if (OPENING.has(sign)) depth += 1;
      taken.push(token);
      this.#at += 1;
    }
    return taken;
  }
}

const OPENING: ReadonlySet<string> = new Set(["(", "[", "{"]);
const CLOSING: ReadonlySet<string> = new Set([")", "]", "}"]);

/** Split at the outermost commas; a comma at the end adds nothing. */
export function splitAtCommas(tokens: readonly Token[]): Token[][] {
  const cursor = new TokenCursor(tokens);
  const parts: Token[][] = [];
  while (!cursor.atEnd) {
    parts.push(cursor.until([","]));
    if (!cursor.take(",")) break;
  }
  return parts;
}

export function textOf(tokens: readonly Token[]): string {
  return tokens
    .map(({ kind, text }) => (kind === "string" ? JSON.stringify(text) : text))
    .join(" ");
}
