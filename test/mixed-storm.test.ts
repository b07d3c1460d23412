/**
 * Three replicas of the frozen releases, side by side in one thread, rolled from the first to the
 * last while clients append, connections break and power goes. What no plan of real processes does in
 * this number: crashes around every step of an upgrade, each from a seed.
 *
 * After every step: nobody halts, no start is refused that the plan expects to succeed, at most one
 * leader per term, equal digests at equal index, no decode error. At the end: every acknowledged
 * append is there once, and everything is written at the last version.
 */

import { expect, test } from "vitest";
import type { ClientRequest, ClientResponse } from "../raft/wire/index.ts";
import {
  type Program,
  type Speech,
  text,
  type VirtualClient,
  VirtualCluster,
  type VirtualNode,
} from "../sim/world/index.ts";

const NODES = [1, 2, 3];
const STEP_MS = 10;
const PATIENCE_MS = 400;
const RELEASES = ["r1", "r2", "r3", "r4"];

interface Codec {
  encode(value: unknown): Uint8Array;
  decode(bytes: Uint8Array): unknown;
}

type OpenCodec = (message: string, version: number) => Codec;

async function loadPrograms(): Promise<ReadonlyMap<string, Program>> {
  const loaded = RELEASES.map(async (release): Promise<[string, Program]> => {
    const path = `../fixtures/releases/${release}/replica.mjs`;
    const { createReplica } = (await import(path)) as Pick<Program, "createReplica">;
    return [release, { release, createReplica }];
  });
  return new Map(await Promise.all(loaded));
}

/** A client that speaks all versions, each by the codecs of a release that has it. */
async function loadSpeech(): Promise<Speech> {
  const codecs = await Promise.all(
    RELEASES.map(async (release) => {
      const path = `../fixtures/releases/${release}/codecs.mjs`;
      return ((await import(path)) as { openCodec: OpenCodec }).openCodec;
    }),
  );
  // Release n writes version n after its activation.
  const open = (message: string, version: number): Codec => {
    const codec = codecs[version - 1];
    if (!codec) throw new Error(`no release writes version ${version}`);
    return codec(message, version);
  };
  return {
    range: { min: 1, max: RELEASES.length },
    request: (version, request) => open("ClientRequest", version).encode(request),
    response: (version, body) => open("ClientResponse", version).decode(body) as ClientResponse,
  };
}

const programs = await loadPrograms();
const speech = await loadSpeech();

/** One client with one append under way at a time, sent again until it is answered. */
class Appender {
  readonly acknowledged: string[] = [];
  private readonly cluster: VirtualCluster;
  private readonly client: VirtualClient;
  private readonly name: string;
  private sinceMs = 0;
  private isWaiting = false;
  private count = 0;

  constructor(cluster: VirtualCluster, name: string) {
    this.cluster = cluster;
    this.client = cluster.client(speech);
    this.name = name;
  }

  step(): void {
    const answer = this.client.take();
    if (answer) this.onAnswer(answer);
    const waitedMs = this.cluster.time.nowMs() - this.sinceMs;
    if (waitedMs > PATIENCE_MS) this.dial(NODES[this.cluster.chance.below(3)] ?? 1);
    else if (this.client.isConnected && !this.isWaiting) this.send();
  }

  private onAnswer({ status, session, leader }: ClientResponse): void {
    this.isWaiting = false;
    if (status === "notLeader" && leader > 0) {
      this.dial(leader);
    } else if (status !== "ok") {
      // Asked again after a pause; the session makes sure that it counts once.
      this.isWaiting = true;
    } else if (this.client.session === 0) {
      this.client.session = session;
    } else {
      this.acknowledged.push(`${this.name}${this.count++}`);
    }
  }

  private dial(node: number): void {
    this.isWaiting = false;
    this.sinceMs = this.cluster.time.nowMs();
    this.client.dial(node);
  }

  private send(): void {
    this.isWaiting = true;
    this.sinceMs = this.cluster.time.nowMs();
    const { session } = this.client;
    const value = text(`${this.name}${this.count},`);
    const request: ClientRequest =
      session === 0
        ? { session, sequence: 0, op: { case: "openSession", value: {} } }
        : {
            session,
            sequence: this.count + 1,
            op: { case: "append", value: { key: text("all"), value } },
          };
    this.client.send(request);
  }
}

class Storm {
  readonly cluster: VirtualCluster;
  readonly clients: readonly Appender[];
  private readonly leaders: Map<number, number> = new Map();
  private readonly digests: Map<number, string> = new Map();
  compared = 0;
  faults = 0;
  isCalm = false;

  constructor(seed: number) {
    this.cluster = new VirtualCluster(seed);
    this.clients = ["a", "b"].map((name) => new Appender(this.cluster, name));
    for (const id of NODES) this.use(id, "r1");
    this.startAll();
  }

  use(id: number, release: string): void {
    const program = programs.get(release);
    if (!program) throw new Error(`no release ${release}`);
    this.cluster.programs.set(id, program);
  }

  /** A start that must succeed: the plan only upgrades what the next release can read. */
  start(id: number): void {
    const founders = NODES.map((node) => ({
      id: node,
      peerAddress: `peer-${node}:1`,
      clientAddress: `client-${node}:1`,
    }));
    expect(this.cluster.start(id, { founders, snapshotEvery: 60 })).toEqual({ started: true });
  }

