/** One piece in words. */
import type { InspectNode, InspectProblem, Reading } from "../../codecs/index.ts";
import type { Paint } from "./render.ts";

const TEXT_SHOWN = 60;
const ITEMS_SHOWN = 8;
/** Steps of a path, at either end. */
const PATH_SHOWN = 6;
const ITEMS_SHOWN_BESIDE = 3;

/** Which piece: tag or name, and place among its siblings. */
export function labelOf(node: InspectNode, paint: Paint): string {
  const index = node.index === undefined ? "" : `[${node.index}]`;
  if (node.role === "field" || node.role === "part") {
    const name = node.name === undefined ? String(node.tag) : shorten(node.name, TEXT_SHOWN);
    const tag = node.name !== undefined && node.tag !== undefined ? ` #${node.tag}` : "";
    const delta = node.delta === undefined ? "" : ` +${node.delta}`;
    return `${paint.strong(`${name}${index}`)}${paint.dim(`${tag}${delta}`)}`;
  }
  if (node.role === "key" || node.role === "value") return paint.dim(node.role);
  return index === "" ? "" : paint.strong(index);
}

/** What it says: the best reading, then what kind of reading that is. */
export function meaningOf(node: InspectNode, paint: Paint): string {
  if (node.role === "unread")
    return paint.bad(`✗ ${node.problem ? problemText(node.problem) : ""}`);
  if (node.role === "elided") return paint.dim(`… ${node.notes.join(", ")} (--limit shows more)`);
  const [best] = node.readings;
  const value = best === undefined ? "" : valueText(best);
  const inline = isGuessed(node) ? [] : node.readings.slice(1).map(readingText);
  const kind = [kindText(node, best), ...inline.map((text) => `or ${text}`), ...node.notes];
  const shown = kind.filter(Boolean).join(", ");
  return [value && paint.value(value), paint.dim(shown)].filter(Boolean).join("  ");
}

/** The other things that a body may be, best first. That it may be plain bytes is understood. */
export function otherReadings(node: InspectNode): string[] {
  if (!isGuessed(node)) return [];
  const others = node.readings.slice(1).filter(({ as }) => as !== "bytes");
  return others.length === 0 ? [] : [`or ${others.map(readingText).join(", or ")}`];
}

/** A body of which only a schema could tell what it is. */
function isGuessed({ wire, type }: InspectNode): boolean {
  return wire === "length-delimited" && type === undefined;
}

export function problemText({ code, problem, offset, path }: InspectProblem): string {
  const isLong = path.length > 2 * PATH_SHOWN;
  const shown = isLong ? [...path.slice(0, PATH_SHOWN), "…", ...path.slice(-PATH_SHOWN)] : path;
  const where = path.length > 0 ? `${shown.join(".")}: ` : "";
  return spellOut(`${code}: ${where}${problem} (byte ${offset})`);
}

function kindText(node: InspectNode, best: Reading | undefined): string {
  const length = node.end - node.bodyStart;
  const size = length === 1 ? "1 byte" : `${length} bytes`;
  if (best?.children?.length === 0) return `${node.type ?? best.as}, empty`;
  if (node.type !== undefined) return hasSize(node, best) ? `${node.type}, ${size}` : node.type;
  if (node.wire !== undefined) return wireText(node.wire, best, size);
  if (node.role === "part") return "";
  return hasSize(node, best) ? `${best?.as ?? ""}, ${size}` : (best?.as ?? "");
}

/** Without a schema: a question mark says that the bytes do not tell. */
function wireText(wire: string, best: Reading | undefined, size: string): string {
  if (wire === "varint") return best?.as === "int64" ? "varint int64" : "varint";
  if (wire !== "length-delimited") return [wire, best?.as].filter(Boolean).join(" ");
  if (best?.as === "empty") return "empty";
  const summary = best?.summary === undefined ? "" : `, ${best.summary}`;
  return `${best?.as ?? "bytes"}?${summary}, ${size}`;
}

function hasSize(node: InspectNode, best: Reading | undefined): boolean {
  return node.bodyStart > node.keyEnd && best?.as !== "integer" && best?.as !== "float";
}

function readingText(reading: Reading): string {
  const value = valueText(reading, ITEMS_SHOWN_BESIDE);
  if (reading.list) return `${reading.list.count} ${reading.as} ${value}`;
  if (reading.summary !== undefined) return `${reading.as} of ${reading.summary}`;
  return value === "" ? reading.as : `${reading.as} ${value}`;
}

function valueText({ as, value, isCut, list }: Reading, itemsMax: number = ITEMS_SHOWN): string {
  if (list) {
    const shown = list.shown.slice(0, itemsMax).map(String);
    return `[${shown.join(", ")}${list.count > shown.length ? ", …" : ""}]`;
  }
  if (value === undefined) return "";
  if (typeof value !== "string" || as !== "text") return spellOut(String(value));
  const text = quoted(value.slice(0, TEXT_SHOWN));
  return isCut || value.length > TEXT_SHOWN ? `${text}…` : text;
}

function shorten(text: string, most: number): string {
  const safe = quoted(text).slice(1, -1);
  return safe.length > most ? `${safe.slice(0, most)}…` : safe;
}

function quoted(text: string): string {
  return spellOut(JSON.stringify(text));
}

/** Text from anywhere must not steer the terminal: control and invisible characters are spelled out. */
function spellOut(text: string): string {
  const spell = (found: string): string =>
    `\\u${(found.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`;
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cn}]/gu, spell);
}
