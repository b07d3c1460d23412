/** The report as Markdown: one table for each number of clients, medians with their range. */
import type { Puts } from "./puts.ts";
import { type ClusterReport, type ClusterRow, ETCD } from "./run.ts";

/** Of the puts of etcd in the same round. */
const RATIO_MIN = 2;

export function clusterMarkdown(report: ClusterReport): string {
  const clients = [...new Set(report.rows.map((row) => row.clients))];
  const parts = [head(report), targets(report), ...clients.map((count) => table(report, count))];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

function head({ machine, etcd, options }: ClusterReport): string {
  return [
    "# Three nodes beside etcd",
    "",
    `${machine}. etcd: ${etcd}. Three processes with real fsync over loopback; clients in processes of their own on the same machine.`,
    `${options.runs} interleaved rounds, each on fresh clusters: ${options.warm} puts to warm up, then ${options.total} puts of 256 B values to`,
    "16 B keys out of 100,000. Median (range); a ratio is that of the two runs of one round. CPU is that of all nodes and of all clients, in",
    "microseconds for each put; cores: how many of them that kept busy. Where both sides keep all of them busy, the CPU of a put is the bound.",
    "etcd is driven by its own tool over all nodes, ours by our client, which goes to the leader.",
    "Both take snapshots every 100,000 entries, so that no run has one. Releases up to r4 have no shared connections: their clients have one each.",
  ].join("\n");
}

function table(report: ClusterReport, clients: number): string {
  const rows = report.rows.filter((row) => row.clients === clients);
  const etcd = rows.find(({ side }) => side === ETCD);
  const lines = rows.map((row) => {
    const perPut = (seconds: number): number => (seconds / report.options.total) * 1e6;
    return [
      row.side,
      text(row, 0, ({ perSecond }) => perSecond),
      etcd === undefined ? "–" : ratioText(row, etcd),
      text(row, 1, ({ p50Ms }) => p50Ms),
      text(row, 1, ({ p99Ms }) => p99Ms),
      text(row, 0, ({ serverCpuSeconds }) => perPut(serverCpuSeconds)),
      text(row, 0, ({ clientCpuSeconds }) => perPut(clientCpuSeconds)),
      text(row, 1, (puts) => coresOf(puts, report.options.total)),
    ];
  });
  const titles = [
    "cluster",
    "puts/s",
    "of etcd",
    "p50 ms",
    "p99 ms",
    "nodes µs/put",
    "clients µs/put",
    "cores",
  ];
  return [
    `## ${clients} clients, ${rows[0]?.connections} connections`,
    "",
    ...[titles, titles.map(() => "---"), ...lines].map((cells) => `| ${cells.join(" | ")} |`),
  ].join("\n");
}

/** What the project holds itself to, for each side and number of clients. */
function targets({ rows }: ClusterReport): string {
  const lines = rows.flatMap((row) => {
    const etcd = rows.find(({ side, clients }) => side === ETCD && clients === row.clients);
    if (etcd === undefined || row === etcd) return [];
    const { median } = summary(ratios(row, etcd));
    const [own, theirs] = [p99Of(row), p99Of(etcd)];
    const isMet = median >= RATIO_MIN && own <= theirs;
    const p99 = `${own.toFixed(1)} beside ${theirs.toFixed(1)} ms`;
    return [[row.side, row.clients, ratioText(row, etcd), p99, isMet ? "met" : "**not met**"]];
  });
  if (lines.length === 0) return "";
  const titles = ["cluster", "clients", "of etcd", "p99", ""];
  return [
    `## Target: at least ${RATIO_MIN} × the puts of etcd, p99 no worse`,
    "",
    ...[titles, titles.map(() => "---"), ...lines].map((cells) => `| ${cells.join(" | ")} |`),
  ].join("\n");
}

function p99Of(row: ClusterRow): number {
  return spread(row, ({ p99Ms }) => p99Ms).median;
}

/** Round by round: what the machine did in that round, it did to both. */
function ratios(row: ClusterRow, etcd: ClusterRow): readonly number[] {
  return row.runs.map(({ perSecond }, round) => perSecond / (etcd.runs[round]?.perSecond ?? 0));
}

function ratioText(row: ClusterRow, etcd: ClusterRow): string {
  const { median, min, max } = summary(ratios(row, etcd));
  return `${median.toFixed(2)} × (${min.toFixed(2)}–${max.toFixed(2)})`;
}

function coresOf({ serverCpuSeconds, clientCpuSeconds, perSecond }: Puts, total: number): number {
  return ((serverCpuSeconds + clientCpuSeconds) * perSecond) / total;
}

function text(row: ClusterRow, digits: number, read: (puts: Puts) => number): string {
  const { median, min, max } = spread(row, read);
  return `${median.toFixed(digits)} (${min.toFixed(digits)}–${max.toFixed(digits)})`;
}

interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

function spread({ runs }: ClusterRow, read: (puts: Puts) => number): Spread {
  return summary(runs.map(read));
}

function summary(of: readonly number[]): Spread {
  const values = [...of].sort((a, b) => a - b);
  const middle = values.length / 2;
  const median = ((values[Math.ceil(middle) - 1] ?? 0) + (values[Math.floor(middle)] ?? 0)) / 2;
  return { median, min: values[0] ?? 0, max: values.at(-1) ?? 0 };
}
