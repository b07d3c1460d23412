/** Text of generated code: lines, fresh names, and what is made once, when the text is linked. */
export class Source {
  readonly #lines: string[] = [];
  readonly #head: string[] = [];
  readonly #constants = new Map<string, string>();
  #names = 0;

  /** Without indentation: nobody reads the text but the engine. */
  line(...lines: readonly string[]): void {
    this.#lines.push(...lines);
  }

  /** The lines that `write` adds, taken back out. */
  capture(write: () => void): string {
    const from = this.#lines.length;
    write();
    return this.#lines.splice(from).join("\n");
  }

  /** A statement at the top, outside of all functions. */
  declare(line: string): void {
    this.#head.push(line);
  }

  fresh(prefix: string): string {
    this.#names += 1;
    return `${prefix}${this.#names}`;
  }

  /** The name of a constant with this value; equal ones are made once. */
  constant(expression: string): string {
    const before = this.#constants.get(expression);
    if (before !== undefined) return before;
    const name = this.fresh("c");
    this.declare(`const ${name} = ${expression};`);
    this.#constants.set(expression, name);
    return name;
  }

  text(): string {
    return [...this.#head, ...this.#lines].join("\n");
  }
}

/** Ends of generated functions that found something out of the ordinary: the interpreter does it again. */
export const GIVE_UP = "return -1;";
export const FAIL = "return undefined;";
