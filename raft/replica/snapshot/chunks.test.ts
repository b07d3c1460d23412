/** Chunks by hand: a stranger speaks as member 2, which leads in term 9, to node 1. */
import { expect, test } from "vitest";
import { addressOf, CLUSTER_ID, VirtualCluster } from "../../../sim/world/index.ts";
import {
  crc32c,
  FrameKind,
  FrameParser,
  SnapshotAck,
  SnapshotChunk,
  wireProtocol,
  writeFrame,
  writeHello,
} from "../../wire/index.ts";
import { READABLE } from "../stored.ts";

const VERSION = READABLE.max;
const CHUNK = 100;

/** A snapshot that a cluster with the same founders took. */
const real = snapshotOfFounders();

function snapshotOfFounders(): { bytes: Uint8Array; index: number; term: number } {
  const cluster = VirtualCluster.found(3);
  const client = cluster.client();
  const leader = cluster.leader();
  client.connect(leader);
  for (let count = 0; count < 20; count++) client.put(`key-${count}`, "x".repeat(20));
  cluster.outcome((done) => cluster.node(leader).running.takeSnapshot(done));
  const { disk } = cluster.node(leader);
  const path = [...disk.files.keys()].find((name) => name.endsWith(".snap")) ?? "";
  const [, index, term] = /(\d{20})-(\d{20})/.exec(path) ?? [];
  return { bytes: disk.bytes(path), index: Number(index), term: Number(term) };
}

class Sender {
  readonly cluster: VirtualCluster = new VirtualCluster();
  readonly acks: SnapshotAck[] = [];
  private connection = 0;

  constructor() {
    this.start();
    this.connect();
  }

  start(): void {
    const founders = [1, 2, 3].map(addressOf);
    expect(this.cluster.start(1, { founders })).toEqual({ started: true });
    this.cluster.run(50);
  }

  connect(): void {
    const parser = new FrameParser(1 << 20);
    const link = this.cluster.network.attach(
      "sender",
      {
        onAccept: () => {},
        onOpen: () => {
          const body = writeHello({ range: READABLE, release: "x", role: "peer" });
          this.say = (kind, wireVersion, bytes) => {
            const ends = { clusterId: CLUSTER_ID, sender: 2, addressee: 1, incarnation: 1 };
            link.send(this.connection, writeFrame({ kind, flags: 0, wireVersion, ...ends }, bytes));
          };
          this.say(FrameKind.hello, 0, body);
        },
        onBytes: (_, bytes) => {
          for (const { header, body } of parser.push(bytes))
            if (header.kind === FrameKind.snapshotAck)
              this.acks.push(wireProtocol.decode(SnapshotAck, header.wireVersion, body));
        },
        onClose: () => {},
      },
      [],
    );
    this.connection = link.dial(addressOf(1).peerAddress);
    this.cluster.run(20);
  }

  /** Sends the chunk that begins at `offset`, changed; gives the answers. */
  chunk(offset: number, change: Partial<SnapshotChunk> = {}): string {
    const bytes = change.bytes ?? real.bytes.subarray(offset, offset + CHUNK);
    const { bytes: body } = wireProtocol.encode(SnapshotChunk, VERSION, {
      term: 9,
      session: 7,
      index: real.index,
      snapshotTerm: real.term,
      offset,
      total: real.bytes.length,
      last: offset + bytes.length === real.bytes.length,
      bytes,
      crc32c: crc32c(bytes),
      ...change,
    });
    this.acks.length = 0;
    this.say(FrameKind.snapshotChunk, VERSION, body);
    this.cluster.run(30);
    return this.acks.map(({ status, nextOffset }) => `${status} ${nextOffset}`).join(", ");
  }

  /** Everything from `offset` on; the last answer. */
  rest(offset: number, change: Partial<SnapshotChunk> = {}): string {
    let answer = "";
    for (let at = offset; at < real.bytes.length; at += CHUNK) answer = this.chunk(at, change);
    return answer;
  }

  parts(): readonly string[] {
    return [...this.cluster.node(1).disk.files.keys()].filter((path) => path.endsWith(".part"));
  }

  snapshotIndex(): number {
    return this.cluster.node(1).running.status().snapshotIndex;
  }

  private say: (kind: number, wireVersion: number, body: Uint8Array) => void = () => {};
}

test("a whole snapshot is installed, and answered again when the answer was lost", () => {
  const sender = new Sender();
  expect(sender.rest(0)).toBe(`installed ${real.bytes.length}`);
  expect(sender.snapshotIndex()).toBe(real.index);
  expect(sender.parts()).toEqual([]);
  // Whatever comes late of it changes nothing any more.
  expect(sender.chunk(0)).toBe("installed 0");
  expect(sender.chunk(CHUNK)).toBe("installed 0");
  expect(sender.parts()).toEqual([]);
});

