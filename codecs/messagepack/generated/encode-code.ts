/**
 * Code that writes a message: `e0(v, b, p)` puts `v` into `b` from `p` on and returns the position behind
 * it. It checks while it writes, and gives up with -1 (or a thrown TypeError) at anything out of the
 * ordinary, too little room included; what it wrote until then counts for nothing.
 *
 * Room: so many bytes as the names and scalars of a function can take together are kept free behind `p`,
 * so that only what has no fixed size asks again.
 */
import { numberOfVariant } from "../../generation/enumeration-code.ts";
import { MessageFunctions } from "../../generation/functions.ts";
import type { GeneratedText } from "../../generation/generated-codec.ts";
import { isLeaf, isRecursive } from "../../generation/plan.ts";
import { isPresent, memberCode, refusal } from "../../generation/presence-code.ts";
import type { ShapePath } from "../../generation/shape-path.ts";
import { writeSortedMap } from "../../generation/sorted-map.ts";
import { GIVE_UP, Source } from "../../generation/source.ts";
import type { Limits } from "../../limits.ts";
import type {
  FieldShape,
  ListShape,
  MapShape,
  MessageReference,
  MessageShape,
  OneofShape,
  Shape,
} from "../../schema/shape.ts";
import {
  nameBytes,
  WRITE_ARRAY,
  WRITE_BINARY,
  WRITE_UINT32,
  writeInteger,
  writeName,
} from "./pack-code.ts";

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
  "head: H_head",
  "big: H_big",
  "float: H_float",
  "text: H_text",
  "moveCuts: H_moveCuts",
  "insert: H_insert",
  "sortBy: H_sortBy",
  "length: H_length",
];

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

  /** The message in the variable `v`, members in the order of their declaration. */
  #message(shape: MessageShape, v: string, scope: Scope): void {
    const source = this.#source;
    const [head, count] = [source.fresh("h"), source.fresh("c")];
    const isShort = hasShortHead(shape);
    const isCut = this.#byReference !== undefined && !isShort;
    source.line(
      `if (typeof ${v} !== "object" || ${v} === null || ${v}[U] !== undefined) ${GIVE_UP}`,
      `const ${head} = p; let ${count} = 0; p += ${isShort ? 1 : HEAD_MAX};`,
      isCut ? `const ${head}c = C.length;` : "",
    );
    for (const member of shape.members) {
      const x = source.fresh("x");
      const path = [...scope.path, member.name];
      source.line(`const ${x} = ${memberCode(v, member.name)};`);
      if (member.kind === "oneof") this.#oneof(member, x, { ...scope, path });
      else this.#field(member, x, { ...scope, path });
      source.line(`${count}++; }`);
    }
    if (isShort) source.line(`b[${head}] = 0x80 | ${count};`);
    else source.line(`y = H_head(b, ${head}, p, ${count});`);
    if (isCut) source.line(`H_moveCuts(C, ${head}c, y - p);`);
    if (!isShort) source.line("p = y;");
  }

  #name(name: string): string {
    return writeName(name, (expression) => this.#source.constant(expression));
  }

  /** Leaves a block open, at whose end the pair has been written. */
  #field({ name, type, presence }: FieldShape, x: string, scope: Scope): void {
    const source = this.#source;
    if (presence === "optional") {
      source.line(`if (${x} !== undefined) {`, this.#name(name));
      this.#value(type, x, scope);
      return;
    }
    if (type.kind === "message") {
      this.#implicitMessage(name, type, x, scope);
      return;
    }
    const odd = refusalOf(type, x);
    if (odd !== undefined) source.line(`if (${odd}) ${GIVE_UP}`);
    source.line(`if (${isPresent(type, x)}) {`, this.#name(name));
    this.#value(type, x, scope);
  }

  /** Whether a message is empty shows when it has been written: then its name is taken back. */
  #implicitMessage(name: string, type: MessageReference, x: string, scope: Scope): void {
    const source = this.#source;
    const [start, body, isSet] = ["s", "s", "g"].map((prefix) => source.fresh(prefix)) as [
      ...[string, string, string],
    ];
    source.line(`let ${isSet} = false;`, `if (${x} !== undefined) {`, `const ${start} = p;`);
    source.line(this.#name(name), `const ${body} = p;`);
    this.#value(type, x, scope);
    source.line(
      `if (p === ${body} + 1) p = ${start}; else ${isSet} = true;`,
      "}",
      `if (${isSet}) {`,
    );
  }

  #oneof({ name, variants }: OneofShape, x: string, scope: Scope): void {
    const source = this.#source;
    source.line(`if (${x} !== undefined) {`, `const ${x}c = ${x}.case;`, this.#name(name));
    source.line("b[p++] = 0x81;");
    for (const variant of variants) {
      source.line(
        `if (${x}c === ${JSON.stringify(variant.name)}) { const ${x}v = ${x}.value;`,
        this.#name(variant.name),
      );
      this.#value(variant.type, `${x}v`, { ...scope, path: [...scope.path, variant.name] });
      source.line("} else");
    }
    source.line(GIVE_UP);
  }

  #value(type: Shape, x: string, scope: Scope): void {
    const source = this.#source;
    switch (type.kind) {
      case "bool":
        source.line(
          `if (${x} === true) b[p++] = 0xc3; else if (${x} === false) b[p++] = 0xc2; else ${GIVE_UP}`,
        );
        return;
      case "integer":
        source.line(writeInteger(type, x));
        return;
      case "float":
        source.line(`p = H_float(b, p, ${x}, ${type.bits}); if (p < 0) ${GIVE_UP}`);
        return;
      case "enumeration":
        source.line(numberOfVariant(type.enumeration, x, source), WRITE_UINT32);
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
      case "list":
        this.#list(type, x, scope);
        return;
      case "map":
        this.#map(type, x, scope);
        return;
      default:
        source.line(GIVE_UP); // The interpreter refused the schema.
    }
  }

  #bytes(x: string, { room }: Scope): void {
    const copy = `if (p + n + ${room} > e) ${GIVE_UP}\nb.set(${x}, p); p += n;`;
    this.#source.line(
      `if (!(${x} instanceof Uint8Array)) ${GIVE_UP}`,
      `n = H_length.call(${x});`,
      WRITE_BINARY,
      this.#byReference === undefined
        ? copy
        : `if (n >= ${this.#byReference}) { C.push(p, ${x}); X += n; } else { ${copy} }`,
    );
  }

  #nested({ message }: MessageReference, x: string, scope: Scope): void {
    const shape = message();
    if (isLeaf(shape) && !this.#countsDepth) {
      this.#message(shape, x, scope);
      return;
    }
    const name = this.#functions.nameOf(shape, scope.path);
    this.#source.line(
      `p = ${name}(${x}, b, p${this.#countsDepth ? ", d + 1" : ""}); if (p < 0 || p + ${scope.room} > e) ${GIVE_UP}`,
    );
  }

  #list({ item }: ListShape, x: string, scope: Scope): void {
    const source = this.#source;
    const [i, held, count] = ["i", "x", "n"].map((name) => source.fresh(name)) as [
      ...[string, string, string],
    ];
    const room = scope.room + roomOf(item);
    source.line(
      `if (!Array.isArray(${x}) || ${x}.length > ${this.#limits.countMax}) ${GIVE_UP}`,
      `const ${count} = ${x}.length; n = ${count}; ${WRITE_ARRAY}`,
      `for (let ${i} = 0; ${i} < ${count}; ${i}++) {`,
      `if (p + ${room} > e) ${GIVE_UP}`,
      `const ${held} = ${x}[${i}];`,
    );
    this.#value(item, held, { path: [...scope.path, ":item"], room });
    source.line("}");
  }

  /** A list of pairs, because keys need not be text. */
  #map(type: MapShape, x: string, scope: Scope): void {
    const source = this.#source;
    const room = scope.room + roomOf(type.key) + roomOf(type.value);
    writeSortedMap(source, {
      type,
      map: x,
      countMax: this.#limits.countMax,
      room,
      isCut: this.#byReference !== undefined,
      order: () => source.constant(`H.order(${JSON.stringify(scope.path)})`),
      head: (count) => source.line(`n = ${count}; ${WRITE_ARRAY}`),
      entry: (key, value, checkOrder) => {
        const start = source.fresh("s");
        source.line("b[p++] = 0x92;", `const ${start} = p;`);
        this.#value(type.key, key, { path: [...scope.path, ":key"], room });
        checkOrder(`p - ${start} - 1`); // Of a text below 32 bytes; a longer one is compared with care.
        this.#value(type.value, value, { path: [...scope.path, ":value"], room });
      },
    });
  }
}

