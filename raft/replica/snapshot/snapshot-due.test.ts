/** A snapshot costs as much as the state is large, so a large state has fewer of them. */
import { expect, test } from "vitest";
import { addressOf, VirtualCluster } from "../../../sim/world/index.ts";

const EVERY = 10;
const KEYS = 60;

test("a snapshot is not due before as many entries as there are pairs and sessions", () => {
  const cluster = new VirtualCluster();
  cluster.start(1, { founders: [addressOf(1)], snapshotEvery: EVERY });
  const client = cluster.client();
  client.connect(cluster.leader());
  const at: number[] = [];
  for (let place = 0; place < 6 * KEYS; place++) {
    expect(client.put(`key-${place % KEYS}`, `${place}`).status).toBe("ok");
    cluster.run(50);
    const { snapshotIndex } = cluster.node(1).running.status();
    if (snapshotIndex !== at.at(-1)) at.push(snapshotIndex);
  }
  const gaps = at.map((index, place) => index - (at[place - 1] ?? 1));
  // While there are few pairs the option counts, later they and the one session do.
  expect(gaps.slice(0, 2)).toEqual([0, EVERY]);
  expect(gaps.slice(-3)).toEqual([KEYS + 1, KEYS + 1, KEYS + 1]);
});
