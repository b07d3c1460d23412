/** The command line: one file per command, loaded only when it is asked for. */
import { Command, CommanderError } from "commander";
import { EXIT } from "./exit.ts";

/** Each file exports `register(program)`, which adds one command. */
const COMMANDS: readonly (() => Promise<{ register(program: Command): void }>)[] = [
  () => import("./commands/prove.ts"),
  () => import("./commands/freeze.ts"),
  () => import("./commands/matrix.ts"),
  () => import("./commands/codec-host.ts"),
  () => import("./commands/inspect.ts"),
  () => import("./commands/generate.ts"),
  () => import("./commands/node.ts"),
  () => import("./commands/rehearse.ts"),
  () => import("./commands/simulate.ts"),
];

export async function run(argv: readonly string[]): Promise<void> {
  const program = new Command("wirespan")
    .description(
      "Change the wire format of a replicated log without downtime, and prove it before you ship",
    )
    .showHelpAfterError("(run with --help for usage)")
    .exitOverride();
  for (const load of COMMANDS) (await load()).register(program);
  try {
    await program.parseAsync(argv);
  } catch (error) {
    process.exitCode = exitCodeOf(error);
  }
}

/** Commander has already printed its own message; anything else is ours to say. */
function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.fine : EXIT.usage;
  process.stderr.write(`wirespan: ${error instanceof Error ? error.message : String(error)}\n`);
  return EXIT.couldNotRun;
}
