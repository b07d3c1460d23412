/**
 * Code that writes a message: `e0(v, b, p)` puts the body of `v` into `b` from `p` on and returns the
 * position behind it. It checks while it writes, and gives up with -1 (or a thrown TypeError) at
 * anything out of the ordinary, too little room included; what it wrote until then counts for nothing.
 * The interpreter then tells what was wrong.
 *
 * Room: `R` bytes, all that the scalars of a function can take together, are kept free behind `p`, so
 * that only what has no fixed size asks again.
 */

import { MessageFunctions } from "../../generation/functions.ts";
import { isLeaf, isRecursive, type Place, placesOf } from "../../generation/plan.ts";
import { memberCode } from "../../generation/presence-code.ts";
import type { ShapePath } from "../../generation/shape-path.ts";
import { Source } from "../../generation/source.ts";
import type { Limits } from "../../limits.ts";
import type { ListShape, MessageReference, MessageShape, Shape } from "../../schema/shape.ts";
import { ENCODER_HELPERS, ownedCalls, segmentCalls } from "./encode-calls.ts";
import { writeMap } from "./encode-map.ts";
import { encodeVarint, isSet, refusalOf, textCode } from "./encode-parts.ts";
import { helperAt, isLeftToInterpreter } from "./message-plan.ts";
import { roomOf, roomOfMessage } from "./room.ts";
import { encodeEnumeration, encodeFixed, encodeFloat, wireTypeOf } from "./scalar-code.ts";
import { GIVE_UP, writeKey, writeUint32 } from "./varint-code.ts";

export interface EncoderOptions {
  readonly limits: Limits;
  /** Payloads of at least so many bytes stay where they are: see `encodeSegments`. */
  readonly byReference?: number;
}

/** The text of a function body that takes the helpers `H` and returns the encoder of `root`. */
export function encoderText(root: MessageShape, options: EncoderOptions): string {
  return new EncoderWriter(root, options).text();
}

export interface Scope {
  /** Bytes kept free behind `p`, in the function around. */
  readonly room: number;
}

export class EncoderWriter {
  readonly source = new Source();
  readonly #functions = new MessageFunctions(this.source, "e");
  readonly #root: MessageShape;
  readonly options: EncoderOptions;
  readonly #countsDepth: boolean;

  constructor(root: MessageShape, options: EncoderOptions) {
    this.#root = root;
    this.options = options;
    this.#countsDepth = isRecursive(root);
  }

  text(): string {
    const name = this.#functions.nameOf(this.#root, []);
    const root = this.source.capture(() => this.#nextFunctions());
    const isCut = this.options.byReference !== undefined;
    return [
      '"use strict";',
      `const { ${ENCODER_HELPERS.join(", ")} } = H;`,
      isCut ? "let X = 0, C;" : "",
      this.source.text(),
      root,
      isCut
        ? segmentCalls(name, this.#countsDepth)
        : ownedCalls(name, this.#rootBody, this.#countsDepth),
    ].join("\n");
  }

  #rootBody = "";

  /** Functions ask for further functions while they are written. */
  #nextFunctions(): void {
    this.#functions.writeAll((name, shape, path) => {
      const body = this.source.capture(() => this.#body(shape, path));
      if (shape === this.#root) this.#rootBody = body;
      const depth = this.#countsDepth ? ", d" : "";
      this.source.line(`function ${name}(v, b, p${depth}) {`, "p = p | 0;", body, "return p;", "}");
    });
  }

  /** All of a function but its head and its end. */
  #body(shape: MessageShape, path: ShapePath): void {
    const room = roomOfMessage(shape);
    this.source.line(
      "const e = b.length; let y = 0, z = 0, n = 0;",
      `if (p + ${room} > e) ${GIVE_UP}`,
    );
    if (this.#countsDepth) {
      this.source.line(`if (d > ${this.options.limits.depthMax}) ${GIVE_UP}`);
    }
    this.#message(shape, "v", path, { room });
  }

  /** The body of a message whose value is in the variable `v`. */
  #message(shape: MessageShape, v: string, path: ShapePath, scope: Scope): void {
    const source = this.source;
    const isTuple = shape.tuple === true;
    source.line(
      isTuple
        ? `if (!Array.isArray(${v}) || ${v}.length !== ${shape.members.length}) ${GIVE_UP}`
        : `if (typeof ${v} !== "object" || ${v} === null) ${GIVE_UP}`,
      `if (${v}[U] !== undefined) ${GIVE_UP}`,
    );
    const oneofs = this.#oneofs(shape, v);
    const t = source.fresh("t");
    const places = placesOf(shape, path);
    source.line(`let ${t} = 0;`);
    for (const [at, place] of places.entries()) {
      const after = at + 1 < places.length ? `${t} = ${place.number * 4};` : "";
      const before = at === 0 ? "0" : t;
      const own = place.oneof && (oneofs.get(place.oneof.name) as string);
      const { name } = place.field;
      const value = isTuple ? `${v}[${name}]` : memberCode(v, name);
      if (own === undefined) this.#field(place, value, { ...scope, before, after });
      else {
        source.line(`if (${own}c === ${JSON.stringify(place.field.name)}) {`);
        this.#explicit(place, `${own}.value`, { ...scope, before, after });
        source.line("}");
      }
    }
  }

