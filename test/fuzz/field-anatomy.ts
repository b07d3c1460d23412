/** Bilrost and protobuf: fields with a key of tag and wire type, told apart by their varints. */
import type { Anatomy, Node, SizeForm } from "./anatomy.ts";

interface FieldRules {
  readVarint(bytes: Uint8Array, at: number): readonly [value: bigint, end: number] | undefined;
  writeVarint(value: bigint): readonly number[];
  /** How a body goes on by the low bits of its key. */
  readonly bodies: Readonly<Record<number, "varint" | "bytes" | 4 | 8>>;
  readonly wireTypes: bigint;
  /** Of the second of two fields with one tag. */
  againKey(key: bigint): bigint;
}

const DEPTH_MAX = 4;
const U64_MAX = 2n ** 64n - 1n;

const bilrost: FieldRules = {
  readVarint(bytes, start) {
    let value = 0n;
    for (let length = 0; length < 9; length++) {
      const digit = bytes[start + length];
      if (digit === undefined) return undefined;
      value += BigInt(digit) << BigInt(7 * length);
      if (digit < 128 || length === 8) return [value, start + length + 1];
    }
    return undefined;
  },
  writeVarint(value) {
    const bytes: number[] = [];
    let rest = value & U64_MAX;
    for (; rest >= 128n && bytes.length < 8; rest = (rest >> 7n) - 1n) {
      bytes.push(Number(rest & 127n) | 128);
    }
    return [...bytes, Number(rest)];
  },
  bodies: { 0: "varint", 1: "bytes", 2: 4, 3: 8 },
  wireTypes: 4n,
  againKey: (key) => key % 4n,
};

const protobuf: FieldRules = {
  readVarint(bytes, start) {
    let value = 0n;
    for (let length = 0; length < 10; length++) {
      const digit = bytes[start + length];
      if (digit === undefined) return undefined;
      value |= BigInt(digit & 127) << BigInt(7 * length);
      if (digit < 128) return [value, start + length + 1];
    }
    return undefined;
  },
  writeVarint(value) {
    const bytes: number[] = [];
    let rest = value & U64_MAX;
    for (; rest >= 128n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
    return [...bytes, Number(rest)];
  },
  bodies: { 0: "varint", 1: 8, 2: "bytes", 5: 4 },
  wireTypes: 8n,
  againKey: (key) => key,
};

export const bilrostAnatomy: Anatomy = anatomyOf(bilrost);
export const protobufAnatomy: Anatomy = anatomyOf(protobuf);

function anatomyOf(rules: FieldRules): Anatomy {
  const size: SizeForm = { counts: "bytes", write: rules.writeVarint };
  return {
    parse: (bytes) => parseFields(rules, size, bytes, 0),
    again(node) {
      const key = rules.readVarint(Uint8Array.from(node.head), 0)?.[0] ?? 0n;
      return { ...node, head: rules.writeVarint(rules.againKey(key)) };
    },
  };
}

function parseFields(
  rules: FieldRules,
  size: SizeForm,
  bytes: Uint8Array,
  depth: number,
): Node[] | undefined {
  const nodes: Node[] = [];
  for (let at = 0; at < bytes.length; ) {
    const key = rules.readVarint(bytes, at);
    const form = key && rules.bodies[Number(key[0] % rules.wireTypes)];
    const span = form === undefined ? undefined : spanOf(rules, form, bytes, key?.[1] ?? 0);
    if (key === undefined || span === undefined || span[1] > bytes.length) return undefined;
    const head = [...bytes.subarray(at, key[1])];
    const body = bytes.subarray(span[0], span[1]);
    nodes.push(form === "bytes" ? parseBody(rules, { head, size, body }, depth) : { head, body });
    at = span[1];
  }
  return nodes;
}

/** A body that reads as fields is taken as a message. */
function parseBody(rules: FieldRules, node: Node & { body: Uint8Array }, depth: number): Node {
  if (depth === DEPTH_MAX || node.size === undefined) return node;
  const inner = parseFields(rules, node.size, node.body, depth + 1);
  return inner !== undefined && inner.length > 0 ? { ...node, body: inner } : node;
}

/** Where the body begins and ends. */
function spanOf(
  rules: FieldRules,
  form: "varint" | "bytes" | 4 | 8,
  bytes: Uint8Array,
  at: number,
): readonly [number, number] | undefined {
  if (typeof form === "number") return [at, at + form];
  const read = rules.readVarint(bytes, at);
  if (read === undefined) return undefined;
  return form === "varint" ? [at, read[1]] : [read[1], read[1] + Number(read[0])];
}
