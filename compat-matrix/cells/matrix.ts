/** What all kinds of cells work on: the releases with their golden bytes, and the way to their hosts. */
import type { GoldenFile } from "../cases/golden.ts";
import type { HostDescription, MessageDescription, VersionDescription } from "../codec-host.ts";
import type { HostPool } from "../host-request.ts";
import type { Capabilities } from "../outside/calls.ts";
import { fieldsOf, isInRange, type SchemaView, viewsOf } from "../schema-view.ts";
import type { Cell, Side, Victim } from "../verdict.ts";

export interface Participant {
  readonly name: string;
  readonly host: HostDescription;
  readonly views: ReadonlyMap<number, SchemaView>;
  /** Frozen bytes of a frozen release, freshly made ones of the working tree. */
  readonly golden: readonly GoldenFile[];
  /** It is withdrawn: what it wrote must be read for ever, what it reads is nobody's question any more. */
  readonly onlyWrites?: boolean;
  /** Every reason for a loss that its schemas declare. */
  readonly reasons: ReadonlySet<string>;
  /**
   * Of a program beside the releases: what it can do. It meets others only in messages that it
   * describes, and has no hello, no frames and no data directories.
   */
  readonly outside?: Capabilities & { readonly program: string };
}

export function participantOf(
  host: HostDescription,
  golden: readonly GoldenFile[],
  name: string = host.release,
): Participant {
  return {
    name,
    host,
    golden,
    views: viewsOf(host),
    reasons: new Set(host.versions.flatMap(reasonsIn)),
  };
}

function reasonsIn({ messages, enumerations }: VersionDescription): string[] {
  const losses = messages.flatMap((message) => fieldsOf(message).map(({ loss }) => loss));
  const fallbacks = enumerations.flatMap(({ variants }) =>
    variants.map(({ fallback }) => fallback?.reason),
  );
  return [...losses, ...fallbacks].filter((reason) => reason !== undefined);
}

export interface Matrix {
  /** Oldest first; the order says who is old and who is new. */
  readonly participants: readonly Participant[];
  readonly pool: HostPool;
  /** Only this message, when given. */
  readonly only?: string;
}

/** Cells come in a fixed order, a group at a time, so that progress can be shown between groups. */
export type CellGroups = AsyncIterable<readonly Cell[]>;

export function versionsOf({ host }: Participant): number[] {
  return host.versions.map(({ version }) => version);
}

export function reads(participant: Participant, version: number): boolean {
  return participant.outside
    ? participant.views.has(version)
    : isInRange(participant.host, version);
}

/** Releases, which have all that a node has. */
export function releasesIn({ participants }: Matrix): Participant[] {
  return participants.filter(({ outside }) => outside === undefined);
}

/** Who is asked what it makes of the bytes of others. */
export function readersIn({ participants }: Matrix): Participant[] {
  return participants.filter(({ onlyWrites }) => onlyWrites !== true);
}

/** Between releases every message is a question; a program outside is asked only for what it describes. */
export function meets(
  writer: Participant,
  reader: Participant,
  version: number,
  message: string,
): boolean {
  if (!writer.outside && !reader.outside) return true;
  return messageOf(reader, version, message) !== undefined;
}

/** Versions at which it can write back what it has read at `from`. */
export function rewritesTo(participant: Participant, message: string, from: number): number[] {
  const versions = versionsOf(participant);
  if (!participant.outside) return versions;
  return participant.outside.rewrite
    ? versions.filter((to) => messageOf(participant, to, message) !== undefined)
    : [from];
}

/** False for a program that says so of itself; then its silence about such fields is declared. */
export function keepsUnknown({ outside }: Participant): boolean {
  return outside?.unknownFields !== "dropped";
}

export function goldenOf(
  { golden }: Participant,
  version: number,
  matrix: Matrix,
): readonly GoldenFile[] {
  return golden.filter(
    (file) =>
      file.version === version && (matrix.only === undefined || file.message === matrix.only),
  );
}

export function messageOf(
  participant: Participant,
  version: number,
  message: string,
): MessageDescription | undefined {
  const found = participant.views.get(version)?.message(message);
  return found?.surface === "nested" ? undefined : found;
}

/** Who suffers when this cell breaks; `isRewrite` when the defect shows only in bytes written at a lower version. */
export function victimOf(
  matrix: Matrix,
  writer: Side,
  reader: Side,
  rewrite?: { readonly from: number; readonly to: number },
): Victim {
  if (rewrite && rewrite.to < rewrite.from) return "rollback after a rewrite";
  const names = matrix.participants.map(({ name }) => name);
  return names.indexOf(writer.release) > names.indexOf(reader.release)
    ? "old reader of new bytes"
    : "new reader of old bytes";
}
