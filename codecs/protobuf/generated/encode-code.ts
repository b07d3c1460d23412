/**
 * Code that writes a message: `e0(v, b, p)` puts the body of `v` into `b` from `p` on and returns the
 * position behind it. It checks while it writes, and gives up with -1 (or a thrown TypeError) at
 * anything out of the ordinary, too little room included; what it wrote until then counts for nothing.
 *
 * Room: so many bytes as the scalars of a function can take together are kept free behind `p`, so that
 * only what has no fixed size asks again.
 */
import { numberOfVariant } from "../../generation/enumeration-code.ts";
import { MessageFunctions } from "../../generation/functions.ts";
import type { GeneratedText } from "../../generation/generated-codec.ts";
import { isLeaf, isRecursive, type Place, placesOf } from "../../generation/plan.ts";
import { isPresent, memberCode, refusal } from "../../generation/presence-code.ts";
import type { ShapePath } from "../../generation/shape-path.ts";
import { writeSortedMap } from "../../generation/sorted-map.ts";
import { GIVE_UP, Source } from "../../generation/source.ts";
import type { Limits } from "../../limits.ts";
import type {
  IntegerShape,
  ListShape,
  MapShape,
  MessageReference,
  MessageShape,
  Shape,
} from "../../schema/shape.ts";
import { FIXED, roomOf, roomOfMessage, wireTypeOf } from "./field-code.ts";
import { WRITE_UINT32, writeConstant, writeSigned, writeUnsigned } from "./varint-code.ts";

/** `byReference`: see `Generation`. */
export function encoderText(
  root: MessageShape,
  limits: Limits,
  byReference?: number,
): GeneratedText {
  return new EncoderWriter(root, limits, byReference).write();
}

const HELPERS = [
  "unknown: U",
  "varint: H_varint",
  "zigzag: H_zigzag",
  "big: H_big",
  "prefix: H_prefix",
  "moveCuts: H_moveCuts",
  "text: H_text",
  "insert: H_insert",
  "sortBy: H_sortBy",
  "length: H_length",
  "F64, F32, I64, B64, U8",
];

const LENGTH_DELIMITED = 2;

/** Where in the text a value is written. */
interface Scope {
  readonly path: ShapePath;
  /** Bytes kept free behind `p` by the code around. */
  readonly room: number;
}

class EncoderWriter {
  readonly #source = new Source();
  readonly #functions = new MessageFunctions(this.#source, "e");
  readonly #root: MessageShape;
  readonly #limits: Limits;
  readonly #byReference: number | undefined;
  readonly #countsDepth: boolean;

  constructor(root: MessageShape, limits: Limits, byReference: number | undefined) {
    this.#root = root;
    this.#limits = limits;
    this.#byReference = byReference;
    this.#countsDepth = isRecursive(root);
  }

  write(): GeneratedText {
    const name = this.#functions.nameOf(this.#root, []);
    this.#functions.writeAll((...one) => this.#function(...one));
    const text = `const { ${HELPERS.join(", ")} } = H;\n${this.#source.text()}`;
    return { text, call: `${name}(v, b, p${this.#countsDepth ? ", 0" : ""})` };
  }

