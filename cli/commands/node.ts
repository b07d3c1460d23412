/** `wirespan node --config <file>`: runs one node of the working tree, as `node.mjs` does of a release. */
import type { Command } from "commander";
import { runNode } from "../../raft/server/index.ts";

export function register(program: Command): void {
  program
    .command("node")
    .description("run one node of the reference cluster until it is stopped")
    .requiredOption("--config <file>", "its configuration, a JSON file (docs/reference/node.md)")
    .action(async ({ config }: { config: string }) => await runNode(config));
}
