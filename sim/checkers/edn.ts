/** Reads the part of EDN that test harnesses print: maps, vectors, strings, keywords, numbers, nil, booleans. */
export type Edn = string | number | boolean | null | Keyword | readonly Edn[] | EdnMap;
export type EdnMap = ReadonlyMap<string, Edn>;

export interface Keyword {
  readonly keyword: string;
}

export class EdnError extends Error {
  override readonly name = "EdnError";
}

const TOKEN = /[\s,]*(?:(;[^\n]*)|([{}[\]])|("(?:[^"\\]|\\.)*")|([^\s,{}[\]"]+))/gy;
const DEPTH_MAX = 8;

/** One value and nothing after it. */
export function readEdn(text: string): Edn {
  const tokens = tokensOf(text);
  const value = readValue(tokens, 0);
  const rest = tokens.shift();
  if (rest !== undefined) throw new EdnError(`Cannot read EDN: "${rest}" follows the value`);
  return value;
}

function tokensOf(text: string): string[] {
  const end = text.trimEnd().length;
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < end) {
    const start = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (match === null)
      throw new EdnError(`Cannot read EDN: no value starts at "${text.slice(start, start + 20)}"`);
    if (match[1] === undefined) tokens.push(match[0].replace(/^[\s,]+/, ""));
  }
  return tokens;
}

function readValue(tokens: string[], depth: number): Edn {
  const token = tokens.shift();
  if (token === undefined) throw new EdnError("Cannot read EDN: the text ends inside a value");
  if (depth > DEPTH_MAX) throw new EdnError(`Cannot read EDN: more than ${DEPTH_MAX} levels`);
  if (token === "{") return readMap(tokens, depth);
  if (token === "[") return readItems(tokens, "]", depth);
  return readAtom(token);
}

function readMap(tokens: string[], depth: number): EdnMap {
  const items = readItems(tokens, "}", depth);
  if (items.length % 2 !== 0) throw new EdnError("Cannot read EDN: a map key has no value");
  const map = new Map<string, Edn>();
  for (let index = 0; index < items.length; index += 2) {
    const key = items[index];
    if (!isKeyword(key)) throw new EdnError("Cannot read EDN: a map key is not a keyword");
    if (map.has(key.keyword)) throw new EdnError(`Cannot read EDN: :${key.keyword} is repeated`);
    map.set(key.keyword, items[index + 1] ?? null);
  }
  return map;
}

function readItems(tokens: string[], close: "]" | "}", depth: number): Edn[] {
  const items: Edn[] = [];
  while (tokens[0] !== close) items.push(readValue(tokens, depth + 1));
  tokens.shift();
  return items;
}

function readAtom(token: string): Edn {
  if (token.startsWith('"')) return readString(token);
  if (/^:\S+$/.test(token)) return { keyword: token.slice(1) };
  if (/^[+-]?\d+(\.\d+)?$/.test(token)) return Number(token);
  if (token === "nil") return null;
  if (token === "true" || token === "false") return token === "true";
  throw new EdnError(`Cannot read EDN: "${token}" is no value`);
}

function readString(token: string): string {
  try {
    return JSON.parse(token) as string;
  } catch {
    throw new EdnError(`Cannot read EDN: ${token} is no string`);
  }
}

export function isKeyword(value: Edn | undefined): value is Keyword {
  return typeof value === "object" && value !== null && "keyword" in value;
}
