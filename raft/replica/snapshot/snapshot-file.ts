/**
 * A snapshot as a file: a header of 32 bytes, then sections with the record header. The whole state
 * stands in it, so whoever installs it needs nothing from before.
 */
import type { StoredVersion } from "../../../migrate/index.ts";
import { crc32c } from "../../wire/index.ts";
import type { Disk } from "../ports.ts";
import { readRecord, type StoredRecord } from "../record.ts";
import { DirectoryRefused } from "../refusal.ts";

export const SNAPSHOT_FOLDER = "snapshot";
export const SNAPSHOT_HEADER_BYTES = 32;

const MAGIC = 0x31535357; // "WSS1", read as a little-endian number.
const FORMAT = 1;
const CRC_OFFSET = 28;
const NAME = /^(\d{20})-(\d{20})\.snap$/;

export interface SnapshotHeader {
  readonly index: number;
  readonly term: number;
  readonly sectionCount: number;
}

/** A section as it stands in the file. */
export interface Section extends StoredRecord {
  readonly offset: number;
}

export function snapshotPath({ index, term }: { index: number; term: number }): string {
  return `${SNAPSHOT_FOLDER}/${digits(index)}-${digits(term)}.snap`;
}

/** Paths of the complete snapshots, oldest first. */
export function listSnapshots(disk: Disk): readonly string[] {
  return disk
    .list(SNAPSHOT_FOLDER)
    .filter((name) => NAME.test(name))
    .map((name) => `${SNAPSHOT_FOLDER}/${name}`);
}

export function joinSnapshot(
  index: number,
  term: number,
  sections: readonly Uint8Array[],
): Uint8Array {
  const length = sections.reduce((sum, section) => sum + section.length, SNAPSHOT_HEADER_BYTES);
  const bytes = new Uint8Array(length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, MAGIC, true);
  view.setUint32(4, FORMAT, true);
  view.setBigUint64(8, BigInt(index), true);
  view.setBigUint64(16, BigInt(term), true);
  view.setUint32(24, sections.length, true);
  view.setUint32(CRC_OFFSET, crc32c(bytes.subarray(0, CRC_OFFSET)), true);
  let offset = SNAPSHOT_HEADER_BYTES;
  for (const section of sections) {
    bytes.set(section, offset);
    offset += section.length;
  }
  return bytes;
}

/** A text says what is wrong. */
export function readSnapshotHeader(bytes: Uint8Array): SnapshotHeader | string {
  if (bytes.length < SNAPSHOT_HEADER_BYTES) return `${bytes.length} bytes, a header has 32`;
  const view = new DataView(bytes.buffer, bytes.byteOffset, SNAPSHOT_HEADER_BYTES);
  if (view.getUint32(0, true) !== MAGIC) return "it does not begin with WSS1";
  if (view.getUint32(CRC_OFFSET, true) !== crc32c(bytes.subarray(0, CRC_OFFSET)))
    return "the checksum of its header does not match";
  const format = view.getUint32(4, true);
  if (format !== FORMAT) return `format ${format}, this release reads format ${FORMAT}`;
  return {
    index: Number(view.getBigUint64(8, true)),
    term: Number(view.getBigUint64(16, true)),
    sectionCount: view.getUint32(24, true),
  };
}

/** Checks every section's frame. Throws `DirectoryRefused` naming the file and the byte. */
export function splitSnapshot(
  bytes: Uint8Array,
  path: string,
): { readonly header: SnapshotHeader; readonly sections: readonly Section[] } {
  const header = readSnapshotHeader(bytes);
  if (typeof header === "string") throw damagedSnapshot(path, 0, header);
  const sections: Section[] = [];
  let offset = SNAPSHOT_HEADER_BYTES;
  while (offset < bytes.length) {
    const found = readRecord(bytes, offset);
    if (!found.ok) throw damagedSnapshot(path, offset, found.problem);
    sections.push({ ...found.record, offset });
    offset = found.next;
  }
  if (sections.length !== header.sectionCount)
    throw damagedSnapshot(
      path,
      offset,
      `it holds ${sections.length} sections, its header says ${header.sectionCount}`,
    );
  return { header, sections };
}

export function snapshotVersions(
  sections: readonly Section[],
  path: string,
): readonly StoredVersion[] {
  return sections
    .filter(({ version }) => version !== 0)
    .map(({ version }) => ({ version, place: path }));
}

export function damagedSnapshot(path: string, offset: number, problem: string): DirectoryRefused {
  return new DirectoryRefused(
    "snapshot_damaged",
    `Cannot read ${path}: damage at byte ${offset}: ${problem}; restore the file, or remove this member and join it anew with an empty directory`,
  );
}

function digits(value: number): string {
  return String(value).padStart(20, "0");
}
