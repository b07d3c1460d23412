/** The bytes of a data directory, read beside the code under test: records, segments, the manifest. */
import { crc32c } from "../raft/wire/index.ts";
import type { VirtualDisk, VirtualFile } from "./world/index.ts";

export const MANIFEST = "manifest.json";
const RECORD_HEADER = 16;
const FILE_HEADER = 32;
const SNAPSHOT = /^snapshot\/(\d{20})-\d{20}\.snap$/;
const SEGMENT = /^log\/\d{20}\.wal$/;

export interface FoundRecord {
  readonly kind: number;
  readonly critical: boolean;
  /** 0: of a fixed layout. */
  readonly version: number;
  readonly body: Uint8Array;
  /** Where the one behind it begins. */
  readonly next: number;
}

/** Undefined when no whole record stands there. `isWritten`: it was just written, so nothing can be wrong with it. */
export function readRecord(
  bytes: Uint8Array,
  offset: number,
  isWritten: boolean,
): FoundRecord | undefined {
  if (bytes.length - offset < RECORD_HEADER) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset + offset, bytes.length - offset);
  const length = view.getUint32(0, true);
  const end = offset + RECORD_HEADER + length;
  const next = offset + Math.ceil((RECORD_HEADER + length) / 8) * 8;
  if (next > bytes.length) return undefined;
  if (!isWritten && view.getUint32(4, true) !== crc32c(bytes.subarray(offset + 8, end)))
    return undefined;
  return {
    kind: view.getUint16(8, true),
    critical: (view.getUint8(10) & 1) !== 0,
    version: view.getUint32(12, true),
    body: bytes.subarray(offset + RECORD_HEADER, end),
    next,
  };
}

/** The records behind the header of a file, as far as they are whole. */
export function* recordsOf(bytes: Uint8Array): Generator<FoundRecord & { readonly end: number }> {
  let offset = FILE_HEADER;
  for (;;) {
    const record = readRecord(bytes, offset, false);
    if (!record) return;
    yield { ...record, end: record.next };
    offset = record.next;
  }
}

/** The files that make up the log, in their order: those before a base are leftovers. */
export function segmentsOf(disk: VirtualDisk): readonly VirtualFile[] {
  const segments: { file: VirtualFile; sequence: number; isBase: boolean }[] = [];
  for (const [path, file] of disk.files) {
    if (!SEGMENT.test(path) || file.length < FILE_HEADER) continue;
    const { bytes } = file;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    const sequence = Number(view.getBigUint64(20, true));
    segments.push({ file, sequence, isBase: (view.getUint32(16, true) & 1) !== 0 });
  }
  segments.sort((one, other) => one.sequence - other.sequence);
  const base = segments.findLastIndex(({ isBase }) => isBase);
  return segments.slice(Math.max(0, base)).map(({ file }) => file);
}

/** Index of the snapshot in this file, or undefined when it is none. */
export function snapshotIndexOf(path: string): number | undefined {
  const [, index] = SNAPSHOT.exec(path) ?? [];
  return index === undefined ? undefined : Number(index);
}

export interface StoredManifest {
  readonly incarnation: number;
  readonly activeVersion: number;
  /** Wire versions that content of this directory may have. */
  readonly named: ReadonlySet<number>;
}

export function readManifest(disk: VirtualDisk): StoredManifest | undefined {
  if (!disk.files.has(MANIFEST)) return undefined;
  const { incarnation, activeVersion, features } = JSON.parse(
    new TextDecoder().decode(disk.bytes(MANIFEST)),
  ) as {
    readonly incarnation: number;
    readonly activeVersion: number;
    readonly features: { readonly incompatible: readonly string[] };
  };
  const named = features.incompatible.flatMap((name) => {
    const [, version] = /^wire-(\d+)$/.exec(name) ?? [];
    return version === undefined ? [] : [Number(version)];
  });
  return { incarnation, activeVersion, named: new Set(named) };
}

/** Whether a release of this range must be able to start here. */
export function isReadableBy(
  disk: VirtualDisk,
  { min, max }: { readonly min: number; readonly max: number },
): boolean {
  const manifest = readManifest(disk);
  if (!manifest) return true;
  return [...manifest.named, manifest.activeVersion].every(
    (version) => min <= version && version <= max,
  );
}