  startAll(): void {
    for (const id of NODES) if (!this.cluster.node(id).replica) this.start(id);
  }

  run(steps: number): void {
    for (let step = 0; step < steps; step++) {
      this.cluster.run(STEP_MS);
      for (const client of this.clients) client.step();
      if (!this.isCalm && this.cluster.chance.below(30) === 0) this.fault();
      this.look();
    }
  }

  until(what: string, holds: () => boolean): void {
    for (let round = 0; !holds(); round++) {
      if (round > 600) throw new Error(`never: ${what}`);
      this.run(10);
    }
  }

  private fault(): void {
    this.faults++;
    const id = NODES[this.cluster.chance.below(3)] ?? 1;
    const node = this.cluster.node(id);
    const kinds: readonly (() => void)[] = [
      () => node.replica && this.cluster.crash(id),
      () => node.replica && this.cluster.kill(id),
      () => this.startAll(),
      () => this.startAll(),
      () => this.cluster.network.heal(),
      () => this.cluster.network.separate(`node ${id}`, `node ${(id % 3) + 1}`),
      () => node.replica?.takeSnapshot(() => {}),
      () => node.replica?.transferLeadership((id % 3) + 1, () => {}),
    ];
    kinds[this.cluster.chance.below(kinds.length)]?.();
  }

  private look(): void {
    for (const node of this.cluster.nodes.values()) {
      expect(node.halted).toBeUndefined();
      if (node.replica) this.lookAt(node);
    }
  }

  private lookAt({ id, running, counts }: VirtualNode): void {
    const { role, term, digest } = running.status();
    if (role === "leader") {
      expect(this.leaders.get(term) ?? id, `two leaders in term ${term}`).toBe(id);
      this.leaders.set(term, id);
    }
    const known = this.digests.get(digest.index);
    if (known !== undefined && digest.index > 1) this.compared++;
    expect(known ?? digest.value, `digest at ${digest.index} on node ${id}`).toBe(digest.value);
    this.digests.set(digest.index, digest.value);
    const decodeErrors = [...counts.keys()].filter((name) => name.includes("decode_error"));
    expect(decodeErrors).toEqual([]);
  }

  /** Stops a node in one of the ways in which nodes stop, and starts it with a release. */
  replace(id: number, release: string): void {
    if (this.cluster.node(id).replica)
      this.cluster.chance.below(2) === 0 ? this.cluster.crash(id) : this.cluster.kill(id);
    this.use(id, release);
    this.start(id);
  }

  activate(version: number): void {
    this.until(`version ${version} active everywhere`, () => {
      this.cluster.network.heal();
      this.startAll();
      const rows = this.cluster.running().map(({ running }) => running);
      for (const replica of rows) replica.activate(version, () => {});
      return rows.every((replica) => replica.status().activeVersion === version);
    });
  }

  /** Until nothing on any disk is written below this version. */
  rewrite(version: number): void {
    this.until(`nothing below version ${version}`, () => {
      this.startAll();
      this.cluster.network.heal();
      for (const { running } of this.cluster.running()) running.takeSnapshot(() => {});
      return this.cluster.running().every((node) => lowestVersion(node) >= version);
    });
  }
}

/** Of what is stored, and of what the manifest still announces: it is the last to be written. */
function lowestVersion({ running, disk }: VirtualNode): number {
  const manifest = JSON.parse(new TextDecoder().decode(disk.bytes("manifest.json"))) as Manifest;
  const named = manifest.features.incompatible.map((feature) => Number(feature.slice(5)));
  return Math.min(...named, ...running.status().content.map(({ version }) => version));
}

interface Manifest {
  readonly features: { readonly incompatible: readonly string[] };
}

function upgrade(storm: Storm, from: string, to: string): void {
  const order = NODES.toSorted(() => (storm.cluster.chance.below(2) === 0 ? -1 : 1));
  for (const id of order) {
    storm.replace(id, to);
    storm.run(20 + storm.cluster.chance.below(60));
    if (storm.cluster.chance.below(3) === 0) {
      // Until the activation, every node may go back.
      storm.replace(id, from);
      storm.run(storm.cluster.chance.below(60));
      storm.replace(id, to);
      storm.run(storm.cluster.chance.below(60));
    }
  }
}

test.for(Array.from({ length: 6 }, (_, place) => place + 1))("from r1 to r4, seed %i", (seed) => {
  const storm = new Storm(seed);
  storm.run(60);
  for (const [place, to] of RELEASES.entries()) {
    if (place === 0) continue;
    upgrade(storm, RELEASES[place - 1] ?? "", to);
    storm.activate(place + 1);
    storm.rewrite(place + 1);
  }
  storm.isCalm = true;
  storm.cluster.network.heal();
  storm.startAll();
  storm.run(300);
  storm.cluster.converge();
  const reader = storm.cluster.client(speech);
  reader.connect(storm.cluster.leader());
  const written = (reader.get("all") ?? "").split(",").slice(0, -1);
  expect(new Set(written).size, "nothing is there twice").toBe(written.length);
  for (const { acknowledged } of storm.clients) {
    expect(acknowledged.length).toBeGreaterThan(20);
    expect(acknowledged.filter((each) => !written.includes(each))).toEqual([]);
  }
  expect(storm.faults).toBeGreaterThan(10);
  expect(storm.compared).toBeGreaterThan(100);
});
