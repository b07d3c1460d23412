import { Ajv2020 } from "ajv/dist/2020.js";
import { expect, test } from "vitest";
import {
  disclosure,
  escapeHtml,
  html,
  htmlPage,
  jsonElement,
  REPORT_HEAD_SCHEMA,
  REPORT_SCHEMA_NAME,
  type ReportHead,
  section,
  table,
  tiles,
} from "./index.ts";

const HEAD: ReportHead = {
  schema: REPORT_SCHEMA_NAME,
  kind: "matrix",
  verdict: "fail",
  counts: { cells: 2, broken: 1 },
  durationMs: 1234,
  command: "wirespan matrix --only '<b>'",
  seed: 7,
  releases: [{ name: "r1", digest: "a".repeat(64) }],
};

const isHead = new Ajv2020({ allErrors: true, strict: true }).compile(REPORT_HEAD_SCHEMA);

test("the head follows its JSON Schema, also with members of one kind beside it", () => {
  expect(isHead({ ...HEAD, broken: [{ anything: true }] })).toBe(true);
});

test.for([
  [{ ...HEAD, verdict: "passed" }, "a verdict that is not one of the three"],
  [{ ...HEAD, counts: { cells: -1 } }, "a negative count"],
  [{ ...HEAD, counts: { cells: "2" } }, "a count as text"],
  [{ ...HEAD, command: "" }, "nothing to run again"],
  [{ ...HEAD, releases: [{ name: "r1", digest: "abc" }] }, "a digest that is none"],
  [{ ...HEAD, schema: "wirespan-report/2" }, "another schema"],
  [{ kind: "matrix" }, "members missing"],
] as const)("the JSON Schema refuses %# %s", ([report]) => {
  expect(isHead(report)).toBe(false);
});

test("html escapes what is put in, keeps what it made itself, and drops undefined and false", () => {
  const inner = html`<i>${"<&\"'>"}</i>`;
  const row = html`<p>${[inner, undefined, false, 0, "x"]}</p>`;
  expect(row.text).toBe("<p><i>&lt;&amp;&quot;&#39;&gt;</i>0x</p>");
  expect(escapeHtml("<script>")).toBe("&lt;script&gt;");
});

test("jsonElement() gives back the same value, and no text in it can end the element", () => {
  const value = { text: "</script><script>alert(1)</script>", line: "\u2028" };
  const element = jsonElement("d", value).text;
  expect(element.match(/<\/script>/g)).toHaveLength(1);
  expect(JSON.parse(/>(.*)<\/script>$/s.exec(element)?.[1] ?? "")).toEqual(value);
});

test("htmlPage() is one file: no address outside, foreign text escaped, verdict and command shown", () => {
  const body = [
    section("Cells", table({ columns: ["a", "n"], rows: [["<b>", 1]], numeric: [1] })),
    disclosure("more", "less", true),
    tiles([{ label: "broken", value: 1, tone: "bad" }]),
  ];
  const page = htmlPage({
    head: HEAD,
    title: "Matrix of <r1>",
    summary: "one & only",
    body,
    embedded: { cells: [1, 2] },
    script: "document.title += '!';",
  });
  expect(page).not.toMatch(/(src|href)="(?!#)|https?:|@import|url\(/);
  expect(page).toContain("<details open><summary>more</summary>less</details>");
  expect(page).toContain("Matrix of &lt;r1&gt;");
  expect(page).toContain('<td class="">&lt;b&gt;</td>');
  expect(page).toContain("wirespan matrix --only &#39;&lt;b&gt;&#39;");
  expect(page).toContain('<script type="application/json" id="cells">[1,2]</script>');
  expect(page).toContain("1.2 s · seed 7");
});
