/** Makes participants of releases on disk: golden bytes from their folders, the rest from their bundles. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import {
  type AnswerTo,
  type GoldenFile,
  type HostRequest,
  type Outcome,
  type Participant,
  participantOf,
} from "../index.ts";
import { type BundleLocation, type ThreadPool, threadPool } from "./thread-pool.ts";

export interface ReleaseFolder {
  readonly name: string;
  /** Holds `codecs.mjs`, and for a frozen release `golden/`. */
  readonly directory: string;
}

/** The release cannot take part at all: its bundle does not load or does not describe itself. */
export class ParticipantError extends Error {
  override readonly name = "ParticipantError";
}

export function poolOfReleases(releases: readonly ReleaseFolder[]): ThreadPool {
  return threadPool(
    releases.map(
      ({ name, directory }): BundleLocation => ({
        name,
        codecs: pathToFileURL(join(directory, "codecs.mjs")).href,
      }),
    ),
  );
}

export async function loadParticipants(
  releases: readonly ReleaseFolder[],
  pool: ThreadPool,
): Promise<Participant[]> {
  return await Promise.all(releases.map((release) => loadParticipant(release, pool)));
}

async function loadParticipant(release: ReleaseFolder, pool: ThreadPool): Promise<Participant> {
  const host = await answerOf(release, pool, { ask: "describe" });
  const golden = existsSync(join(release.directory, "golden"))
    ? readGolden(release.directory)
    : await answerOf(release, pool, { ask: "golden" });
  return participantOf(host, golden, release.name);
}

async function answerOf<R extends HostRequest>(
  { name }: ReleaseFolder,
  pool: ThreadPool,
  request: R,
): Promise<AnswerTo<R>> {
  const [outcome]: Outcome<AnswerTo<R>>[] = await pool.ask(name, [request]);
  if (outcome?.ok) return outcome.value;
  throw new ParticipantError(
    `Cannot use release "${name}" for "${request.ask}": it ${outcome?.crash ?? "gave no answer"}`,
  );
}

/** `golden/<version>/<message>.json`, one `GoldenFile` each; versions ascending, messages by name. */
export function readGolden(directory: string): GoldenFile[] {
  const root = join(directory, "golden");
  return readdirSync(root)
    .sort((a, b) => Number(a) - Number(b))
    .flatMap((version) =>
      readdirSync(join(root, version))
        .sort()
        .map((file) => JSON.parse(readFileSync(join(root, version, file), "utf8")) as GoldenFile),
    );
}
