/**
 * The one order of release names (law 13): `r1 < r2-rc1 < r2 < r2.1 < r10 < tree`. Labels are never
 * compared as text anywhere else.
 */

/** The working tree takes part everywhere as a release of this name; it is newer than all others. */
export const TREE = "tree";

const NAME = /^([a-z]*)(\d+(?:\.\d+)*)(?:-([a-z]+)(\d*))?$/;

interface Parts {
  readonly prefix: string;
  readonly numbers: readonly number[];
  /** A pre-release comes before the release it leads to. */
  readonly stage: string | undefined;
  readonly stageNumber: number;
}

export function isReleaseName(name: string): boolean {
  return name !== TREE && NAME.test(name);
}

export function compareReleases(left: string, right: string): number {
  if (left === right) return 0;
  if (left === TREE) return 1;
  if (right === TREE) return -1;
  const a = partsOf(left);
  const b = partsOf(right);
  return (
    compareText(a.prefix, b.prefix) || compareNumbers(a.numbers, b.numbers) || compareStages(a, b)
  );
}

/** Patch releases take the place of what they mend: `r2` is withdrawn when there is `r2.1`; the last one is told. */
export function withdrawnBy(names: readonly string[]): ReadonlyMap<string, string> {
  const withdrawn = new Map<string, string>();
  for (const patch of [...names].sort(compareReleases)) {
    const { prefix, numbers, stage } = partsOf(patch);
    if (stage !== undefined || numbers.length < 2) continue;
    const line = `${prefix}${numbers.slice(0, -1).join(".")}`;
    // Calendar names have as many numbers, and their month is no patch.
    if (!names.includes(line)) continue;
    for (const name of names)
      if ((name === line || name.startsWith(`${line}.`)) && compareReleases(name, patch) < 0)
        withdrawn.set(name, patch);
  }
  return withdrawn;
}

function partsOf(name: string): Parts {
  const match = NAME.exec(name);
  if (!match) return { prefix: name, numbers: [], stage: undefined, stageNumber: 0 };
  const [, prefix = "", numbers = "", stage, stageNumber] = match;
  return {
    prefix,
    numbers: numbers.split(".").map(Number),
    stage,
    stageNumber: Number(stageNumber || 0),
  };
}

function compareNumbers(a: readonly number[], b: readonly number[]): number {
  for (let place = 0; place < Math.max(a.length, b.length); place++) {
    const difference = (a[place] ?? 0) - (b[place] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function compareStages(a: Parts, b: Parts): number {
  if (a.stage === b.stage) return a.stageNumber - b.stageNumber;
  if (a.stage === undefined) return 1;
  if (b.stage === undefined) return -1;
  return compareText(a.stage, b.stage);
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
