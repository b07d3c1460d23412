/**
 * A follower that was killed while it received a snapshot. The leader has a large state and no log
 * before it; the new node is reached through a relay that stops forwarding in the middle.
 */
import { readdirSync, statSync } from "node:fs";
import { connect, createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { ConfiguredNode, eventually, freeAddresses } from "../configured-node.ts";
import type { DirectoryCase } from "./index.ts";
import { CLUSTER_ID, type Scene, type SoloStatus } from "./solo-node.ts";

const VALUES = 12;
const VALUE_BYTES = 100_000;
/** Enough for some chunks, less than the snapshot. */
const FORWARDED_BYTES = 800_000;

interface ClientBundle {
  createClient(options: { addresses: readonly string[]; clusterId: string }): {
    put(key: string, value: string): Promise<{ kind: string }>;
    close(): Promise<void>;
  };
}

export async function makeHalfReceived(scene: Scene): Promise<Omit<DirectoryCase, "name">> {
  const [
    peer = "",
    client = "",
    admin = "",
    joinPeer = "",
    joinClient = "",
    joinAdmin = "",
    relay = "",
  ] = await freeAddresses(7);
  const founders = [{ id: 1, peerAddress: peer, clientAddress: client }];
  const bundle = join(scene.release, "node.mjs");
  const common = { clusterId: CLUSTER_ID, tickMs: 10 };
  const leader = ConfiguredNode.spawn(
    bundle,
    {
      ...common,
      nodeId: 1,
      dataDirectory: `${scene.directory}-leader`,
      peer,
      client,
      admin,
      founders,
    },
    scene.work,
  );
  const server = startRelay(relay, joinPeer);
  let follower: ConfiguredNode | undefined;
  try {
    await leader.ready();
    await fillState(scene, client);
    await must(leader, "/snapshot", {});
    follower = ConfiguredNode.spawn(
      bundle,
      {
        ...common,
        nodeId: 2,
        dataDirectory: scene.directory,
        peer: joinPeer,
        client: joinClient,
        admin: joinAdmin,
        founders: [],
        join: true,
      },
      scene.work,
    );
    await follower.ready();
    const member = { id: 2, peerAddress: relay, clientAddress: joinClient };
    await must(leader, "/members", { kind: "addLearner", member });
    await eventually("a half-received snapshot", async () => hasPart(scene.directory));
    await follower.close();
    const status = await leader.get<SoloStatus>("/status");
    return {
      clusterId: CLUSTER_ID,
      nodeId: 2,
      founders: [],
      needsPeers: true,
      applied: 0,
      digest: "",
      digestVersion: status.digest.version,
      contentVersions: [],
    };
  } finally {
    server.close();
    await follower?.close();
    await leader.close();
  }
}

async function fillState(scene: Scene, address: string): Promise<void> {
  const url = pathToFileURL(join(scene.release, "client.mjs")).href;
  const { createClient } = (await import(url)) as ClientBundle;
  const client = createClient({ addresses: [address], clusterId: CLUSTER_ID });
  try {
    for (let key = 0; key < VALUES; key++) {
      const { kind } = await client.put(`large-${key}`, "0123456789".repeat(VALUE_BYTES / 10));
      if (kind !== "done")
        throw new Error(`Cannot make a data directory: a write ended as ${kind}`);
    }
  } finally {
    await client.close();
  }
}

async function must(node: ConfiguredNode, path: string, body: object): Promise<void> {
  const answer = await node.post(path, body);
  if (!answer.ok) throw new Error(`Cannot make a data directory: POST ${path}: ${answer.message}`);
}

function hasPart(directory: string): true | undefined {
  const parts = readdirSync(join(directory, "snapshot")).filter((name) => name.endsWith(".part"));
  return parts.some((name) => statSync(join(directory, "snapshot", name)).size > 0) || undefined;
}

/** Forwards both ways until the budget towards the follower is used up, then falls silent. */
function startRelay(listen: string, target: string): Server {
  let budget = FORWARDED_BYTES;
  const server = createServer((incoming) => {
    const outgoing = connect(portOf(target), "127.0.0.1");
    const end = (): void => {
      incoming.destroy();
      outgoing.destroy();
    };
    for (const socket of [incoming, outgoing]) socket.on("error", end).on("close", end);
    outgoing.on("data", (bytes) => void incoming.write(bytes));
    incoming.on("data", (bytes: Buffer) => {
      forward(outgoing, bytes.subarray(0, Math.max(budget, 0)));
      budget -= bytes.length;
    });
  });
  server.listen(portOf(listen), "127.0.0.1");
  return server;
}

function forward(socket: Socket, bytes: Uint8Array): void {
  if (bytes.length > 0) socket.write(bytes);
}

function portOf(address: string): number {
  return Number(address.slice(address.lastIndexOf(":") + 1));
}
