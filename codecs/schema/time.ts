/**
 * Dates, times and durations of Rust's libraries: what each is on the wire (§15 of the Bilrost
 * specification) follows from its name alone. Values are plain objects, and numbers are those on the
 * wire: a year with the day of the year counted from 0, a clock, an offset of one sign.
 */

/** A duration of at least zero: `{ seconds: bigint, nanos: number }`. */
export type DurationType = "core::time::Duration";

/** Seconds since the epoch rounded down, and nanos from there: `{ seconds: bigint, nanos: number }`. */
export type InstantType = "SystemTime" | "jiff::Timestamp";

/** Seconds and nanos of one sign: `{ seconds: bigint, nanos: number }`. */
export type DeltaType = "chrono::TimeDelta" | "time::Duration" | "jiff::SignedDuration";

/** `{ year, ordinal0 }`. */
export type DateType = "chrono::NaiveDate" | "time::Date" | "jiff::Date";

/** `{ hour, minute, second, nanos }`. */
export type ClockType = "chrono::NaiveTime" | "time::Time" | "jiff::Time";

/** `{ year, ordinal0, hour, minute, second, nanos }`. */
export type DateTimeType = "chrono::NaiveDateTime" | "time::PrimitiveDateTime" | "jiff::DateTime";

/** `{ hours, minutes, seconds }`. */
export type OffsetType = "chrono::FixedOffset" | "time::UtcOffset" | "chrono::Utc";

/** `{ dateTime, offset }`: the reading is that of UTC in chrono, and the civil one in `time`. */
export type AwareType =
  | "chrono::DateTime<FixedOffset>"
  | "chrono::DateTime<Utc>"
  | "time::OffsetDateTime";

/** `{ dateTime, offset: { hours, minutes, seconds, zone? } }`; the reading is that of UTC. */
export type ZonedType = "jiff::Zoned";

export type TimeType =
  | DurationType
  | InstantType
  | DeltaType
  | DateType
  | ClockType
  | DateTimeType
  | OffsetType
  | AwareType
  | ZonedType;

interface Span {
  readonly seconds: bigint;
  readonly nanos: number;
}

interface DateValue {
  readonly year: number;
  /** Day of the year, from 0. */
  readonly ordinal0: number;
}

interface ClockValue {
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly nanos: number;
}

interface OffsetValue {
  readonly hours: number;
  readonly minutes: number;
  readonly seconds: number;
}

/** The plain object that stands for a value of the type. */
export type TimeValue<T extends TimeType> = T extends DurationType | InstantType | DeltaType
  ? Span
  : T extends DateType
    ? DateValue
    : T extends ClockType
      ? ClockValue
      : T extends DateTimeType
        ? DateValue & ClockValue
        : T extends OffsetType
          ? OffsetValue
          : T extends AwareType
            ? { readonly dateTime: DateValue & ClockValue; readonly offset: OffsetValue }
            : {
                readonly dateTime: DateValue & ClockValue;
                readonly offset: OffsetValue & { readonly zone?: string | undefined };
              };

/** What stands in a time value under a name. */
export type TimePart = "number" | "bigint" | "text" | TimeType | readonly NamedPart[];
export type NamedPart = readonly [name: string, is: TimePart];

const SPAN: readonly NamedPart[] = [
  ["seconds", "bigint"],
  ["nanos", "number"],
];
const DATE: readonly NamedPart[] = [
  ["year", "number"],
  ["ordinal0", "number"],
];
const CLOCK: readonly NamedPart[] = [
  ["hour", "number"],
  ["minute", "number"],
  ["second", "number"],
  ["nanos", "number"],
];
const OFFSET: readonly NamedPart[] = [
  ["hours", "number"],
  ["minutes", "number"],
  ["seconds", "number"],
];

