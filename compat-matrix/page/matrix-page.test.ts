/** The page holds every cell with its bytes, its script parses, and nothing foreign becomes markup. */
import { Ajv2020 } from "ajv/dist/2020.js";
import { expect, test } from "vitest";
import { toHex } from "../../codecs/index.ts";
import { REPORT_HEAD_SCHEMA } from "../../report/index.ts";
import { makeGolden } from "../cases/golden.ts";
import { participantOf } from "../cells/matrix.ts";
import type { HostDescription } from "../codec-host.ts";
import { poolOf } from "../host-request.ts";
import { madeUpHost } from "../made-up/host.ts";
import { NEW, OLD } from "../made-up/schemas.ts";
import { makeMatrixReport } from "../matrix-report.ts";
import { runCells } from "../run-cells.ts";
import { matrixPage } from "./matrix-page.ts";
import { makePageData } from "./page-data.ts";
import { PAGE_SCRIPT } from "./page-script.ts";

const HOSTILE = "new</script><script>alert(1)</script>";

async function run() {
  const hostile: HostDescription = { ...NEW, release: HOSTILE };
  const hosts = [madeUpHost(OLD), madeUpHost(hostile)];
  const pool = poolOf(new Map(hosts.map((host) => [host.describe().release, host])));
  const participants = hosts.map((host) => participantOf(host.describe(), makeGolden(host)));
  const cells = await runCells({ participants, pool });
  const releases = participants.map(({ name }) => ({ name, digest: "0".repeat(64) }));
  return {
    participants,
    cells,
    report: makeMatrixReport(cells, { durationMs: 5, command: "wirespan matrix", releases }),
  };
}

test("the report of a run follows the JSON Schema of the head", async () => {
  const { report } = await run();
  expect(new Ajv2020({ strict: true }).compile(REPORT_HEAD_SCHEMA)(report)).toBe(true);
});

test("every cell is in the page's columns, with its bytes, verdict and reason", async () => {
  const { cells, participants } = await run();
  const page = makePageData(cells, participants);
  for (const column of Object.values(page.cells)) expect(column).toHaveLength(cells.length);
  cells.forEach((cell, place) => {
    const given = page.bytes[page.cells.given[place] ?? -1];
    expect(toHex(cell.bytes).startsWith(given?.hex ?? "none")).toBe(true);
    expect(given?.length).toBe(cell.bytes.length);
    expect(page.verdicts[page.cells.verdict[place] ?? -1]).toBe(cell.verdict);
    expect(page.texts[page.cells.reason[place] ?? -1] ?? "").toBe(cell.reason);
  });
});

test("the script parses, and a hostile release name stays text", async () => {
  const { cells, participants, report } = await run();
  expect(() => new Function(PAGE_SCRIPT)).not.toThrow();
  const page = matrixPage(report, cells, participants);
  expect(page).not.toContain(HOSTILE);
  expect(page.match(/<script/g)).toHaveLength(2); // The data and the script of the page, no third one.
});
