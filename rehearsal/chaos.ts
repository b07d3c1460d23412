/**
 * SIGKILL for a random node, again and again, whatever the plan is doing. One node at a time is
 * down by this hand; together with a node that the plan has stopped that can be a majority, which
 * must cost time and nothing else.
 */
import { Chance } from "../base/index.ts";
import type { Cluster } from "./cluster/cluster.ts";
import type { Evidence } from "./evidence.ts";

export class Chaos {
  readonly #cluster: Cluster;
  readonly #evidence: Evidence;
  readonly #everyMs: number;
  readonly #chance: Chance;
  #isClosed = false;
  #wake: () => void = () => {};
  #running: Promise<void> = Promise.resolve();

  constructor(
    cluster: Cluster,
    evidence: Evidence,
    options: { readonly everyMs: number; readonly seed: number },
  ) {
    this.#cluster = cluster;
    this.#evidence = evidence;
    this.#everyMs = options.everyMs;
    this.#chance = new Chance(options.seed);
  }

  open(): void {
    this.#running = this.#loop();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#wake();
    await this.#running;
  }

  async #loop(): Promise<void> {
    for (;;) {
      // Between half and one and a half of the time, so that the kills drift through the steps.
      await this.#sleep(this.#everyMs * (0.5 + this.#chance.below(1000) / 1000));
      if (this.#isClosed) return;
      const [first, ...others] = this.#cluster.running;
      if (first === undefined) continue;
      const node = this.#chance.pick([first, ...others]);
      try {
        if (await this.#cluster.killAndRestart(node)) this.#evidence.randomKills++;
      } catch (error) {
        this.#evidence.find("processes", `after a random kill: ${(error as Error).message}`);
      }
    }
  }

  async #sleep(ms: number): Promise<void> {
    await new Promise<void>((wake) => {
      const timer = setTimeout(wake, ms);
      this.#wake = () => {
        clearTimeout(timer);
        wake();
      };
    });
  }
}
