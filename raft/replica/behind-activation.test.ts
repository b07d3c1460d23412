/**
 * What stands behind an activation in the log is of the new version, and may come to a node, and have
 * to go on from it, before the node has applied the activation.
 */
import { expect, test } from "vitest";
import { VirtualCluster, type VirtualNode } from "../../sim/world/index.ts";
import { LogRecordKind } from "./log/log-records.ts";
import { SEGMENT_HEADER_BYTES } from "./log/segment.ts";
import { readRecord } from "./record.ts";
import { READABLE } from "./stored.ts";

const BEFORE = READABLE.min;
const AFTER = READABLE.min + 1;
const only = test.skipIf(READABLE.max < AFTER);

/** Activation, and behind it an entry of a kind that only the new version has, while `away` hears nothing. */
function activateWithout(cluster: VirtualCluster, leader: number, away: number): void {
  const client = cluster.client();
  client.connect(leader);
  client.put("key", "value");
  cluster.run(1_500);
  cluster.network.separate(`node ${leader}`, `node ${away}`);
  expect(
    cluster.outcome((done) => cluster.node(leader).running.activate(AFTER, done)),
  ).toMatchObject({ ok: true });
  const op = { case: "closeSession", value: { session: client.session } } as const;
  expect(client.request({ session: 0, sequence: 0, op }).status).toBe("ok");
}

only("a follower takes the activation and an entry of the new version in one write", () => {
  const cluster = VirtualCluster.found(3);
  const leader = cluster.leader();
  const away = (leader % 3) + 1;
  activateWithout(cluster, leader, away);
  cluster.network.heal();
  cluster.converge();
  expect(cluster.node(away).running.status().activeVersion).toBe(AFTER);
});

only("a leader that has not applied the activation yet replicates what stands behind it", () => {
  const cluster = VirtualCluster.found(3);
  const leader = cluster.leader();
  const away = (leader % 3) + 1;
  const heir = (away % 3) + 1;
  activateWithout(cluster, leader, away);
  cluster.kill(leader);
  cluster.kill(heir);
  forgetCommit(cluster.node(heir));
  cluster.network.heal();
  expect(cluster.start(heir)).toEqual({ started: true });
  expect(cluster.node(heir).running.status().activeVersion).toBe(BEFORE);
  cluster.converge();
  cluster.until("the activation", () =>
    [heir, away].every((id) => cluster.node(id).running.status().activeVersion === AFTER),
  );
});

/** A write that the power cut tore: its entries are there, the commit index behind them is not. */
function forgetCommit({ disk }: VirtualNode): void {
  const [path = ""] = [...disk.files.keys()].filter((name) => name.startsWith("log/"));
  const bytes = disk.bytes(path);
  let offset = SEGMENT_HEADER_BYTES;
  let end = bytes.length;
  for (let found = readRecord(bytes, offset); found.ok; found = readRecord(bytes, offset)) {
    const isCommit = found.record.kind === LogRecordKind.hardState;
    end = isCommit && found.next === bytes.length ? offset : bytes.length;
    offset = found.next;
  }
  expect(end).toBeLessThan(bytes.length);
  disk.files.get(path)?.truncate(end);
}
