/**
 * The manifest names every version before its first bytes are in the log. A follower may get entries
 * of a new version in one write with the activation before them, which it has not applied yet.
 */
import type { Entry } from "../core/index.ts";
import { changeManifest } from "./apply.ts";
import { versionsOf, withVersions } from "./manifest.ts";
import type { Node } from "./node.ts";
import { bodyVersionOf } from "./stored.ts";

export function nameVersions(node: Node, entries: readonly Entry[], done: () => void): void {
  const { manifest, state } = node;
  // The active version was named before it became active.
  const others = entries.map(bodyVersionOf).filter((version) => {
    return version !== 0 && version !== state.activeVersion;
  });
  if (others.length === 0) return done();
  const named = versionsOf(manifest);
  if (others.every((version) => named.includes(version))) return done();
  changeManifest(node, withVersions(manifest, [...named, ...others]), done);
}
