/** One node from its first start on: what it promises survives every kind of end. */

import { expect, test } from "vitest";
import { VirtualCluster } from "../../sim/world/index.ts";

test("a single node elects itself, applies a put and has it after a restart", () => {
  const cluster = VirtualCluster.found(1);
  expect(cluster.leader()).toBe(1);
  const client = cluster.client();
  client.connect(1);
  expect(client.put("a", "1")).toMatchObject({ status: "ok" });
  expect(client.get("a")).toBe("1");
  cluster.kill(1);
  cluster.start(1);
  expect(cluster.leader()).toBe(1);
  client.connect(1);
  expect(client.get("a")).toBe("1");
  expect(cluster.node(1).running.status().incarnation).toBe(2);
});
