/**
 * Which data directories a replica opens. Every refusal leaves the directory as it was, byte for
 * byte, and says what would help.
 */

import { expect, test } from "vitest";
import { addressOf, VirtualCluster, type VirtualDisk } from "../../sim/world/index.ts";
import { KeyValueSection, wireProtocol } from "../wire/index.ts";
import { MANIFEST_PATH, type Manifest } from "./manifest.ts";
import type { ReplicaOptions } from "./ports.ts";
import { recordBytes } from "./record.ts";
import { joinSnapshot, splitSnapshot } from "./snapshot/snapshot-file.ts";
import { READABLE } from "./stored.ts";

const VERSION = READABLE.min;
const LATER = READABLE.max + 1;
const FOUNDERS = [addressOf(1)];

/** A node with a snapshot, some entries behind it, ended in order. */
function used(): { cluster: VirtualCluster; disk: VirtualDisk } {
  const cluster = VirtualCluster.found(1);
  const client = cluster.client();
  cluster.leader();
  client.connect(1);
  for (let count = 0; count < 5; count++) client.put(`key-${count}`, "value");
  cluster.outcome((done) => cluster.node(1).running.takeSnapshot(done));
  for (let count = 0; count < 3; count++) client.put(`key-${count}`, "other");
  cluster.kill(1);
  return { cluster, disk: cluster.node(1).disk };
}

function edit(disk: VirtualDisk, change: (manifest: Manifest) => object): void {
  const manifest = JSON.parse(new TextDecoder().decode(disk.bytes(MANIFEST_PATH))) as Manifest;
  disk.put(MANIFEST_PATH, new TextEncoder().encode(JSON.stringify(change(manifest))));
}

function pathOf(disk: VirtualDisk, part: string): string {
  return [...disk.files.keys()].find((path) => path.includes(part)) ?? "";
}

/** Puts a section of a kind that nobody knows into the snapshot. */
function addSection(
  disk: VirtualDisk,
  { critical, version }: { critical: boolean; version: number },
): void {
  const path = pathOf(disk, ".snap");
  const { header, sections } = splitSnapshot(disk.bytes(path), path);
  const unknown = { kind: 88, critical, settled: false, version, body: Uint8Array.of(1) };
  const all = [...sections, unknown].map((section) => recordBytes(section));
  disk.put(path, joinSnapshot(header.index, header.term, all));
}

test.for<{
  why: string;
  damage?: (disk: VirtualDisk) => void;
  options?: Partial<ReplicaOptions>;
  code: string;
  says: RegExp;
}>([
  {
    why: "another cluster",
    options: { clusterId: "0f".repeat(16) },
    code: "foreign_cluster",
    says: /belongs to cluster/,
  },
  { why: "another node", options: { nodeId: 2 }, code: "foreign_node", says: /belongs to node 1/ },
  {
    why: "a feature nobody knows",
    damage: (disk) =>
      edit(disk, (manifest) => ({
        ...manifest,
        features: { ...manifest.features, incompatible: [`wire-${VERSION}`, "shards"] },
      })),
    code: "unknown_feature",
    says: /"shards".*start release "tree" or a later one/,
  },
  {
    why: "a feature that forbids writing",
    damage: (disk) =>
      edit(disk, (manifest) => ({
        ...manifest,
        features: { ...manifest.features, readOnly: ["frozen"] },
      })),
    code: "unknown_feature",
    says: /"frozen"/,
  },
  {
    why: "a later active version",
    damage: (disk) =>
      edit(disk, (manifest) => ({ ...manifest, activeVersion: LATER, release: "r9" })),
    code: "content_version_unsupported",
    says: new RegExp(
      `manifest.json holds wire version ${LATER}.*start release "r9" or a later one`,
    ),
  },
  {
    why: "a version announced for content",
    damage: (disk) =>
      edit(disk, (manifest) => ({
        ...manifest,
        features: { ...manifest.features, incompatible: [`wire-${VERSION}`, `wire-${LATER}`] },
      })),
    code: "content_version_unsupported",
    says: new RegExp(`wire version ${LATER}, this release reads ${VERSION} to ${READABLE.max}`),
  },
  {
    why: "a form of the manifest from the future",
    damage: (disk) => edit(disk, (manifest) => ({ ...manifest, format: 2 })),
    code: "unknown_format",
    says: /format 2/,
  },
  {
    why: "a manifest that is no JSON",
    damage: (disk) => disk.put(MANIFEST_PATH, new TextEncoder().encode("{")),
    code: "manifest_damaged",
    says: /no JSON object/,
  },
  {
    why: "a manifest without a node id",
    damage: (disk) => edit(disk, (manifest) => ({ ...manifest, nodeId: undefined })),
    code: "manifest_damaged",
    says: /lacks a field/,
  },
  {
    why: "no manifest but a log",
    damage: (disk) => disk.files.delete(MANIFEST_PATH),
    code: "manifest_missing",
    says: /2 files of a node but no manifest/,
  },
  {
    why: "no log, which may have held votes",
    damage: (disk) => disk.files.delete(pathOf(disk, ".wal")),
    code: "log_missing",
    says: /no log/,
  },
  {
    why: "a log that needs a snapshot which is gone",
    damage: (disk) => disk.files.delete(pathOf(disk, ".snap")),
    code: "snapshot_missing",
    says: /no snapshot ends before it/,
  },
  {
    why: "a critical section that nobody knows",
    damage: (disk) => addSection(disk, { critical: true, version: VERSION }),
    code: "unknown_critical_section",
    says: /section kind 88/,
  },
  {
    why: "a section of a later version",
    damage: (disk) => addSection(disk, { critical: false, version: LATER }),
    code: "content_version_unsupported",
    says: new RegExp(`snap holds wire version ${LATER}`),
  },
])("refused and left alone: $why", ({ damage, options, code, says }) => {
  const { cluster, disk } = used();
  damage?.(disk);
  const before = disk.picture();
  const outcome = cluster.start(1, { founders: FOUNDERS, ...options });
  expect(outcome).toMatchObject({ started: false, code });
  expect(outcome).toMatchObject({ message: expect.stringMatching(says) });
  cluster.run(1_000);
  expect(disk.picture()).toBe(before);
});

