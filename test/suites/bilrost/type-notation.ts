/** Parses Rust types and encodings as the vector files write them: `Vec<u32>`, `map<general,packed<fixed>>`. */

export interface Notation {
  /** `[]` for an array or slice, `()` for a tuple. */
  readonly name: string;
  readonly args: readonly Notation[];
}

/** Why a schema is not judged. */
export class UnsupportedError extends Error {
  override readonly name = "UnsupportedError";
}

export function parseNotation(text: string): Notation {
  const tokens = text.match(/[<>()[\],;]|[^<>()[\],;\s]+/g) ?? [];
  const parser = new Parser(tokens);
  const notation = parser.one();
  if (parser.isDone) return notation;
  throw new UnsupportedError(`cannot parse type or encoding "${text}"`);
}

class Parser {
  #position = 0;
  readonly #tokens: readonly string[];

  constructor(tokens: readonly string[]) {
    this.#tokens = tokens;
  }

  get isDone(): boolean {
    return this.#position >= this.#tokens.length;
  }

  one(): Notation {
    const name = this.#tokens[this.#position++] ?? "";
    if (name === "[") return { name: "[]", args: this.#until("]") };
    if (name === "(") return { name: "()", args: this.#until(")") };
    if (this.#tokens[this.#position] !== "<") return { name, args: [] };
    this.#position += 1;
    return { name, args: this.#until(">") };
  }

  #until(end: string): Notation[] {
    const args: Notation[] = [];
    while (!this.isDone && this.#tokens[this.#position] !== end) {
      args.push(this.one());
      if (/^[,;]$/.test(this.#tokens[this.#position] ?? "")) this.#position += 1;
    }
    this.#position += 1;
    return args;
  }
}
