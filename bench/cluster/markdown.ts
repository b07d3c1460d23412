/** The report as Markdown: one table for each number of clients, medians with their range. */
import type { Puts } from "./puts.ts";
import { type ClusterReport, type ClusterRow, ETCD } from "./run.ts";

export function clusterMarkdown(report: ClusterReport): string {
  const clients = [...new Set(report.rows.map((row) => row.clients))];
  return `${[head(report), ...clients.map((count) => table(report, count))].join("\n\n")}\n`;
}

function head({ machine, etcd, options }: ClusterReport): string {
  return [
    "# Three nodes beside etcd",
    "",
    `${machine}. etcd: ${etcd}. Three processes with real fsync over loopback; clients in processes of their own on the same machine.`,
    `${options.runs} interleaved runs, each on a fresh cluster: ${options.warm} puts to warm up, then ${options.total} puts of 256 B values to`,
    "16 B keys out of 100,000. Median (range). CPU is that of all nodes and of all clients, in microseconds for each put.",
    "etcd is driven by its own tool over all nodes, ours by our client, which goes to the leader.",
    "Both take snapshots every 100,000 entries, so that no run has one. Releases up to r4 have no shared connections: their clients have one each.",
  ].join("\n");
}

function table(report: ClusterReport, clients: number): string {
  const rows = report.rows.filter((row) => row.clients === clients);
  const etcd = rows.find(({ side }) => side === ETCD);
  const base = etcd && spread(etcd, ({ perSecond }) => perSecond).median;
  const lines = rows.map((row) => {
    const median = spread(row, ({ perSecond }) => perSecond).median;
    const perPut = (seconds: number): number => (seconds / report.options.total) * 1e6;
    return [
      row.side,
      text(row, 0, ({ perSecond }) => perSecond),
      base === undefined ? "–" : `${(median / base).toFixed(2)} ×`,
      text(row, 1, ({ p50Ms }) => p50Ms),
      text(row, 1, ({ p99Ms }) => p99Ms),
      text(row, 0, ({ serverCpuSeconds }) => perPut(serverCpuSeconds)),
      text(row, 0, ({ clientCpuSeconds }) => perPut(clientCpuSeconds)),
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
  ];
  return [
    `## ${clients} clients, ${rows[0]?.connections} connections`,
    "",
    ...[titles, titles.map(() => "---"), ...lines].map((cells) => `| ${cells.join(" | ")} |`),
  ].join("\n");
}

function text(row: ClusterRow, digits: number, read: (puts: Puts) => number): string {
  const { median, min, max } = spread(row, read);
  return `${median.toFixed(digits)} (${min.toFixed(digits)}–${max.toFixed(digits)})`;
}

function spread(
  { runs }: ClusterRow,
  read: (puts: Puts) => number,
): { median: number; min: number; max: number } {
  const values = runs.map(read).sort((a, b) => a - b);
  const middle = values.length / 2;
  const median = ((values[Math.ceil(middle) - 1] ?? 0) + (values[Math.floor(middle)] ?? 0)) / 2;
  return { median, min: values[0] ?? 0, max: values.at(-1) ?? 0 };
}
