/** The types of other crates that Bilrost knows, by their path. */
import type { TimeType } from "../../codecs/index.ts";

export type KnownType =
  | { readonly is: "bool" }
  | {
      readonly is: "integer";
      readonly signed: boolean;
      readonly bits: 8 | 16 | 32 | 64;
      readonly nonZero?: true;
      readonly size?: true;
    }
  /** `NonZero<u32>`: the argument says which. */
  | { readonly is: "nonZero" }
  | { readonly is: "float"; readonly bits: 32 | 64 }
  | { readonly is: "string" }
  /** `str`, only behind something that points to it. */
  | { readonly is: "str" }
  | { readonly is: "bytes" }
  | { readonly is: "list"; readonly bounded?: true }
  /** `SmallVec<[T; N]>`: the argument is an array. */
  | { readonly is: "listOfArray" }
  | { readonly is: "set" }
  | { readonly is: "map" }
  | { readonly is: "option" }
  | { readonly is: "box"; readonly shared: boolean }
  | { readonly is: "cow" }
  | { readonly is: "range"; readonly inclusive: boolean }
  | { readonly is: "time"; readonly type: TimeType }
  /** chrono's `DateTime<Tz>`. */
  | { readonly is: "dateTime" }
  | { readonly is: "message"; readonly name: BilrostTypesName }
  /** Known to exist, and to have no encoding. */
  | { readonly is: "nothing"; readonly reason: string };

export type BilrostTypesName = "Timestamp" | "Duration" | "Value" | "StructValue" | "ListValue";

const KNOWN = new Map<string, KnownType>();

function know(type: KnownType, ...paths: readonly string[]): void {
  for (const path of paths) KNOWN.set(path, type);
}

for (const bits of [8, 16, 32, 64] as const) {
  for (const signed of [false, true]) {
    const letter = signed ? "i" : "u";
    know({ is: "integer", signed, bits }, `std::primitive::${letter}${bits}`);
    know(
      { is: "integer", signed, bits, nonZero: true },
      `std::num::NonZero${letter.toUpperCase()}${bits}`,
      `std::num::nonzero::NonZero${letter.toUpperCase()}${bits}`,
    );
  }
}
know({ is: "integer", signed: false, bits: 64, size: true }, "std::primitive::usize");
know({ is: "integer", signed: true, bits: 64, size: true }, "std::primitive::isize");
know(
  { is: "integer", signed: false, bits: 64, size: true, nonZero: true },
  "std::num::NonZeroUsize",
);
know(
  { is: "integer", signed: true, bits: 64, size: true, nonZero: true },
  "std::num::NonZeroIsize",
);
know({ is: "nonZero" }, "std::num::NonZero", "std::num::nonzero::NonZero");
know({ is: "bool" }, "std::primitive::bool");
know({ is: "float", bits: 32 }, "std::primitive::f32");
know({ is: "float", bits: 64 }, "std::primitive::f64");
know({ is: "str" }, "std::primitive::str");
know({ is: "string" }, "std::string::String", "bytestring::ByteString", "smol_str::SmolStr");
know({ is: "bytes" }, "bytes::Bytes", "bilrost::Blob", "bstr::BString");
know({ is: "list" }, "std::vec::Vec", "thin_vec::ThinVec");
know({ is: "list", bounded: true }, "arrayvec::ArrayVec");
know({ is: "listOfArray" }, "smallvec::SmallVec", "tinyvec::TinyVec", "tinyvec::ArrayVec");
know({ is: "set" }, "std::collections::BTreeSet", "std::collections::btree_set::BTreeSet");
know(
  { is: "set" },
  "std::collections::HashSet",
  "std::collections::hash_set::HashSet",
  "hashbrown::HashSet",
);
know({ is: "map" }, "std::collections::BTreeMap", "std::collections::btree_map::BTreeMap");
know(
  { is: "map" },
  "std::collections::HashMap",
  "std::collections::hash_map::HashMap",
  "hashbrown::HashMap",
);
know({ is: "option" }, "std::option::Option");
know({ is: "box", shared: false }, "std::boxed::Box");
know({ is: "box", shared: true }, "std::sync::Arc", "std::rc::Rc");
know({ is: "cow" }, "std::borrow::Cow");
know({ is: "range", inclusive: false }, "std::ops::Range");
know({ is: "range", inclusive: true }, "std::ops::RangeInclusive");
know({ is: "dateTime" }, "chrono::DateTime");
for (const name of ["Timestamp", "Duration", "Value", "StructValue", "ListValue"] as const) {
  know({ is: "message", name }, `bilrost_types::${name}`);
}
for (const name of ["u128", "i128", "char"]) {
  know({ is: "nothing", reason: `${name} has no encoding` }, `std::primitive::${name}`);
}

