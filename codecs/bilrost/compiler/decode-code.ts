/**
 * Code that reads a message: `d0(b, p, e, a, o, l)` reads the region from `p` to `e` of the buffer `b`, whose
 * ArrayBuffer is `a` from `o` on, and returns the value; `l` asks for copies. Fields come in ascending order
 * of tags, so each is compared once, in one pass. Undefined (or a thrown TypeError) means that something
 * is out of the ordinary; the interpreter then reads the same bytes and says what.
 *
 * Bounds: lengths are checked when they are read. A scalar may be read beyond its region, which shows at
 * the end of the message: the position only grows, and then it is not `e`.
 */

import { MessageFunctions } from "../../generation/functions.ts";
import { isLeaf, isRecursive, isRichInTexts, type Place, placesOf } from "../../generation/plan.ts";
import type { ShapePath } from "../../generation/shape-path.ts";
import { Source } from "../../generation/source.ts";
import type { Limits } from "../../limits.ts";
import type {
  FieldShape,
  ListShape,
  MessageReference,
  MessageShape,
  Shape,
} from "../../schema/shape.ts";
import { columnCalls, type DecoderFacts, decodeCalls, judgeCalls } from "./decode-calls.ts";
import { writeChain } from "./decode-chain.ts";
import { readMap } from "./decode-map.ts";
import { helperAt, isLeftToInterpreter, membersOf } from "./message-plan.ts";
import { fieldWireType, isEmptyCode, isRun, startOf } from "./presence-code.ts";
import { decodeEnumeration, decodeFloat, decodeInteger, wireTypeOf } from "./scalar-code.ts";
import { FAIL, readLength } from "./varint-code.ts";

export interface DecoderOptions {
  readonly limits: Limits;
  /** Notes in `Q` how canonical the bytes are: 0 not, 1 with extensions, 2 wholly. */
  readonly notesCanonicity: boolean;
  /** One list of the root is read into columns instead of objects. */
  readonly columns?: ColumnsCode;
}

export interface ColumnsCode {
  readonly member: string;
  /** Writes the code that reads the list, behind its first key, in the region up to `end`. */
  write(source: Source, end: string): void;
  /** What the calls need to hand the columns out. */
  finish(): { readonly declare: string; readonly start: string; readonly batch: string };
}

/** The text of a function body that takes the helpers `H` and returns the decoder of `root`. */
export function decoderText(root: MessageShape, options: DecoderOptions): string {
  return new DecoderWriter(root, options).text();
}

const HELPERS = [
  "NO_BYTES",
  "skip: H_skip",
  "attach: H_attach",
  "readText: H_text",
  "readBig: H_readBig",
  "latin1: H_latin1",
  "take: H_take",
  "copy: H_copy",
  "F64, F32, I64, B64, U8",
];

/** A message whose fields stand in variables. */
interface Read {
  readonly shape: MessageShape;
  readonly path: ShapePath;
  readonly slots: ReadonlyMap<string, string>;
}

export class DecoderWriter {
  readonly source = new Source();
  readonly #functions = new MessageFunctions(this.source, "d");
  readonly #root: MessageShape;
  readonly options: DecoderOptions;
  readonly #countsDepth: boolean;
  readonly #hasWindow: boolean;
  #hasBytes = false;

  constructor(root: MessageShape, options: DecoderOptions) {
    this.#root = root;
    this.options = options;
    this.#countsDepth = isRecursive(root);
    this.#hasWindow = isRichInTexts(root);
  }

