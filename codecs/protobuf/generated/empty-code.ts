/** What an absent plain field reads as, in generated code: a constant, or something made anew each time. */
import { emptyConstant } from "../../generation/empty-code.ts";
import type { Source } from "../../generation/source.ts";
import type { MessageShape, Shape } from "../../schema/shape.ts";

export class EmptyWriter {
  readonly #source: Source;
  readonly #functions = new Map<MessageShape, string>();
  readonly #queue: MessageShape[] = [];

  constructor(source: Source) {
    this.#source = source;
  }

  of(type: Shape): string {
    if (type.kind === "message") return `${this.#functionOf(type.message())}()`;
    if (type.kind === "map") return "new Map()";
    return emptyConstant(type) ?? "[]";
  }

  /** The slot of a field, or its empty value where nothing was read. */
  filled(type: Shape, slot: string): string {
    if (emptyConstant(type) !== undefined) return slot;
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
