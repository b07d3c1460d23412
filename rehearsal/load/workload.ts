/**
 * What one client does next. Few shared keys, so that clients really meet; every written value is
 * unique and none begins another, so that a read tells which writes it saw; puts keep shared values
 * short. The client's own key is only ever appended to, and judged without any search.
 */
import { Chance } from "../../base/index.ts";
import type { KeyValueInput, KeyValueOutput } from "../../sim/checkers/index.ts";

export interface WorkloadOptions {
  /** Unique among all clients of the run; the first part of every value. */
  readonly name: string;
  readonly ownKey: string;
  readonly sharedKeys: number;
  readonly seed: number;
}

type Kind = KeyValueInput["kind"] | "appendOwn";

/** Out of 100 calls. */
const MIX: Readonly<Record<Kind, number>> = {
  get: 35,
  put: 18,
  append: 14,
  appendOwn: 20,
  compareAndSwap: 10,
  delete: 3,
};

export class Workload {
  readonly #options: WorkloadOptions;
  readonly #chance: Chance;
  /** Last value of each key that this client knows of: what a compareAndSwap expects. */
  readonly #known = new Map<string, string | null>();
  #written = 0;

  constructor(options: WorkloadOptions) {
    this.#options = options;
    this.#chance = new Chance(options.seed);
  }

  next(): KeyValueInput {
    const kind = this.#kind();
    if (kind === "appendOwn")
      return { key: this.#options.ownKey, kind: "append", value: this.#value() };
    const key = `shared/${this.#chance.below(this.#options.sharedKeys)}`;
    switch (kind) {
      case "get":
      case "delete":
        return { key, kind };
      case "put":
      case "append":
        return { key, kind, value: this.#value() };
      case "compareAndSwap":
        return { key, kind, expected: this.#known.get(key) ?? null, value: this.#value() };
    }
  }

  onOutcome(input: KeyValueInput, output: KeyValueOutput): void {
    if (input.kind === "get") this.#known.set(input.key, output.value ?? null);
    if (input.kind === "put" || output.swapped)
      this.#known.set(input.key, "value" in input ? input.value : null);
    if (input.kind === "delete") this.#known.set(input.key, null);
  }

  #kind(): Kind {
    let lot = this.#chance.below(100);
    for (const [kind, share] of Object.entries(MIX)) {
      if (lot < share) return kind as Kind;
      lot -= share;
    }
    return "get";
  }

  #value(): string {
    return `${this.#options.name}.${this.#written++};`;
  }
}
