/**
 * From one wire version to the next on three replicas, as far as this build reads two: nothing is
 * written in the new version before the activation stands in the log and in the manifest, and after
 * a snapshot nothing is left of the old one.
 */

import { expect, test } from "vitest";
import { VirtualCluster, type VirtualNode } from "../../sim/world/index.ts";
import { LogRecordKind } from "./log/log-records.ts";
import { MANIFEST_PATH, type Manifest, versionsOf } from "./manifest.ts";
import { readRecord } from "./record.ts";
import { decodeStoredEntry, READABLE } from "./stored.ts";

const BEFORE = READABLE.min;
const AFTER = READABLE.min + 1;
const only = test.skipIf(READABLE.max < AFTER);

function manifestOf({ disk }: VirtualNode): Manifest {
  return JSON.parse(new TextDecoder().decode(disk.bytes(MANIFEST_PATH))) as Manifest;
}

function versions({ running }: VirtualNode): readonly number[] {
  return running.status().content.map(({ version }) => version);
}

function busy(size = 3, seed = 1): { cluster: VirtualCluster; write: (count: number) => void } {
  const cluster = VirtualCluster.found(size, seed);
  const client = cluster.client();
  client.connect(cluster.leader());
  const write = (count: number): void => {
    for (let place = 0; place < count; place++)
      expect(client.put(`key-${place}`, `${place}`).status).toBe("ok");
  };
  return { cluster, write };
}

function activate(cluster: VirtualCluster): unknown {
  return cluster.outcome((done) => cluster.node(cluster.leader()).running.activate(AFTER, done));
}

only(
  "the version is active on every node, in the manifest first, and a snapshot ends the old one",
  () => {
    const { cluster, write } = busy();
    write(5);
    cluster.run(1_500);
    for (const node of cluster.running()) expect(versions(node)).toEqual([BEFORE]);
    expect(activate(cluster)).toMatchObject({ ok: true });
    write(5);
    cluster.converge();
    for (const node of cluster.running()) {
      expect(versions(node)).toEqual([BEFORE, AFTER]);
      expect(node.running.status().activeVersion).toBe(AFTER);
      expect(manifestOf(node).features.incompatible).toEqual([`wire-${BEFORE}`, `wire-${AFTER}`]);
      cluster.outcome((done) => node.running.takeSnapshot(done));
      expect(versions(node)).toEqual([AFTER]);
      expect(manifestOf(node)).toMatchObject({
        activeVersion: AFTER,
        features: { incompatible: [`wire-${AFTER}`] },
      });
    }
    for (const { id } of cluster.running()) {
      cluster.crash(id);
      expect(cluster.start(id)).toEqual({ started: true });
    }
    cluster.converge();
    expect(cluster.node(1).running.status().activeVersion).toBe(AFTER);
  },
);

only("a member that was not heard of for three seconds is in the way, by name", () => {
  const { cluster } = busy();
  cluster.run(1_500);
  const leader = cluster.leader();
  const away = leader === 1 ? 2 : 1;
  cluster.kill(away);
  cluster.run(3_500);
  expect(activate(cluster)).toMatchObject({
    ok: false,
    code: "member_not_heard",
    message: expect.stringContaining(`node ${away} was not heard for 3 s`),
  });
  expect(cluster.node(leader).running.status().activeVersion).toBe(BEFORE);
});

only("a crash anywhere around the activation leaves a directory that opens and goes on", () => {
  for (let atMs = 0; atMs < 30; atMs++) {
    const { cluster, write } = busy(1, atMs + 1);
    write(2);
    cluster.node(1).running.activate(AFTER, () => {});
    cluster.run(atMs);
    cluster.crash(1);
    expect(cluster.start(1), `crash after ${atMs} ms`).toEqual({ started: true });
    cluster.leader();
    const { activeVersion } = cluster.node(1).running.status();
    const { incompatible } = manifestOf(cluster.node(1)).features;
    expect(incompatible).toContain(`wire-${activeVersion}`);
    for (const version of versions(cluster.node(1)))
      expect(incompatible).toContain(`wire-${version}`);
  }
});

only("a node that joins later learns the active version from its snapshot", () => {
  const { cluster, write } = busy();
  write(3);
  cluster.run(1_500);
  expect(activate(cluster)).toMatchObject({ ok: true });
  write(3);
  const leader = cluster.leader();
  cluster.start(4);
  const member = { id: 4, peerAddress: "peer-4:1", clientAddress: "client-4:1" };
  const outcome = cluster.outcome((done) =>
    cluster.node(leader).running.changeMembership({ kind: "addLearner", member }, done),
  );
  expect(outcome).toMatchObject({ ok: true });
  cluster.converge();
  expect(cluster.node(4).running.status()).toMatchObject({ activeVersion: AFTER, role: "learner" });
  expect(manifestOf(cluster.node(4)).features.incompatible).toContain(`wire-${AFTER}`);
});

only("entries of the new version that come together with their activation are named first", () => {
  const { cluster, write } = busy();
  write(3);
  cluster.run(1_500);
  const leader = cluster.leader();
  const [late, other] = [1, 2, 3].filter((id) => id !== leader);
  const node = cluster.node(late ?? 0);
  let isActive = false;
  cluster.node(leader).running.activate(AFTER, ({ ok }) => {
    isActive = ok;
  });
  for (const id of [leader, other]) cluster.network.separate(`node ${late}`, `node ${id}`);
  cluster.until("the activation", () => isActive);
  write(3);
  const unnamed: number[] = [];
  let written = 0;
  node.disk.watcher = {
    onAppend: (_, part) => {
      for (const version of bodyVersions(part)) {
        written++;
        if (!versionsOf(manifestOf(node)).includes(version)) unnamed.push(version);
      }
    },
    onChanged: () => {},
  };
  cluster.network.heal();
  cluster.converge();
  expect(unnamed).toEqual([]);
  expect(written).toBeGreaterThan(3);
});

/** Of the entries in a piece of the log. */
function bodyVersions(part: Uint8Array): readonly number[] {
  const versions: number[] = [];
  for (let offset = 0; offset < part.length; ) {
    const found = readRecord(part, offset);
    if (!found.ok) throw new Error(found.problem);
    const { kind, version, body } = found.record;
    if (kind === LogRecordKind.entry) versions.push(decodeStoredEntry(body, version).bodyVersion);
    offset = found.next;
  }
  return versions.filter((version) => version !== 0);
}

only(
  "a stop writes its mark at the version that is active, also when nothing else was written in it",
  () => {
    const { cluster, write } = busy(1);
    write(3);
    cluster.run(1_500);
    expect(activate(cluster)).toMatchObject({ ok: true });
    const node = cluster.node(1);
    cluster.outcome((done) => node.running.takeSnapshot(done));
    expect(manifestOf(node).features.incompatible).toEqual([`wire-${AFTER}`]);
    let isStopped = false;
    node.running.stop(() => {
      isStopped = true;
    });
    cluster.until("the stop", () => isStopped);
    const wal = [...node.disk.files.keys()].find((path) => path.endsWith(".wal")) ?? "";
    const bytes = node.disk.bytes(wal);
    const found: number[] = [];
    for (let at = 32; at < bytes.length; ) {
      const read = readRecord(bytes, at);
      if (!read.ok) throw new Error(read.problem);
      found.push(read.record.version);
      at = read.next;
    }
    expect(found.filter((version) => version === BEFORE)).toEqual([]);
    expect(found.at(-1)).toBe(AFTER);
  },
);
