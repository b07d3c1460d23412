/** Progress on stderr: one line that is rewritten on a terminal, one line per finished part elsewhere. */
import type { CellCounts, CellKind } from "../../compat-matrix/index.ts";

const REWRITE_EVERY_MS = 80;

export class Progress {
  readonly #isTerminal: boolean;
  readonly #write: (text: string) => void;
  #shownAt = 0;
  #kind: CellKind | undefined;
  #line = "";

  constructor(isQuiet: boolean) {
    this.#isTerminal = process.stderr.isTTY === true;
    this.#write = isQuiet ? () => {} : (text) => void process.stderr.write(text);
  }

  step(text: string): void {
    this.#finishPart();
    if (this.#isTerminal) this.#rewrite(`matrix: ${text}`);
    else this.#write(`matrix: ${text}\n`);
  }

  cells(kind: CellKind, counts: CellCounts): void {
    if (kind !== this.#kind) this.#finishPart();
    this.#kind = kind;
    this.#line = `matrix: ${kind} cells, ${counts.cells} in all, ${counts.broken} broken`;
    if (this.#isTerminal && Date.now() - this.#shownAt >= REWRITE_EVERY_MS)
      this.#rewrite(this.#line);
  }

  starts(done: number, total: number): void {
    this.#finishPart();
    this.#line = `matrix: nodes on data directories, ${done} of ${total}`;
    if (this.#isTerminal) this.#rewrite(this.#line);
    else if (done === total) this.#write(`${this.#line}\n`);
  }

  end(): void {
    this.#finishPart();
    if (this.#isTerminal) this.#write("\r\u001b[K");
  }

  #finishPart(): void {
    if (!this.#isTerminal && this.#kind !== undefined) this.#write(`${this.#line}\n`);
    this.#kind = undefined;
  }

  #rewrite(line: string): void {
    this.#shownAt = Date.now();
    this.#write(`\r\u001b[K${line}`);
  }
}
