/** Text of generated code: lines, fresh names, and constants that are looked up by their place in the schema. */
import type { ShapePath } from "./shape-path.ts";

export class Source {
  readonly #lines: string[] = [];
  readonly #head: string[] = [];
  readonly #constants = new Map<string, string>();
  #names = 0;

  /** Indentation is left out: the text is read by people only as a file, and formatted there. */
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

  /** A helper made for one place of the schema when the code is linked. */
  constant(maker: "codec" | "order", path: ShapePath): string {
    const expression = `H.${maker}(${JSON.stringify(path)})`;
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
