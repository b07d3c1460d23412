/** The state machine as sections of a snapshot, and back. */
import type { StoredVersion } from "../../../migrate/index.ts";
import {
  KeyValueSection,
  MembershipSection,
  SessionSection,
  SnapshotManifest,
} from "../../wire/index.ts";
import type { MemberAddress } from "../ports.ts";
import { recordBytes } from "../record.ts";
import { DirectoryRefused } from "../refusal.ts";
import { DIGEST_VERSION } from "../state-machine/digest.ts";
import type { Pair } from "../state-machine/key-values.ts";
import type { Membership } from "../state-machine/membership.ts";
import { StateMachine } from "../state-machine/state-machine.ts";
import { decodeStored, encodeStored, isReadable } from "../stored.ts";
import {
  damagedSnapshot,
  joinSnapshot,
  type Section,
  snapshotVersions,
  splitSnapshot,
} from "./snapshot-file.ts";
import { decodeAnswer, encodeAnswer } from "./stored-answer.ts";

const SectionKind = { manifest: 1, keyValues: 2, sessions: 3, membership: 4 } as const;
/** A reader holds one section as values beside its bytes, so they are kept small. */
const PAIR_BYTES_PER_SECTION = 1024 * 1024;
const SESSIONS_PER_SECTION = 4096;

export interface SnapshotContent {
  readonly state: StateMachine;
  /** Ignorable sections of unknown kinds. */
  readonly sectionsSkipped: number;
  readonly content: readonly StoredVersion[];
}

/** Everything in it is written at the active version of the state. */
export function snapshotBytes(state: StateMachine): Uint8Array {
  const version = state.activeVersion;
  const section = (kind: number, body: Uint8Array): Uint8Array =>
    recordBytes({ kind, critical: true, settled: false, version, body });
  const manifest = encodeStored(SnapshotManifest, version, {
    index: state.appliedIndex,
    term: state.appliedTerm,
    activeVersion: version,
    digestVersion: DIGEST_VERSION,
    digest: hexBytes(state.digest()),
  });
  const sections = [
    section(SectionKind.manifest, manifest),
    section(
      SectionKind.membership,
      encodeStored(MembershipSection, version, storedMembership(state.membership)),
    ),
    ...groupPairs(state.pairs.sorted()).map((pairs) =>
      section(SectionKind.keyValues, encodeStored(KeyValueSection, version, { pairs })),
    ),
    ...groupsOf(state.sessions.all(), SESSIONS_PER_SECTION).map((group) => {
      const sessions = group.map(({ id, sequence, answer }) => ({
        id,
        sequence,
        version,
        response: encodeAnswer(answer, version),
      }));
      return section(SectionKind.sessions, encodeStored(SessionSection, version, { sessions }));
    }),
  ];
  return joinSnapshot(state.appliedIndex, state.appliedTerm, sections);
}

/** Versions in the file, without decoding any body. */
export function snapshotContent(bytes: Uint8Array, path: string): readonly StoredVersion[] {
  return snapshotVersions(splitSnapshot(bytes, path).sections, path);
}

/**
 * Throws `DirectoryRefused` for damage, for a critical section of an unknown kind, and for content
 * at a version outside the range.
 */
export function readSnapshot(bytes: Uint8Array, path: string): SnapshotContent {
  const { header, sections } = splitSnapshot(bytes, path);
  const first = sections[0];
  if (first?.kind !== SectionKind.manifest)
    throw damagedSnapshot(path, first?.offset ?? bytes.length, "its first section is no manifest");
  const manifest = decodeStored(SnapshotManifest, readable(first, path), first.body);
  if (manifest.index !== header.index || manifest.term !== header.term)
    throw damagedSnapshot(path, first.offset, "manifest and header name different positions");
  const state = new StateMachine(manifest.activeVersion);
  const stored: StoredVersion[] = [...snapshotVersions(sections, path)];
  let sectionsSkipped = 0;
  for (const section of sections.slice(1))
    if (!readSection(state, section, path, stored)) sectionsSkipped++;
  state.finishSnapshot(header.index, header.term);
  if (manifest.digestVersion === DIGEST_VERSION && hexOf(manifest.digest) !== state.digest())
    throw damagedSnapshot(
      path,
      first.offset,
      `its state has digest ${state.digest()}, its manifest says ${hexOf(manifest.digest)}`,
    );
  return { state, sectionsSkipped, content: stored };
}

/** False when the section was skipped. */
function readSection(
  state: StateMachine,
  section: Section,
  path: string,
  stored: StoredVersion[],
): boolean {
  switch (section.kind) {
    case SectionKind.keyValues:
      // A view would keep the whole file in memory for as long as one of its values lives.
      for (const { key, value } of decodeStored(
        KeyValueSection,
        readable(section, path),
        section.body,
      ).pairs)
        state.pairs.set(key, value.slice());
      return true;
    case SectionKind.sessions:
      readSessions(state, section, path, stored);
      return true;
    case SectionKind.membership:
      state.membership = readMembership(
        decodeStored(MembershipSection, readable(section, path), section.body),
      );
      return true;
    default:
      if (section.critical)
        throw new DirectoryRefused(
          "unknown_critical_section",
          `Cannot read ${path}: section kind ${section.kind} at byte ${section.offset} is critical and unknown to this release; start the release that wrote it`,
        );
      return false;
  }
}

function readSessions(
  state: StateMachine,
  section: Section,
  path: string,
  stored: StoredVersion[],
): void {
  const { sessions } = decodeStored(SessionSection, readable(section, path), section.body);
  for (const { id, sequence, version, response } of sessions) {
    stored.push({ version, place: path });
    const answer = decodeAnswer(response, readable({ ...section, version }, path));
    state.sessions.set({ id, sequence, answer }, Number.POSITIVE_INFINITY);
  }
}

function readable({ version, offset }: Section, path: string): number {
  if (isReadable(version)) return version;
  throw new DirectoryRefused(
    "content_version_unsupported",
    `Cannot read ${path}: the section at byte ${offset} holds wire version ${version}, which this release does not read; start a release that reads version ${version}`,
  );
}

function storedMembership({ addresses, ...roles }: Membership): MembershipSection {
  const members = [...addresses.values()].sort((one, other) => one.id - other.id);
  return { ...roles, members, autoLeave: false };
}

function readMembership({ members, ...roles }: MembershipSection): Membership {
  const { voters, learners, votersOutgoing, learnersNext } = roles;
  const addresses = new Map<number, MemberAddress>();
  for (const { id, peerAddress, clientAddress } of members)
    addresses.set(id, { id, peerAddress, clientAddress });
  return { voters, learners, votersOutgoing, learnersNext, addresses };
}

function groupPairs(pairs: readonly Pair[]): Pair[][] {
  const groups: Pair[][] = [];
  let bytes = PAIR_BYTES_PER_SECTION;
  for (const pair of pairs) {
    if (bytes >= PAIR_BYTES_PER_SECTION) {
      groups.push([]);
      bytes = 0;
    }
    groups.at(-1)?.push(pair);
    bytes += pair.key.length + pair.value.length;
  }
  return groups;
}

function groupsOf<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, position) =>
    items.slice(position * size, (position + 1) * size),
  );
}

function hexBytes(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

function hexOf(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
