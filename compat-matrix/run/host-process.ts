/**
 * A codec host as a child process. It gets calls on stdin and answers in their order on stdout. When
 * it dies, hangs or says what makes no sense, the oldest open call is the one that it broke on: that
 * one fails, the process is replaced, and the other open calls are asked again of the new one.
 */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import {
  asCrash,
  type Call,
  HOST_PROTOCOL,
  HostCrash,
  HostFrameReader,
  parseBody,
  type Reply,
  readReply,
  type SendCall,
  sendPlain,
  writeHostFrame,
} from "../index.ts";

export interface HostCommand {
  /** How it is named in the matrix. */
  readonly name: string;
  /** Program and arguments; no shell is involved. */
  readonly command: readonly string[];
  readonly folder?: string;
}

export interface HostPatience {
  readonly replyMs: number;
  /** For the first hello: a program may have to load much. */
  readonly startMs: number;
  /** So often is the process replaced; then all calls fail. */
  readonly restartsMax: number;
}

export const PATIENCE: HostPatience = { replyMs: 5000, startMs: 15_000, restartsMax: 5 };

/** Calls sent before their replies are in. Few enough that little is asked again after a crash. */
const OPEN_MAX = 32;
const FAREWELL_MS = 500;
const LOG_KEPT = 4096;
const LOG_SHOWN = 300;

interface Waiting {
  readonly call: Call;
  readonly settle: (reply: Reply) => void;
  readonly fail: (crash: HostCrash) => void;
}

export class HostProcess {
  readonly #command: HostCommand;
  readonly #patience: HostPatience;
  #child: ChildProcessWithoutNullStreams | undefined;
  #lastId = 0;
  /** Sent, with their ids, oldest first. */
  #open: (Waiting & { readonly id: number })[] = [];
  #queue: Waiting[] = [];
  #deadline: NodeJS.Timeout | undefined;
  #crashes = 0;
  #isReady = false;
  /** Why nothing more is asked. */
  #end: string | undefined;
  /** How it broke while no call was open; the next call is told. */
  #complaint: string | undefined;
  #log = "";

  constructor(command: HostCommand, patience: HostPatience = PATIENCE) {
    this.#command = command;
    this.#patience = patience;
  }

  readonly send: SendCall = (call) =>
    new Promise((settle, fail) => {
      this.#queue.push({ call, settle, fail });
      this.#proceed();
    });