const HEAD_MAX = 3;
const HEAD_SHORT_MAX = 15;
const SCALAR_MAX = 12;

function hasShortHead({ members }: MessageShape): boolean {
  return members.length <= HEAD_SHORT_MAX;
}

/** The most bytes that a value can take, without what has no bound of its own: text, payloads, items. */
function roomOf(type: Shape): number {
  const own = type.kind === "message" && isLeaf(type.message()) ? roomOfMessage(type.message()) : 0;
  return SCALAR_MAX + own;
}

function roomOfMessage({ members }: MessageShape): number {
  return members.reduce((sum, member) => sum + roomOfMember(member), SCALAR_MAX);
}

function roomOfMember(member: FieldShape | OneofShape): number {
  const own = nameBytes(member.name).length;
  if (member.kind === "field") return own + roomOf(member.type);
  const rooms = member.variants.map(({ name, type }) => nameBytes(name).length + roomOf(type));
  return own + SCALAR_MAX + Math.max(0, ...rooms);
}

/** Asked before `isPresent`, so what is present has to pass. */
function refusalOf(type: Shape, x: string): string | undefined {
  if (type.kind === "bool") return `typeof ${x} !== "boolean" && ${x} !== undefined`;
  if (type.kind === "bytes") {
    return `${x} !== undefined && (!(${x} instanceof Uint8Array) || ${x}.length === 0 && H_length.call(${x}) !== 0)`;
  }
  return refusal(type, x);
}
