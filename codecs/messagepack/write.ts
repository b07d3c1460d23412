/** Turns values into the plain tree that the library writes: declaration order, empty implicit fields left out. */
import { isBytes, plainBytes } from "../bytes.ts";
import { EncodeError, located } from "../errors.ts";
import type { UnknownField } from "../format.ts";
import type { Limits } from "../limits.ts";
import {
  checkBool,
  checkBytes,
  checkDepth,
  checkFloat,
  checkList,
  checkMessage,
  checkText,
  integerCheck,
  noVariant,
} from "../schema/check-value.ts";
import { isEmpty } from "../schema/empty.ts";
import { SchemaError } from "../schema/errors.ts";
import { keyOrderOf, sortEntries } from "../schema/key-order.ts";
import { ownMember } from "../schema/own.ts";
import type {
  FieldShape,
  IntegerShape,
  MapShape,
  MessageShape,
  OneofShape,
  Shape,
} from "../schema/shape.ts";
import { numbersOf } from "../schema/variants.ts";
import { unknownToWrite } from "../unknown.ts";
import { PackReader } from "./pack-reader.ts";
import { Raw } from "./raw.ts";

interface Writing {
  readonly limits: Limits;
  depth: number;
}

/** Undefined: not written. */
type Write = (value: unknown, writing: Writing) => unknown;
type Tree = Record<string, unknown>;

export class WriterCompiler {
  readonly #done = new Map<MessageShape, Write>();

  message(shape: MessageShape): Write {
    const before = this.#done.get(shape);
    if (before) return before;
    const members: { name: string; write: Write }[] = [];
    const write: Write = (value, writing) => writeMessage(shape, members, value, writing);
    this.#done.set(shape, write); // Before its members, because a message may contain itself.
    for (const member of shape.members) {
      const step = member.kind === "oneof" ? this.#oneof(member) : this.#field(member);
      members.push({ name: member.name, write: step });
    }
    return write;
  }

  #field({ type, presence }: FieldShape): Write {
    const write = this.#shape(type);
    if (presence === "optional") return write;
    return (value, writing) => {
      const written = write(value, writing);
      return isEmpty(type, value) && !holdsUnknown(written) ? undefined : written;
    };
  }

  #oneof({ variants }: OneofShape): Write {
    const writers = new Map(variants.map(({ name, type }) => [name, this.#shape(type)]));
    return (value, writing) => {
      const chosen = value as { readonly case?: unknown; readonly value?: unknown } | null;
      const name = chosen?.case as string;
      const write = writers.get(name);
      if (!write) throw noVariant(name);
      try {
        return { [name]: write(chosen?.value, writing) };
      } catch (error) {
        throw located(error, [name]);
      }
    };
  }

  #shape(shape: Shape): Write {
    switch (shape.kind) {
      case "bool":
        return writeBool;
      case "integer":
        return integerWriter(shape);
      case "float":
        return floatWriter(shape.bits);
      case "string":
        return writeText;
      case "bytes":
        return writeBytes;
      case "enumeration":
        return numbersOf(shape.enumeration);
      case "message":
        return this.#nested(shape.message());
      case "list":
        return listWriter(this.#shape(shape.item));
      case "map":
        return mapWriter(shape, this.#shape(shape.key), this.#shape(shape.value));
      case "time":
        throw new SchemaError(`Cannot define a ${shape.type}: it exists in Bilrost only`);
    }
  }

  #nested(shape: MessageShape): Write {
    const write = this.message(shape);
    return (value, writing) => {
      checkDepth(writing.depth, writing.limits);
      writing.depth++;
      const tree = write(value, writing);
      writing.depth--;
      return tree;
    };
  }
}

function writeMessage(
  shape: MessageShape,
  members: readonly { readonly name: string; readonly write: Write }[],
  value: unknown,
  writing: Writing,
): Tree {
  checkMessage(value);
  const unknown = unknownToWrite(value, "msgpack", shape)?.fields;
  // With keys from outside the tree has no prototype, so that "__proto__" is a key like any other.
  const tree: Tree = unknown ? Object.create(null) : {};
  for (const { name, write } of members) {
    const found = ownMember(value, name);
    if (found === undefined) continue;
    try {
      const written = write(found, writing);
      if (written !== undefined) tree[name] = written;
    } catch (error) {
      throw located(error, [name]);
    }
  }
  for (const field of unknown ?? []) addUnknown(tree, field);
  return tree;
}

/** A oneof that was set since then replaces the variant that was not understood. */
function addUnknown(tree: Tree, { key, wireType, body }: UnknownField): void {
  if (typeof key === "string" && Object.hasOwn(tree, key)) return;
  const isKey = typeof key === "string" && key.isWellFormed() && wireType === 0;
  const own = isBytes(body) ? plainBytes(body) : undefined;
  if (!isKey || own === undefined || !isOneValue(own)) {
    const shown = typeof key === "string" ? `"${key}"` : typeof key;
    throw new EncodeError("InvalidValue", `Cannot encode unknown field ${shown}: it is malformed`);
  }
  tree[key] = new Raw(own);
}

const NO_LIMITS: Limits = { depthMax: Infinity, lengthMax: Infinity, countMax: Infinity };

/** Whoever built an unknown field by hand gets it checked. */
function isOneValue(body: Uint8Array): boolean {
  const reader = new PackReader(body, NO_LIMITS, false);
  try {
    reader.skip();
  } catch {
    return false;
  }
  return reader.remaining === 0;
}

/** An empty message with unknown fields inside is not empty on the wire. */
function holdsUnknown(written: unknown): boolean {
  const isTree = typeof written === "object" && written !== null && !Array.isArray(written);
  return isTree && !isBytes(written) && Object.keys(written).length > 0;
}

const writeBool: Write = (value) => {
  checkBool(value);
  return value;
};

const writeText: Write = (value) => {
  checkText(value);
  return value;
};

const writeBytes: Write = (value) => {
  checkBytes(value);
  return plainBytes(value);
};

/** The library writes a number above 32 bits as a float when bigints are on, so those go as bigint. */
function integerWriter(shape: IntegerShape): Write {
  const check = integerCheck(shape);
  return (value) => {
    check(value);
    const whole = value as number | bigint;
    const isSmall = whole >= -0x8000_0000 && whole <= 0xffff_ffff;
    return isSmall ? Number(whole) : BigInt(whole);
  };
}

/** The library would write -0 as the integer 0. */
const MINUS_ZERO = new Raw(Uint8Array.of(0xcb, 0x80, 0, 0, 0, 0, 0, 0, 0));

function floatWriter(bits: 32 | 64): Write {
  return (value) => {
    checkFloat(bits, value);
    return Object.is(value, -0) ? MINUS_ZERO : value;
  };
}

function listWriter(item: Write): Write {
  return (value, writing) => {
    checkList(value, writing.limits);
    return writeEach(value, item, writing);
  };
}

/** A list of pairs, because keys need not be text. */
function mapWriter(shape: MapShape, key: Write, item: Write): Write {
  const order = keyOrderOf(shape.key);
  const pair: Write = (entry, writing) => {
    const [first, second] = entry as readonly [unknown, unknown];
    return [key(first, writing), item(second, writing)];
  };
  return (value, writing) => writeEach(sortEntries(value, order, writing.limits), pair, writing);
}

function writeEach(items: readonly unknown[], write: Write, writing: Writing): unknown[] {
  const written: unknown[] = [];
  try {
    for (const item of items) written.push(write(item, writing));
  } catch (error) {
    throw located(error, [`[${written.length}]`]);
  }
  return written;
}
