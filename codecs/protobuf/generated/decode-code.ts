/**
 * Code that reads a message: `d0(b, p, e, a, o, l)` reads the region from `p` to `e` of the buffer `b`, whose
 * ArrayBuffer is `a` from `o` on, and returns the value; `l` asks for copies. Each round compares the
 * fields in ascending order of numbers, so that what usual writers write takes one round. Undefined (or
 * a thrown TypeError) means that something is out of the ordinary; the interpreter then reads the same
 * bytes and says what. A message field that stands twice is left to it, too, because it merges them.
 *
 * Bounds: lengths are checked when they are read. A scalar may be read beyond its region, which shows at
 * the end of the message: the position only grows, and then it is not `e`.
 */
import { emptyConstant } from "../../generation/empty-code.ts";
import { nameOfVariant } from "../../generation/enumeration-code.ts";
import { MessageFunctions } from "../../generation/functions.ts";
import type { GeneratedText } from "../../generation/generated-codec.ts";
import { isLeaf, isRecursive, isRichInTexts, type Place, placesOf } from "../../generation/plan.ts";
import type { ShapePath } from "../../generation/shape-path.ts";
import { FAIL, Source } from "../../generation/source.ts";
import { readTextCode, windowCall } from "../../generation/text-code.ts";
import type { Limits } from "../../limits.ts";
import type {
  FieldShape,
  IntegerShape,
  ListShape,
  MapShape,
  MessageReference,
  MessageShape,
  OneofShape,
  Shape,
} from "../../schema/shape.ts";
import { EmptyWriter } from "./empty-code.ts";
import { FIXED, wireTypeOf } from "./field-code.ts";
import { readLength, readNumber, readShort } from "./varint-code.ts";

export function decoderText(root: MessageShape, limits: Limits): GeneratedText {
  return new DecoderWriter(root, limits).write();
}

const HELPERS = [
  "NO_BYTES",
  "keep: H_keep",
  "attach: H_attach",
  "readText: H_text",
  "readBig: H_readBig",
  "at: H_at",
  "latin1: H_latin1",
  "sameKey: H_sameKey",
  "copy: H_copy",
  "F64, F32, I64, B64, U8",
];

const LENGTH_DELIMITED = 2;

/** Where a field's value goes. */
interface Target {
  readonly slot: string;
  /** The variable with the end of the region. */
  readonly end: string;
  /** Label of the message around. */
  readonly label: string;
  /** The variable with the key read last. */
  readonly key: string;
}