test("any byte of a snapshot spoilt: refused and left alone", () => {
  const { cluster, disk } = used();
  const path = pathOf(disk, ".snap");
  const whole = disk.bytes(path);
  for (let place = 0; place < whole.length; place++) {
    const bytes = whole.slice();
    bytes[place] = (bytes[place] ?? 0) ^ 1;
    disk.put(path, bytes);
    expect(cluster.start(1), `spoilt at ${place}`).toMatchObject({ started: false });
    expect(disk.bytes(path)).toEqual(bytes);
  }
});

test("a snapshot whose state is not the one its digest names is refused", () => {
  const { cluster, disk } = used();
  const path = pathOf(disk, ".snap");
  const { header, sections } = splitSnapshot(disk.bytes(path), path);
  const changed = sections.map((section) => {
    if (section.kind !== 2) return recordBytes(section);
    const { pairs } = wireProtocol.decode(KeyValueSection, VERSION, section.body);
    const { bytes: body } = wireProtocol.encode(KeyValueSection, VERSION, {
      pairs: pairs.slice(1),
    });
    return recordBytes({ ...section, body });
  });
  disk.put(path, joinSnapshot(header.index, header.term, changed));
  expect(cluster.start(1)).toMatchObject({ started: false, code: "snapshot_damaged" });
});

test("an ignorable section is skipped and counted; unknown keys of the manifest are kept", () => {
  const { cluster, disk } = used();
  addSection(disk, { critical: false, version: VERSION });
  edit(disk, (manifest) => ({ ...manifest, colour: "green" }));
  expect(cluster.start(1)).toEqual({ started: true });
  cluster.leader();
  expect(cluster.node(1).counts.get("wirespan_snapshot_sections_skipped_total")).toBe(1);
  const manifest = JSON.parse(new TextDecoder().decode(disk.bytes(MANIFEST_PATH)));
  expect(manifest).toMatchObject({ colour: "green", incarnation: 2 });
});

test("a first start that was interrupted anywhere is taken up again", () => {
  for (let atMs = 0; atMs < 20; atMs++) {
    const cluster = VirtualCluster.found(1);
    cluster.run(atMs);
    cluster.crash(1);
    expect(cluster.start(1, { founders: FOUNDERS }), `after ${atMs} ms`).toEqual({ started: true });
    const client = cluster.client();
    cluster.leader();
    client.connect(1);
    expect(client.put("a", "1").status).toBe("ok");
  }
});

test("founders write the same first snapshot", () => {
  const cluster = VirtualCluster.found(3);
  cluster.run(100);
  const snapshots = [1, 2, 3].map((id) => {
    const { disk } = cluster.node(id);
    return `${pathOf(disk, ".snap")} ${Buffer.from(disk.bytes(pathOf(disk, ".snap"))).toString("hex")}`;
  });
  expect(snapshots[0]).toContain("00000000000000000001-00000000000000000001.snap");
  expect(new Set(snapshots).size).toBe(1);
});
