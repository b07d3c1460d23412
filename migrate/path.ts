/**
 * The way from one release to another. A hop is possible when the newer release reads what the
 * older one writes after its last activation; a release in between may not be skipped, because
 * then the two have no version in common (restate 4855: the reader was gone, the content was not).
 */
import type { VersionRange } from "./content.ts";

export interface ReleaseRange {
  readonly name: string;
  /** Wire versions that the release reads; it writes the highest one once that is active. */
  readonly range: VersionRange;
}

export type PathOutcome =
  | { readonly ok: true; readonly path: readonly string[] }
  | { readonly ok: false; readonly code: PathRefusalCode; readonly message: string };

export type PathRefusalCode =
  | "UnknownRelease"
  | "NothingToDo"
  | "GoingBack"
  | "SkippedRelease"
  | "NoPath";

/** The fewest hops, and among these the newest releases: a patch release is preferred to what it mends. `releases` are ordered, oldest first. */
export function findPath(releases: readonly ReleaseRange[], from: string, to: string): PathOutcome {
  const [start, end] = [positionOf(releases, from), positionOf(releases, to)];
  if (start < 0 || end < 0) return unknownRelease(releases, start < 0 ? from : to);
  if (start === end)
    return refuse("NothingToDo", `Cannot go from ${from} to ${to}: it is the same release`);
  if (start > end)
    return refuse(
      "GoingBack",
      `Cannot go from ${from} to ${to}: ${to} is older, and what was activated since cannot be read by it`,
    );
  const path = shortestPath(releases, start, end);
  if (path === undefined)
    return refuse(
      "NoPath",
      `Cannot go from ${from} to ${to}: no known release reads both ${describeRange(releases[start])} and a way to ${describeRange(releases[end])}`,
    );
  return { ok: true, path: path.map((position) => releases[position]?.name ?? "") };
}

/** Judges a path that somebody else chose; the refusal of a skipped release says the way to go. */
export function checkPath(releases: readonly ReleaseRange[], path: readonly string[]): PathOutcome {
  const unknown = path.find((name) => positionOf(releases, name) < 0);
  if (unknown !== undefined) return unknownRelease(releases, unknown);
  if (path.length < 2)
    return refuse("NothingToDo", `Cannot go along "${path.join(", ")}": two releases are needed`);
  for (const [index, name] of path.entries()) {
    const next = path[index + 1];
    if (next === undefined) break;
    const [older, newer] = [
      releases[positionOf(releases, name)],
      releases[positionOf(releases, next)],
    ];
    if (older !== undefined && newer !== undefined && !canFollow(older, newer))
      return refuseHop(releases, older, newer);
  }
  return { ok: true, path };
}

/** True when a cluster of the older release, fully activated, can be replaced node by node with the newer one. */
export function canFollow(older: ReleaseRange, newer: ReleaseRange): boolean {
  return newer.range.min <= older.range.max && older.range.max <= newer.range.max;
}

function refuseHop(
  releases: readonly ReleaseRange[],
  older: ReleaseRange,
  newer: ReleaseRange,
): PathOutcome {
  const detour = findPath(releases, older.name, newer.name);
  const remedy = detour.ok ? `go ${detour.path.join(" -> ")}` : "no known release leads there";
  return refuse(
    "SkippedRelease",
    `Cannot go from ${older.name} to ${newer.name} in one hop: ${older.name} writes wire version ${older.range.max}, ${describeRange(newer)}; ${remedy}`,
  );
}

function shortestPath(
  releases: readonly ReleaseRange[],
  start: number,
  end: number,
): readonly number[] | undefined {
  let ways: (readonly number[])[] = [[start]];
  const reached = new Set([start]);
  while (ways.length > 0) {
    const longer = ways.flatMap((way) =>
      nextPositions(releases, way, end).map((next) => [...way, next]),
    );
    const found = longer.filter((way) => way.at(-1) === end);
    if (found.length > 0) return found.sort(newestFirst)[0];
    ways = longer.sort(newestFirst).filter((way) => {
      const last = way.at(-1) ?? start;
      return !reached.has(last) && reached.add(last);
    });
  }
  return undefined;
}

function nextPositions(
  releases: readonly ReleaseRange[],
  way: readonly number[],
  end: number,
): number[] {
  const here = releases[way.at(-1) ?? -1];
  if (here === undefined) return [];
  const from = releases.indexOf(here);
  return releases.flatMap((next, position) =>
    position > from && position <= end && canFollow(here, next) ? [position] : [],
  );
}

function newestFirst(a: readonly number[], b: readonly number[]): number {
  for (let index = 0; index < a.length; index++) {
    const difference = (b[index] ?? 0) - (a[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function positionOf(releases: readonly ReleaseRange[], name: string): number {
  return releases.findIndex((release) => release.name === name);
}

function describeRange(release: ReleaseRange | undefined): string {
  return `${release?.name} reads ${release?.range.min} to ${release?.range.max}`;
}

function unknownRelease(releases: readonly ReleaseRange[], name: string): PathOutcome {
  const known = releases.map((release) => release.name).join(", ") || "none";
  return refuse("UnknownRelease", `Cannot find release "${name}": known are ${known}`);
}

function refuse(code: PathRefusalCode, message: string): PathOutcome {
  return { ok: false, code, message };
}
