/** `wirespan freeze <name>`: keeps the present release for ever. */
import type { Command } from "commander";
import { freeze } from "../../release/index.ts";

interface Options {
  readonly into?: string;
}

export function register(program: Command): void {
  program
    .command("freeze")
    .description(
      "keep the present release for ever: bundles, schemas, golden bytes, data directories",
    )
    .argument("<name>", "such as r5, r5.1 or 2026.11")
    .option("--into <dir>", "freeze elsewhere, for a trial (default: fixtures/releases)")
    .action(async (name: string, { into }: Options) => {
      const onStep = (step: string): void => void process.stderr.write(`freeze ${name}: ${step}\n`);
      const frozen = await freeze({ name, onStep, ...(into === undefined ? {} : { into }) });
      process.stdout.write(
        `${frozen.directory}: ${frozen.files} files, ${frozen.goldenCases} golden cases, digest ${frozen.digest.slice(0, 16)}\n`,
      );
    });
}
