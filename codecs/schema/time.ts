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

/** `{ local, offset }` where the reading is the civil one (time), `{ utc, offset }` where it is that of UTC (chrono). */
export type AwareType =
  | "chrono::DateTime<FixedOffset>"
  | "chrono::DateTime<Utc>"
  | "time::OffsetDateTime";

/** `{ utc, offset: { hours, minutes, seconds, zone? } }`. */
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
