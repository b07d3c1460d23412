/** The report as Markdown: targets first, then every race. */
import { CASES } from "./corpus.ts";
import type { BenchReport } from "./run.ts";
import type { Figure, Race, Spread } from "./statistics.ts";

export function benchMarkdown(report: BenchReport): string {
  return [
    head(report),
    targetTable(report),
    adapterTable(report),
    sizeTable(report),
    ...report.races.map(raceTable),
    noteList(report),
  ]
    .filter((part) => part !== "")
    .join("\n\n")
    .concat("\n");
}

function head({ machine, processes, rounds, sliceMs }: BenchReport): string {
  return [
    "# Codecs beside each other",
    "",
    `${machine}. ${processes} processes, in each ${rounds} interleaved rounds of ${sliceMs} ms per codec and row.`,
    "A ratio is the speed as a multiple of the fastest peer of the row: the median over the processes of the medians of",
    "per-round ratios, with the range over the processes in brackets.",
  ].join("\n");
}

function targetTable({ targets }: BenchReport): string {
  if (targets.length === 0) return "";
  return table(
    "## Targets",
    ["message", "row", "target", "measured", "", "ours", "best peer"],
    targets.map((target) => [
      target.case,
      `${target.row}${target.entry ? `, ${target.entry}` : ""}${target.integersOnly ? " (of those with u64 on the wire)" : ""}`,
      `≥ ${target.atLeast}`,
      target.measured ? ratio(target.measured) : "no such call yet",
      target.met ? "met" : "**not met**",
      target.codec,
      target.reference,
    ]),
  ).concat(
    "\n\nSegments stand beside the peers' owned bytes and columns beside their objects: nobody offers either. bebop with u64 declared float64",
    "\ncounts as a peer everywhere but where the row says otherwise: it has no integers on the wire, so fractions pass and 2^53 + 1 is rounded in silence.",
  );
}

const ADAPTER_LEAST = 0.9;

function adapterTable({ adapters }: BenchReport): string {
  if (adapters.length === 0) return "";
  return table(
    "## Our adapters beside the library alone",
    ["message", "row", "adapter", "library", "called as", "speed", "at most 10 % slower"],
    adapters.map((one) => [
      one.case,
      one.row,
      one.adapter,
      one.library,
      one.way,
      ratio(one.ratio),
      one.ratio.median >= ADAPTER_LEAST ? "yes" : "**no**",
    ]),
  );
}

function sizeTable({ bytes }: BenchReport): string {
  const names = [...new Set(Object.values(bytes).flatMap((sizes) => Object.keys(sizes)))];
  const cases = Object.keys(bytes);
  const rows = names.map((name) => [name, ...cases.map((of) => String(bytes[of]?.[name] ?? ""))]);
  return table("## Bytes", ["codec", ...cases], rows);
}

function raceTable(race: Race): string {
  const rows = [...race.figures]
    .sort((a, b) => a.ns.median - b.ns.median)
    .map((figure) => [
      nameOf(figure),
      ratio(figure.ratio),
      operations(figure.opsPerSecond),
      nanoseconds(figure.ns.median),
      figure.faults.toFixed(2),
    ]);
  const way = race.way === "tuned" ? "" : ", peers as documented";
  const columns = ["codec", "× best peer", "ops/s", "ns", "faults"];
  return table(`## ${race.case}: ${race.row}${way}`, columns, rows);
}

function nameOf({ name, group }: Figure): string {
  if (group === "peer") return name;
  return group === "limit" ? `*${name}*` : `**${name}**`;
}

function noteList({ notes }: BenchReport): string {
  const lines = Object.entries(notes).map(([name, note]) => `- ${name}: ${note}`);
  return ["## Who does what", "", ...lines].join("\n");
}

/** Wanted and found sizes of the corpus; a bench of other messages is another bench. */
export function driftOf({ bytes }: BenchReport): string[] {
  return CASES.flatMap(({ name, bytes: wanted }) => {
    const found = bytes[name];
    const pairs = [
      ["protobufjs", wanted.protobuf],
      ["wirespan bilrost", wanted.bilrost],
    ] as const;
    return pairs.flatMap(([codec, length]) => {
      const real = Object.entries(found ?? {}).find(([one]) => one.startsWith(codec))?.[1];
      if (real === undefined || real === length) return [];
      return [`${name} has ${real} bytes in ${codec}, not ${length}`];
    });
  });
}

function table(title: string, columns: readonly string[], rows: readonly string[][]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [title, "", line(columns), line(columns.map(() => "---")), ...rows.map(line)].join("\n");
}

function ratio({ median, min, max }: Spread): string {
  return Number.isNaN(median) ? "" : `**${digits(median)}** (${digits(min)}–${digits(max)})`;
}

function digits(value: number): string {
  return value >= 10 ? value.toFixed(0) : value.toFixed(2);
}

function operations(perSecond: number): string {
  if (perSecond >= 1e6) return `${(perSecond / 1e6).toFixed(1)} M`;
  return perSecond >= 1e3 ? `${(perSecond / 1e3).toFixed(1)} k` : perSecond.toFixed(0);
}

function nanoseconds(ns: number): string {
  return ns >= 1e4 ? `${(ns / 1e3).toFixed(1)} k` : ns.toFixed(ns < 100 ? 1 : 0);
}
