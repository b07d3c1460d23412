/**
 * Each invariant is told of one thing that must never be, and fires; and of the same without the
 * fault, and does not. Entries stand as bytes on virtual disks, as a replica writes them.
 */
import { expect, test } from "vitest";
import { openCodec } from "../raft/wire/codec-bundle.ts";
import { crc32c } from "../raft/wire/index.ts";
import { type Build, Codecs } from "./build.ts";
import type { Sight } from "./sight.ts";
import type { Oracle } from "./violation.ts";
import { Watch } from "./watch.ts";
import { SeededChance, VirtualDisk, VirtualTime } from "./world/index.ts";

const VERSION = 4;
const LOG = "log/00000000000000000001.wal";
const CODECS = new Codecs([
  {
    name: "tree",
    digest: "",
    range: { min: 3, max: VERSION },
    createReplica: () => {
      throw new Error("nothing is started here");
    },
    openCodec: openCodec as Build["openCodec"],
  },
]);
const FIRST: Sight = {
  role: "follower",
  leads: false,
  term: 1,
  commit: 0,
  applied: 0,
  activeVersion: VERSION,
  incarnation: 1,
  digestVersion: 1,
  digestHigh: 7,
  digestLow: 7,
  voters: [1, 2, 3],
  votersOutgoing: [],
};

class Stage {
  readonly time: VirtualTime = new VirtualTime();
  readonly disks: Map<number, VirtualDisk> = new Map();
  readonly watch: Watch = new Watch({ nodes: new Map() }, CODECS);

  constructor() {
    for (const id of [1, 2, 3, 4]) {
      const disk = new VirtualDisk(this.time, new SeededChance(id), id);
      this.disks.set(id, disk);
      this.watch.follow({ id, disk });
      this.manifest(id, 1);
      disk.put(LOG, new Uint8Array(32));
    }
  }

  disk(id: number): VirtualDisk {
    const known = this.disks.get(id) ?? new VirtualDisk(this.time, new SeededChance(id), id);
    this.disks.set(id, known);
    return known;
  }

  see(id: number, change: Partial<Sight>): this {
    this.watch.see(id, { ...FIRST, ...change });
    return this;
  }

  manifest(id: number, incarnation: number, versions: readonly number[] = [VERSION]): this {
    const incompatible = versions.map((version) => `wire-${version}`);
    const manifest = { incarnation, activeVersion: VERSION, features: { incompatible } };
    this.disk(id).put("manifest.json", new TextEncoder().encode(JSON.stringify(manifest)));
    return this;
  }

  /** `body` is what tells entries of one place apart. */
  write(ids: readonly number[], index: number, term: number, body = "a", synced = true): this {
    const entry = { term, index, kind: "command", version: VERSION, critical: true };
    const value = { ...entry, body: new TextEncoder().encode(body) };
    const bytes = record(1, CODECS.open("LogEntry", VERSION).encode(value));
    for (const id of ids) this.append(id, bytes, synced);
    return this;
  }

  cut(id: number, index: number): this {
    const body = new Uint8Array(8);
    new DataView(body.buffer).setBigUint64(0, BigInt(index), true);
    this.append(id, record(3, body, 0), true);
    return this;
  }

  append(id: number, bytes: Uint8Array, synced: boolean): void {
    const disk = this.disk(id).port();
    disk.append(LOG, [bytes], () => {});
    if (synced) disk.sync(LOG, () => {});
    this.time.advance(10);
  }
}

function record(kind: number, body: Uint8Array, version = VERSION): Uint8Array {
  const bytes = new Uint8Array(Math.ceil((16 + body.length) / 8) * 8);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, body.length, true);
  view.setUint16(8, kind, true);
  view.setUint8(10, 1);
  view.setUint32(12, version, true);
  bytes.set(body, 16);
  view.setUint32(4, crc32c(bytes.subarray(8, 16 + body.length)), true);
  return bytes;
}

interface Row {
  readonly oracle: Oracle;
  readonly why: string;
  readonly says: string;
  readonly fine: (stage: Stage) => void;
  readonly wrong: (stage: Stage) => void;
}

/** Entry 1 of term 1 stands on everybody's disk and is committed. */
function committed(stage: Stage): Stage {
  return stage.write([1, 2, 3], 1, 1).see(1, { leads: true, commit: 1, applied: 1 });
}

