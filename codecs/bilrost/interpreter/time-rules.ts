/** What a date, clock, offset or span may be: §15 of the specification, library by library. */
import type { TimeType } from "../../schema/time.ts";

export interface Fault {
  readonly code: "OutOfDomainValue" | "InvalidValue";
  readonly problem: string;
}

type Numbers = Readonly<Record<string, number>>;
interface Span {
  readonly seconds: bigint;
  readonly nanos: number;
}
export type TimeRule = (value: never) => Fault | undefined;

const NANOS_MAX = 999_999_999;
const I64_MAX = 2n ** 63n - 1n;
const I64_MIN = -(2n ** 63n);
const JIFF_SECONDS = { min: -377_705_023_201n, max: 253_402_207_200n };

const outside = (problem: string): Fault => ({ code: "OutOfDomainValue", problem });
const invalid = (problem: string): Fault => ({ code: "InvalidValue", problem });

/** Undefined where there is nothing to check beyond the parts. */
export function timeRule(type: TimeType): TimeRule | undefined {
  return RULES[type];
}

const CHRONO_YEARS = [-262_143, 262_142] as const;
const CIVIL_YEARS = [-9999, 9999] as const;

const RULES: Readonly<Partial<Record<TimeType, TimeRule>>> = {
  "core::time::Duration": ({ nanos }: Span) =>
    nanos > NANOS_MAX ? invalid("a second has less than 1,000,000,000 nanos") : undefined,
  SystemTime: ({ seconds }: Span) =>
    seconds > I64_MAX || seconds < I64_MIN ? outside("an instant has 64-bit seconds") : undefined,
  "jiff::Timestamp": timestamp,
  "chrono::TimeDelta": (span: Span) => oneSign(span) ?? chronoDelta(span),
  "time::Duration": oneSign,
  "jiff::SignedDuration": oneSign,
  "chrono::NaiveDate": dateWithin(CHRONO_YEARS),
  "time::Date": dateWithin(CIVIL_YEARS),
  "jiff::Date": dateWithin(CIVIL_YEARS),
  "chrono::NaiveTime": clockWith(2 * NANOS_MAX + 1),
  "time::Time": clockWith(NANOS_MAX),
  "jiff::Time": clockWith(NANOS_MAX),
  "chrono::NaiveDateTime": both(dateWithin(CHRONO_YEARS), clockWith(2 * NANOS_MAX + 1)),
  "time::PrimitiveDateTime": both(dateWithin(CIVIL_YEARS), clockWith(NANOS_MAX)),
  "jiff::DateTime": both(dateWithin(CIVIL_YEARS), clockWith(NANOS_MAX)),
  "chrono::FixedOffset": (offset: Numbers) => offsetWithin(23)(offset) ?? mixedSigns(offset),
  "time::UtcOffset": (offset: Numbers) => mixedSigns(offset) ?? offsetWithin(25)(offset),
  "chrono::Utc": ({ hours, minutes, seconds }: Numbers) =>
    hours === 0 && minutes === 0 && seconds === 0 ? undefined : outside("UTC has no offset"),
};

/** The offset inside a zoned time has no rule of signs. */
export const zonedOffsetRule: (offset: Numbers) => Fault | undefined = offsetWithin(25);

function dateWithin(years: readonly [number, number]): (value: Numbers) => Fault | undefined {
  return ({ year = 0, ordinal0 = 0 }) => {
    if (year < years[0] || year > years[1]) return outside(`a year is ${years[0]} to ${years[1]}`);
    const days = isLeapYear(year) ? 366 : 365;
    if (ordinal0 >= 0 && ordinal0 < days) return undefined;
    return outside(`the year ${year} has the days 0 to ${days - 1}`);
  };
}

/** Proleptic Gregorian, and the year 0 is one. */
function isLeapYear(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

/** `leapNanosMax`: what the last second of a minute may hold, where leap seconds are told by nanos. */
function clockWith(leapNanosMax: number): (value: Numbers) => Fault | undefined {
  return ({ hour = 0, minute = 0, second = 0, nanos = 0 }) => {
    const nanosMax = second === 59 ? leapNanosMax : NANOS_MAX;
    const fits =
      within(hour, 0, 23) &&
      within(minute, 0, 59) &&
      within(second, 0, 59) &&
      within(nanos, 0, nanosMax);
    return fits ? undefined : outside("a clock goes to 23:59:59.999999999");
  };
}

function both(
  date: (value: Numbers) => Fault | undefined,
  clock: (value: Numbers) => Fault | undefined,
): (value: Numbers) => Fault | undefined {
  return (value) => date(value) ?? clock(value);
}

function offsetWithin(hoursMax: number): (value: Numbers) => Fault | undefined {
  return ({ hours = 0, minutes = 0, seconds = 0 }) =>
    within(hours, -hoursMax, hoursMax) && within(minutes, -59, 59) && within(seconds, -59, 59)
      ? undefined
      : outside(`an offset is at most ${hoursMax}:59:59`);
}

function mixedSigns({ hours = 0, minutes = 0, seconds = 0 }: Numbers): Fault | undefined {
  const signs = new Set([hours, minutes, seconds].map(Math.sign));
  return signs.has(1) && signs.has(-1)
    ? invalid("all parts of an offset have one sign")
    : undefined;
}

function oneSign({ seconds, nanos }: Span): Fault | undefined {
  if (!within(nanos, -NANOS_MAX, NANOS_MAX)) return invalid("nanos are less than a second");
  const differ = (seconds > 0n && nanos < 0) || (seconds < 0n && nanos > 0);
  return differ ? invalid("seconds and nanos have one sign") : undefined;
}

function chronoDelta({ seconds, nanos }: Span): Fault | undefined {
  if (seconds === I64_MIN && nanos < 0) return invalid("it is below the smallest of all");
  const scaled = seconds * 1_000_000_000n + BigInt(nanos);
  const most = I64_MAX * 1_000_000n;
  return scaled > most || scaled < -most
    ? outside("it has more than 2^63 - 1 milliseconds")
    : undefined;
}

function timestamp({ seconds, nanos }: Span): Fault | undefined {
  if (!within(nanos, 0, NANOS_MAX)) return invalid("nanos are 0 to 999,999,999");
  const { min, max } = JIFF_SECONDS;
  return seconds < min || seconds > max ? outside(`seconds are ${min} to ${max}`) : undefined;
}

function within(value: number, min: number, max: number): boolean {
  return value >= min && value <= max;
}