const PARTS: Readonly<Record<TimeType, readonly NamedPart[]>> = {
  "core::time::Duration": SPAN,
  SystemTime: SPAN,
  "jiff::Timestamp": SPAN,
  "chrono::TimeDelta": SPAN,
  "time::Duration": SPAN,
  "jiff::SignedDuration": SPAN,
  "chrono::NaiveDate": DATE,
  "time::Date": DATE,
  "jiff::Date": DATE,
  "chrono::NaiveTime": CLOCK,
  "time::Time": CLOCK,
  "jiff::Time": CLOCK,
  "chrono::NaiveDateTime": [...DATE, ...CLOCK],
  "time::PrimitiveDateTime": [...DATE, ...CLOCK],
  "jiff::DateTime": [...DATE, ...CLOCK],
  "chrono::FixedOffset": OFFSET,
  "time::UtcOffset": OFFSET,
  "chrono::Utc": OFFSET,
  "chrono::DateTime<FixedOffset>": [
    ["dateTime", "chrono::NaiveDateTime"],
    ["offset", "chrono::FixedOffset"],
  ],
  "chrono::DateTime<Utc>": [
    ["dateTime", "chrono::NaiveDateTime"],
    ["offset", "chrono::Utc"],
  ],
  "time::OffsetDateTime": [
    ["dateTime", "time::PrimitiveDateTime"],
    ["offset", "time::UtcOffset"],
  ],
  "jiff::Zoned": [
    ["dateTime", "jiff::DateTime"],
    ["offset", [...OFFSET, ["zone", "text"]]],
  ],
};

export const TIME_TYPES = Object.keys(PARTS) as readonly TimeType[];

/** The parts of a value of this type, in the order they have on the wire. Only a text may be absent. */
export function timeParts(type: TimeType): readonly NamedPart[] {
  return PARTS[type];
}

/** The epoch, midnight, the year 0: what an absent plain field reads as. */
export function emptyTime(type: TimeType): Readonly<Record<string, unknown>> {
  return emptyParts(PARTS[type]);
}

function emptyParts(parts: readonly NamedPart[]): Record<string, unknown> {
  return Object.fromEntries(parts.map(([name, part]) => [name, emptyPart(part)]));
}

function emptyPart(part: TimePart): unknown {
  if (part === "number") return 0;
  if (part === "bigint") return 0n;
  if (part === "text") return undefined;
  return typeof part === "string" ? emptyTime(part) : emptyParts(part);
}

/** With the empty value of each part that was left out. */
export function completeTime(type: TimeType, value: unknown): Readonly<Record<string, unknown>> {
  const given = Object.entries(value as object).filter(([, part]) => part !== undefined);
  return { ...emptyTime(type), ...Object.fromEntries(given) };
}

/** Whether every part is zero. Never throws. */
export function isEmptyTime(type: TimeType, value: unknown): boolean {
  return areEmpty(PARTS[type], value);
}

function areEmpty(parts: readonly NamedPart[], value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  const found = value as Readonly<Record<string, unknown>>;
  return parts.every(([name, part]) => {
    const one = found[name];
    if (typeof part !== "string") return areEmpty(part, one);
    if (part === "number" || part === "bigint") return one === (part === "number" ? 0 : 0n);
    return part === "text" ? one === undefined : isEmptyTime(part, one);
  });
}

type Numbers = Readonly<Record<string, number>>;

/** What orders two times of one type: compare the places one by one. */
export function timeRank(type: TimeType, value: unknown): readonly (number | bigint)[] {
  const found = completeTime(type, value);
  if (!("offset" in found)) {
    return PARTS[type].map(([name]) => found[name] as number | bigint);
  }
  const { hours = 0, minutes = 0, seconds = 0 } = found.offset as Numbers;
  const {
    year = 0,
    ordinal0 = 0,
    hour = 0,
    minute = 0,
    second = 0,
    nanos = 0,
  } = found.dateTime as Numbers;
  // Only the civil reading of `time` has its offset in it; the others are in UTC.
  const offset = type === "time::OffsetDateTime" ? hours * 3600 + minutes * 60 + seconds : 0;
  const days = year * 365 + leapDaysBefore(year) + ordinal0;
  return [days * 86_400 + hour * 3600 + minute * 60 + second - offset, nanos];
}

function leapDaysBefore(year: number): number {
  const before = year - 1;
  return Math.floor(before / 4) - Math.floor(before / 100) + Math.floor(before / 400);
}
