/** What pages are built of besides free HTML. */
import { type Html, type HtmlPart, html } from "./html.ts";

export interface TableOptions {
  readonly caption?: string;
  readonly columns: readonly HtmlPart[];
  readonly rows: readonly (readonly HtmlPart[])[];
  /** Columns (by place) that hold numbers, aligned to the right. */
  readonly numeric?: readonly number[];
}

export function table({ caption, columns, rows, numeric = [] }: TableOptions): Html {
  const classOf = (place: number): string => (numeric.includes(place) ? "number" : "");
  const cells = (row: readonly HtmlPart[]) =>
    row.map((cell, place) => html`<td class="${classOf(place)}">${cell}</td>`);
  return html`<div class="scroll"><table>${caption !== undefined && html`<caption>${caption}</caption>`}
<thead><tr>${columns.map((column, place) => html`<th scope="col" class="${classOf(place)}">${column}</th>`)}</tr></thead>
<tbody>${rows.map((row) => html`<tr>${cells(row)}</tr>`)}</tbody></table></div>`;
}

/** A part that opens with a click or the Enter key. */
export function disclosure(summary: HtmlPart, body: HtmlPart, isOpen = false): Html {
  const attribute = isOpen ? html` open` : "";
  return html`<details${attribute}><summary>${summary}</summary>${body}</details>`;
}

export function section(title: string, body: HtmlPart): Html {
  return html`<section><h2>${title}</h2>${body}</section>`;
}

/** A row of small tiles, one number each. */
export function tiles(
  counts: readonly {
    readonly label: string;
    readonly value: string | number;
    readonly tone?: Tone;
  }[],
): Html {
  const tile = ({ label, value, tone = "plain" }: (typeof counts)[number]) =>
    html`<li class="tile ${tone}"><b>${value}</b><span>${label}</span></li>`;
  return html`<ul class="tiles">${counts.map(tile)}</ul>`;
}

/** Colours with a meaning; the page never tells anything by colour alone. */
export type Tone = "plain" | "good" | "note" | "warn" | "bad";
