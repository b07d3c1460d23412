/** The order of events, of those that are put off, and of work that is deferred. */
import { expect, test } from "vitest";
import { createReplica } from "../../raft/replica/index.ts";
import { addressOf } from "./addresses.ts";
import { VirtualCluster } from "./cluster.ts";
import { VirtualTime } from "./virtual-time.ts";

test("what is put off stays in order, also when the pause is cut short", () => {
  const time = new VirtualTime();
  const order: string[] = [];
  let pausedMs = 100;
  time.heldUntilMs = () => pausedMs;
  time.after(10, () => order.push("first"), 1);
  time.after(50, () => order.push("second"), 1);
  time.advance(20);
  pausedMs = 0;
  time.after(5, () => order.push("third"), 1);
  time.after(5, () => order.push("of another one"), 2);
  time.advance(200);
  expect(order).toEqual(["of another one", "first", "second", "third"]);
});

/** A cluster of one, and the port by which its node defers work. */
function deferring(): {
  readonly cluster: VirtualCluster;
  readonly defer: (work: () => void) => void;
} {
  const cluster = new VirtualCluster();
  let defer: ((work: () => void) => void) | undefined;
  cluster.programs.set(1, {
    release: "tree",
    createReplica: (options, ports) => {
      defer = ports.defer;
      return createReplica(options, ports);
    },
  });
  cluster.start(1, { founders: [addressOf(1)] });
  if (!defer) throw new Error("the world passes the port");
  return { cluster, defer };
}

test("deferred work runs behind the inputs of the same moment, and before those that come later", () => {
  const { cluster, defer } = deferring();
  const { time } = cluster;
  const order: string[] = [];
  time.after(7, () => {
    order.push("input");
    defer(() => order.push("deferred"));
  });
  time.after(7, () => order.push("input of the same moment"));
  time.after(7.5, () => order.push("later input"));
  time.advance(8);
  expect(order).toEqual(["input", "input of the same moment", "deferred", "later input"]);
});

test("deferred work is an event of its node: it waits with it, and dies with it", () => {
  const { cluster, defer } = deferring();
  const { time } = cluster;
  const owners: number[] = [];
  time.onEvent = (owner) => owners.push(owner);
  let runs = 0;
  time.heldUntilMs = (owner) => (owner === 1 ? 50 : 0);
  defer(() => runs++);
  time.advance(49);
  expect({ runs, owners }).toEqual({ runs: 0, owners: [] });
  time.advance(2);
  expect(runs).toBe(1);
  expect(owners).toContain(1);
  defer(() => runs++);
  cluster.kill(1);
  cluster.start(1, { founders: [addressOf(1)] });
  time.advance(100);
  expect(runs).toBe(1);
});
