/** The figures as Markdown for people; the JSON is the same data for programs. */
import type { Timing } from "./measure.ts";

export interface BenchRow {
  readonly case: string;
  readonly message: string;
  /** Bytes by contender: the median over the variants. */
  readonly sizes: Readonly<Record<string, number>>;
  readonly encode: readonly Timing[];
  readonly decode: readonly Timing[];
  /** Contenders that cannot hold the value, and why. */
  readonly left: Readonly<Record<string, string>>;
}

export interface BenchReport {
  readonly schema: "wirespan/bench-codecs/1";
  readonly command: string;
  readonly node: string;
  readonly cpu: string;
  readonly rounds: number;
  readonly sliceMs: number;
  readonly reference: string;
  readonly rows: readonly BenchRow[];
}

export function benchMarkdown(report: BenchReport): string {
  return [
    "# Codecs: size and speed",
    "",
    `\`${report.command}\`, Node ${report.node}, ${report.cpu}.`,
    `All in one process, interleaved, ${report.rounds} rounds of ${report.sliceMs} ms each. Speed is relative to \`${report.reference}\` in the same round: median (least–most), above 1 is faster.`,
    "Peers are called in their fastest known way: writers and encoders are made once and reused. JSON writes bytes as base64 and does not turn them back.",
    ...report.rows.flatMap(writeRow),
    "",
  ].join("\n");
}

function writeRow(row: BenchRow): string[] {
  const left = Object.entries(row.left).map(([name, why]) => `Left out: ${name} (${why}).`);
  return [
    "",
    `## ${row.case}`,
    "",
    "| codec | bytes | encode | ns | decode | ns |",
    "|---|---|---|---|---|---|",
    ...row.encode.map((encode, place) => {
      const decode = row.decode[place];
      const size = row.sizes[encode.name] ?? 0;
      return `| ${encode.name} | ${size} | ${ratio(encode)} | ${nanoseconds(encode)} | ${decode ? ratio(decode) : ""} | ${decode ? nanoseconds(decode) : ""} |`;
    }),
    ...(left.length > 0 ? ["", ...left] : []),
  ];
}

function ratio({ ratio: { median, min, max } }: Timing): string {
  return `**${median.toFixed(2)}** (${min.toFixed(2)}–${max.toFixed(2)})`;
}

function nanoseconds({ ns }: Timing): string {
  return ns.median < 10_000 ? ns.median.toFixed(0) : `${(ns.median / 1000).toFixed(1)}k`;
}
