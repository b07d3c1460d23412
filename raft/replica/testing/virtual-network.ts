/** Connections between virtual nodes: ordered bytes, like TCP; they break instead of losing. */
import type { ConnectionId, Link } from "../ports.ts";
import type { VirtualTime } from "./virtual-time.ts";

export interface Endpoint {
  onAccept(connection: ConnectionId, side: "peer" | "client"): void;
  onOpen(connection: ConnectionId): void;
  onBytes(connection: ConnectionId, bytes: Uint8Array): void;
  onClose(connection: ConnectionId): void;
}

interface Half {
  readonly owner: string;
  readonly other: ConnectionId;
  isOpen: boolean;
}

export class VirtualNetwork {
  delayMs = 1;
  private readonly time: VirtualTime;
  private readonly listeners: Map<string, { name: string; endpoint: Endpoint }> = new Map();
  private readonly endpoints: Map<string, Endpoint> = new Map();
  private readonly halves: Map<ConnectionId, Half> = new Map();
  private readonly cut: Set<string> = new Set();
  private nextConnection = 1;

  constructor(time: VirtualTime) {
    this.time = time;
  }

  /** `name` goes on the network; `addresses` are those it listens at. */
  attach(name: string, endpoint: Endpoint, addresses: readonly string[]): Link {
    this.endpoints.set(name, endpoint);
    for (const address of addresses) this.listeners.set(address, { name, endpoint });
    return {
      dial: (address) => this.dial(name, address),
      send: (connection, parts) => this.send(connection, parts),
      close: (connection) => this.close(connection),
    };
  }

  /** The process is gone: its connections break and nobody listens. */
  detach(name: string): void {
    this.endpoints.delete(name);
    for (const [address, listener] of this.listeners)
      if (listener.name === name) this.listeners.delete(address);
    for (const [connection, half] of this.halves) if (half.owner === name) this.close(connection);
  }

  /** Nothing passes between the two any more. */
  separate(one: string, other: string): void {
    this.cut.add(`${one} ${other}`).add(`${other} ${one}`);
    for (const [connection, half] of this.halves)
      if (half.isOpen && this.isCut(half.owner, this.halves.get(half.other)?.owner))
        this.close(connection);
  }

  heal(): void {
    this.cut.clear();
  }

  private dial(name: string, address: string): ConnectionId {
    const here = this.nextConnection++;
    const there = this.nextConnection++;
    this.time.after(this.delayMs, () => {
      const listener = this.listeners.get(address);
      const endpoint = this.endpoints.get(name);
      if (!listener || !endpoint || this.isCut(name, listener.name)) return endpoint?.onClose(here);
      this.halves.set(here, { owner: name, other: there, isOpen: true });
      this.halves.set(there, { owner: listener.name, other: here, isOpen: true });
      listener.endpoint.onAccept(there, address.startsWith("client") ? "client" : "peer");
      endpoint.onOpen(here);
    });
    return here;
  }

  private send(connection: ConnectionId, parts: readonly Uint8Array[]): boolean {
    const half = this.halves.get(connection);
    if (!half?.isOpen) return true;
    const bytes = new Uint8Array(Buffer.concat(parts));
    this.time.after(this.delayMs, () => {
      const peer = this.halves.get(half.other);
      if (peer?.isOpen) this.endpoints.get(peer.owner)?.onBytes(half.other, bytes);
    });
    return true;
  }

  /** What was sent before still arrives, then both sides hear of the end. */
  private close(connection: ConnectionId): void {
    const half = this.halves.get(connection);
    if (!half?.isOpen) return;
    half.isOpen = false;
    const other = this.halves.get(half.other);
    this.time.after(this.delayMs, () => {
      this.endpoints.get(half.owner)?.onClose(connection);
      if (!other?.isOpen) return;
      other.isOpen = false;
      this.endpoints.get(other.owner)?.onClose(half.other);
    });
  }

  private isCut(one: string | undefined, other: string | undefined): boolean {
    return this.cut.has(`${one} ${other}`);
  }
}
