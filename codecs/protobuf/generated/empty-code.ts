/** What an absent plain field reads as, in generated code: a constant, or something made anew each time. */
import type { Source } from "../../generation/source.ts";
import type { MessageShape, Shape } from "../../schema/shape.ts";

export class EmptyWriter {
  readonly #source: Source;
  readonly #functions = new Map<MessageShape, string>();
  readonly #queue: MessageShape[] = [];

  constructor(source: Source) {
    this.#source = source;
  }

  /** Undefined for what must be made anew. */
  constantOf(type: Shape): string | undefined {
    switch (type.kind) {
      case "bool":
        return "false";
      case "integer":
        return type.as === "bigint" ? "0n" : "0";
      case "float":
        return "0";
      case "string":
        return '""';
      case "bytes":
        return "NO_BYTES";
      case "enumeration": {
        const zero = [...type.enumeration.variants].find(([, number]) => number === 0);
        return JSON.stringify(zero?.[0] ?? "unknown(0)");
      }
      default:
        return undefined;
    }
  }

  of(type: Shape): string {
    if (type.kind === "message") return `${this.#functionOf(type.message())}()`;
    if (type.kind === "map") return "new Map()";
    return this.constantOf(type) ?? "[]";
  }

  /** The slot of a field, or its empty value where nothing was read. */
  filled(type: Shape, slot: string): string {
    if (this.constantOf(type) !== undefined) return slot;
    return `${slot} === undefined ? ${this.of(type)} : ${slot}`;
  }

  /** The functions that were asked for while the code was written. */
  writeFunctions(): void {
    for (let shape = this.#queue.shift(); shape !== undefined; shape = this.#queue.shift()) {
      const parts = shape.members.map((member) => {
        const isMade = member.kind === "field" && member.presence === "implicit";
        return `${JSON.stringify(member.name)}: ${isMade ? this.of(member.type) : "undefined"}`;
      });
      this.#source.line(
        `function ${this.#functions.get(shape)}() { return { ${parts.join(", ")} }; }`,
      );
    }
  }

  #functionOf(shape: MessageShape): string {
    const known = this.#functions.get(shape);
    if (known !== undefined) return known;
    const name = this.#source.fresh("m");
    this.#functions.set(shape, name);
    this.#queue.push(shape);
    return name;
  }
}
