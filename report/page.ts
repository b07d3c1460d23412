/**
 * One report as one HTML file that needs nothing beside it: it can be mailed, or kept by CI for
 * years. The security policy in it forbids the page to load or send anything.
 */
import { type Tone, table } from "./blocks.ts";
import type { ReportHead, ReportVerdict } from "./head.ts";
import { Html, type HtmlPart, html, jsonElement } from "./html.ts";
import { STYLE } from "./style.ts";

export interface PageOptions {
  readonly head: ReportHead;
  readonly title: string;
  /** One sentence below the title: what was found. */
  readonly summary: HtmlPart;
  readonly body: HtmlPart;
  /** Added to the common style sheet. */
  readonly style?: string;
  /** JSON for the script, under these element ids. */
  readonly embedded?: Readonly<Record<string, unknown>>;
  /** Text of a classic script that runs at the end of the page. Ours, never built of foreign text. */
  readonly script?: string;
}

const TONES: Readonly<Record<ReportVerdict, Tone>> = { pass: "good", fail: "bad", unknown: "warn" };

const POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

export function htmlPage(options: PageOptions): string {
  const { head, title, summary, body, style = "", embedded = {}, script } = options;
  const page = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<title>${head.verdict} · ${title}</title><style>${new Html(STYLE + style)}</style></head>
<body><a class="skip" href="#main">Skip to the result</a>
<header><h1>${title} <span class="verdict ${TONES[head.verdict]}">${head.verdict}</span></h1><p>${summary}</p></header>
<main id="main">${body}</main>
<footer>${footer(head)}</footer>
${Object.entries(embedded).map(([id, value]) => jsonElement(id, value))}
${script !== undefined && new Html(`<script>${script}</script>`)}
</body></html>
`;
  return page.text;
}

/** The evidence: how to run it again, and on what it was run (law 14). */
function footer(head: ReportHead): Html {
  const seconds = (head.durationMs / 1000).toFixed(1);
  const seed = head.seed === undefined ? "" : ` · seed ${head.seed}`;
  const releases = table({
    caption: "Releases that took part",
    columns: ["release", "digest (SHA-256)"],
    rows: head.releases.map(({ name, digest }) => [name, html`<code>${digest}</code>`]),
  });
  return html`<p>${seconds} s${seed} · run again with <code>${head.command}</code></p>${releases}`;
}
