/**
 * The tree as lines: where a piece stands, its bytes in columns (key, length, body), and what they
 * mean. Bytes that are too many are cut, never left out without a sign.
 */
import type { InspectNode } from "../../codecs/index.ts";
import { labelOf, meaningOf, otherReadings, problemText } from "./describe-node.ts";

export interface Paint {
  strong(text: string): string;
  dim(text: string): string;
  key(text: string): string;
  length(text: string): string;
  value(text: string): string;
  bad(text: string): string;
}

const same = (text: string): string => text;
/** Without colours: for files, pipes and tests. */
export const PLAIN_PAINT: Paint = {
  strong: same,
  dim: same,
  key: same,
  length: same,
  value: same,
  bad: same,
};

interface Row {
  readonly offset: string;
  readonly key: string;
  readonly length: string;
  readonly body: string;
  readonly guides: string;
  readonly text: string;
}

const KEY_SHOWN = 5;
const LENGTH_SHOWN = 5;
const BODY_SHOWN = 8;

export function renderTree(root: InspectNode, bytes: Uint8Array, paint: Paint): string[] {
  const rows: Row[] = [];
  addRows(rows, root, { bytes, paint, lead: "", branch: "" });
  const widthOf = (name: "offset" | "key" | "length" | "body"): number =>
    rows.reduce((width, row) => Math.max(width, row[name].length), name.length);
  const widths = {
    offset: widthOf("offset"),
    key: widthOf("key"),
    length: widthOf("length"),
    body: widthOf("body"),
  };
  const line = ({ offset, key, length, body, guides, text }: Row): string =>
    [
      paint.dim(offset.padStart(widths.offset)),
      paint.key(key.padEnd(widths.key)),
      paint.length(length.padEnd(widths.length)),
      body.padEnd(widths.body),
      `${paint.dim(guides)}${text}`,
    ].join("  ");
  const head = { offset: "offset", key: "key", length: "length", body: "body" };
  const heading = paint.dim(line({ ...head, guides: "", text: "" }).trimEnd());
  return [heading, ...rows.map((row) => line(row).trimEnd())];
}

interface Place {
  readonly bytes: Uint8Array;
  readonly paint: Paint;
  /** Guides of the lines below. */
  readonly lead: string;
  /** Guides of this line. */
  readonly branch: string;
}

/** Recursion is as deep as the tree, which is bounded. */
function addRows(rows: Row[], node: InspectNode, place: Place): void {
  const { bytes, paint, lead, branch } = place;
  const pieces = node.readings[0]?.children;
  const children = pieces ?? [];
  rows.push({
    offset: String(node.start),
    key: hex(bytes, node.start, node.keyEnd, KEY_SHOWN),
    length: hex(bytes, node.keyEnd, node.bodyStart, LENGTH_SHOWN),
    body: pieces ? "" : hex(bytes, node.bodyStart, node.end, BODY_SHOWN),
    guides: branch,
    text: [labelOf(node, paint), meaningOf(node, paint)].filter(Boolean).join("  "),
  });
  const guides = `${lead}${children.length > 0 ? "│  " : "   "}`;
  rows.push(...remarksOn(node, paint).map((text) => ({ ...NOTHING, guides, text })));
  for (const [at, child] of children.entries()) {
    const isLast = at === children.length - 1;
    addRows(rows, child, {
      bytes,
      paint,
      lead: `${lead}${isLast ? "   " : "│  "}`,
      branch: `${lead}${isLast ? "└─ " : "├─ "}`,
    });
  }
}

const NOTHING = { offset: "", key: "", length: "", body: "" };

/** What else the piece may be, and what is wrong with it. An unread piece is nothing but its problem. */
function remarksOn(node: InspectNode, paint: Paint): string[] {
  const others = otherReadings(node).map((text) => paint.dim(text));
  if (!node.problem || node.role === "unread") return others;
  return [...others, paint.bad(`✗ ${problemText(node.problem)}`)];
}

function hex(bytes: Uint8Array, start: number, end: number, most: number): string {
  const shown = [...bytes.subarray(start, Math.min(end, start + most))];
  const text = shown.map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
  return end - start > most ? `${text} …` : text;
}
