/** The functions of generated code: each message gets one when it is first asked for, and further ones while it is written. */
import type { MessageShape } from "../schema/shape.ts";
import type { ShapePath } from "./shape-path.ts";
import type { Source } from "./source.ts";

export class MessageFunctions {
  readonly #source: Source;
  readonly #prefix: string;
  readonly #names = new Map<MessageShape, string>();
  readonly #queue: { readonly shape: MessageShape; readonly path: ShapePath }[] = [];

  constructor(source: Source, prefix: string) {
    this.#source = source;
    this.#prefix = prefix;
  }

  /** `path`: any place of the message, from which its helpers are found. */
  nameOf(shape: MessageShape, path: ShapePath): string {
    const known = this.#names.get(shape);
    if (known !== undefined) return known;
    const name = this.#source.fresh(this.#prefix);
    this.#names.set(shape, name);
    this.#queue.push({ shape, path });
    return name;
  }

  writeAll(write: (name: string, shape: MessageShape, path: ShapePath) => void): void {
    for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) {
      write(this.nameOf(next.shape, next.path), next.shape, next.path);
    }
  }
}