test("duplicates and gaps are answered with the offset where it goes on", () => {
  const sender = new Sender();
  expect(sender.chunk(CHUNK)).toBe("restart 0");
  expect(sender.chunk(0)).toBe(`accepted ${CHUNK}`);
  expect(sender.chunk(0)).toBe(`accepted ${CHUNK}`);
  expect(sender.chunk(3 * CHUNK)).toBe(`accepted ${CHUNK}`);
  expect(sender.chunk(CHUNK, { crc32c: 1 })).toBe(`accepted ${CHUNK}`);
  expect(sender.chunk(CHUNK)).toBe(`accepted ${2 * CHUNK}`);
  expect(sender.rest(2 * CHUNK)).toBe(`installed ${real.bytes.length}`);
});

test.for([
  { why: "a total beyond every disk", change: { total: Number.MAX_SAFE_INTEGER } },
  { why: "another total than before", change: { total: real.bytes.length + 1 } },
  { why: "bytes behind the end", change: { bytes: new Uint8Array(real.bytes.length) } },
  { why: "the last chunk before the end", change: { last: true } },
])("a contradiction ends the transfer and costs nothing: $why", ({ change }) => {
  const sender = new Sender();
  sender.chunk(0);
  expect(sender.chunk(CHUNK, change)).toBe("refused 0");
  expect(sender.parts()).toEqual([]);
  expect(sender.cluster.node(1).halted).toBeUndefined();
  expect(sender.rest(0, { session: 8 })).toBe(`installed ${real.bytes.length}`);
});

test("an announced total costs nothing before the bytes come", () => {
  const sender = new Sender();
  const before = process.memoryUsage.rss();
  expect(sender.chunk(0, { total: Number.MAX_SAFE_INTEGER, last: false })).toBe(
    `accepted ${CHUNK}`,
  );
  expect(sender.cluster.node(1).disk.files.get(sender.parts()[0] ?? "")?.length).toBe(CHUNK);
  expect(process.memoryUsage.rss() - before).toBeLessThan(100 * 1024 * 1024);
});

test("a chunk of a leader that was deposed is refused", () => {
  const sender = new Sender();
  expect(sender.chunk(0, { term: 0 })).toBe("refused 0");
  expect(sender.parts()).toEqual([]);
});

test("another session takes over, from this sender or the next leader; the first begins anew", () => {
  const sender = new Sender();
  sender.chunk(0);
  sender.chunk(CHUNK);
  expect(sender.chunk(0, { session: 8, term: 10 })).toBe(`accepted ${CHUNK}`);
  expect(sender.parts()).toEqual(["snapshot/incoming-8.part"]);
  expect(sender.chunk(2 * CHUNK)).toBe("restart 0");
  expect(sender.chunk(CHUNK, { session: 8, term: 10 })).toBe(`accepted ${2 * CHUNK}`);
  expect(sender.rest(2 * CHUNK, { session: 8, term: 10 })).toBe(`installed ${real.bytes.length}`);
});

test("the receiver starts again between two chunks and goes on where it was", () => {
  const sender = new Sender();
  sender.chunk(0);
  sender.chunk(CHUNK);
  sender.cluster.kill(1);
  sender.start();
  sender.connect();
  expect(sender.chunk(CHUNK)).toBe(`accepted ${2 * CHUNK}`);
  expect(sender.rest(2 * CHUNK)).toBe(`installed ${real.bytes.length}`);
});

test("what a power cut spoilt is found at the end and asked for again", () => {
  const sender = new Sender();
  sender.chunk(0);
  sender.chunk(CHUNK);
  const { disk } = sender.cluster.node(1);
  const part = disk.bytes("snapshot/incoming-7.part").slice();
  sender.cluster.kill(1);
  part[CHUNK + 5] = (part[CHUNK + 5] ?? 0) ^ 1;
  disk.put("snapshot/incoming-7.part", part);
  sender.start();
  sender.connect();
  expect(sender.rest(2 * CHUNK)).toBe("restart 0");
  expect(sender.parts()).toEqual([]);
  expect(sender.rest(0)).toBe(`installed ${real.bytes.length}`);
});

test("a part that is longer than its snapshot is begun anew", () => {
  const sender = new Sender();
  sender.chunk(0);
  sender.cluster.kill(1);
  const { disk } = sender.cluster.node(1);
  disk.put("snapshot/incoming-7.part", new Uint8Array(real.bytes.length + 1));
  sender.start();
  sender.connect();
  expect(sender.chunk(CHUNK)).toBe("restart 0");
  expect(sender.rest(0)).toBe(`installed ${real.bytes.length}`);
});

test("while one is read and installed, chunks of another are left unanswered, and no storm follows", () => {
  const sender = new Sender();
  sender.cluster.node(1).disk.syncDelayMs = 500;
  sender.rest(0);
  expect(sender.chunk(0, { session: 8, term: 10 })).toBe("");
  sender.cluster.run(5_000);
  expect(sender.snapshotIndex()).toBe(real.index);
  expect(sender.chunk(0, { session: 8, term: 10 })).toBe("installed 0");
});