  #function(name: string, shape: MessageShape, path: ShapePath): void {
    const room = roomOfMessage(shape);
    this.#source.line(
      `function ${name}(v, b, p${this.#countsDepth ? ", d" : ""}) {`,
      "const e = b.length; let y = 0, z = 0, n = 0;",
      `if (p + ${room} > e) ${GIVE_UP}`,
    );
    if (this.#countsDepth) this.#source.line(`if (d > ${this.#limits.depthMax}) ${GIVE_UP}`);
    this.#message(shape, "v", { path, room });
    this.#source.line("return p;", "}");
  }

  /** The body of the message in the variable `v`. */
  #message(shape: MessageShape, v: string, scope: Scope): void {
    const source = this.#source;
    source.line(
      `if (typeof ${v} !== "object" || ${v} === null || ${v}[U] !== undefined) ${GIVE_UP}`,
    );
    const oneofs = new Map<string, string>();
    for (const member of shape.members) {
      if (member.kind !== "oneof") continue;
      const name = source.fresh("o");
      oneofs.set(member.name, name);
      const isOther = member.variants.map((one) => `${name}c !== ${JSON.stringify(one.name)}`);
      source.line(
        `const ${name} = ${memberCode(v, member.name)}, ${name}c = ${name} === undefined ? undefined : ${name}.case;`,
        `if (${name} !== undefined && ${isOther.join(" && ") || "true"}) ${GIVE_UP}`,
      );
    }
    for (const place of placesOf(shape, scope.path)) {
      const chosen = place.oneof && oneofs.get(place.oneof.name);
      const here = { ...scope, path: place.path };
      if (chosen === undefined) this.#field(place, v, here);
      else {
        const x = source.fresh("x");
        source.line(
          `if (${chosen}c === ${JSON.stringify(place.field.name)}) { const ${x} = ${chosen}.value;`,
        );
        this.#keyed(place, x, here);
        source.line("}");
      }
    }
  }

  #field(place: Place, v: string, scope: Scope): void {
    const { type, presence, name } = place.field;
    const x = this.#source.fresh("x");
    this.#source.line(`const ${x} = ${memberCode(v, name)};`);
    if (type.kind === "list") this.#list(place.number, type, x, scope);
    else if (type.kind === "map") this.#map(place.number, type, x, scope);
    else if (presence === "optional") {
      this.#source.line(`if (${x} !== undefined) {`);
      this.#keyed(place, x, scope);
      this.#source.line("}");
    } else if (type.kind === "message") this.#implicitMessage(place, type, x, scope);
    else {
      this.#source.line(`if (${isPresent(type, x)}) {`);
      this.#keyed(place, x, scope);
      const odd = refusal(type, x);
      this.#source.line(odd === undefined ? "}" : `} else if (${odd}) ${GIVE_UP}`);
    }
  }

  /** Whether a message is empty shows when it has been written: then its key is taken back. */
  #implicitMessage({ number }: Place, type: MessageReference, x: string, scope: Scope): void {
    const start = this.#source.fresh("s");
    this.#source.line(`if (${x} !== undefined) {`, `const ${start} = p;`, this.#key(number, type));
    const length = this.#nested(type, x, scope);
    this.#source.line(`if (${length} === 0) p = ${start};`, "}");
  }

  #keyed({ number, field: { type } }: Place, x: string, scope: Scope): void {
    this.#source.line(this.#key(number, type));
    this.#value(type, x, scope);
  }

  #key(number: number, type: Shape): string {
    return writeConstant(number * 8 + wireTypeOf(type));
  }

  /** The body of one value, with its length where the wire type asks for one. */
  #value(type: Shape, x: string, scope: Scope): void {
    const source = this.#source;
    switch (type.kind) {
      case "bool":
        source.line(
          `if (${x} === true) b[p++] = 1; else if (${x} === false) b[p++] = 0; else ${GIVE_UP}`,
        );
        return;
      case "integer":
        source.line(writeInteger(type, x));
        return;
      case "float":
        source.line(FIXED.writeFloat(type.bits, x));
        return;
      case "enumeration":
        // Above 2^31 - 1 the format takes ten bytes.
        source.line(numberOfVariant(type.enumeration, x, source));
        source.line(`if (y > 2147483647) ${GIVE_UP}`, WRITE_UINT32);
        return;
      case "string":
        source.line(
          `if (typeof ${x} !== "string") ${GIVE_UP}`,
          `p = H_text(b, p, ${x}, ${scope.room}); if (p < 0) ${GIVE_UP}`,
        );
        return;
      case "bytes":
        this.#bytes(x, scope);
        return;
      case "message":
        this.#nested(type, x, scope);
        return;
      default:
        source.line(GIVE_UP); // No value that stands on its own; the interpreter refused the schema.
    }
  }

  #bytes(x: string, { room }: Scope): void {
    const copy = `if (p + n + ${room} > e) ${GIVE_UP}\nb.set(${x}, p); p += n;`;
    this.#source.line(
      `if (!(${x} instanceof Uint8Array)) ${GIVE_UP}`,
      `n = H_length.call(${x});`,
      "if (n < 128) b[p++] = n; else p = H_varint(b, p, n);",
      this.#byReference === undefined
        ? copy
        : `if (n >= ${this.#byReference}) { C.push(p, ${x}); X += n; } else { ${copy} }`,
    );
  }

  /** Returns the variable that holds the length of the body. */
  #nested({ message }: MessageReference, x: string, scope: Scope): string {
    const shape = message();
    return this.#prefixed(() => {
      if (isLeaf(shape) && !this.#countsDepth) {
        this.#message(shape, x, scope);
        return;
      }
      const name = this.#functions.nameOf(shape, scope.path);
      this.#source.line(
        `p = ${name}(${x}, b, p${this.#countsDepth ? ", d + 1" : ""}); if (p < 0 || p + ${scope.room} > e) ${GIVE_UP}`,
      );
    });
  }

  /** A body behind its length, whose width is guessed to be what it was last time at this place. */
  #prefixed(body: () => void): string {
    const source = this.#source;
    const names = ["w", "q", "s", "n"].map((name) => source.fresh(name));
    const [width, place, start, length] = names as [string, string, string, string];
    source.declare(`let ${width} = 1;`);
    const isCut = this.#byReference !== undefined;
    source.line(
      `const ${width}v = ${width}, ${place} = p, ${start} = p + ${width}v; p = ${start};`,
      isCut ? `const ${start}x = X, ${start}c = C.length;` : "",
    );
    body();
    source.line(
      `const ${length} = p - ${start}${isCut ? ` + X - ${start}x` : ""};`,
      `if (${length} < 128 && ${width}v === 1) b[${place}] = ${length};`,
      `else if (${length} > 127 && ${length} < 16384 && ${width}v === 2) { b[${place}] = ${length} | 128; b[${place} + 1] = ${length} >>> 7; }`,
      `else { y = H_prefix(b, ${place}, ${start}, p, ${length}); ${isCut ? `H_moveCuts(C, ${start}c, y - p); ` : ""}${width} = ${start} - ${place} + y - p; p = y; }`,
    );
    return length;
  }

  #list(number: number, type: ListShape, x: string, scope: Scope): void {
    const source = this.#source;
    const isPacked = type.packed && wireTypeOf(type.item) !== LENGTH_DELIMITED;
    source.line(
      `if (${x} !== undefined) {`,
      `if (!Array.isArray(${x}) || ${x}.length > ${this.#limits.countMax}) ${GIVE_UP}`,
    );
    if (!isPacked) this.#items(type, x, scope, this.#key(number, type.item));
    else {
      source.line(`if (${x}.length !== 0) {`, this.#key(number, type));
      this.#prefixed(() => this.#items(type, x, scope, ""));
      source.line("}");
    }
    source.line("}");
  }

  #items({ item }: ListShape, x: string, scope: Scope, key: string): void {
    const source = this.#source;
    const [i, held] = [source.fresh("i"), source.fresh("x")];
    const room = scope.room + roomOf(item);
    source.line(
      `for (let ${i} = 0; ${i} < ${x}.length; ${i}++) {`,
      `if (p + ${room} > e) ${GIVE_UP}`,
      `const ${held} = ${x}[${i}];`,
      key,
    );
    this.#value(item, held, { path: [...scope.path, ":item"], room });
    source.line("}");
  }

  /** One field per entry, of a key and a value that are written even when they are empty. */
  #map(number: number, type: MapShape, x: string, scope: Scope): void {
    const room = scope.room + roomOf(type.key) + roomOf(type.value) + roomOf(type);
    this.#source.line(`if (${x} !== undefined) {`);
    writeSortedMap(this.#source, {
      type,
      map: x,
      countMax: this.#limits.countMax,
      room,
      isCut: this.#byReference !== undefined,
      order: () => this.#source.constant(`H.order(${JSON.stringify(scope.path)})`),
      head: () => undefined,
      entry: (key, value, checkOrder) => {
        this.#source.line(this.#key(number, type));
        this.#prefixed(() => this.#entry({ type, key, value, checkOrder }, { ...scope, room }));
      },
    });
    this.#source.line("}");
  }

  #entry({ type, key, value, checkOrder }: Entry, { path, room }: Scope): void {
    const start = this.#source.fresh("s");
    this.#source.line(this.#key(1, type.key), `const ${start} = p;`);
    this.#value(type.key, key, { path: [...path, ":key"], room });
    checkOrder(`p - ${start} - 1`); // Of a text below 128 bytes; a longer one is compared with care.
    this.#source.line(this.#key(2, type.value));
    this.#value(type.value, value, { path: [...path, ":value"], room });
  }
}

interface Entry {
  readonly type: MapShape;
  readonly key: string;
  readonly value: string;
  readonly checkOrder: (width: string) => void;
}

function writeInteger(type: IntegerShape, x: string): string {
  if (type.encoding === "fixed") return FIXED.writeFixed(type, x);
  if (type.as === "bigint") return `p = H_big(b, p, ${x}, ${type.signed}); if (p < 0) ${GIVE_UP}`;
  return type.signed ? writeSigned(x, type.bits) : writeUnsigned(x, type.bits);
}
