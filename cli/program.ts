/** The command line: one file per command, loaded only when it is asked for. */
import { Command, CommanderError } from "commander";
import { EXIT } from "./exit.ts";
import { versionLine } from "./version.ts";

/** Each file exports `register(program)`, which adds the command that it is named after. */
const COMMANDS: Readonly<Record<string, () => Promise<{ register(program: Command): void }>>> = {
  prove: () => import("./commands/prove.ts"),
  freeze: () => import("./commands/freeze.ts"),
  matrix: () => import("./commands/matrix.ts"),
  "codec-host": () => import("./commands/codec-host.ts"),
  inspect: () => import("./commands/inspect.ts"),
  generate: () => import("./commands/generate.ts"),
  node: () => import("./commands/node.ts"),
  rehearse: () => import("./commands/rehearse.ts"),
  simulate: () => import("./commands/simulate.ts"),
};
const ASKS_VERSION = ["-V", "--version"];

export async function run(argv: readonly string[]): Promise<void> {
  // Whoever reads may have seen enough, as `head` has; the verdict is still in the exit code.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
  const program = new Command("wirespan")
    .description(
      "Change the wire format of a replicated log without downtime, and prove it before you ship",
    )
    .showHelpAfterError("(run with --help for usage)")
    .exitOverride();
  const [, , first = ""] = argv;
  const asksVersion = ASKS_VERSION.includes(first);
  program.version(
    asksVersion ? versionLine() : "",
    ASKS_VERSION.join(", "),
    "name, version and commit",
  );
  for (const load of asksVersion ? [] : commandsFor(first)) (await load()).register(program);
  try {
    await program.parseAsync(argv);
  } catch (error) {
    process.exitCode = exitCodeOf(error);
  }
}

/** The one that is named; all of them when help is asked for, or for a word that is none. */
function commandsFor(
  first: string,
): readonly (() => Promise<{ register(program: Command): void }>)[] {
  const named = Object.hasOwn(COMMANDS, first) ? COMMANDS[first] : undefined;
  return named ? [named] : Object.values(COMMANDS);
}

/** Commander has already printed its own message; anything else is ours to say. */
function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.fine : EXIT.usage;
  process.stderr.write(`wirespan: ${error instanceof Error ? error.message : String(error)}\n`);
  return EXIT.couldNotRun;
}
