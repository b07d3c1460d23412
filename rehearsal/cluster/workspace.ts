/**
 * The temporary folder of a run and the processes in it. `close` removes both; should this process
 * end in any other way than a kill, the exit hook still does.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { NodeProcess } from "../../release/index.ts";

export class Workspace {
  readonly folder: string;
  readonly #processes = new Set<NodeProcess>();
  readonly #onExit = (): void => this.#closeNow();

  constructor() {
    this.folder = mkdtempSync(join(tmpdir(), "wirespan-rehearsal-"));
    process.once("exit", this.#onExit);
  }

  spawn(bundle: string, configurationFile: string): NodeProcess {
    const child = new NodeProcess(bundle, configurationFile);
    this.#processes.add(child);
    void child.exited.then(() => this.#processes.delete(child));
    return child;
  }

  async close(): Promise<void> {
    const left = [...this.#processes];
    for (const child of left) child.kill("SIGKILL", "the end of the run");
    await Promise.all(left.map(({ exited }) => exited));
    process.removeListener("exit", this.#onExit);
    this.#closeNow();
  }

  #closeNow(): void {
    for (const child of this.#processes) child.kill("SIGKILL", "the end of the run");
    rmSync(this.folder, { recursive: true, force: true });
  }
}
