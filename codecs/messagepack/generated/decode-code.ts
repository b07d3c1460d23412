/**
 * Code that reads a message: `d0(b, p, e, a, o, l)` reads from `p` of the buffer `b`, which ends at `e` and
 * whose ArrayBuffer is `a` from `o` on, and returns the value; `l` asks for copies. Where it ends stands in
 * `P`. Each round compares the names in the order of their declaration, so that what usual writers write
 * takes one round. Undefined (or a thrown error) means that something is out of the ordinary; the
 * interpreter then reads the same bytes and says what.
 *
 * Bounds: lengths are checked when they are read. A scalar may be read beyond the end, which shows when
 * all is read: the position only grows, and then it is not `e`.
 */
import { nameOfVariant } from "../../generation/enumeration-code.ts";
import { MessageFunctions } from "../../generation/functions.ts";
import type { GeneratedText } from "../../generation/generated-codec.ts";
import { isLeaf, isRecursive, isRichInTexts } from "../../generation/plan.ts";
import type { ShapePath } from "../../generation/shape-path.ts";
import { FAIL, Source } from "../../generation/source.ts";
import { readTextCode, windowCall } from "../../generation/text-code.ts";
import type { Limits } from "../../limits.ts";
import type {
  ListShape,
  MapShape,
  MessageReference,
  MessageShape,
  OneofShape,
  Shape,
} from "../../schema/shape.ts";
import { emptyCode } from "./empty-code.ts";
import {
  isName,
  nameBytes,
  READ_BINARY_LENGTH,
  READ_TEXT_LENGTH,
  readArrayLength,
  readInteger,
  readMapLength,
  readUnsigned,
} from "./pack-code.ts";

export function decoderText(root: MessageShape, limits: Limits): GeneratedText {
  return new DecoderWriter(root, limits).write();
}

const HELPERS = [
  "NO_BYTES",
  "keep: H_keep",
  "attach: H_attach",
  "readText: H_text",
  "readSigned: H_readSigned",
  "readBig: H_readBig",
  "readFloat: H_readFloat",
  "at: H_at",
  "latin1: H_latin1",
  "copy: H_copy",
];

const VARIANT_MAX = 0xffff_ffff;

class DecoderWriter {
  readonly #source = new Source();
  readonly #functions = new MessageFunctions(this.#source, "d");
  readonly #root: MessageShape;
  readonly #limits: Limits;
  readonly #countsDepth: boolean;
  readonly #hasWindow: boolean;

  constructor(root: MessageShape, limits: Limits) {
    this.#root = root;
    this.#limits = limits;
    this.#countsDepth = isRecursive(root);
    this.#hasWindow = isRichInTexts(root);
  }

  write(): GeneratedText {
    const name = this.#functions.nameOf(this.#root, []);
    this.#functions.writeAll((...one) => this.#function(...one));
    const text = `const { ${HELPERS.join(", ")} } = H;
let P = 0, W;
${this.#source.text()}
function whole(b, e, l) {
const v = ${name}(b, 0, e, b.buffer, b.byteOffset, l${this.#countsDepth ? ", 0" : ""});
return P === e ? v : undefined;
}`;
    const call = "whole(b, e, l)";
    return { text, call: this.#hasWindow ? windowCall(call) : call };
  }

  #function(name: string, shape: MessageShape, path: ShapePath): void {
    const source = this.#source;
    source.line(
      `function ${name}(b, p, e, a, o, l${this.#countsDepth ? ", d" : ""}) {`,
      "let y = 0, z = 0, n = 0;",
    );
    if (this.#countsDepth) source.line(`if (d > ${this.#limits.depthMax}) ${FAIL}`);
    const value = source.fresh("v");
    source.line(`let ${value};`);
    this.#message(shape, value, path);
    source.line("P = p;", `return ${value};`, "}");
  }

  /** Reads a message into the variable `into`. */
  #message(shape: MessageShape, into: string, path: ShapePath): void {
    const source = this.#source;
    const [left, before, unknown, label] = ["n", "n", "u", "L"].map((name) =>
      source.fresh(name),
    ) as [...[string, string, string, string]];
    const slots = shape.members.map((member) => [member, source.fresh("f")] as const);
    source.line(
      readMapLength(this.#limits.countMax),
      `let ${left} = n, ${before} = n, ${unknown};`,
    );
    for (const [, slot] of slots) source.line(`let ${slot};`);
    source.line(`${label}: if (${left} > 0) for (;;) {`);
    for (const [member, slot] of slots) {
      source.line(
        `if (${isName(member.name)}) {`,
        `if (${slot} !== undefined) ${FAIL}`,
        `p += ${nameBytes(member.name).length};`,
      );
      const inner = [...path, member.name];
      if (member.kind === "oneof") this.#oneof(member, slot, inner);
      else this.#value(member.type, slot, inner);
      source.line(`if (--${left} === 0) break ${label};`, "}");
    }
    const names = source.constant(
      `new Set(${JSON.stringify(shape.members.map(({ name }) => name))})`,
    );
    source.line(
      // Some were read: the next one may stand before them in the declaration.
      `if (${left} !== ${before}) { ${before} = ${left}; continue; }`,
      `if (${unknown} === undefined) ${unknown} = [];`,
      `p = H_keep(b, p, ${names}, ${unknown}); if (p < 0) ${FAIL}`,
      `if (--${left} === 0) break;`,
      `${before} = ${left};`,
      "}",
    );
    const parts = slots.map(([member, slot]) => {
      const isMade = member.kind === "field" && member.presence === "implicit";
      const value = isMade ? `${slot} === undefined ? ${emptyCode(member.type)} : ${slot}` : slot;
      return `${JSON.stringify(member.name)}: ${value}`;
    });
    source.line(
      `${into} = { ${parts.join(", ")} };`, // One literal, so that all values of a message have one hidden class.
      `if (${unknown} !== undefined) H_attach(${into}, ${unknown}, ${shape.version});`,
    );
  }

  /** A map with one key; a variant from the future is the interpreter's. */
  #oneof({ variants }: OneofShape, slot: string, path: ShapePath): void {
    const source = this.#source;
    const held = source.fresh("x");
    source.line(`if (b[p++] !== 0x81) ${FAIL}`, `let ${held};`);
    for (const { name, type } of variants) {
      source.line(`if (${isName(name)}) {`, `p += ${nameBytes(name).length};`);
      this.#value(type, held, [...path, name]);
      source.line(`${slot} = { case: ${JSON.stringify(name)}, value: ${held} };`, "} else");
    }
    source.line(FAIL);
  }