const TIMES: Readonly<Record<string, TimeType>> = {
  "std::time::Duration": "core::time::Duration",
  "std::time::SystemTime": "SystemTime",
  "chrono::NaiveDate": "chrono::NaiveDate",
  "chrono::NaiveTime": "chrono::NaiveTime",
  "chrono::NaiveDateTime": "chrono::NaiveDateTime",
  "chrono::FixedOffset": "chrono::FixedOffset",
  "chrono::Utc": "chrono::Utc",
  "chrono::TimeDelta": "chrono::TimeDelta",
  "chrono::Duration": "chrono::TimeDelta",
  "time::Date": "time::Date",
  "time::Time": "time::Time",
  "time::PrimitiveDateTime": "time::PrimitiveDateTime",
  "time::UtcOffset": "time::UtcOffset",
  "time::OffsetDateTime": "time::OffsetDateTime",
  "time::Duration": "time::Duration",
  "jiff::civil::Date": "jiff::Date",
  "jiff::civil::Time": "jiff::Time",
  "jiff::civil::DateTime": "jiff::DateTime",
  "jiff::SignedDuration": "jiff::SignedDuration",
  "jiff::Timestamp": "jiff::Timestamp",
  "jiff::Zoned": "jiff::Zoned",
};
for (const [path, type] of Object.entries(TIMES)) know({ is: "time", type }, path);

/** Crates whose names are not modules of the sources read. */
export const KNOWN_CRATES: ReadonlySet<string> = new Set([
  "std",
  "core",
  "alloc",
  "bilrost_types",
  ...[...KNOWN.keys()].map((path) => path.split("::", 1)[0] as string),
]);

/** Modules of a crate through which its types can be reached as well. */
const SAME_MODULES: readonly (readonly [string, string])[] = [
  ["chrono::naive::", "chrono::"],
  ["chrono::offset::", "chrono::"],
  ["chrono::prelude::", "chrono::"],
  ["bilrost::types::", "bilrost_types::"],
];

export function knownType(path: string): KnownType | undefined {
  const inStd = path.replace(/^(?:core|alloc)::/, "std::");
  const same = SAME_MODULES.find(([module]) => inStd.startsWith(module));
  return KNOWN.get(same === undefined ? inStd : same[1] + inStd.slice(same[0].length));
}

const PRELUDE: ReadonlyMap<string, string> = new Map([
  ["Box", "std::boxed::Box"],
  ["Option", "std::option::Option"],
  ["String", "std::string::String"],
  ["Vec", "std::vec::Vec"],
]);

/** What a name means that no declaration is needed for. */
export function preludePath(name: string): string | undefined {
  const primitive = `std::primitive::${name}`;
  return KNOWN.has(primitive) ? primitive : PRELUDE.get(name);
}

/** Names of the standard library that nobody else would use for another thing. */
const UNMISTAKABLE =
  /^(?:BTree(?:Map|Set)|Hash(?:Map|Set)|NonZero(?:[UI](?:8|16|32|64|size))?|RangeInclusive|Range|Arc|Rc|Cow|SystemTime)$/;

export function unmistakablePath(name: string): string | undefined {
  if (!UNMISTAKABLE.test(name)) return undefined;
  for (const path of KNOWN.keys())
    if (path.startsWith("std::") && path.endsWith(`::${name}`)) return path;
  return undefined;
}

/** The path behind a glob import, when the crate is known to have it. */
export function globPath(glob: readonly string[], name: string): string | undefined {
  const path = [...glob, name].join("::");
  return knownType(path) === undefined ? undefined : path;
}