  text(): string {
    const name = this.#functions.nameOf(this.#root, []);
    this.#functions.writeAll((...one) => this.#writeFunction(...one));
    const { notesCanonicity } = this.options;
    return [
      '"use strict";',
      `const { ${HELPERS.join(", ")} } = H;`,
      notesCanonicity ? "let Q = 2;" : "",
      this.#hasWindow ? "let W, w = 0;" : "",
      this.source.text(),
      this.#callsText({
        name,
        lengthMax: this.options.limits.lengthMax,
        countsDepth: this.#countsDepth,
        hasBytes: this.#hasBytes,
        hasWindow: this.#hasWindow,
      }),
    ].join("\n");
  }

  #callsText(facts: DecoderFacts): string {
    if (this.options.columns) return columnCalls(facts, this.options.columns.finish());
    return this.options.notesCanonicity ? judgeCalls(facts) : decodeCalls(facts);
  }

  #writeFunction(name: string, shape: MessageShape, path: ShapePath): void {
    const source = this.source;
    const depth = this.#countsDepth ? ", d" : "";
    source.line(
      `function ${name}(b, p, e, a, o, l${depth}) {`,
      "p = p | 0; e = e | 0;",
      "let x, y = 0, z = 0, n = 0;",
    );
    if (this.#countsDepth) source.line(`if (d > ${this.options.limits.depthMax}) ${FAIL}`);
    const value = source.fresh("v");
    source.line(`let ${value};`);
    this.#message(shape, value, "e", path);
    source.line(`return ${value};`, "}");
  }

  /** Reads the region up to the variable `end` and puts the message into the variable `target`. */
  #message(shape: MessageShape, target: string, end: string, path: ShapePath): void {
    const source = this.source;
    const places = placesOf(shape, path);
    const unknown = source.fresh("u");
    const slots = new Map<string, string>();
    for (const member of membersOf(shape)) slots.set(member.name, source.fresh("f"));
    source.line(`let ${unknown};`);
    for (const member of membersOf(shape)) {
      const start = member.kind === "oneof" ? "undefined" : startOf(member);
      source.line(`let ${slots.get(member.name)} = ${start};`);
    }
    writeChain(source, {
      end,
      fields: places.map((place) => ({
        tag: place.number,
        wireType: fieldWireType(place),
        read: () => {
          const slot = slots.get(place.oneof?.name ?? place.field.name) as string;
          this.#place(place, slot, end);
        },
      })),
      unknown: (k) => this.#unknown(k, unknown, end),
    });
    this.#result({ shape, path, slots }, target, unknown);
  }

  /** A field that the schema does not know is kept. */
  #unknown(k: string, unknown: string, end: string): void {
    const source = this.source;
    if (this.options.notesCanonicity) source.line("if (Q === 2) Q = 1;");
    source.line(
      `if (${unknown} === undefined) ${unknown} = [];`,
      `else if (${unknown}.length >= ${this.options.limits.countMax}) ${FAIL}`,
      `p = H_skip(b, p, ${end}, ${k}, ${unknown}, l) | 0; if (p < 0) ${FAIL}`,
    );
  }

  #place(place: Place, slot: string, end: string): void {
    const source = this.source;
    const { field, oneof, path } = place;
    const { type, presence } = field;
    if (oneof !== undefined) {
      const held = source.fresh("x");
      source.line(`if (${slot} !== undefined) ${FAIL}`, `let ${held};`);
      this.value(type, held, end, path);
      source.line(`${slot} = { case: ${JSON.stringify(field.name)}, value: ${held} };`);
      return;
    }
    const { columns } = this.options;
    if (columns !== undefined && path.length === 1 && field.name === columns.member) {
      columns.write(source, end);
      return;
    }
    const notes = this.options.notesCanonicity && presence === "implicit";
    if (isRun(place)) {
      const isOdd =
        isLeftToInterpreter(type) || (notes && (type as ListShape).length !== undefined);
      if (isOdd) source.line(FAIL);
      else this.#run(type as ListShape, slot, end, path);
      return;
    }
    this.value(type, slot, end, path, notes);
    const empty = notes ? isEmptyCode(type, slot) : undefined;
    if (empty !== undefined) source.line(`if (${empty}) Q = 0;`);
  }

  /** One field per item: a following key below 4 can only mean "the same tag again". */
  #run(type: ListShape, slot: string, end: string, path: ShapePath): void {
    const source = this.source;
    const [item, count] = [source.fresh("x"), source.fresh("i")];
    const wireType = wireTypeOf(type.item);
    source.line(
      `${slot} = []; let ${count} = 0;`, // Counted here: asking the array each time costs a few per cent.
      "for (;;) {",
      `if (${count} >= ${this.options.limits.countMax}) ${FAIL}`,
      `${count} = ${count} + 1 | 0;`,
      `let ${item};`,
    );
    this.value(type.item, item, end, [...path, ":item"]);
    source.line(
      `${slot}.push(${item});`,
      `if (p >= ${end} || b[p] > 3) break;`,
      `if (b[p] !== ${wireType}) ${FAIL}`,
      "p = p + 1 | 0;",
      "}",
    );
    if (type.length !== undefined) source.line(`if (${slot}.length !== ${type.length}) ${FAIL}`);
  }

  /** Reads one value into the variable `x`. `isPlain`: an empty body is noted as a blemish. */
  value(type: Shape, x: string, end: string, path: ShapePath, isPlain = false): void {
    const source = this.source;
    if (isLeftToInterpreter(type)) {
      this.#taken(type, x, end, path);
      return;
    }
    switch (type.kind) {
      case "bool":
        source.line(`${x} = b[p]; p = p + 1 | 0; if (${x} > 1) ${FAIL} ${x} = ${x} === 1;`);
        return;
      case "integer":
        source.line(decodeInteger(type, x));
        return;
      case "float":
        source.line(decodeFloat(type, x));
        if (this.options.notesCanonicity) source.line(`if (${x} !== ${x}) ${FAIL}`);
        return;
      case "enumeration":
        source.line(decodeEnumeration(type.enumeration, x, source));
        return;
      case "string":
        this.#text(x, end);
        return;
      case "bytes":
        this.#bytes(type, x, end);
        return;
      case "message":
        this.#nested(type, x, end, path, isPlain);
        return;
      case "list":
        this.#packed(type, x, end, path);
        return;
      case "map":
        readMap(this, type, { x, end, path });
        return;
      case "time":
        return;
    }
  }

  /**
   * Where a message is rich in texts, one window of it is made, and ASCII texts are cut out of that: a
   * call less for each. They keep the window alive, so it has to be small, and without payloads.
   */
  #text(x: string, end: string): void {
    const source = this.source;
    source.line(readLength("n", end));
    if (this.#hasWindow) {
      source.line(
        "z = 0; y = p + n | 0;",
        "for (let i = p; i < y; i++) z |= b[i];",
        `if (z < 128 && W !== undefined) ${x} = W.substring(p - w, y - w); else ${x} = H_text(b, p, n);`,
        `if (${x} === undefined) ${FAIL}`,
        "p = y;",
      );
      return;
    }
    source.line(`${x} = H_text(b, p, n); if (${x} === undefined) ${FAIL} p = p + n | 0;`);
  }

  #bytes(type: Extract<Shape, { kind: "bytes" }>, x: string, end: string): void {
    const source = this.source;
    this.#hasBytes = true;
    if (type.fixed) source.line(`n = ${type.length}; if (!(n <= ${end} - p)) ${FAIL}`);
    else source.line(readLength("n", end));
    if (type.length !== undefined && !type.fixed) source.line(`if (n !== ${type.length}) ${FAIL}`);
    source.line(`${x} = l ? H_copy(b, p, p + n) : new Uint8Array(a, o + p, n); p = p + n | 0;`);
  }

  #taken(type: Shape, x: string, end: string, path: ShapePath): void {
    const codec = this.source.constant(helperAt("codec", path));
    if (wireTypeOf(type) !== 1 || this.options.notesCanonicity) {
      this.source.line(FAIL);
      return;
    }
    this.source.line(
      "z = p;",
      readLength("n", end),
      `${x} = H_take(${codec}, b, z, p + n, l${this.#countsDepth ? ", d" : ""}); p = p + n | 0;`,
    );
  }

  #nested(
    { message, uncounted }: MessageReference,
    x: string,
    end: string,
    path: ShapePath,
    isPlain: boolean,
  ): void {
    const source = this.source;
    const shape = message();
    const inner = source.fresh("q");
    source.line(readLength("n", end), `const ${inner} = p + n | 0;`);
    if (isPlain) source.line("if (n === 0) Q = 0;");
    if (isLeaf(shape) && !this.#countsDepth) {
      this.#message(shape, x, inner, path);
      return;
    }
    const name = this.#functions.nameOf(shape, path);
    const depth = this.#countsDepth ? `, d${uncounted ? "" : " + 1"}` : "";
    source.line(
      `${x} = ${name}(b, p, ${inner}, a, o, l${depth}); if (${x} === undefined) ${FAIL} p = ${inner};`,
    );
  }

  #packed(type: ListShape, x: string, end: string, path: ShapePath): void {
    const source = this.source;
    const [inner, items, item] = ["q", "x", "x"].map((name) => source.fresh(name)) as [
      string,
      string,
      string,
    ];
    source.line(
      readLength("n", end),
      `const ${inner} = p + n | 0, ${items} = [];`,
      `while (p < ${inner}) {`,
      `if (${items}.length >= ${this.options.limits.countMax}) ${FAIL}`,
      `let ${item};`,
    );
    this.value(type.item, item, inner, [...path, ":item"]);
    source.line(`${items}.push(${item});`, "}", `if (p !== ${inner}) ${FAIL}`, `${x} = ${items};`);
    if (type.length === undefined) return;
    source.line(`if (${items}.length !== ${type.length}) ${FAIL}`);
    if (this.options.notesCanonicity) source.line(FAIL); // Whether all are empty is rarely asked.
  }

  /** One literal with every member, so that all values of a message have one hidden class. */
  #result({ shape, path, slots }: Read, target: string, unknown: string): void {
    const source = this.source;
    const isHead = this.options.columns !== undefined && shape === this.#root && path.length === 0;
    const shown = membersOf(shape).filter(
      ({ name }) => !(isHead && name === this.options.columns?.member),
    );
    const values = shown.map((member) => {
      const slot = slots.get(member.name) as string;
      const value = member.kind === "oneof" ? slot : this.#filled(member, slot, path);
      return [member.name, value] as const;
    });
    source.line(
      shape.tuple
        ? `${target} = [${values.map(([, value]) => value).join(", ")}];`
        : `${target} = { ${values.map(([name, value]) => `${JSON.stringify(name)}: ${value}`).join(", ")} };`,
      `if (${unknown} !== undefined) H_attach(${target}, ${unknown}, ${shape.version});`,
    );
  }

  /** What an absent plain field reads as, where that is no constant. */
  #filled({ type, presence, name }: FieldShape, slot: string, path: ShapePath): string {
    if (presence === "optional" || startOf({ type, presence }) !== "undefined") return slot;
    if (type.kind === "list" && !type.length && !type.set) {
      return `${slot} === undefined ? [] : ${slot}`;
    }
    if (type.kind === "map") return `${slot} === undefined ? new Map() : ${slot}`;
    const codec = this.source.constant(helperAt("codec", [...path, name]));
    return `${slot} === undefined ? ${codec}.empty() : ${slot}`;
  }
}
