/** `npm run bench -- codecs` or `-- cluster` or `-- checker`: see `--help` */
import { mkdirSync, writeFileSync } from "node:fs";
import { Command, InvalidArgumentError } from "commander";
import { checkerCommand } from "./checker/command.ts";
import { clusterCommand } from "./cluster/command.ts";
import { benchChart } from "./codecs/chart.ts";
import { benchMarkdown, driftOf } from "./codecs/markdown.ts";
import type { Row } from "./codecs/rows.ts";
import { type BenchReport, benchCodecs } from "./codecs/run.ts";

interface Options {
  readonly processes?: number;
  readonly rounds?: number;
  readonly slice?: number;
  readonly only: string;
  readonly row: Row[];
  readonly codec: string[];
  readonly quick?: true;
  readonly write?: true;
}

const RESULTS = "bench/results";
/** Enough to tell whether a change helps; not enough to publish. */
const QUICK = { processes: 2, rounds: 5, slice: 2, warmMs: 20 };
const WHOLE = { processes: 10, rounds: 7, slice: 3, warmMs: 20 };

const program = new Command("bench").description("size and speed, beside what people use today");

program.addCommand(checkerCommand).addCommand(clusterCommand);

program
  .command("codecs")
  .description("our codecs beside the usual ones on the reference messages")
  .option("--processes <n>", "measuring processes; one is one sample", positive)
  .option("--rounds <n>", "interleaved rounds in each process", positive)
  .option("--slice <ms>", "how long one codec runs in one round", positive)
  .option("--only <text>", "only the messages with this text in their name", "")
  .option("--row <name...>", "only these rows: owned, view, into, decode, chunk", [])
  .option("--codec <text...>", "only codecs with this text in their name (keep a peer)", [])
  .option("--quick", "2 processes, short slices, peers in their tuned way only")
  .option("--write", `write Markdown, JSON and a chart to ${RESULTS}`)
  .action(async (options: Options) => {
    const stop = new AbortController();
    for (const name of ["SIGINT", "SIGTERM"] as const) {
      process.once(name, () => {
        stop.abort();
        process.exitCode = 130;
      });
    }
    try {
      await bench(options, stop.signal);
    } catch (error) {
      if (!stop.signal.aborted) throw error;
    }
  });

async function bench(options: Options, signal: AbortSignal): Promise<void> {
  const base = options.quick ? QUICK : WHOLE;
  const processes = options.processes ?? base.processes;
  const report = await benchCodecs(
    {
      processes,
      rounds: options.rounds ?? base.rounds,
      sliceMs: options.slice ?? base.slice,
      warmMs: base.warmMs,
      only: options.only,
      rows: options.row,
      ways: options.quick ? ["tuned"] : ["tuned", "documented"],
      contenders: options.codec,
      onProcess: (done) => process.stderr.write(`process ${done} of ${processes}\n`),
    },
    signal,
  );
  for (const drift of driftOf(report)) process.stderr.write(`Not the reference corpus: ${drift}\n`);
  if (options.write) write(report);
  else process.stdout.write(benchMarkdown(report));
}

function write(report: BenchReport): void {
  mkdirSync(RESULTS, { recursive: true });
  writeFileSync(`${RESULTS}/codecs.json`, `${JSON.stringify(report, short, 1)}\n`);
  writeFileSync(`${RESULTS}/codecs.md`, benchMarkdown(report));
  writeFileSync(`${RESULTS}/codecs.svg`, benchChart(report));
}

/** Four digits are more than any of it is good to. */
function short(_key: string, value: unknown): unknown {
  return typeof value === "number" && !Number.isInteger(value) ? +value.toPrecision(4) : value;
}

function positive(text: string): number {
  const value = Number(text);
  if (value > 0 && Number.isFinite(value)) return value;
  throw new InvalidArgumentError("a number above 0 is needed");
}

await program.parseAsync();