class DecoderWriter {
  readonly #source = new Source();
  readonly #empty: EmptyWriter;
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
    this.#empty = new EmptyWriter(this.#source);
  }

  write(): GeneratedText {
    const name = this.#functions.nameOf(this.#root, []);
    this.#functions.writeAll((...one) => this.#function(...one));
    this.#empty.writeFunctions();
    const window = this.#hasWindow ? "let W;\n" : "";
    const text = `const { ${HELPERS.join(", ")} } = H;\n${window}${this.#source.text()}`;
    const call = `${name}(b, 0, e, b.buffer, b.byteOffset, l${this.#countsDepth ? ", 0" : ""})`;
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
    this.#message(shape, value, "e", path);
    source.line(`return ${value};`, "}");
  }

  /** Reads the region up to the variable `end` and puts the message into the variable `into`. */
  #message(shape: MessageShape, into: string, end: string, path: ShapePath): void {
    const source = this.#source;
    const [key, unknown, label] = ["k", "u", "L"].map((name) => source.fresh(name)) as [
      ...[string, string, string],
    ];
    const slots = new Map<string, string>();
    for (const member of shape.members) slots.set(member.name, source.fresh("f"));
    source.line(`let ${key} = 0, ${unknown};`);
    for (const member of shape.members) {
      const start =
        member.kind === "oneof" || member.presence === "optional"
          ? "undefined"
          : (emptyConstant(member.type) ?? "undefined");
      const slot = slots.get(member.name);
      source.line(`let ${slot} = ${start}${isByContent(member) ? `, ${slot}k` : ""};`);
    }
    const places = placesOf(shape, path);
    source.line(`${label}: if (p < ${end}) {`, readShort(key), "for (;;) {");
    for (const place of places) {
      const slot = slots.get(place.oneof?.name ?? place.field.name) as string;
      this.#place(place, { slot, end, label, key });
    }
    this.#unknown(places, unknown, { slot: "", end, label, key });
    source.line("}", "}", `if (p !== ${end}) ${FAIL}`);
    const parts = shape.members.map((member) => {
      const slot = slots.get(member.name) as string;
      const isMade = member.kind === "field" && member.presence === "implicit";
      const value = isMade ? this.#empty.filled(member.type, slot) : slot;
      return `${JSON.stringify(member.name)}: ${value}`;
    });
    source.line(
      `${into} = { ${parts.join(", ")} };`, // One literal, so that all values of a message have one hidden class.
      `if (${unknown} !== undefined) H_attach(${into}, ${unknown}, ${shape.version});`,
    );
  }

  /** What no field took this time: one out of order goes round again, an unknown one is kept. */
  #unknown(places: readonly Place[], unknown: string, { end, label, key }: Target): void {
    const source = this.#source;
    const keys = places.flatMap((place) => keysOf(place).map((one) => `case ${one}:`));
    if (keys.length > 0) {
      const numbers = places.map(({ number }) => `case ${number}:`);
      source.line(
        `switch (${key}) { ${keys.join(" ")} continue; }`,
        `switch (${key} >>> 3) { ${numbers.join(" ")} ${FAIL} }`,
      );
    }
    source.line(
      `if (${unknown} === undefined) ${unknown} = [];`,
      `p = H_keep(b, p, ${end}, ${key}, ${unknown}, l); if (p < 0) ${FAIL}`,
      this.#next({ end, label, key }),
    );
  }

  #next({ end, label, key }: Omit<Target, "slot">): string {
    return `if (p >= ${end}) break ${label};\n${readShort(key)}`;
  }

  #place(place: Place, target: Target): void {
    const source = this.#source;
    const { field, oneof, path, number } = place;
    const { type } = field;
    const { slot, end, key } = target;
    if (type.kind === "list") {
      this.#list(place, type, target);
      return;
    }
    source.line(`if (${key} === ${number * 8 + wireTypeOf(type)}) {`);
    if (oneof !== undefined) {
      const name = JSON.stringify(field.name);
      const held = source.fresh("x");
      if (type.kind === "message") {
        source.line(`if (${slot} !== undefined && ${slot}.case === ${name}) ${FAIL}`);
      }
      source.line(`let ${held};`);
      this.#value(type, held, end, path);
      source.line(`${slot} = { case: ${name}, value: ${held} };`);
    } else if (type.kind === "map") {
      this.#entry(type, slot, end, path);
    } else {
      if (type.kind === "message") source.line(`if (${slot} !== undefined) ${FAIL}`);
      this.#value(type, slot, end, path);
    }
    source.line(this.#next(target), "}");
  }

  /** Packed and one by one, whatever the schema says: the format demands it of readers. */
  #list({ number, path }: Place, type: ListShape, target: Target): void {
    const source = this.#source;
    const { slot, end, key } = target;
    const one = number * 8 + wireTypeOf(type.item);
    const item = source.fresh("x");
    source.line(
      `if (${key} === ${one}) {`,
      `if (${slot} === undefined) ${slot} = [];`,
      "do {",
      `if (${slot}.length >= ${this.#limits.countMax}) ${FAIL}`,
      `let ${item};`,
    );
    this.#value(type.item, item, end, [...path, ":item"]);
    source.line(`${slot}.push(${item});`, this.#next(target), `} while (${key} === ${one});`, "}");
    if (wireTypeOf(type.item) === LENGTH_DELIMITED) return;
    source.line(`if (${key} === ${number * 8 + LENGTH_DELIMITED}) {`);
    this.#packed(type, slot, end, path);
    source.line(this.#next(target), "}");
  }

  #packed(type: ListShape, slot: string, end: string, path: ShapePath): void {
    const source = this.#source;
    const [inner, item] = [source.fresh("q"), source.fresh("x")];
    source.line(
      readLength(end),
      `const ${inner} = p + n;`,
      `if (${slot} === undefined) ${slot} = [];`,
      `while (p < ${inner}) {`,
      `if (${slot}.length >= ${this.#limits.countMax}) ${FAIL}`,
      `let ${item};`,
    );
    this.#value(type.item, item, inner, [...path, ":item"]);
    source.line(`${slot}.push(${item});`, "}", `if (p !== ${inner}) ${FAIL}`);
  }

  /** Key and value in this order, either of which may be left out; the last of equal keys wins. */
  #entry(type: MapShape, slot: string, end: string, path: ShapePath): void {
    const source = this.#source;
    const [inner, key, value] = ["q", "x", "x"].map((name) => source.fresh(name)) as [
      ...[string, string, string],
    ];
    const isKeyed = type.key.kind === "bytes";
    source.line(
      readLength(end),
      `const ${inner} = p + n;`,
      `if (${slot} === undefined) { ${slot} = new Map(); ${isKeyed ? `${slot}k = new Map();` : ""} }`,
      `if (${slot}.size >= ${this.#limits.countMax}) ${FAIL}`,
      `let ${key} = ${emptyConstant(type.key)}, ${value};`,
      `if (p < ${inner} && b[p] === ${8 + wireTypeOf(type.key)}) {`,
      "p++;",
    );
    this.#value(type.key, key, inner, [...path, ":key"]);
    source.line("}", `if (p < ${inner} && b[p] === ${16 + wireTypeOf(type.value)}) {`, "p++;");
    this.#value(type.value, value, inner, [...path, ":value"]);
    source.line(`} else ${value} = ${this.#empty.of(type.value)};`, `if (p !== ${inner}) ${FAIL}`);
    // JavaScript tells equal byte keys apart: the one that came first stands for all.
    if (isKeyed) {
      const order = source.constant(`H.order(${JSON.stringify(path)})`);
      source.line(`${key} = H_sameKey(${slot}k, ${order}, ${key});`);
    }
    source.line(`${slot}.set(${key}, ${value});`);
  }

  /** Reads one value into the variable `x`. */
  #value(type: Shape, x: string, end: string, path: ShapePath): void {
    const source = this.#source;
    switch (type.kind) {
      case "bool":
        source.line(`${x} = b[p++]; if (${x} > 1) ${FAIL} ${x} = ${x} === 1;`);
        return;
      case "integer":
        source.line(readInteger(type, x, end));
        return;
      case "float":
        source.line(FIXED.readFloat(type.bits, x));
        return;
      case "enumeration":
        source.line(readNumber(x, 31), nameOfVariant(type.enumeration, x, source));
        return;
      case "string":
        source.line(readLength(end), readTextCode(x, this.#hasWindow));
        return;
      case "bytes":
        source.line(
          readLength(end),
          `${x} = l ? H_copy(b, p, p + n) : new Uint8Array(a, o + p, n); p += n;`,
        );
        return;
      case "message":
        this.#nested(type, x, end, path);
        return;
      default:
        source.line(FAIL);
    }
  }

  #nested({ message }: MessageReference, x: string, end: string, path: ShapePath): void {
    const source = this.#source;
    const shape = message();
    const inner = source.fresh("q");
    source.line(readLength(end), `const ${inner} = p + n;`);
    if (isLeaf(shape) && !this.#countsDepth) {
      this.#message(shape, x, inner, path);
      return;
    }
    const name = this.#functions.nameOf(shape, path);
    source.line(
      `${x} = ${name}(b, p, ${inner}, a, o, l${this.#countsDepth ? ", d + 1" : ""}); if (${x} === undefined) ${FAIL} p = ${inner};`,
    );
  }
}

