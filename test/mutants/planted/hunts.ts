/** All hunts of one run: mutants and twins are bundled once, the first start of every bug comes before the second of any. */
import { loadRelease, TREE } from "../../../release/index.ts";
import type { RunResult } from "../../../sim/index.ts";
import { type Conditions, MUTANT, type PlantedBug } from "./bug-file.ts";
import { type Field, hunt, runSeed, Twins } from "./hunt.ts";
import { firstSeedOf, type Row, rowOf, withStart } from "./results.ts";
import { type Subject, simulatorDigest, Workshop } from "./workshop.ts";

export interface MeasureOptions {
  readonly starts: number;
  readonly budget: number;
  /** Hunts at a time. */
  readonly threads: number;
  readonly signal: AbortSignal;
  /** Rows of earlier runs. */
  readonly known: readonly Row[];
  /** After each start. */
  readonly onRow: (row: Row) => void;
}

interface Job {
  readonly bug: PlantedBug;
  readonly start: number;
}

export class Hunts {
  private readonly bugs: readonly PlantedBug[];
  private readonly workshop: Workshop;
  private readonly frozen: ReadonlyMap<string, Subject>;
  private readonly mutants: Map<string, Subject> = new Map();
  private readonly twins: Map<string, Twins> = new Map();

  private constructor(
    bugs: readonly PlantedBug[],
    workshop: Workshop,
    frozen: ReadonlyMap<string, Subject>,
  ) {
    this.bugs = bugs;
    this.workshop = workshop;
    this.frozen = frozen;
  }

  static async open(bugs: readonly PlantedBug[]): Promise<Hunts> {
    const names = new Set(bugs.flatMap(({ conditions }) => conditions.releases));
    const frozen = new Map<string, Subject>();
    for (const name of names) {
      if (name === MUTANT || name === TREE) continue;
      const { digest, range, writes, directory } = await loadRelease(name);
      frozen.set(name, { name, digest, range, writes: writes.after, directory });
    }
    return new Hunts(bugs, await Workshop.open(), frozen);
  }

  close(): void {
    this.workshop.close();
  }

  async run(id: string, seed: number, signal: AbortSignal): Promise<RunResult | undefined> {
    const bug = this.bugs.find((each) => each.id === id);
    return bug && (await runSeed(await this.fieldOf(bug), seed, signal));
  }

  async measure(options: MeasureOptions): Promise<readonly Row[]> {
    const { starts, budget, threads, known } = options;
    const measure = { tree: this.workshop.twin.digest, simulator: simulatorDigest(), budget };
    const rows = new Map(this.bugs.map((bug) => [bug.id, rowOf(bug, measure, known)]));
    const jobs = Array.from({ length: starts }, (_, start) =>
      this.bugs.map((bug): Job => ({ bug, start })),
    )
      .flat()
      .filter(({ bug, start }) => !isMeasured(rows.get(bug.id), start));
    const work = async (): Promise<void> => {
      for (let job = jobs.shift(); job && !options.signal.aborted; job = jobs.shift())
        await this.carryOut(job, rows, options);
    };
    await Promise.all(Array.from({ length: threads }, work));
    return [...rows.values()];
  }

  private async carryOut(
    { bug, start }: Job,
    rows: Map<string, Row>,
    { budget, signal, onRow }: MeasureOptions,
  ): Promise<void> {
    const { oracles } = bug;
    const options = { oracles, from: firstSeedOf(start), budget, signal };
    const result = await hunt(await this.fieldOf(bug), this.twinsOf(bug.conditions), options);
    const row = withStart(rows.get(bug.id) as Row, result);
    rows.set(bug.id, row);
    onRow(row);
  }

  private async fieldOf(bug: PlantedBug): Promise<Field> {
    const known = this.mutants.get(bug.id);
    const mutant = known ?? (await this.workshop.plant(bug));
    this.mutants.set(bug.id, mutant);
    return this.field(bug.conditions, mutant);
  }

  private twinsOf(conditions: Conditions): Twins {
    const name = JSON.stringify(conditions);
    const twins = this.twins.get(name) ?? new Twins(this.field(conditions, this.workshop.twin));
    this.twins.set(name, twins);
    return twins;
  }

  private field({ releases, ...conditions }: Conditions, mutant: Subject): Field {
    const sources = releases.map((name) => {
      const subject =
        name === MUTANT ? mutant : name === TREE ? this.workshop.twin : this.frozen.get(name);
      if (!subject) throw new RangeError(`Cannot run release "${name}": it was not loaded`);
      return subject;
    });
    return { sources, ...conditions };
  }
}

function isMeasured(row: Row | undefined, start: number): boolean {
  return row?.starts.some(({ from, isCut }) => from === firstSeedOf(start) && !isCut) === true;
}
