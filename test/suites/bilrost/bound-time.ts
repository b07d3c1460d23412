/** Dates, times and durations of a vector file: their JSON is what stands on the wire, item by item. */
import { type NamedPart, TIME_TYPES, type TimeType, timeParts } from "../../../codecs/index.ts";
import type { Bound } from "./bound-type.ts";
import type { Notation } from "./type-notation.ts";

type Json = readonly unknown[];
type Value = Readonly<Record<string, unknown>>;

const TYPES: Readonly<Record<string, TimeType>> = {
  "core::time::Duration": "core::time::Duration",
  SystemTime: "SystemTime",
  Date: "chrono::NaiveDate",
  Time: "chrono::NaiveTime",
  DateTime: "chrono::NaiveDateTime",
  FixedOffset: "chrono::FixedOffset",
  Utc: "chrono::Utc",
  TimeDelta: "chrono::TimeDelta",
  "time::Date": "time::Date",
  "time::Time": "time::Time",
  "time::PrimitiveDateTime": "time::PrimitiveDateTime",
  "time::UtcOffset": "time::UtcOffset",
  "time::OffsetDateTime": "time::OffsetDateTime",
  "time::Duration": "time::Duration",
  "jiff::Date": "jiff::Date",
  "jiff::Time": "jiff::Time",
  "jiff::DateTime": "jiff::DateTime",
  "jiff::Timestamp": "jiff::Timestamp",
  "jiff::SignedDuration": "jiff::SignedDuration",
  "jiff::Zoned": "jiff::Zoned",
};

export function bindTime({ name, args }: Notation): Bound | undefined {
  const type = typeNamed(name, args[0]?.name);
  if (type === undefined) return undefined;
  const shape = { kind: "time", type } as const;
  if (type === "SystemTime") return { shape, ...SYSTEM_TIME };
  const parts = timeParts(type);
  const isDuration = type === "core::time::Duration";
  return {
    shape,
    fromJson: (json) => timeFromJson(parts, json as Json),
    toJson: (found) => timeToJson(parts, found as Value, isDuration),
  };
}

function typeNamed(name: string, zone: string | undefined): TimeType | undefined {
  if (zone === undefined) return TYPES[name];
  const aware = TIME_TYPES.find((type) => type === `chrono::DateTime<${zone}>`);
  return name === "DateTime" ? aware : undefined;
}

function timeFromJson(parts: readonly NamedPart[], json: Json): Value {
  return Object.fromEntries(
    parts.map(([name, part], at) => {
      const one = json[at];
      if (part === "bigint") return [name, BigInt(one as string)];
      if (part === "number") return [name, Number(one ?? 0)];
      if (part === "text") return [name, one ?? undefined];
      return [name, timeFromJson(typeof part === "string" ? timeParts(part) : part, one as Json)];
    }),
  );
}

function timeToJson(parts: readonly NamedPart[], value: Value, asText: boolean): Json {
  return parts.map(([name, part]) => {
    const one = value[name];
    if (part === "bigint" || asText) return String(one);
    if (part === "number") return one;
    if (part === "text") return one ?? null;
    return timeToJson(typeof part === "string" ? timeParts(part) : part, one as Value, false);
  });
}

const SECOND = 1_000_000_000n;

/** Sign, seconds and nanos away from the epoch. */
const SYSTEM_TIME: Pick<Bound, "fromJson" | "toJson"> = {
  fromJson(json) {
    const [sign = 0n, seconds = 0n, nanos = 0n] = (json as string[]).map(BigInt);
    const total = (seconds * SECOND + nanos) * (sign === 45n ? -1n : 1n);
    const below = ((total % SECOND) + SECOND) % SECOND;
    return { seconds: (total - below) / SECOND, nanos: Number(below) };
  },
  toJson(found) {
    const { seconds, nanos } = found as { readonly seconds: bigint; readonly nanos: number };
    const total = seconds * SECOND + BigInt(nanos);
    if (total === 0n) return ["0", "0", "0"];
    const size = total < 0n ? -total : total;
    return [total < 0n ? "45" : "43", String(size / SECOND), String(size % SECOND)];
  },
};
