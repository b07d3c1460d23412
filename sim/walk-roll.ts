/**
 * Walks through the upgrades of a schedule without running it. An order that no operator may give
 * (a release too early, a way back behind an activation) would be refused by the nodes, and such a
 * run would say nothing about them.
 */
import type { RollStep, Schedule } from "./schedule.ts";

export interface RollRelease {
  readonly name: string;
  readonly range: { readonly min: number; readonly max: number };
}

interface Walk {
  readonly releases: ReadonlyMap<string, RollRelease>;
  readonly running: Map<number, RollRelease>;
  /** The highest version that each founder could read in any life. */
  readonly couldRead: Map<number, number>;
  /** What the cluster writes. */
  active: number;
  /** The lowest version that may still stand on a disk. */
  floor: number;
}

/** The first step that can not be carried out, or undefined. */
export function problemOfRoll(
  { nodes, releases: names, roll }: Schedule,
  known: readonly RollRelease[],
): string | undefined {
  const releases = new Map(known.map((release) => [release.name, release]));
  const missing = names.find((name) => !releases.has(name));
  if (missing !== undefined) return `there is no release "${missing}"`;
  const first = releases.get(names[0] ?? "");
  if (!first) return "releases is empty";
  const founders = Array.from({ length: nodes }, (_, place) => [place + 1, first] as const);
  const { min } = first.range;
  const walk: Walk = {
    releases,
    running: new Map(founders),
    couldRead: new Map(founders.map(([node, { range }]) => [node, range.max])),
    active: min,
    floor: min,
  };
  for (const [place, step] of roll.entries()) {
    const problem = walkOn(walk, step);
    if (problem !== undefined) return `roll[${place}] (${step.kind}): ${problem}`;
  }
  return undefined;
}

function walkOn(walk: Walk, step: RollStep): string | undefined {
  switch (step.kind) {
    case "replace":
      return replace(walk, step.node, step.release);
    case "activate":
      return activate(walk, step.version);
    case "rewrite":
      if (step.version > walk.active) return `version ${walk.active} is active`;
      walk.floor = Math.max(walk.floor, step.version);
      return undefined;
    case "replaceAll":
      return replaceAll(walk, step.releases);
    case "replaceRest":
      return problemOfRelease(walk, step.release);
    case "activateEarly":
      return [...walk.couldRead.values()].some((max) => max < step.version)
        ? undefined
        : `every founder could read version ${step.version}, so it may succeed`;
    case "stray":
      return stray(walk, step.release);
    default:
      return undefined;
  }
}

/** A release that is tried where it must be refused, and what ran there comes back. */
function stray(walk: Walk, name: string): string | undefined {
  const release = walk.releases.get(name);
  if (!release) return `there is no release "${name}"`;
  return release.range.max < walk.active
    ? undefined
    : `${name} reads version ${walk.active}, which is active: replace the node instead`;
}

function replaceAll(walk: Walk, names: readonly string[]): string | undefined {
  if (names.length !== walk.running.size)
    return `${names.length} releases for ${walk.running.size} founders`;
  for (const [place, name] of names.entries()) {
    const problem = replace(walk, place + 1, name);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function replace(walk: Walk, node: number, name: string): string | undefined {
  const release = walk.releases.get(name);
  const problem = problemOfRelease(walk, name);
  if (problem !== undefined || !release) return problem;
  walk.running.set(node, release);
  walk.couldRead.set(node, Math.max(walk.couldRead.get(node) ?? 0, release.range.max));
  return undefined;
}

function problemOfRelease(walk: Walk, name: string): string | undefined {
  const release = walk.releases.get(name);
  if (!release) return `there is no release "${name}"`;
  const { min, max } = release.range;
  const reads = `${name} reads versions ${min} to ${max}`;
  if (walk.active > max) return `${reads}, version ${walk.active} is active`;
  if (walk.floor < min) return `${reads}, version ${walk.floor} may still be stored: rewrite first`;
  return undefined;
}

function activate(walk: Walk, version: number): string | undefined {
  if (version > walk.active + 1) return `version ${walk.active} is active, one is skipped`;
  for (const [node, { name, range }] of walk.running)
    if (range.max < version || range.min > version)
      return `node ${node} runs ${name}, which reads versions ${range.min} to ${range.max}`;
  walk.active = Math.max(walk.active, version);
  return undefined;
}
