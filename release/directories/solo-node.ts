/** One frozen node alone with a data directory, and a frozen client that writes to it. */
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { ConfiguredNode, eventually, freeAddresses } from "../configured-node.ts";

export const CLUSTER_ID = "776972657370616e2d66726f7a656e21";
const NODE_ID = 1;

export interface Scene {
  /** Folder of the release being frozen. */
  readonly release: string;
  /** The data directory that is made. */
  readonly directory: string;
  /** For configuration files. */
  readonly work: string;
  readonly writes: { readonly before: number; readonly after: number };
}

export interface SoloStatus {
  readonly role: string;
  readonly activeVersion: number;
  readonly commit: number;
  readonly applied: number;
  readonly digest: { readonly version: number; readonly index: number; readonly value: string };
  readonly content: readonly { readonly version: number }[];
}

interface Outcome {
  readonly kind: string;
  readonly message?: string;
}

/** What this folder uses of a release's client. */
interface FrozenClient {
  put(key: string, value: string): Promise<Outcome>;
  append(key: string, value: string): Promise<Outcome>;
  delete(key: string): Promise<Outcome>;
  compareAndSwap(key: string, expected: string | undefined, value: string): Promise<Outcome>;
  /** Clients of later releases only, and only once the version that has it is active. */
  endSession?(): Promise<Outcome>;
  close(): Promise<void>;
}

interface ClientBundle {
  createClient(options: { addresses: readonly string[]; clusterId: string }): FrozenClient;
}

/** Addresses that stand in the directory; nobody listens there when it is opened later. */
export const FOUNDERS = [
  { id: NODE_ID, peerAddress: "127.0.0.1:1", clientAddress: "127.0.0.1:2" },
] as const;

export class SoloNode {
  readonly founders: readonly { id: number; peerAddress: string; clientAddress: string }[] =
    FOUNDERS;
  readonly #process: ConfiguredNode;
  readonly #scene: Scene;
  #round = 0;
  #isActivated = false;

  private constructor(process: ConfiguredNode, scene: Scene) {
    this.#process = process;
    this.#scene = scene;
  }

  static async start(scene: Scene): Promise<SoloNode> {
    const [peer = "", client = "", admin = ""] = await freeAddresses(3);
    const process = ConfiguredNode.spawn(
      join(scene.release, "node.mjs"),
      {
        clusterId: CLUSTER_ID,
        nodeId: NODE_ID,
        dataDirectory: scene.directory,
        peer,
        client,
        admin,
        founders: FOUNDERS,
        tickMs: 10,
      },
      scene.work,
    );
    const node = new SoloNode(process, scene);
    if (!(await process.ready())) {
      const { lastLine } = await process.exited;
      throw new Error(`Cannot make a data directory: the node ended: ${lastLine}`);
    }
    await eventually("the election of the only node", async () => {
      const status = await node.status();
      return status.role === "leader" && status.applied === status.commit ? status : undefined;
    });
    return node;
  }

  status(): Promise<SoloStatus> {
    return this.#process.get<SoloStatus>("/status");
  }

  /** Everything committed is applied, and the digest speaks of it. */
  settledStatus(): Promise<SoloStatus> {
    return eventually("settling", async () => {
      const status = await this.status();
      return status.applied === status.commit && status.digest.index === status.applied
        ? status
        : undefined;
    });
  }

  /** Every kind of write, in a session of its own. */
  async writeSome(): Promise<void> {
    const round = ++this.#round;
    const { createClient } = (await import(
      pathToFileURL(join(this.#scene.release, "client.mjs")).href
    )) as ClientBundle;
    const addresses = [this.#process.configuration.client];
    const client = createClient({ addresses, clusterId: CLUSTER_ID });
    try {
      for (let key = 0; key < 12; key++) {
        must(await client.put(`key-${key}`, `round ${round}, value ${"x".repeat(key * 7)}`));
      }
      must(await client.append("key-1", ", appended"));
      must(await client.compareAndSwap("key-2", undefined, "never"));
      must(await client.compareAndSwap(`absent-${round}`, undefined, "swapped in"));
      must(await client.delete("key-3"));
      must(await client.put("κλειδί", "ünïcödé"));
      const ended = await client.endSession?.();
      if (ended && this.#isActivated) must(ended);
    } finally {
      await client.close();
    }
  }

  /** A learner comes and goes, so that the log holds configuration changes. */
  async changeMembership(): Promise<void> {
    const member = { id: 9, peerAddress: "127.0.0.1:3", clientAddress: "127.0.0.1:4" };
    await this.#mustPost("/members", { kind: "addLearner", member });
    await this.#mustPost("/members", { kind: "remove", id: member.id });
  }

  /** Activates what the release writes afterwards; the same version again is committed as well. */
  async activate(): Promise<void> {
    this.#isActivated = true;
    await this.#mustPost("/activate", { version: this.#scene.writes.after });
  }

  async takeSnapshot(): Promise<void> {
    await this.#mustPost("/snapshot", {});
  }

  async stop(): Promise<void> {
    const { code, lastLine } = await this.#process.stop();
    if (code !== 0) throw new Error(`The node ended with ${code}: ${lastLine}`);
  }

  async close(): Promise<void> {
    await this.#process.close();
  }

  async #mustPost(path: string, body: object): Promise<void> {
    const answer = await this.#process.post(path, body);
    if (!answer.ok)
      throw new Error(`Cannot make a data directory: POST ${path}: ${answer.message}`);
  }
}

function must(outcome: Outcome): void {
  if (outcome.kind !== "done") {
    throw new Error(
      `Cannot make a data directory: a write ended as ${outcome.kind}: ${outcome.message}`,
    );
  }
}
