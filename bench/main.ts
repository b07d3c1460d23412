/** `npm run bench -- codecs [--rounds N] [--slice MS] [--only TEXT] [--json FILE] [--markdown FILE]` */
import { writeFileSync } from "node:fs";
import { Command, InvalidArgumentError } from "commander";
import { benchMarkdown } from "./codecs/report.ts";
import { benchCodecs } from "./codecs/run.ts";

interface Options {
  readonly rounds: number;
  readonly slice: number;
  readonly only?: string;
  readonly json?: string;
  readonly markdown?: string;
}

const program = new Command("bench").description("size and speed, beside what people use today");

program
  .command("codecs")
  .description("encode, decode and size of every reference message in every wire version")
  .option("--rounds <n>", "interleaved rounds", positive, 11)
  .option("--slice <ms>", "how long one codec runs in one round", positive, 4)
  .option("--only <text>", "only the cases with this text in their name")
  .option("--json <file>", "write the figures as JSON")
  .option("--markdown <file>", "write the tables there instead of to stdout")
  .action(async (options: Options) => {
    const report = await benchCodecs({
      rounds: options.rounds,
      sliceMs: options.slice,
      ...(options.only === undefined ? {} : { only: options.only }),
      onRow: (row) => process.stderr.write(`measured ${row.case}\n`),
    });
    if (options.json) writeFileSync(options.json, `${JSON.stringify(report, null, 1)}\n`);
    if (options.markdown) writeFileSync(options.markdown, benchMarkdown(report));
    else process.stdout.write(benchMarkdown(report));
  });

function positive(text: string): number {
  const value = Number(text);
  if (value > 0 && Number.isFinite(value)) return value;
  throw new InvalidArgumentError("a number above 0 is needed");
}

await program.parseAsync();