const ROWS: readonly Row[] = [
  {
    oracle: "ES",
    why: "two lead in one term",
    says: "nodes 1 and 2 lead in term 5",
    fine: (stage) => stage.see(1, { leads: true, term: 5 }).see(2, { leads: true, term: 6 }),
    wrong: (stage) => stage.see(1, { leads: true, term: 5 }).see(2, { leads: true, term: 5 }),
  },
  {
    oracle: "ES",
    why: "one of the two is leaving",
    says: "nodes 1 and 2 lead in term 5",
    fine: (stage) => stage.see(1, { leads: true, term: 5 }).see(1, { role: "leaving", term: 5 }),
    wrong: (stage) =>
      stage
        .see(1, { role: "leaving", leads: true, term: 5 })
        .see(2, { leads: true, role: "leader", term: 5 }),
  },
  {
    oracle: "LM",
    why: "an entry of one place and term has two contents",
    says: "node 2 has another entry 1 of term 1",
    fine: (stage) => stage.write([1, 2], 1, 1, "a").write([3], 1, 2, "b"),
    wrong: (stage) => stage.write([1], 1, 1, "a").write([2], 1, 1, "b"),
  },
  {
    oracle: "LC",
    why: "a leader begins without the last committed entry",
    says: "node 4 leads in term 2 without the committed entry 1",
    fine: (stage) => committed(stage).see(2, { leads: true, term: 2 }),
    wrong: (stage) => committed(stage).see(4, { leads: true, term: 2 }),
  },
  {
    oracle: "LC",
    why: "a leader of a later term lacks an entry; one of an earlier term may hear late that it was elected",
    says: "node 3 leads in term 4 without the committed entry 1",
    fine: (stage) =>
      stage
        .write([1, 2], 1, 1)
        .see(1, { leads: true, term: 3, commit: 1 })
        .see(3, { leads: true, term: 2 }),
    wrong: (stage) =>
      stage
        .write([1, 2], 1, 1)
        .see(1, { leads: true, term: 3, commit: 1 })
        .see(3, { leads: true, term: 4 }),
  },
  {
    oracle: "SM",
    why: "a committed entry is removed",
    says: "node 2 removes entry 1 of term 1",
    fine: (stage) =>
      committed(stage.write([2], 1, 1))
        .write([2], 2, 1)
        .cut(2, 2),
    wrong: (stage) => committed(stage).cut(2, 1),
  },
  {
    oracle: "SM",
    why: "another entry than the committed one is applied",
    says: "applied entry 1 of term 2, committed is that of term 1",
    fine: (stage) => committed(stage).see(2, { commit: 1, applied: 1 }),
    wrong: (stage) => committed(stage).write([4], 1, 2).see(4, { commit: 1, applied: 1 }),
  },
  {
    oracle: "SM",
    why: "the members differ at one index",
    says: "node 2 has the voters 1,2 at index 1, others 1,2,3",
    fine: (stage) => committed(stage).see(2, { commit: 1, applied: 1, voters: [3, 2, 1] }),
    wrong: (stage) => committed(stage).see(2, { commit: 1, applied: 1, voters: [1, 2] }),
  },
  {
    oracle: "CQ",
    why: "committed with one copy that would survive",
    says: "not durable on 2, 3",
    fine: (stage) => stage.write([1, 2], 1, 1).see(1, { leads: true, commit: 1 }),
    wrong: (stage) =>
      stage.write([1], 1, 1).write([2], 1, 1, "a", false).see(1, { leads: true, commit: 1 }),
  },
  {
    oracle: "CQ",
    why: "in a joint phase each half must hold it",
    says: "not durable on 1, 2",
    fine: (stage) =>
      stage.write([3, 4], 1, 1).see(4, { commit: 1, voters: [1, 3, 4], votersOutgoing: [3, 4, 2] }),
    wrong: (stage) =>
      stage.write([3, 4], 1, 1).see(4, { commit: 1, voters: [1, 2, 3], votersOutgoing: [1, 2] }),
  },
  {
    oracle: "DUR",
    why: "a power cut takes what a quorum had",
    says: "not durable on 2, 3",
    fine: (stage) => {
      committed(stage).disk(3).put(LOG, new Uint8Array(32));
      stage.watch.scanDisks();
    },
    wrong: (stage) => {
      committed(stage);
      for (const id of [2, 3]) stage.disk(id).put(LOG, new Uint8Array(32));
      stage.watch.scanDisks();
    },
  },
  ...(["term", "commit", "applied", "activeVersion", "incarnation"] as const).map(
    (name): Row => ({
      oracle: "MONO",
      why: `${name} falls within a life`,
      says: `${name} of node 1 fell from 9 to 8`,
      fine: (stage) => {
        stage.see(1, { [name]: 9 });
        stage.watch.forget(1);
        stage.see(1, { [name]: 8 });
      },
      wrong: (stage) => {
        // What is applied is committed, so that only one thing is wrong.
        const commit = name === "applied" ? { commit: 9 } : {};
        stage.see(1, { ...commit, [name]: 9 }).see(1, { ...commit, [name]: 8 });
      },
    }),
  ),
  {
    oracle: "MONO",
    why: "a node applies what is not committed",
    says: "node 1 applied 2, committed are 1",
    fine: (stage) => committed(stage).write([1, 2], 2, 1).see(1, { commit: 2, applied: 2 }),
    wrong: (stage) => committed(stage).see(1, { commit: 1, applied: 2 }),
  },
  {
    oracle: "MONO",
    why: "a new life writes the incarnation of the one before",
    says: "writes incarnation 1 into its manifest, 2 is due",
    fine: (stage) => {
      stage.watch.forget(1);
      stage.manifest(1, 2).manifest(1, 2);
    },
    wrong: (stage) => {
      stage.watch.forget(1);
      stage.manifest(1, 1);
    },
  },
  {
    oracle: "MONO",
    why: "a directory whose first start was cut off begins once more, one that had begun does not",
    says: "writes incarnation 0 into its manifest, 2 is due",
    fine: (stage) => {
      stage.watch.follow({ id: 5, disk: stage.disk(5) });
      stage.manifest(5, 0);
      stage.watch.forget(5);
      stage.manifest(5, 0).manifest(5, 1);
    },
    wrong: (stage) => {
      stage.watch.forget(1);
      stage.manifest(1, 0);
    },
  },
  {
    oracle: "HASH",
    why: "two states at one index",
    says: "node 2 has another state at index 1",
    fine: (stage) =>
      committed(stage).see(2, { commit: 1, applied: 1, digestVersion: 2, digestLow: 8 }),
    wrong: (stage) => committed(stage).see(2, { commit: 1, applied: 1, digestLow: 8 }),
  },
  {
    oracle: "HASH",
    why: "a state changes without an entry",
    says: "node 1 changed its state at index 1 without an entry",
    fine: (stage) => committed(stage).see(1, { commit: 1, applied: 1, term: 2 }),
    wrong: (stage) => committed(stage).see(1, { commit: 1, applied: 1, digestHigh: 8 }),
  },
  {
    oracle: "WIRE",
    why: "a version is written before the manifest names it",
    says: "the manifest does not name version 4 of the log",
    fine: (stage) => stage.manifest(1, 1, [3, 4]).write([1], 1, 1),
    wrong: (stage) => stage.manifest(1, 1, [3]).write([1], 1, 1),
  },
  {
    oracle: "WIRE",
    why: "an entry is written that its codec can not read",
    says: "wrote an entry that nobody can read at version 4",
    fine: (stage) => stage.append(1, record(2, Uint8Array.of(0xff, 0xff)), true),
    wrong: (stage) => stage.append(1, record(1, Uint8Array.of(0xff, 0xff)), true),
  },
];

test.for(ROWS)("$oracle fires: $why", ({ oracle, says, wrong }) => {
  const stage = new Stage();
  let found: unknown;
  try {
    wrong(stage);
  } catch (error) {
    found = error;
  }
  expect(found).toMatchObject({ oracle, message: expect.stringContaining(says) });
  expect(stage.watch.found).toBe(found);
});

test.for(ROWS)("$oracle is silent without: $why", ({ fine }) => {
  const stage = new Stage();
  fine(stage);
  expect(stage.watch.found).toBeUndefined();
});
