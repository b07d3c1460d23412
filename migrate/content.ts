/**
 * Which release can read what is stored? Judged from the content itself, never from a label (law 6):
 * every record, entry body and snapshot section was written at some wire version, and a release
 * opens a directory only when it reads all of them.
 */

/** One wire version found in stored content, with one place that holds it. */
export interface StoredVersion {
  readonly version: number;
  readonly place: string;
}

export interface VersionRange {
  readonly min: number;
  readonly max: number;
}

export type ContentVerdict =
  | { readonly readable: true }
  | {
      readonly readable: false;
      readonly version: number;
      readonly place: string;
      readonly message: string;
    };

/** The versions a reader must know, or undefined when nothing is stored. */
export function readerFloor(stored: readonly StoredVersion[]): VersionRange | undefined {
  if (stored.length === 0) return undefined;
  const versions = stored.map(({ version }) => version);
  return { min: Math.min(...versions), max: Math.max(...versions) };
}

/** Each version once, lowest first, with the first place that holds it. */
export function contentSummary(stored: readonly StoredVersion[]): readonly StoredVersion[] {
  const places = new Map<number, string>();
  for (const { version, place } of stored) if (!places.has(version)) places.set(version, place);
  return [...places]
    .map(([version, place]) => ({ version, place }))
    .sort((one, other) => one.version - other.version);
}

/** The refusal names the version, a place that holds it, and the way out. `writtenBy` is the release that used the directory last. */
export function judgeContent(
  stored: readonly StoredVersion[],
  range: VersionRange,
  writtenBy: string,
): ContentVerdict {
  const bad = contentSummary(stored).find(
    ({ version }) => version < range.min || version > range.max,
  );
  if (bad === undefined) return { readable: true };
  const remedy =
    bad.version > range.max
      ? `start release "${writtenBy}" or a later one`
      : `start a release that reads version ${bad.version} (for instance "${writtenBy}"), activate version ${range.min} if it is not yet active, let it take a snapshot, then start this release again`;
  return {
    readable: false,
    ...bad,
    message: `Cannot start: ${bad.place} holds wire version ${bad.version}, this release reads ${range.min} to ${range.max}; ${remedy}`,
  };
}
