/** What must be undone however the run ends, Ctrl-C and SIGTERM included: threads, processes, folders. */
export class Cleanup {
  readonly #tasks: (() => void | Promise<void>)[] = [];
  #ending: Promise<void> | undefined;
  /** Stays in place until all is undone: a second Ctrl-C must not leave half of it behind. */
  readonly #onSignal = (): void => {
    void this.run().then(() => process.exit(INTERRUPTED));
  };

  constructor() {
    for (const signal of SIGNALS) process.on(signal, this.#onSignal);
  }

  add(task: () => void | Promise<void>): void {
    this.#tasks.push(task);
  }

  /** Last come, first undone; each once. Whoever asks again waits for the same end. */
  run(): Promise<void> {
    this.#ending ??= this.#undoAll();
    return this.#ending;
  }

  async #undoAll(): Promise<void> {
    for (let task = this.#tasks.pop(); task; task = this.#tasks.pop()) await task();
    for (const signal of SIGNALS) process.off(signal, this.#onSignal);
  }
}

const SIGNALS = ["SIGINT", "SIGTERM"] as const;
/** What a shell reports of a command that ended by SIGINT. */
const INTERRUPTED = 130;
