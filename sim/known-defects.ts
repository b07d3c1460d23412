/**
 * What frozen releases are known to do wrong and campaigns have to live with, so that they go on to
 * what is not known. A patch release has another name, so nothing is forgiven there.
 */
export type KnownDefect =
  /** Entries of a new version that come in one write with their activation are stored before the manifest names it. */
  | "versionNamedLate"
  /** A late append of a former leader closes the connection, and so does an answer for what a crashed leader lost. */
  | "latecomerRefused"
  /** Who has not yet applied the activation of version 2 can not answer a pre-vote: version 1 has no word for it. */
  | "preVoteUnanswered"
  /** A joint change after which nobody votes is not refused, and halts whoever applies it. */
  | "jointLeavesNobody"
  /** A node halts on the end of a session that stands behind an activation which it has not applied yet. */
  | "closeSessionHalts";

const DEFECTS: ReadonlyMap<string, ReadonlySet<KnownDefect>> = new Map([
  ["r1", new Set<KnownDefect>(["versionNamedLate", "latecomerRefused"])],
  ["r2", new Set<KnownDefect>(["versionNamedLate", "latecomerRefused", "preVoteUnanswered"])],
  ["r3", new Set<KnownDefect>(["versionNamedLate", "latecomerRefused", "jointLeavesNobody"])],
  [
    "r4",
    new Set<KnownDefect>([
      "versionNamedLate",
      "latecomerRefused",
      "jointLeavesNobody",
      "closeSessionHalts",
    ]),
  ],
]);

export function hasDefect(release: string, defect: KnownDefect): boolean {
  return DEFECTS.get(release)?.has(defect) === true;
}
