/** The matrix as text: a map of writers and readers, counts by kind, and what is broken for whom. */
import pc from "picocolors";
import type {
  BrokenCell,
  Cell,
  CellCounts,
  MatrixReport,
  Side,
  Verdict,
} from "../../compat-matrix/index.ts";

const SIGNS: Readonly<Record<Verdict, string>> = {
  exact: "=",
  "declared-loss": "~",
  "clean-refusal": "/",
  broken: "!",
};
const ORDER: readonly Verdict[] = ["exact", "declared-loss", "clean-refusal", "broken"];
const PAINT: Readonly<Record<Verdict, (text: string) => string>> = {
  exact: pc.green,
  "declared-loss": pc.blue,
  "clean-refusal": pc.yellow,
  broken: pc.red,
};
/** Broken cells of one message and one pair say the same thing many times. */
const FINDINGS_SHOWN = 20;
const BYTES_SHOWN = 48;

export function renderMatrix(report: MatrixReport, cells: readonly Cell[]): string {
  return [
    ...mapLines(cells),
    ...(report.hosts ?? []).map(({ name, program }) => pc.dim(`${name}: ${program}`)),
    "",
    ...countLines(report),
    "",
    ...findingLines(report.broken),
    verdictLine(report),
    "",
  ].join("\n");
}

function mapLines(cells: readonly Cell[]): string[] {
  const versioned = cells.filter(({ kind }) => kind === "direct" || kind === "relay");
  const writers = distinct(versioned.map(({ writer }) => sideText(writer)));
  const readers = distinct(versioned.map(({ reader }) => sideText(reader)));
  const worst = new Map<string, { verdict: Verdict; count: number }>();
  for (const cell of versioned) {
    const key = `${sideText(cell.writer)} ${sideText(cell.reader)}`;
    const known = worst.get(key) ?? { verdict: "exact" as const, count: 0 };
    if (ORDER.indexOf(cell.verdict) > ORDER.indexOf(known.verdict)) {
      worst.set(key, { verdict: cell.verdict, count: 1 });
    } else if (cell.verdict === known.verdict) {
      worst.set(key, { verdict: known.verdict, count: known.count + 1 });
    }
  }
  const first = Math.max(15, ...writers.map(({ length }) => length + 1));
  const widths = readers.map((reader) => Math.max(8, reader.length + 1));
  const head = `${"writer \\ reader".padEnd(first)} ${readers.map((reader, at) => reader.padEnd(widths[at] ?? 8)).join(" ")}`;
  const lines = writers.map((writer) => {
    const row = readers.map((reader, at) => {
      const found = worst.get(`${writer} ${reader}`);
      const width = widths[at] ?? 8;
      if (found === undefined) return "".padEnd(width);
      const text = `${SIGNS[found.verdict]} ${found.count}`;
      return PAINT[found.verdict](text.padEnd(width));
    });
    return `${writer.padEnd(first)} ${row.join(" ")}`;
  });
  const legend = ORDER.map((verdict) => `${SIGNS[verdict]} ${verdict}`).join(", ");
  return [pc.bold(head), ...lines, pc.dim(`worst verdict of each pair and how often: ${legend}`)];
}

function countLines({ byKind, counts }: MatrixReport): string[] {
  const row = (name: string, { cells, exact, declaredLoss, cleanRefusal, broken }: CellCounts) =>
    [
      name.padEnd(14),
      ...[cells, exact, declaredLoss, cleanRefusal, broken].map((count) =>
        String(count).padStart(14),
      ),
    ].join("");
  const names = ["cells", "exact", "declared loss", "clean refusal", "broken"];
  const head = ["".padEnd(14), ...names.map((name) => name.padStart(14))].join("");
  const rows = Object.entries(byKind).map(([kind, part]) => row(kind, part));
  return [pc.bold(head), ...rows, row("all", counts)];
}

function findingLines(broken: readonly BrokenCell[]): string[] {
  const groups = new Map<string, BrokenCell[]>();
  for (const cell of broken) {
    const key = [
      cell.kind,
      cell.message,
      sideText(cell.writer),
      sideText(cell.reader),
      cell.victim,
    ].join(" ");
    groups.set(key, [...(groups.get(key) ?? []), cell]);
  }
  const shown = [...groups.values()].slice(0, FINDINGS_SHOWN).flatMap(findingText);
  const rest = groups.size - FINDINGS_SHOWN;
  return rest > 0
    ? [...shown, `… and ${rest} more groups (all of them with --json or --html)`, ""]
    : shown;
}

function findingText(group: readonly BrokenCell[]): string[] {
  const [cell] = group;
  if (cell === undefined) return [];
  const through = cell.through ? ` -> ${sideText(cell.through)}` : "";
  const more = group.length > 1 ? ` (${group.length} cases)` : "";
  const bytes =
    cell.bytes.length > BYTES_SHOWN * 2 ? `${cell.bytes.slice(0, BYTES_SHOWN * 2)}…` : cell.bytes;
  return [
    `${pc.red(pc.bold("broken"))} ${pc.bold(cell.message)}, ${cell.case}${more}: ${sideText(cell.writer)}${through} -> ${sideText(cell.reader)} (${cell.kind})`,
    `  ${cell.reason}`,
    `  victim: ${cell.victim}`,
    ...(bytes === "" ? [] : [`  bytes:  ${bytes}`]),
    "",
  ];
}

function verdictLine({ verdict, counts, durationMs }: MatrixReport): string {
  const seconds = (durationMs / 1000).toFixed(1);
  const text = `${counts.cells} cells, ${counts.broken} broken, ${seconds} s`;
  if (verdict === "unknown") return pc.yellow(`unknown: nothing was checked, ${seconds} s`);
  return verdict === "pass" ? pc.green(`pass: ${text}`) : pc.red(`fail: ${text}`);
}

function sideText({ release, version }: Side): string {
  return version === 0 ? release : `${release} v${version}`;
}

function distinct(items: readonly string[]): string[] {
  return [...new Set(items)];
}
