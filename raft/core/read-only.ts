/** Reads that wait for a quorum to confirm the leader (etcd raft, read_only.go; §6.4 of the Raft thesis). */
import type { Message, NodeId } from "./types.ts";

export interface ReadRequest {
  readonly request: Message;
  readonly index: number;
  readonly acks: Map<NodeId, boolean>;
}

export class ReadOnly {
  readonly #pending = new Map<string, ReadRequest>();

  /** A context that is waiting already is not added again: an old answer must not confirm a new read. */
  addRequest(index: number, request: Message): void {
    const key = contextKey(request.entries[0]?.data);
    if (!this.#pending.has(key)) this.#pending.set(key, { request, index, acks: new Map() });
  }

  recvAck(id: NodeId, context: Uint8Array): ReadonlyMap<NodeId, boolean> {
    const found = this.#pending.get(contextKey(context));
    found?.acks.set(id, true);
    return found?.acks ?? NOBODY;
  }

  /** The requests up to and including the confirmed one: a later confirmation covers earlier reads. */
  advance(context: Uint8Array): readonly ReadRequest[] {
    const key = contextKey(context);
    if (!this.#pending.has(key)) return [];
    const confirmed: ReadRequest[] = [];
    for (const [waiting, request] of this.#pending) {
      this.#pending.delete(waiting);
      confirmed.push(request);
      if (waiting === key) break;
    }
    return confirmed;
  }

  /** Context of the newest request, for the next heartbeat. */
  lastPendingContext(): Uint8Array | undefined {
    let last: ReadRequest | undefined;
    for (const request of this.#pending.values()) last = request;
    return last?.request.entries[0]?.data;
  }

  reset(): void {
    this.#pending.clear();
  }
}

const NOBODY: ReadonlyMap<NodeId, boolean> = new Map();

function contextKey(context: Uint8Array | undefined): string {
  return context ? context.join() : "";
}
