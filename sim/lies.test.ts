/**
 * Replicas that lie or fail, around the one of the working tree: the oracle that watches for it ends
 * the run. The same schedule without the lie passes.
 */
import { expect, test } from "vitest";
import { createReplica, type Replica, type ReplicaPorts } from "../raft/replica/index.ts";
import { openCodec } from "../raft/wire/codec-bundle.ts";
import { wireProtocol } from "../raft/wire/index.ts";
import { type Build, drawSchedule, type Oracle, type Schedule, simulate } from "./index.ts";

const TREE: Build = {
  name: "tree",
  digest: "",
  range: wireProtocol.range,
  createReplica,
  openCodec: openCodec as Build["openCodec"],
};
const releases = [{ name: "tree", writes: wireProtocol.range.max }];
const QUIET: Schedule = {
  ...drawSchedule({ seed: 1, nodes: { min: 3, max: 3 }, releases }),
  durationMs: 1_000,
  faults: [],
  roll: [],
};
/** On the clock of a node: in the quiet phase, which begins a little after the second. */
const LATE_MS = 1_000_001_800;

type Wrap = (replica: Replica, ports: ReplicaPorts) => Partial<Replica>;

function lying(wrap: Wrap, changePorts = (ports: ReplicaPorts): ReplicaPorts => ports): Build {
  return {
    ...TREE,
    createReplica: (options, given) => {
      const ports = changePorts(given);
      const replica = createReplica(options, ports);
      const change = wrap(replica, ports);
      return new Proxy(replica, {
        get: (target, name) => {
          const value = Reflect.get({ ...change }, name) ?? Reflect.get(target, name);
          return typeof value === "function" ? value.bind(target) : value;
        },
      });
    },
  };
}

const honest: Wrap = () => ({});

interface Lie {
  readonly oracle: Oracle;
  readonly why: string;
  readonly build: Build;
}

test.for<Lie>([
  {
    oracle: "ALIVE",
    why: "a node halts",
    build: lying((replica, ports) => ({
      onTick: () => {
        if (ports.chance.uint32() % 50 === 0) ports.halt({ code: "unexpected", message: "a lie" });
        else replica.onTick();
      },
    })),
  },
  {
    oracle: "ALIVE",
    why: "a node refuses its own directory",
    build: lying(() => ({
      start: () => ({ started: false, code: "version_unsupported", message: "a lie" }),
    })),
  },
  {
    oracle: "LIVE",
    why: "nobody is heard",
    build: lying(() => ({ onBytes: () => {} })),
  },
  {
    oracle: "TERM",
    why: "a term begins when nothing happens",
    build: lying((replica, { clock }) => {
      const more = (): number => (clock.nowMs() > LATE_MS ? 1 : 0);
      return {
        glance: () => {
          const glance = replica.glance?.();
          if (!glance) throw new Error("the tree answers a glance");
          return { ...glance, term: glance.term + more() };
        },
        status: () => {
          const status = replica.status();
          return { ...status, term: status.term + more() };
        },
      };
    }),
  },
  {
    oracle: "MONO",
    why: "a glance is not what the status says",
    build: lying((replica) => ({
      status: () => {
        const status = replica.status();
        return { ...status, commit: status.commit + 1 };
      },
    })),
  },
  {
    oracle: "WIRE",
    why: "an append is read wrongly",
    build: lying(honest, ({ observe, clock, ...ports }) => {
      let isTold = false;
      const tell = (): void => {
        if (isTold || clock.nowMs() < 1_000_000_500) return;
        isTold = true;
        observe({ kind: "count", name: "wirespan_decode_errors_total", labels: { message: "a" } });
      };
      const { link } = ports;
      return {
        ...ports,
        clock,
        observe,
        link: {
          ...link,
          send: (connection, parts) => {
            tell();
            return link.send(connection, parts);
          },
        },
      };
    }),
  },
])("$oracle: $why", ({ oracle, build }) => {
  const result = simulate(QUIET, [build]);
  expect({ verdict: result.verdict, oracle: result.oracle, message: result.message }).toMatchObject(
    { verdict: "fail", oracle },
  );
});

test("none of them fires when nobody lies", () => {
  expect(simulate(QUIET, [lying(honest)])).toMatchObject({ verdict: "pass" });
});
