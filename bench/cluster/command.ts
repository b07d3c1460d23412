/** `npm run bench -- cluster` */
import { mkdirSync, writeFileSync } from "node:fs";
import { Command, InvalidArgumentError } from "commander";
import { clusterMarkdown } from "./markdown.ts";
import { benchCluster, EXTRA_SIDES } from "./run.ts";

interface Options {
  readonly runs: number;
  readonly clients: number[];
  readonly connections: number;
  readonly total: number;
  readonly warm: number;
  readonly clientProcesses: number;
  readonly side: string[];
  readonly nodeFlag: string[];
  readonly write?: true;
}

const RESULTS = "bench/results";
const DEFAULT_CLIENTS = [64, 256];

export const clusterCommand: Command = new Command("cluster")
  .description("puts per second of three nodes beside etcd; about 7 minutes on a quiet machine")
  .option("--runs <n>", "interleaved rounds", count, 3)
  .option("--clients <n...>", "numbers of clients", counts, DEFAULT_CLIENTS)
  .option("--connections <n>", "connections of all clients; 0: one each", count, 24)
  .option("--total <n>", "puts in one run", count, 20_000)
  .option("--warm <n>", "puts before, not counted", count, 20_000)
  .option("--client-processes <n>", "processes that our clients share", count, 1)
  .option("--side <name...>", `only these; also ${EXTRA_SIDES.join(", ")}`, [])
  .option("--node-flag <flag...>", "for our processes, such as --cpu-prof", [])
  .option("--write", `write Markdown and JSON to ${RESULTS}`)
  .action(async (options: Options) => {
    const report = await benchCluster({
      runs: options.runs,
      clients: options.clients,
      connections: options.connections,
      total: options.total,
      warm: options.warm,
      clientProcesses: options.clientProcesses,
      sides: options.side,
      flags: options.nodeFlag,
      tell: (line) => process.stderr.write(`${line}\n`),
    });
    const markdown = clusterMarkdown(report);
    if (!options.write) return void process.stdout.write(markdown);
    mkdirSync(RESULTS, { recursive: true });
    writeFileSync(`${RESULTS}/cluster.md`, markdown);
    writeFileSync(`${RESULTS}/cluster.json`, `${JSON.stringify(report, null, 1)}\n`);
  });

function count(text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw new InvalidArgumentError("a whole number is needed");
}

function counts(text: string, before: number[]): number[] {
  // The default is the first `before`, and it counts only when nothing is asked for.
  return before === DEFAULT_CLIENTS ? [count(text)] : [...before, count(text)];
}
