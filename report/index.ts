/** The one JSON that every run writes, and the pages that show it. */
export { disclosure, section, type TableOptions, type Tone, table, tiles } from "./blocks.ts";
export {
  REPORT_SCHEMA_NAME,
  type ReportHead,
  type ReportRelease,
  type ReportVerdict,
} from "./head.ts";
export { escapeHtml, Html, type HtmlPart, html, jsonElement } from "./html.ts";
export { htmlPage, type PageOptions } from "./page.ts";
export { REPORT_HEAD_SCHEMA } from "./schema.ts";