  /** Says bye to an idle process and waits a little, then kills it with everything it started. */
  async close(): Promise<void> {
    const child = this.#child;
    if (child && this.#isReady && this.#open.length === 0) {
      const farewell = sendPlain(this.send, "bye").catch(() => {});
      await Promise.race([farewell, pause(FAREWELL_MS)]);
      this.#end ??= "was closed";
      child.stdin.end();
      if (this.#child === child) await Promise.race([exitOf(child), pause(FAREWELL_MS)]);
    }
    this.#giveUp("was closed");
  }

  #proceed(): void {
    if (this.#end !== undefined) return this.#failAll(this.#end);
    if (this.#queue.length === 0) return;
    if (this.#complaint !== undefined) {
      this.#queue.shift()?.fail(new HostCrash(this.#complaint));
      this.#complaint = undefined;
      return this.#proceed();
    }
    if (this.#child === undefined) this.#start();
    while (this.#isReady && this.#queue.length > 0 && this.#open.length < OPEN_MAX) {
      const next = this.#queue.shift();
      if (next) this.#write(next);
    }
  }

  #write(waiting: Waiting): void {
    const id = ++this.#lastId;
    this.#open.push({ ...waiting, id });
    if (this.#open.length === 1) this.#watch();
    this.#child?.stdin.write(writeHostFrame({ id, ...waiting.call }));
  }

  /** The clock runs for the oldest open call only: the host answers in order. */
  #watch(): void {
    clearTimeout(this.#deadline);
    const [oldest] = this.#open;
    if (oldest === undefined) return;
    const ms = this.#isReady ? this.#patience.replyMs : this.#patience.startMs;
    const text = `gave no answer to ${oldest.call.ask} within ${ms} ms`;
    const child = this.#child;
    this.#deadline = setTimeout(() => this.#crash(child, text), ms);
  }

  #start(): void {
    const { command, folder } = this.#command;
    const [program = "", ...args] = command;
    this.#log = "";
    const child = spawn(program, args, {
      stdio: "pipe",
      // A group of its own, so that what it starts ends with it.
      detached: process.platform !== "win32",
      ...(folder !== undefined && { cwd: folder }),
    });
    this.#child = child;
    this.#listen(child);
    const hello: Call = { ask: "hello", protocol: HOST_PROTOCOL };
    const settle = (reply: Reply): void => {
      if ("error" in reply) {
        return this.#giveUp(`refused the hello: ${reply.error.code}: ${reply.error.message}`);
      }
      this.#isReady = true;
      this.#proceed();
    };
    this.#write({ call: hello, settle, fail: () => {} });
  }

  #listen(child: ChildProcessWithoutNullStreams): void {
    const reader = new HostFrameReader();
    const killIt = (): void => kill(child);
    process.once("exit", killIt);
    child.on("error", (error) => this.#crash(child, `cannot be started: ${error.message}`));
    child.on("close", (code, signal) => {
      process.off("exit", killIt);
      const how = signal === null ? `ended with code ${code}` : `was ended by ${signal}`;
      this.#crash(child, how + this.#lastWords());
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      this.#log = (this.#log + text).slice(-LOG_KEPT);
    });
    // What cannot be written is told by the end of the process.
    child.stdin.on("error", () => {});
    child.stdout.on("data", (chunk: Uint8Array) => {
      try {
        for (const body of reader.push(chunk)) if (this.#child === child) this.#receive(body);
      } catch (error) {
        this.#crash(child, asCrash(error).message);
      }
    });
  }

  #receive(body: Uint8Array): void {
    const [oldest] = this.#open;
    if (oldest === undefined) throw new HostCrash("answered although nothing was asked");
    const reply = readReply(parseBody(body), oldest.id, oldest.call);
    this.#open.shift();
    this.#watch();
    oldest.settle(reply);
    this.#proceed();
  }

  #crash(child: ChildProcessWithoutNullStreams | undefined, text: string): void {
    if (child === undefined || child !== this.#child) return;
    const wasReady = this.#isReady;
    this.#stop();
    const [culprit, ...others] = this.#open;
    this.#open = [];
    if (!wasReady) return this.#giveUp(text);
    if (culprit) culprit.fail(new HostCrash(text));
    else this.#complaint = text;
    this.#queue = [...others, ...this.#queue];
    this.#crashes++;
    if (this.#crashes > this.#patience.restartsMax) {
      return this.#giveUp(
        `was given up after ${this.#crashes} crashes, the last of which: it ${text}`,
      );
    }
    this.#proceed();
  }

  /** Forgets the present process and ends it. */
  #stop(): void {
    clearTimeout(this.#deadline);
    const child = this.#child;
    this.#child = undefined;
    this.#isReady = false;
    if (child) kill(child);
  }

  #giveUp(why: string): void {
    this.#end ??= why;
    this.#stop();
    this.#failAll(this.#end);
  }

  #failAll(why: string): void {
    const waiting = [...this.#open, ...this.#queue];
    this.#open = [];
    this.#queue = [];
    for (const { fail } of waiting) fail(new HostCrash(why));
  }

  #lastWords(): string {
    const line = this.#log.trimEnd().split("\n").at(-1) ?? "";
    return line === "" ? "" : ` (its last line on stderr: ${line.slice(0, LOG_SHOWN)})`;
  }
}

/** The process and all of its group. Only what we started has this group. */
function kill(child: ChildProcessWithoutNullStreams): void {
  const { pid } = child;
  if (pid === undefined) return;
  try {
    if (process.platform === "win32") child.kill("SIGKILL");
    else process.kill(-pid, "SIGKILL");
  } catch {
    // Nobody of the group is left.
  }
}

function exitOf(child: ChildProcessWithoutNullStreams): Promise<unknown> {
  return new Promise((settle) => child.once("close", settle));
}

/** Does not keep our process alive: what is waited for does. */
function pause(ms: number): Promise<void> {
  return new Promise((wake) => setTimeout(wake, ms).unref());
}
