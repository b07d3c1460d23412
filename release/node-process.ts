/**
 * A node of any release, or of the tree, as a child process: the one way to start one. It is known by its command line, its ready line and
 * its exit code alone. Every end of the process is told, with the reason of whoever ordered it; an
 * end that nobody ordered is a finding.
 */
import { type ChildProcess, spawn } from "node:child_process";

export interface NodeExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Undefined: nobody ordered it. */
  readonly orderedBy: string | undefined;
  /** The last line of stderr, which says why when the node refused. */
  readonly lastLine: string;
}

/**
 * Loaded into the child before the node: when this process dies, even by SIGKILL, the pipe breaks
 * and the child ends too. The bundle itself stays as it was frozen.
 */
const DIE_WITH_PARENT = `data:text/javascript,${encodeURIComponent(
  'process.stdin.on("close",()=>process.kill(process.pid,"SIGKILL")).on("error",()=>{}).resume();process.stdin.unref?.()',
)}`;
const STDERR_KEPT = 16_384;

export class NodeProcess {
  readonly exited: Promise<NodeExit>;
  /** True when the node serves, false when it ended instead. */
  readonly ready: Promise<boolean>;
  readonly #child: ChildProcess;
  #orderedBy: string | undefined;
  #stderr = "";

  constructor(bundle: string, configurationFile: string) {
    const flags = ["--import", DIE_WITH_PARENT, bundle, "--config", configurationFile];
    this.#child = spawn(process.execPath, flags, { stdio: ["pipe", "pipe", "pipe"] });
    this.#child.stdin?.on("error", () => {});
    this.#child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-STDERR_KEPT);
    });
    this.exited = new Promise((settle) => {
      this.#child.once("error", (error) => {
        this.#stderr += `\n${error.message}`;
        settle(this.#exit(null, null));
      });
      this.#child.once("close", (code, signal) => settle(this.#exit(code, signal)));
    });
    this.ready = Promise.race([this.#readyLine(), this.exited.then(() => false)]);
  }

  get id(): number | undefined {
    return this.#child.pid;
  }

  kill(signal: NodeJS.Signals, orderedBy: string): void {
    this.#orderedBy ??= orderedBy;
    this.#child.kill(signal);
  }

  get stderr(): string {
    return this.#stderr;
  }

  #readyLine(): Promise<boolean> {
    return new Promise((settle) => {
      let seen = "";
      this.#child.stdout?.setEncoding("utf8").on("data", (text: string) => {
        seen = `${seen}${text}`.slice(-STDERR_KEPT);
        if (seen.split("\n").some(isReadyLine)) settle(true);
      });
    });
  }

  #exit(code: number | null, signal: NodeJS.Signals | null): NodeExit {
    const lastLine = this.#stderr.trimEnd().split("\n").at(-1) ?? "";
    return { code, signal, orderedBy: this.#orderedBy, lastLine };
  }
}

function isReadyLine(line: string): boolean {
  try {
    return (JSON.parse(line) as { event?: unknown } | null)?.event === "ready";
  } catch {
    return false;
  }
}