/** Whether equal keys have to be told by what they hold. */
function isByContent(member: FieldShape | OneofShape): boolean {
  return member.kind === "field" && member.type.kind === "map" && member.type.key.kind === "bytes";
}

function keysOf({ number, field: { type } }: Place): number[] {
  const wireTypes = new Set([wireTypeOf(type)]);
  if (type.kind === "list") wireTypes.add(wireTypeOf(type.item));
  return [...wireTypes].map((wireType) => number * 8 + wireType);
}

function readInteger(type: IntegerShape, x: string, end: string): string {
  const { encoding, as, signed, bits } = type;
  if (encoding === "fixed") return FIXED.readFixed(type, x);
  if (as === "bigint") {
    const unZigzag = signed ? `\n${x} = ${x} >> 1n ^ -(${x} & 1n);` : "";
    return `${x} = H_readBig(b, p, ${end}); p = H_at();${unZigzag}`;
  }
  const number = readNumber(x, bits);
  if (!signed) return number;
  const small = `${x} = ${x} >>> 1 ^ -(${x} & 1);`;
  if (bits <= 32) return `${number}\n${small}`;
  return `${number}
if (${x} < 4294967296) ${small} else ${x} = ${x} % 2 === 0 ? ${x} / 2 : -(${x} + 1) / 2;`;
}
