/** All hunts of one run: mutants and twins are bundled once, and what is cheap comes first. */
import { loadRelease, TREE } from "../../../release/index.ts";
import type { RunResult } from "../../../sim/index.ts";
import { type Conditions, MUTANT, type PlantedBug } from "./bug-file.ts";
import { type Field, hunt, runSeed, type Start, Twins } from "./hunt.ts";
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

/** Seeds of a start after which others have their turn. */
const LIMITS: readonly number[] = [10, 40, 160, 640];

interface Job {
  readonly bug: PlantedBug;
  readonly start: number;
  readonly limit: number;
  readonly before: Start | undefined;
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
    const { budget, threads, known, signal } = options;
    const measure = { tree: this.workshop.twin.digest, simulator: simulatorDigest(), budget };
    const rows = new Map(this.bugs.map((bug) => [bug.id, rowOf(bug, measure, known)]));
    const busy = new Set<string>();
    const work = async (): Promise<void> => {
      for (let job = this.next(rows, busy, options); job && !signal.aborted; ) {
        busy.add(job.bug.id);
        await this.carryOut(job, rows, options);
        busy.delete(job.bug.id);
        job = this.next(rows, busy, options);
      }
    };
    await Promise.all(Array.from({ length: threads }, work));
    return [...rows.values()];
  }

  /** The one that costs least: what is quick to find is measured whole before the others are looked for longer. */
  private next(
    rows: ReadonlyMap<string, Row>,
    busy: ReadonlySet<string>,
    { starts, budget }: MeasureOptions,
  ): Job | undefined {
    const jobs = this.bugs
      .filter(({ id }) => !busy.has(id))
      .flatMap((bug) => jobOf(bug, rows.get(bug.id), { starts, budget }) ?? []);
    return jobs.sort((one, other) => one.limit - other.limit || one.start - other.start)[0];
  }

  private async carryOut(
    { bug, start, limit, before }: Job,
    rows: Map<string, Row>,
    { signal, onRow }: MeasureOptions,
  ): Promise<void> {
    const options = { oracles: bug.oracles, from: firstSeedOf(start), limit, before, signal };
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

/** The next piece of the first start that is not ended. */
function jobOf(
  bug: PlantedBug,
  row: Row | undefined,
  { starts, budget }: { readonly starts: number; readonly budget: number },
): Job | undefined {
  for (let start = 0; start < starts; start++) {
    const before = row?.starts.find(({ from }) => from === firstSeedOf(start));
    const seeds = before?.seeds ?? 0;
    if (before?.find || seeds >= budget) continue;
    const limit = Math.min(budget, LIMITS.find((each) => each > seeds) ?? budget);
    return { bug, start, limit, before };
  }
  return undefined;
}
