/**
 * Dates, times and durations. A plain date, clock or duration is a packed list of integers whose zeros
 * at the end are left out; everything with an offset or a sign is a message. Both are values: a list
 * here may not arrive unpacked.
 */
import { DecodeError, EncodeError } from "../../errors.ts";
import type { FieldShape, IntegerShape, MessageShape, Shape } from "../../schema/shape.ts";
import {
  completeTime,
  emptyTime,
  isEmptyTime,
  type TimeType,
  timeParts,
} from "../../schema/time.ts";
import { varintLength, writeVarint } from "../varint.ts";
import type { Decoding } from "./decoding.ts";
import type { Encoding } from "./encoding.ts";
import { integerCodec } from "./integer.ts";
import { type Fault, type TimeRule, timeRule, zonedOffsetRule } from "./time-rules.ts";
import type { ValueCodec } from "./value-codec.ts";
import { LENGTH_DELIMITED, readLength } from "./wire.ts";

type Parts = Readonly<Record<string, unknown>>;

export function timeCodec(type: TimeType, codecOf: (shape: Shape) => ValueCodec): ValueCodec {
  const rule = timeRule(type);
  const message = messageOf(type);
  const codec = message
    ? codecOf({ kind: "message", message: () => message })
    : trimmedListCodec(type);
  const whole = type === "jiff::Zoned" ? withZoneRule(codec) : codec;
  return rule ? ruled(whole, type, rule) : whole;
}

/** Undefined for the types that are lists. */
function messageOf(type: TimeType): MessageShape | undefined {
  switch (type) {
    case "chrono::TimeDelta":
    case "time::Duration":
    case "jiff::SignedDuration":
    case "jiff::Timestamp":
      return messageShape(type, [
        part("seconds", 1, { ...I32, bits: 64, as: "bigint" }),
        part("nanos", 2, { ...I32, encoding: "fixed" }),
      ]);
    case "chrono::FixedOffset":
    case "time::UtcOffset":
    case "chrono::Utc":
      return messageShape("(3-tuple)", offsetParts());
    case "chrono::DateTime<FixedOffset>":
    case "chrono::DateTime<Utc>":
    case "time::OffsetDateTime":
      return messageShape(
        "(2-tuple)",
        timeParts(type).map(([name, is], tag) =>
          part(name, tag, { kind: "time", type: is as TimeType }),
        ),
      );
    case "jiff::Zoned": {
      const zone: FieldShape = { ...part("zone", 3, { kind: "string" }), presence: "optional" };
      const offset = messageShape("(4-tuple)", [...offsetParts(), zone]);
      return messageShape("(2-tuple)", [
        part("dateTime", 0, { kind: "time", type: "jiff::DateTime" }),
        part("offset", 1, { kind: "message", message: () => offset }),
      ]);
    }
    default:
      return undefined;
  }
}

const I32: IntegerShape = {
  kind: "integer",
  signed: true,
  bits: 32,
  encoding: "varint",
  as: "number",
};

function messageShape(name: string, members: readonly FieldShape[]): MessageShape {
  return { name, members };
}

function part(name: string, number: number, type: Shape): FieldShape {
  return { kind: "field", name, number, type, presence: "implicit" };
}

function offsetParts(): FieldShape[] {
  return ["hours", "minutes", "seconds"].map((name, tag) => part(name, tag, { ...I32, bits: 8 }));
}

/** How the items of each list are written; all items of one list alike. */
function itemShape(type: TimeType): IntegerShape {
  if (type === "core::time::Duration" || type === "SystemTime") {
    return { ...I32, signed: false, bits: 64, as: "bigint" };
  }
  if (type === "jiff::Date") return { ...I32, bits: 16 };
  return timeParts(type)[0]?.[0] === "hour" ? { ...I32, signed: false } : I32;
}

function trimmedListCodec(type: TimeType): ValueCodec {
  const item = integerCodec(itemShape(type));
  const { toItems, fromItems, count } = itemsOf(type);
  return {
    wireType: LENGTH_DELIMITED,
    empty: () => emptyTime(type),
    isEmpty: (value) => isEmptyTime(type, value),
    measure(value, encoding) {
      const length = measureTrimmed(item, toItems(checkParts(type, value)), encoding);
      return varintLength(length) + length;
    },
    write(value, writer, encoding) {
      writeVarint(writer, encoding.takeLength());
      for (const one of trimmed(toItems(value as Parts))) item.write(one, writer, encoding);
    },
    read(decoding) {
      const { reader } = decoding;
      const start = reader.offset;
      const outer = reader.narrow(readLength(decoding));
      const items: unknown[] = [];
      while (reader.remaining > 0) {
        if (items.length === count) throw tooMany(type, count, reader.offset);
        items.push(item.read(decoding));
      }
      reader.widen(outer);
      const value = fromItems(items, start);
      refuse(timeRule(type)?.(value as never), `read ${type}`, start);
      if (items.length > 0 && Number(items.at(-1)) === 0) {
        decoding.notCanonical(`a zero at the end of ${type} is left out`, start);
      }
      return value;
    },
  };
}

function measureTrimmed(item: ValueCodec, items: readonly unknown[], encoding: Encoding): number {
  const place = encoding.reserveLength();
  let length = 0;
  for (const one of trimmed(items)) length += item.measure(one, encoding);
  encoding.setLength(place, length);
  return length;
}