  /** Which variant each oneof holds: by its name, in a variable that the result names. */
  #oneofs({ members }: MessageShape, v: string): ReadonlyMap<string, string> {
    const { source } = this;
    const oneofs = new Map<string, string>();
    for (const member of members) {
      if (member.kind !== "oneof") continue;
      const name = source.fresh("o");
      oneofs.set(member.name, name);
      const cases = member.variants.map((one) => `${name}c !== ${JSON.stringify(one.name)}`);
      source.line(
        `let ${name} = ${memberCode(v, member.name)}, ${name}c = ${name} === undefined ? undefined : ${name}.case;`,
        `if (${name} !== undefined && ${cases.join(" && ") || "true"}) ${GIVE_UP}`,
      );
    }
    return oneofs;
  }

  #field(place: Place, value: string, scope: FieldScope): void {
    const { presence } = place.field;
    if (presence === "optional") {
      const name = this.source.fresh("x");
      this.source.line(`const ${name} = ${value};`, `if (${name} !== undefined) {`);
      this.#explicit(place, name, scope);
      this.source.line("}");
    } else this.#implicit(place, value, scope);
  }

  /** Written whenever it is set. */
  #explicit({ field, number, oneof, path }: Place, value: string, scope: FieldScope): void {
    const source = this.source;
    const { type } = field;
    const isRun = type.kind === "list" && type.length !== undefined && !type.packed && !oneof;
    if (isRun) {
      // An optional array that is not packed: rare enough for the interpreter.
      source.line(GIVE_UP);
      return;
    }
    source.line(this.#key(number, wireTypeOf(type), scope), scope.after);
    this.value(type, this.#held(value), path, scope);
  }

  /** Left out when it is empty. */
  #implicit(place: Place, value: string, scope: FieldScope): void {
    const { field, number, path } = place;
    const source = this.source;
    const { type } = field;
    if (isLeftToInterpreter(type)) return this.#delegatedField(place, value, scope);
    if (type.kind === "list" && !type.packed) return this.#run(type, place, value, scope);
    const x = this.#held(value);
    const isArray = type.kind === "list" && type.length !== undefined;
    const isWritten = isArray
      ? `${x} !== undefined && !${source.constant(helperAt("codec", path))}.isEmpty(${x})`
      : isSet(type, x);
    source.line(`if (${isWritten}) {`);
    if (type.kind === "message") {
      // Whether it is empty shows when it has been written: then the key is taken back.
      const [start, tag4] = [source.fresh("s"), source.fresh("t")];
      source.line(`const ${start} = p, ${tag4} = ${scope.before};`);
      source.line(this.#key(number, 1, { ...scope, before: tag4 }));
      const body = this.#nested(type, x, path, scope);
      source.line(`if (${body} === 0) p = ${start}; else { ${scope.after} }`, "}");
      return;
    }
    source.line(this.#key(number, wireTypeOf(type), scope), scope.after);
    this.value(type, x, path, scope);
    const refuse = isArray ? undefined : refusalOf(type, x);
    source.line(refuse ? `} else if (${refuse}) ${GIVE_UP}` : "}");
  }

  #delegatedField({ number, path, field }: Place, value: string, scope: FieldScope): void {
    const codec = this.source.constant(helperAt("codec", path));
    const x = this.#held(value);
    const { type } = field;
    if (type.kind === "list" && !type.packed) {
      this.source.line(`if (${x} !== undefined && !${codec}.isEmpty(${x})) ${GIVE_UP}`);
      return;
    }
    this.source.line(`if (${x} !== undefined && !${codec}.isEmpty(${x})) {`);
    this.source.line(this.#key(number, wireTypeOf(type), scope), scope.after);
    this.#put(codec, x, scope);
    this.source.line("}");
  }

  #put(codec: string, x: string, { room }: Scope): void {
    this.source.line(
      `p = H_put(${codec}, ${x}, b, p, ${room}${this.#countsDepth ? ", d" : ""}) | 0; if (p < 0) ${GIVE_UP}`,
    );
  }

  /** One field per item; a repeated key is the wire type alone. */
  #run(type: ListShape, { number, path }: Place, value: string, scope: FieldScope): void {
    const source = this.source;
    const [x, i, item] = [this.#held(value), source.fresh("i"), source.fresh("x")];
    const wireType = wireTypeOf(type.item);
    if (type.length !== undefined) {
      const codec = source.constant(helperAt("codec", path));
      source.line(
        `if (${x} !== undefined && !${codec}.isEmpty(${x})) {`,
        `if (${x}.length !== ${type.length}) ${GIVE_UP}`,
      );
    } else source.line(`if (${x} !== undefined) {`);
    const inner = roomOf(type.item) + 8;
    source.line(
      `if (!Array.isArray(${x}) || ${x}.length > ${this.options.limits.countMax}) ${GIVE_UP}`,
      `for (let ${i} = 0; ${i} < ${countOf(type, x)}; ${i}++) {`,
      `if (p + ${inner + scope.room} > e) ${GIVE_UP}`,
      `const ${item} = ${x}[${i}];`,
      `if (${i} === 0) { ${this.#key(number, wireType, scope)} } else { b[p] = ${wireType}; p = p + 1 | 0; }`,
    );
    this.value(type.item, item, [...path, ":item"], { room: scope.room + inner });
    source.line("}", `if (${x}.length !== 0) { ${scope.after} }`, "}");
  }

  #key(number: number, wireType: number, { before }: { readonly before: string }): string {
    const key = number * 4 + wireType;
    if (before === "0") return writeKey(String(key), key);
    return writeKey(`${key} - ${before}`, key);
  }

  /** The value in a variable of its own, because its expression may be a getter. */
  #held(value: string): string {
    if (/^\w+$/.test(value)) return value;
    const name = this.source.fresh("x");
    this.source.line(`const ${name} = ${value};`);
    return name;
  }

  /** The body of one value, with its length where the wire type asks for one. */
  value(type: Shape, x: string, path: ShapePath, scope: Scope): void {
    const source = this.source;
    if (isLeftToInterpreter(type)) {
      this.#put(source.constant(helperAt("codec", path)), x, scope);
      return;
    }
    switch (type.kind) {
      case "bool":
        source.line(
          `if (${x} === true) { b[p] = 1; p = p + 1 | 0; } else if (${x} === false) { b[p] = 0; p = p + 1 | 0; } else ${GIVE_UP}`,
        );
        return;
      case "integer":
        if (type.nonZero) source.line(`if (${x} == 0) ${GIVE_UP}`);
        source.line(type.encoding === "fixed" ? encodeFixed(type, x) : encodeVarint(type, x));
        return;
      case "float":
        source.line(encodeFloat(type, x));
        return;
      case "enumeration":
        source.line(encodeEnumeration(type.enumeration, x, source), writeUint32());
        return;
      case "string":
        source.line(textCode(x, scope.room));
        return;
      case "bytes":
        this.#bytes(type, x, scope);
        return;
      case "message":
        this.#nested(type, x, path, scope);
        return;
      case "list":
        this.#packed(type, x, path, scope);
        return;
      case "map":
        writeMap(this, type, { x, path, scope });
        return;
      case "time":
        return;
    }
  }

  #bytes(type: Extract<Shape, { kind: "bytes" }>, x: string, { room }: Scope): void {
    const source = this.source;
    const { byReference } = this.options;
    source.line(`if (!(${x} instanceof Uint8Array)) ${GIVE_UP}`, `n = H_length.call(${x}) | 0;`);
    if (type.length !== undefined) source.line(`if (n !== ${type.length}) ${GIVE_UP}`);
    if (!type.fixed)
      source.line("if (n < 128) { b[p] = n; p = p + 1 | 0; } else p = H_varint(b, p, n) | 0;");
    const copy = `if (p + n + ${room} > e) ${GIVE_UP}\nb.set(${x}, p); p = p + n | 0;`;
    source.line(
      byReference === undefined || type.fixed
        ? copy
        : `if (n >= ${byReference}) { C.push(p, ${x}); X += n; } else { ${copy} }`,
    );
  }

  /** Returns the variable that holds the length of the body. */
  #nested(
    { message, uncounted }: MessageReference,
    x: string,
    path: ShapePath,
    scope: Scope,
  ): string {
    const shape = message();
    const depth = this.#countsDepth ? `, d${uncounted ? "" : " + 1"}` : "";
    return this.prefixed(() => {
      if (isLeaf(shape) && !this.#countsDepth) {
        this.#message(shape, x, path, scope);
        return;
      }
      const name = this.#functions.nameOf(shape, path);
      this.source.line(
        `p = ${name}(${x}, b, p${depth}) | 0; if (p < 0 || p + ${scope.room} > e) ${GIVE_UP}`,
      );
    });
  }

  /** A body behind its length, whose width is guessed to be what it was last time at this place. */
  prefixed(body: () => void): string {
    const source = this.source;
    const [width, place, start, length] = ["w", "q", "s", "n"].map((name) => source.fresh(name));
    const isCut = this.options.byReference !== undefined;
    source.declare(`let ${width} = 1;`);
    source.line(
      `const ${width}v = ${width} | 0, ${place} = p, ${start} = p + ${width}v | 0${isCut ? `, ${start}x = X, ${start}c = C.length` : ""}; p = ${start};`,
    );
    body();
    source.line(
      `const ${length} = p - ${start}${isCut ? ` + X - ${start}x` : ""} | 0;`,
      `if (${length} < 128 && ${width}v === 1) b[${place}] = ${length};`,
      `else if (${length} >= 128 && ${length} < 16512 && ${width}v === 2) { b[${place}] = ${length} - 128 | 128; b[${place} + 1] = ${length} - 128 >>> 7; }`,
      `else { y = H_prefix(b, ${place}, ${start}, p, ${length}) | 0; ${isCut ? `H_cut(C, ${start}c, y - p); ` : ""}${width} = ${start} - ${place} + y - p; p = y; }`,
    );
    return length as string;
  }

  #packed(type: ListShape, x: string, path: ShapePath, scope: Scope): void {
    const source = this.source;
    const [i, item] = [source.fresh("i"), source.fresh("x")];
    const inner = roomOf(type.item) + 8;
    source.line(
      `if (!Array.isArray(${x}) || ${x}.length > ${this.options.limits.countMax}) ${GIVE_UP}`,
    );
    if (type.length !== undefined) source.line(`if (${x}.length !== ${type.length}) ${GIVE_UP}`);
    this.prefixed(() => {
      source.line(
        `for (let ${i} = 0; ${i} < ${countOf(type, x)}; ${i}++) {`,
        `if (p + ${inner + scope.room} > e) ${GIVE_UP}`,
        `const ${item} = ${x}[${i}];`,
      );
      this.value(type.item, item, [...path, ":item"], { room: scope.room + inner });
      source.line("}");
    });
  }
}

/** An array keeps the length that was checked, even if it changes while its items are read. */
function countOf({ length }: ListShape, x: string): string {
  return length === undefined ? `${x}.length` : String(length);
}

interface FieldScope extends Scope {
  /** Four times the tag before: a variable, or "0" at the first place. */
  readonly before: string;
  /** What remembers this tag; empty at the last place. */
  readonly after: string;
}
