/**
 * A node as a process: signals, exit codes and the last line. Nothing that goes wrong ends without
 * a line of JSON that says what, and no error escapes: an unexpected one ends the process as well,
 * because a node that does not know its state must not vote.
 */
import { RELEASE } from "../wire/index.ts";
import type { NodeConfiguration } from "./configuration.ts";
import { loadConfiguration } from "./configuration.ts";
import { type LogFields, logLine, makeLog } from "./log-line.ts";
import { type NodeAddresses, RunningNode } from "./node.ts";
import { StartRefused } from "./refusal.ts";

/** Exit codes of a node, the same in every release. */
const NODE_EXIT = { stopped: 0, refused: 1, usage: 2, halted: 70 } as const;

const STOP_TIMEOUT_MS = 5_000;
const USAGE = "usage: node.mjs --config FILE\n";

/** Entry of the bundle: `--config FILE` and nothing else. */
export async function runNodeCommand(args: readonly string[]): Promise<void> {
  const [option, file, ...more] = args;
  if (option === "--config" && file !== undefined && more.length === 0) return await runNode(file);
  process.stderr.write(USAGE);
  process.exitCode = NODE_EXIT.usage;
}

/** Runs a node until it is asked to stop; the process ends with it. */
export async function runNode(configurationFile: string): Promise<void> {
  // Whoever reads our lines may be gone before us, and that is no reason to stop.
  process.stdout.on("error", () => {});
  process.stderr.on("error", () => {});
  process.on("uncaughtException", (error) => end(NODE_EXIT.halted, describe(error)));
  try {
    await serve(loadConfiguration(configurationFile));
  } catch (error) {
    if (!(error instanceof StartRefused)) throw error;
    end(NODE_EXIT.refused, { code: error.code, message: error.message });
  }
}

async function serve(configuration: NodeConfiguration): Promise<void> {
  const { nodeId } = configuration;
  const log = makeLog({
    write: (line) => void process.stderr.write(line),
    nowMs: () => performance.now(),
    always: { node: nodeId },
  });
  const { node, addresses } = await RunningNode.start(configuration, {
    log,
    onHalt: ({ code, message }) => end(NODE_EXIT.halted, { code, message, node: nodeId }),
    onStopRequest: () => stop("admin"),
  });
  process.on("exit", () => node.releaseLock());

  let isStopping = false;
  const stop = (asked: string): void => {
    // Asked twice means: now.
    if (isStopping)
      end(NODE_EXIT.halted, {
        code: "stop_forced",
        message: `Stopped at once: ${asked} came again`,
      });
    isStopping = true;
    log("info", "Stopping", { asked });
    setTimeout(() => end(NODE_EXIT.halted, STOP_TIMED_OUT), STOP_TIMEOUT_MS).unref();
    void node.stop().then(() => process.exit(NODE_EXIT.stopped));
  };
  process.on("SIGTERM", () => stop("SIGTERM"));
  process.on("SIGINT", () => stop("SIGINT"));
  log("info", "Serving", { release: RELEASE, ...addresses });
  process.stdout.write(readyLine(nodeId, addresses));
}

const STOP_TIMED_OUT = {
  code: "stop_timed_out",
  message: `Cannot stop in order: not done within ${STOP_TIMEOUT_MS} ms`,
};

function readyLine(nodeId: number, addresses: NodeAddresses): string {
  return `${JSON.stringify({ event: "ready", nodeId, release: RELEASE, ...addresses, pid: process.pid })}\n`;
}

function describe(error: unknown): LogFields & { code: string; message: string } {
  if (!(error instanceof Error)) return { code: "unexpected_error", message: String(error) };
  const code = error.name === "AssertionError" ? "broken_invariant" : "unexpected_error";
  return { code, message: `${error.name}: ${error.message}`, stack: error.stack ?? "" };
}

function end(exitCode: number, reason: LogFields & { readonly message: string }): never {
  process.stderr.write(logLine("error", reason.message, reason));
  process.exit(exitCode);
}