function trimmed(items: readonly unknown[]): readonly unknown[] {
  let count = items.length;
  while (count > 0 && Number(items[count - 1]) === 0) count -= 1;
  return items.slice(0, count);
}

interface Items {
  readonly count: number;
  toItems(value: Parts): readonly unknown[];
  fromItems(items: readonly unknown[], offset: number): Parts;
}

function itemsOf(type: TimeType): Items {
  if (type === "SystemTime") return systemTimeItems;
  const names = timeParts(type).map(([name]) => name);
  const isDuration = type === "core::time::Duration";
  return {
    count: names.length,
    toItems: (value) =>
      names.map((name) => (isDuration ? BigInt(value[name] as number) : value[name])),
    fromItems(items) {
      if (!isDuration) return Object.fromEntries(names.map((name, at) => [name, items[at] ?? 0]));
      const [seconds = 0n, nanos = 0n] = items as bigint[];
      return { seconds, nanos: Number(nanos) };
    },
  };
}

const AFTER = 43n; // The characters + and -.
const BEFORE = 45n;
const SECOND = 1_000_000_000;

/** A sign, then how far from the epoch; our value counts up from the second before. */
const systemTimeItems: Items = {
  count: 3,
  toItems({ seconds, nanos }) {
    const [whole, part] = [seconds as bigint, nanos as number];
    if (whole >= 0n) return whole === 0n && part === 0 ? [] : [AFTER, whole, BigInt(part)];
    return part === 0 ? [BEFORE, -whole] : [BEFORE, -whole - 1n, BigInt(SECOND - part)];
  },
  fromItems(items, offset) {
    const [sign = 0n, seconds = 0n, nanos = 0n] = items as bigint[];
    const isNothing = sign === 0n && seconds === 0n && nanos === 0n;
    if (!(isNothing || sign === AFTER || sign === BEFORE) || nanos >= SECOND) {
      throw new DecodeError("InvalidValue", "Cannot read SystemTime: sign or nanos", offset);
    }
    if (sign !== BEFORE) return { seconds, nanos: Number(nanos) };
    if (nanos === 0n) return { seconds: -seconds, nanos: 0 };
    return { seconds: -seconds - 1n, nanos: SECOND - Number(nanos) };
  },
};

/** Types of the parts; their ranges are the rule's and the items' business. */
function checkParts(type: TimeType, value: unknown): Parts {
  if (typeof value !== "object" || value === null) throw wrongParts(type);
  const found = value as Parts;
  for (const [name, is] of timeParts(type)) {
    const isInteger = is === "bigint" || Number.isSafeInteger(found[name]);
    if (!isInteger || typeof found[name] !== is) throw wrongParts(type);
  }
  const { nanos } = found;
  const isSpan = timeParts(type).length === 2 && nanos !== undefined;
  if (isSpan && ((nanos as number) < 0 || (nanos as number) >= SECOND)) {
    throw new EncodeError("OutOfDomainValue", `Cannot encode ${type}: nanos are 0 to 999,999,999`);
  }
  refuseEncoding(timeRule(type)?.(found as never), type);
  return found;
}

function wrongParts(type: TimeType): EncodeError {
  const parts = timeParts(type).map(([name, is]) => `${name}: ${String(is)}`);
  return new EncodeError("InvalidValue", `Cannot encode ${type}: { ${parts.join(", ")} } needed`);
}

function tooMany(type: TimeType, count: number, offset: number): DecodeError {
  return new DecodeError("InvalidValue", `Cannot read ${type}: more than ${count} items`, offset);
}

function refuse(fault: Fault | undefined, what: string, offset: number): void {
  if (fault) throw new DecodeError(fault.code, `Cannot ${what}: ${fault.problem}`, offset);
}

function refuseEncoding(fault: Fault | undefined, what: string): void {
  if (fault) throw new EncodeError("OutOfDomainValue", `Cannot encode ${what}: ${fault.problem}`);
}

/** A rule for a message; lists look at theirs themselves, before they ask for trimmed zeros. */
function ruled(codec: ValueCodec, type: TimeType, rule: TimeRule): ValueCodec {
  if (messageOf(type) === undefined) return codec;
  return {
    ...codec,
    measure(value, encoding) {
      const length = codec.measure(value, encoding);
      refuseEncoding(rule(completeTime(type, value) as never), type);
      return length;
    },
    read(decoding: Decoding) {
      const start = decoding.reader.offset;
      const value = codec.read(decoding);
      refuse(rule(value as never), `read ${type}`, start);
      return value;
    },
  };
}

function withZoneRule(codec: ValueCodec): ValueCodec {
  const offsetOf = (value: unknown) => (value as { readonly offset: never }).offset;
  return {
    ...codec,
    measure(value, encoding) {
      const length = codec.measure(value, encoding);
      refuseEncoding(zonedOffsetRule(offsetOf(completeTime("jiff::Zoned", value))), "jiff::Zoned");
      return length;
    },
    read(decoding) {
      const start = decoding.reader.offset;
      const value = codec.read(decoding);
      refuse(zonedOffsetRule(offsetOf(value)), "read jiff::Zoned", start);
      return value;
    },
  };
}
