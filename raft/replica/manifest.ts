/**
 * `manifest.json`, the first file that is read of a data directory: whose it is, how often it was
 * started, and what a program must understand to open it. Unknown keys are kept.
 */

import type { Disk, DiskError, ReplicaOptions } from "./ports.ts";
import { DirectoryRefused } from "./refusal.ts";

export const MANIFEST_PATH = "manifest.json";
const FORMAT = 1;

export interface Manifest {
  readonly format: number;
  readonly clusterId: string;
  readonly nodeId: number;
  /** Rises by one at each start; 0 while the directory is being made. */
  readonly incarnation: number;
  /** The release that wrote it last. */
  readonly release: string;
  readonly activeVersion: number;
  readonly features: Features;
}

export interface Features {
  /** Whoever does not know one may do everything. */
  readonly compatible: readonly string[];
  /** Whoever does not know one may only read. */
  readonly readOnly: readonly string[];
  /** Whoever does not know one must not open the directory. */
  readonly incompatible: readonly string[];
}

const VERSION_FEATURE = /^wire-(\d+)$/;

export function versionFeature(version: number): string {
  return `wire-${version}`;
}

/** The wire version that a feature stands for, or undefined. */
export function featureVersion(feature: string): number | undefined {
  const digits = VERSION_FEATURE.exec(feature)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

export function newManifest(options: ReplicaOptions, activeVersion: number): Manifest {
  return {
    format: FORMAT,
    clusterId: options.clusterId,
    nodeId: options.nodeId,
    incarnation: 0,
    release: options.release,
    activeVersion,
    features: { compatible: [], readOnly: [], incompatible: [versionFeature(activeVersion)] },
  };
}

/** Names of versions that stored content may use: those given, and whatever else is listed stays. */
export function withVersions(manifest: Manifest, versions: Iterable<number>): Manifest {
  const others = manifest.features.incompatible.filter(
    (feature) => featureVersion(feature) === undefined,
  );
  const names = [...new Set(versions)].sort((one, other) => one - other).map(versionFeature);
  return { ...manifest, features: { ...manifest.features, incompatible: [...others, ...names] } };
}

export function versionsOf(manifest: Manifest): readonly number[] {
  return manifest.features.incompatible
    .map(featureVersion)
    .filter((version) => version !== undefined);
}

export function readManifest(disk: Disk): Manifest | undefined {
  const bytes = disk.read(MANIFEST_PATH);
  if (bytes === undefined) return undefined;
  const manifest = parse(bytes);
  const isWhole =
    isCount(manifest.nodeId) &&
    isCount(manifest.incarnation) &&
    isCount(manifest.activeVersion) &&
    typeof manifest.clusterId === "string" &&
    isFeatures(manifest.features);
  if (manifest.format !== FORMAT)
    throw new DirectoryRefused(
      "unknown_format",
      `Cannot open the data directory: ${MANIFEST_PATH} has format ${String(manifest.format)}, this release reads format ${FORMAT}; start the release that wrote it`,
    );
  if (!isWhole)
    throw new DirectoryRefused(
      "manifest_damaged",
      `Cannot open the data directory: ${MANIFEST_PATH} lacks a field or has one of another type; restore the file`,
    );
  return manifest as unknown as Manifest;
}

export function writeManifest(
  disk: Disk,
  manifest: Manifest,
  done: (error?: DiskError) => void,
): void {
  const text = `${JSON.stringify(manifest, undefined, 2)}\n`;
  disk.replace(MANIFEST_PATH, new TextEncoder().encode(text), done);
}

/** The directory belongs to this node and asks for nothing that this release does not know. */
export function refuseForeign(manifest: Manifest, options: ReplicaOptions): void {
  if (manifest.clusterId !== options.clusterId)
    throw new DirectoryRefused(
      "foreign_cluster",
      `Cannot open the data directory: it belongs to cluster ${manifest.clusterId}, this node is of cluster ${options.clusterId}; give the node its own directory`,
    );
  if (manifest.nodeId !== options.nodeId)
    throw new DirectoryRefused(
      "foreign_node",
      `Cannot open the data directory: it belongs to node ${manifest.nodeId}, this is node ${options.nodeId}; give the node its own directory`,
    );
  const { incompatible, readOnly } = manifest.features;
  const unknown = [...incompatible, ...readOnly].find(
    (feature) => featureVersion(feature) === undefined,
  );
  if (unknown !== undefined)
    throw new DirectoryRefused(
      "unknown_feature",
      `Cannot open the data directory: ${MANIFEST_PATH} asks for "${unknown}", which this release does not know; start release "${manifest.release}" or a later one`,
    );
}

function parse(bytes: Uint8Array): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    if (typeof value === "object" && value !== null) return value as Record<string, unknown>;
  } catch {
    // Reported below, in the words of this file.
  }
  throw new DirectoryRefused(
    "manifest_damaged",
    `Cannot open the data directory: ${MANIFEST_PATH} is no JSON object; restore the file`,
  );
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isFeatures(value: unknown): boolean {
  const features = value as Partial<Features> | null | undefined;
  return [features?.compatible, features?.readOnly, features?.incompatible].every(
    (names) => Array.isArray(names) && names.every((name) => typeof name === "string"),
  );
}
