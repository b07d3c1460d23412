/**
 * Two ways to the same shapes: the schemas of the Bilrost vectors, whose bytes the real crate wrote, are
 * bound by the suite of the vectors, and written out as Rust they must be read as the same.
 */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { MessageShape } from "../codecs/index.ts";
import { readRustFiles, readRustSources } from "../sources/index.ts";
import { describeMessage } from "../sources/rust/testing.ts";
import { EVERY_FLOAT, EVERY_TYPE } from "./crate/every-type.ts";
import { SchemaBinder } from "./suites/bilrost/bind-schemas.ts";
import {
  parseVectorFile,
  type VectorField,
  type VectorSchemas,
  type VectorVariant,
} from "./suites/bilrost/vector-file.ts";

const USES = `use std::borrow::Cow; use std::collections::*; use std::num::*; use std::ops::*; use std::time::*;
use bilrost::Blob; use bytes::Bytes; use chrono::{FixedOffset, NaiveDate as Date, NaiveTime as Time, TimeDelta, Utc};\n`;

/** The vectors' own short names of dates and times. */
function typeOf(notation = ""): string {
  return notation
    .replace(/jiff::(?=Date|Time\b)/g, "jiff::civil::")
    .replace(/(?<![\w:])DateTime(?=<)/g, "chrono::DateTime")
    .replace(/(?<![\w:])DateTime\b/g, "chrono::NaiveDateTime");
}

test.for(["vectors.json", "property-sample.jsonl"])(
  "%s: its schemas in Rust are the same shapes",
  async (file) => {
    const { schemas } = parseVectorFile(readFileSync(`fixtures/interop/bilrost/${file}`, "utf8"));
    const source = { path: "schemas.rs", text: USES + rustOf(schemas) };
    const { messages, unresolved } = await readRustSources([source], { floats: "pattern" });
    expect(unresolved).toEqual([]);
    const binder = new SchemaBinder(schemas);
    const names = Object.keys(schemas.messages);
    expect(names.length).toBeGreaterThan(0);
    for (const name of names) {
      const read = messages.get(schemas.messages[name]?.as_enum ?? name);
      const bound = binder.message(name).shape;
      expect([name, read && unfolded(read)]).toEqual([name, unfolded(bound)]);
    }
  },
);

function rustOf(schemas: VectorSchemas): string {
  const { enums, enums_by_declaration: byDeclaration, oneofs, messages } = schemas;
  const enumerations = Object.entries(enums).map(([name, variants]) => {
    const lines = Object.entries(variants).map(([variant, number]) =>
      byDeclaration.includes(name) ? `#[bilrost(${number})] ${variant}` : `${variant} = ${number}`,
    );
    return `#[derive(bilrost::Enumeration)] enum ${name} { ${lines.join(", ")} }`;
  });
  const choices = Object.entries(oneofs).map(([name, { empty, variants }]) => {
    const lines = Object.entries(variants).map(([variant, one]) => variantOf(variant, one, oneofs));
    const derive = Object.values(messages).some(({ as_enum: asEnum }) => asEnum === name);
    return `#[derive(bilrost::Oneof${derive ? ", bilrost::Message" : ""})] enum ${name} { ${[empty, ...lines].filter(Boolean).join(", ")} }`;
  });
  const structs = Object.entries(messages).map(([name, { fields, as_enum: asEnum }]) =>
    asEnum === undefined
      ? `#[derive(bilrost::Message)] struct ${name} { ${fields.map((field) => fieldOf(field, oneofs)).join(", ")} }`
      : `type ${name} = ${asEnum};`,
  );
  return [...enumerations, ...choices, ...structs].join("\n");
}

function attributeOf(tag: number | undefined, encoding: string | undefined): string {
  return `#[bilrost(tag(${tag})${encoding === undefined ? "" : `, encoding(${encoding})`})]`;
}

function variantOf(
  name: string,
  { tag, type, encoding, message, tuple }: VectorVariant,
  oneofs: VectorSchemas["oneofs"],
): string {
  if (message === undefined) return `${attributeOf(tag, encoding)} ${name}(${typeOf(type)})`;
  const fields = message.map((field) =>
    tuple
      ? `${attributeOf(field.tag, field.encoding)} ${typeOf(field.type)}`
      : fieldOf(field, oneofs),
  );
  const body = tuple ? `(${fields.join(", ")})` : `{ ${fields.join(", ")} }`;
  return `#[bilrost(tag(${tag}), message)] ${name}${body}`;
}

function fieldOf(
  { name, tag, type, encoding, oneof }: VectorField,
  oneofs: VectorSchemas["oneofs"],
): string {
  if (oneof === undefined) return `${attributeOf(tag, encoding)} ${name}: ${typeOf(type)}`;
  const { variants = {}, empty } = oneofs[oneof] ?? {};
  const tags = Object.values(variants).map((variant) => variant.tag);
  return `#[bilrost(oneof(${tags.join(", ")}))] ${name}: ${empty ? oneof : `Option<${oneof}>`}`;
}

/**
 * Messages put in place of the functions that lead to them, once each. Left out is what the notation of the
 * vectors has no word for: names of messages and of a oneof that is all of one, and arrays for places.
 */
function unfolded(root: MessageShape): unknown {
  const seen = new Map<MessageShape, string>();
  const open = (value: unknown): unknown => {
    if (typeof value === "function") return message(value() as MessageShape);
    if (value instanceof Map) return [...value];
    if (Array.isArray(value)) return value.map(open);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, open(inner)]));
  };
  const message = (shape: MessageShape): unknown => {
    const before = seen.get(shape);
    if (before !== undefined) return before;
    seen.set(shape, `message ${seen.size}`);
    const [only] = shape.members;
    if (shape.members.length === 1 && only?.kind === "oneof") return open(only.variants);
    const isTuple = shape.name.startsWith("(") && shape.tuple === true;
    return { isTuple, members: open(shape.members) };
  };
  return message(root);
}

test("the types of the example host, which the crate itself compiles, are those its judge has", async () => {
  const { messages } = await readRustFiles(["examples/codec-hosts/rust/src/every_type.rs"], {
    floats: "pattern",
  });
  for (const judged of [EVERY_TYPE, EVERY_FLOAT]) {
    const read = messages.get(judged.name);
    expect(read && withoutNames(read)).toBe(withoutNames(judged));
  }
});

/** Tags and types alone: the judge counts its fields instead of naming them. */
function withoutNames(shape: MessageShape): string {
  return describeMessage(shape)
    .replace(/(\d+) \w+: /g, "$1: ")
    .replace("Choice::InPlace", "InPlace");
}
