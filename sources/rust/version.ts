/** The version of the bilrost crate decides how some sources are read. */
import { SourceError, unresolved } from "./errors.ts";

/** What `0.1014.3` counts as: 1014. */
export type CrateVersion = number;

export const DEFAULT_VERSION = "0.1016";
const OLDEST = 1000;

export function parseVersion(text: string): CrateVersion {
  const [, minor] = /^0\.(\d{4})(?:\.\d+)?$/.exec(text) ?? [];
  if (minor !== undefined && Number(minor) >= OLDEST) return Number(minor);
  const problem = `Cannot read for bilrost version ${JSON.stringify(text)}: one like "0.1014" or "0.1014.3" needed`;
  throw new SourceError("InvalidOption", problem);
}

/** A source that uses what its crate does not have was written for another version, so no reading of it is sure. */
export function needsVersion(actual: CrateVersion, first: CrateVersion, what: string): void {
  if (actual >= first) return;
  unresolved(`${what} needs bilrost 0.${first}, and the sources are read as for 0.${actual}`);
}
