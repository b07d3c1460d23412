#!/usr/bin/env node
/**
 * Entry of the `wirespan` command. It imports nothing before the version check, because an older
 * Node would die on the syntax of what comes after with a stack trace instead of a sentence.
 */
const NODE_NEEDED = [22, 12] as const;

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < NODE_NEEDED[0] || (major === NODE_NEEDED[0] && minor < NODE_NEEDED[1])) {
  process.stderr.write(
    `wirespan: Cannot run on Node ${process.versions.node}: Node ${NODE_NEEDED.join(".")} or later is needed\n`,
  );
  process.exitCode = 1;
} else {
  const { run } = await import("./program.ts");
  await run(process.argv);
}
