/** Explains protobuf and Bilrost bytes by the description of their message. */
import type { FieldDescription, MessageDescription, TypeDescription } from "../codec-host.ts";
import { fieldsOf, type SchemaView } from "../schema-view.ts";
import type { Cursor } from "./cursor.ts";
import type { Dialect, Wire } from "./dialects.ts";
import { quoted, type Rows } from "./rows.ts";

interface Walk {
  readonly dialect: Dialect;
  readonly view: SchemaView;
  readonly rows: Rows;
}

export function annotateTagged(
  cursor: Cursor,
  message: MessageDescription,
  walk: Walk,
  depth: number,
): void {
  let previous = 0;
  while (!cursor.isDone) {
    const start = cursor.at;
    const { number, wire } = walk.dialect.key(cursor, previous);
    previous = number;
    const field = fieldsOf(message).find((candidate) => candidate.number === number);
    if (field) annotateField(cursor, field, { walk, wire, start, depth });
    else annotateUnknown(cursor, number, { walk, wire, start, depth });
  }
}

interface Site {
  readonly walk: Walk;
  readonly wire: Wire;
  /** Where the key, or the item, starts. */
  readonly start: number;
  readonly depth: number;
}

function annotateField(cursor: Cursor, field: FieldDescription, site: Site): void {
  annotateValue(cursor, `${field.name} #${field.number}`, field.type, site);
}

function annotateUnknown(cursor: Cursor, number: number, site: Site): void {
  const label = `unknown #${number}`;
  if (site.wire === "length") {
    annotateValue(cursor, label, { kind: "bytes" }, site);
    return;
  }
  const note = scalarNote(cursor, undefined, site);
  add(site, cursor, label, note);
}

type ListType = Extract<TypeDescription, { kind: "list" }>;

/** One field with all items. Items that have a length of their own are packed in Bilrost only. */
function isPacked({ item, packed }: ListType, { walk, wire }: Site): boolean {
  if (wire !== "length") return false;
  return wireOf(item) !== "length" || (packed && !walk.dialect.mapsAreFields);
}

function annotatePacked(cursor: Cursor, label: string, { item }: ListType, site: Site): void {
  const body = cursor.region(Number(site.walk.dialect.varint(cursor)));
  addRange(site, site.start, body.at, label, `packed, ${body.end - body.at} bytes`);
  const inner = { ...site, wire: wireOf(item), depth: site.depth + 1 };
  for (let place = 0; !body.isDone; place++) {
    annotateValue(body, `[${place}]`, item, { ...inner, start: body.at });
  }
}

function annotateMap(
  cursor: Cursor,
  label: string,
  { key, value }: Extract<TypeDescription, { kind: "map" }>,
  site: Site,
): void {
  const { dialect } = site.walk;
  const body = cursor.region(Number(dialect.varint(cursor)));
  const note = dialect.mapsAreFields ? "one entry" : "entries";
  addRange(site, site.start, body.at, label, `map, ${note}, ${body.end - body.at} bytes`);
  for (let place = 0; !body.isDone; place++) {
    const isKey = dialect.mapsAreFields ? undefined : place % 2 === 0;
    const start = body.at;
    const number = isKey === undefined ? dialect.key(body, 0).number : Number(!isKey) + 1;
    const type = number === 1 ? key : value;
    const inner = { ...site, wire: wireOf(type), start, depth: site.depth + 1 };
    annotateValue(body, number === 1 ? "key" : "value", type, inner);
  }
}

function annotateValue(cursor: Cursor, label: string, type: TypeDescription, site: Site): void {
  if (type.kind === "map" && site.wire === "length") annotateMap(cursor, label, type, site);
  else if (type.kind !== "list") annotateSingle(cursor, label, type, site);
  else if (isPacked(type, site)) annotatePacked(cursor, label, type, site);
  else annotateValue(cursor, label, type.item, site);
}

function annotateSingle(cursor: Cursor, label: string, type: TypeDescription, site: Site): void {
  if (site.wire !== "length") {
    add(site, cursor, label, scalarNote(cursor, type, site));
    return;
  }
  const body = cursor.region(Number(site.walk.dialect.varint(cursor)));
  const length = body.end - body.at;
  const nested = type.kind === "message" ? site.walk.view.message(type.name) : undefined;
  if (nested) {
    addRange(site, site.start, body.at, label, `${nested.name}, ${length} bytes`);
    annotateTagged(body, nested, site.walk, site.depth + 1);
    return;
  }
  const held = body.take(length);
  add(site, cursor, label, type.kind === "string" ? quoted(held) : `${length} bytes`);
}

function scalarNote(cursor: Cursor, type: TypeDescription | undefined, site: Site): string {
  if (site.wire === "varint")
    return varintNote(site.walk.dialect.varint(cursor), type, site.walk.view);
  if (site.wire === "other") {
    cursor.take(cursor.end - cursor.at);
    return "no known wire type";
  }
  const bytes = cursor.take(site.wire === "fixed32" ? 4 : 8);
  return fixedNote(bytes, type);
}

function varintNote(value: bigint, type: TypeDescription | undefined, view: SchemaView): string {
  if (type?.kind === "bool") return value === 0n ? "false" : "true";
  if (type?.kind === "enumeration") {
    const variant = view
      .enumeration(type.name)
      ?.variants.find(({ number }) => BigInt(number) === value);
    return `${variant?.name ?? "unknown"} (${value})`;
  }
  const isZigzag = type?.kind === "integer" && type.signed;
  return String(isZigzag ? (value >> 1n) ^ -(value & 1n) : value);
}

function fixedNote(bytes: Uint8Array, type: TypeDescription | undefined): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const isWide = bytes.length === 8;
  if (type?.kind === "float")
    return String(isWide ? view.getFloat64(0, true) : view.getFloat32(0, true));
  const isSigned = type?.kind === "integer" && type.signed;
  if (isWide) return String(isSigned ? view.getBigInt64(0, true) : view.getBigUint64(0, true));
  return String(isSigned ? view.getInt32(0, true) : view.getUint32(0, true));
}

function wireOf(type: TypeDescription): Wire {
  switch (type.kind) {
    case "bool":
    case "enumeration":
      return "varint";
    case "integer":
      if (type.encoding !== "fixed") return "varint";
      return type.bits === 32 ? "fixed32" : "fixed64";
    case "float":
      return type.bits === 32 ? "fixed32" : "fixed64";
    default:
      return "length";
  }
}

function add(site: Site, cursor: Cursor, label: string, note: string): void {
  addRange(site, site.start, cursor.at, label, note);
}

function addRange(
  { walk, depth }: Site,
  start: number,
  end: number,
  label: string,
  note: string,
): void {
  walk.rows.add({ at: start, length: end - start, depth, label, note });
}
