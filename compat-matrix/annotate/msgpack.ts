/** Explains MessagePack bytes. They describe themselves, so the schema only tells which keys are known. */
import type { MessageDescription, TypeDescription } from "../codec-host.ts";
import { memberNamed, numberOfVariant, type SchemaView } from "../schema-view.ts";
import type { Cursor } from "./cursor.ts";
import { quoted, type Rows } from "./rows.ts";

interface Walk {
  readonly view: SchemaView;
  readonly rows: Rows;
}

/** What the schema says about a value: a message, a type, the variants of a oneof, or nothing. */
type Known =
  | { readonly message: MessageDescription }
  | { readonly type: TypeDescription }
  | { readonly variants: ReadonlyMap<string, TypeDescription> }
  | undefined;

interface Site {
  readonly label: string;
  readonly depth: number;
  readonly start: number;
  readonly known: Known;
}

export function annotateMessagePack(cursor: Cursor, message: MessageDescription, walk: Walk): void {
  annotate(cursor, walk, { label: message.name, depth: 0, start: cursor.at, known: { message } });
}

type Head =
  | { readonly kind: "map" | "array"; readonly count: number }
  | { readonly kind: "text" | "bytes"; readonly length: number }
  | { readonly kind: "scalar"; readonly note: string };

function annotate(cursor: Cursor, walk: Walk, site: Site): void {
  const head = readHead(cursor);
  const add = (note: string) => {
    const { start: at, depth, label } = site;
    walk.rows.add({ at, length: cursor.at - at, depth, label, note });
  };
  switch (head.kind) {
    case "text":
      add(quoted(cursor.take(head.length)));
      break;
    case "bytes":
      cursor.take(head.length);
      add(`${head.length} bytes`);
      break;
    case "scalar":
      add(enumerationNote(head.note, site.known, walk.view));
      break;
    case "array":
      add(`list of ${head.count}`);
      annotateItems(cursor, walk, site, head.count);
      break;
    case "map":
      add(`map of ${head.count}`);
      annotatePairs(cursor, walk, site, head.count);
      break;
  }
}

function annotateItems(cursor: Cursor, walk: Walk, site: Site, count: number): void {
  const known = itemOf(site.known);
  for (let place = 0; place < count; place++) {
    annotate(cursor, walk, { label: `[${place}]`, depth: site.depth + 1, start: cursor.at, known });
  }
}

/** Maps of a schema are lists of [key, value] here, because a key need not be text. */
function itemOf(known: Known): Known {
  if (known === undefined || !("type" in known)) return undefined;
  if (known.type.kind === "list") return { type: known.type.item };
  return known.type.kind === "map" ? undefined : known;
}

function annotatePairs(cursor: Cursor, walk: Walk, site: Site, count: number): void {
  for (let place = 0; place < count; place++) {
    const start = cursor.at;
    const key = readKey(cursor);
    const known = knownAt(key, site.known, walk.view);
    const isKnown = known !== undefined || messageOf(site.known, walk.view) === undefined;
    annotate(cursor, walk, {
      label: isKnown ? key : `unknown "${key}"`,
      depth: site.depth + 1,
      start,
      known,
    });
  }
}

function messageOf(known: Known, view: SchemaView): MessageDescription | undefined {
  if (known === undefined) return undefined;
  if ("message" in known) return known.message;
  return "type" in known && known.type.kind === "message"
    ? view.message(known.type.name)
    : undefined;
}

function knownAt(key: string, known: Known, view: SchemaView): Known {
  if (known && "variants" in known) {
    const type = known.variants.get(key);
    return type && { type };
  }
  const message = messageOf(known, view);
  const member = message && memberNamed(message, key);
  if (member === undefined) return undefined;
  if (member.kind === "field") return { type: member.type };
  return { variants: new Map(member.variants.map(({ name, type }) => [name, type])) };
}

function readKey(cursor: Cursor): string {
  const head = readHead(cursor);
  if (head.kind === "text") return new TextDecoder().decode(cursor.take(head.length));
  return head.kind === "scalar" ? head.note : head.kind;
}

function enumerationNote(note: string, known: Known, view: SchemaView): string {
  if (!known || !("type" in known) || known.type.kind !== "enumeration") return note;
  const enumeration = view.enumeration(known.type.name);
  const variant = enumeration?.variants.find(
    ({ name }) => String(numberOfVariant(enumeration, name)) === note,
  );
  return `${variant?.name ?? "unknown"} (${note})`;
}

/** The first byte, and the length or the value behind it. Layout: the MessagePack specification. */
function readHead(cursor: Cursor): Head {
  const first = cursor.byte();
  if (first < 0x80) return { kind: "scalar", note: String(first) };
  if (first < 0x90) return { kind: "map", count: first & 15 };
  if (first < 0xa0) return { kind: "array", count: first & 15 };
  if (first < 0xc0) return { kind: "text", length: first & 31 };
  if (first >= 0xe0) return { kind: "scalar", note: String(first - 256) };
  const read = HEADS[first];
  return read ? read(cursor) : { kind: "scalar", note: "extension or reserved" };
}

const length = (cursor: Cursor, bytes: number): number => Number(cursor.big(bytes));
const scalar = (note: string | number | bigint): Head => ({ kind: "scalar", note: String(note) });
const signed = (cursor: Cursor, bytes: number): Head =>
  scalar(BigInt.asIntN(bytes * 8, cursor.big(bytes)));

function float(cursor: Cursor, bytes: 4 | 8): Head {
  const held = cursor.take(bytes);
  const view = new DataView(held.buffer, held.byteOffset, bytes);
  return scalar(bytes === 4 ? view.getFloat32(0) : view.getFloat64(0));
}

const HEADS: Readonly<Record<number, (cursor: Cursor) => Head>> = {
  192: () => scalar("nil"),
  194: () => scalar("false"),
  195: () => scalar("true"),
  196: (cursor) => ({ kind: "bytes", length: length(cursor, 1) }),
  197: (cursor) => ({ kind: "bytes", length: length(cursor, 2) }),
  198: (cursor) => ({ kind: "bytes", length: length(cursor, 4) }),
  202: (cursor) => float(cursor, 4),
  203: (cursor) => float(cursor, 8),
  204: (cursor) => scalar(cursor.big(1)),
  205: (cursor) => scalar(cursor.big(2)),
  206: (cursor) => scalar(cursor.big(4)),
  207: (cursor) => scalar(cursor.big(8)),
  208: (cursor) => signed(cursor, 1),
  209: (cursor) => signed(cursor, 2),
  210: (cursor) => signed(cursor, 4),
  211: (cursor) => signed(cursor, 8),
  217: (cursor) => ({ kind: "text", length: length(cursor, 1) }),
  218: (cursor) => ({ kind: "text", length: length(cursor, 2) }),
  219: (cursor) => ({ kind: "text", length: length(cursor, 4) }),
  220: (cursor) => ({ kind: "array", count: length(cursor, 2) }),
  221: (cursor) => ({ kind: "array", count: length(cursor, 4) }),
  222: (cursor) => ({ kind: "map", count: length(cursor, 2) }),
  223: (cursor) => ({ kind: "map", count: length(cursor, 4) }),
};
