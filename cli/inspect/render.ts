/**
 * The tree as lines: where a piece stands, its bytes in columns (key, length, body), and what they
 * mean. Bytes that are too many are cut, never left out without a sign.
 */
import type { InspectNode, Reading } from "../../codecs/index.ts";
import { labelOf, meaningOf, otherReadings, problemText } from "./describe-node.ts";

export interface Paint {
  strong(text: string): string;
  dim(text: string): string;
  key(text: string): string;
  length(text: string): string;
  value(text: string): string;
  bad(text: string): string;
}

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
  const children = node.readings[0]?.children;
  const isContainer = children !== undefined;
  rows.push({
    offset: String(node.start),
    key: hex(bytes, node.start, node.keyEnd, KEY_SHOWN),
    length: hex(bytes, node.keyEnd, node.bodyStart, LENGTH_SHOWN),
    body: isContainer ? "" : hex(bytes, node.bodyStart, node.end, BODY_SHOWN),
    guides: branch,
    text: [labelOf(node, paint), meaningOf(node, paint)].filter(Boolean).join("  "),
  });
  const more = [...otherReadings(node), ...(node.problem ? [problemText(node.problem)] : [])];
  const nothing = { offset: "", key: "", length: "", body: "" };
  const under = isContainer && children.length > 0 ? "│  " : "   ";
  for (const [at, text] of more.entries()) {
    const isBad = node.problem !== undefined && at === more.length - 1;
    if (isBad && node.role === "unread") continue;
    const painted = isBad ? paint.bad(`✗ ${text}`) : paint.dim(text);
    rows.push({ ...nothing, guides: `${lead}${under}`, text: painted });
  }
  for (const [at, child] of (children ?? []).entries()) {
    const isLast = at === (children?.length ?? 0) - 1;
    addRows(rows, child, {
      bytes,
      paint,
      lead: `${lead}${isLast ? "   " : "│  "}`,
      branch: `${lead}${isLast ? "└─ " : "├─ "}`,
    });
  }
}

function hex(bytes: Uint8Array, start: number, end: number, most: number): string {
  const shown = [...bytes.subarray(start, Math.min(end, start + most))];
  const text = shown.map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
  return end - start > most ? `${text} …` : text;
}

export type { Reading };