  /** Reads one value into the variable `x`. */
  #value(type: Shape, x: string, path: ShapePath): void {
    const source = this.#source;
    switch (type.kind) {
      case "bool":
        source.line(
          `${x} = b[p++]; if (${x} === 0xc3) ${x} = true; else if (${x} === 0xc2) ${x} = false; else ${FAIL}`,
        );
        return;
      case "integer":
        source.line(readInteger(type, x));
        return;
      case "float":
        source.line(
          `${x} = H_readFloat(b, p, ${type.bits}); if (${x} === undefined) ${FAIL} p = H_at();`,
        );
        return;
      case "enumeration":
        source.line(readUnsigned(x, VARIANT_MAX), nameOfVariant(type.enumeration, x, source));
        return;
      case "string":
        source.line(READ_TEXT_LENGTH, readTextCode(x, this.#hasWindow));
        return;
      case "bytes":
        source.line(
          READ_BINARY_LENGTH,
          `${x} = l ? H_copy(b, p, p + n) : new Uint8Array(a, o + p, n); p += n;`,
        );
        return;
      case "message":
        this.#nested(type, x, path);
        return;
      case "list":
        this.#list(type, x, path);
        return;
      case "map":
        this.#map(type, x, path);
        return;
      default:
        source.line(FAIL);
    }
  }

  #nested({ message }: MessageReference, x: string, path: ShapePath): void {
    const shape = message();
    if (isLeaf(shape) && !this.#countsDepth) {
      this.#message(shape, x, path);
      return;
    }
    const name = this.#functions.nameOf(shape, path);
    this.#source.line(
      `${x} = ${name}(b, p, e, a, o, l${this.#countsDepth ? ", d + 1" : ""}); if (${x} === undefined) ${FAIL} p = P;`,
    );
  }

  #list({ item }: ListShape, x: string, path: ShapePath): void {
    const source = this.#source;
    const [count, i, held] = ["n", "i", "x"].map((name) => source.fresh(name)) as [
      ...[string, string, string],
    ];
    source.line(
      readArrayLength(this.#limits.countMax),
      `const ${count} = n; ${x} = [];`,
      `for (let ${i} = 0; ${i} < ${count}; ${i}++) {`,
      `let ${held};`,
    );
    this.#value(item, held, [...path, ":item"]);
    source.line(`${x}.push(${held});`, "}");
  }

  #map(type: MapShape, x: string, path: ShapePath): void {
    const source = this.#source;
    const [count, i, key, value, seen] = ["n", "i", "x", "x", "k"].map((name) =>
      source.fresh(name),
    ) as [...[string, string, string, string, string]];
    const isByContent = type.key.kind === "bytes"; // JavaScript tells equal byte keys apart.
    source.line(
      readArrayLength(this.#limits.countMax),
      `const ${count} = n; ${x} = new Map();`,
      isByContent ? `const ${seen} = new Set();` : "",
      `for (let ${i} = 0; ${i} < ${count}; ${i}++) {`,
      `if (b[p++] !== 0x92) ${FAIL}`,
      `let ${key}, ${value};`,
    );
    this.#value(type.key, key, [...path, ":key"]);
    this.#value(type.value, value, [...path, ":value"]);
    source.line(`${x}.set(${key}, ${value});`, `if (${x}.size !== ${i} + 1) ${FAIL}`);
    if (isByContent) {
      const order = source.constant(`H.order(${JSON.stringify(path)})`);
      source.line(`${seen}.add(${order}.identity(${key})); if (${seen}.size !== ${i} + 1) ${FAIL}`);
    }
    source.line("}");
  }
}
