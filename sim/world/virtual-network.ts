/**
 * Connections between virtual nodes: ordered bytes, like TCP; they break instead of losing. The
 * weather of a simulation may lose, repeat, delay and spoil whole sends on top of that.
 */
import type { ConnectionId, Link } from "../../raft/replica/index.ts";
import type { VirtualTime } from "./virtual-time.ts";

export interface Endpoint {
  onAccept(connection: ConnectionId, side: "peer" | "client"): void;
  onOpen(connection: ConnectionId): void;
  onBytes(connection: ConnectionId, bytes: Uint8Array): void;
  onClose(connection: ConnectionId): void;
}

/** What becomes of one send. */
export interface Passage {
  /** Milliseconds on the way, one for each copy that arrives; none: it is lost. */
  readonly delays: readonly number[];
  /** It may overtake what was sent before. */
  readonly overtakes?: boolean;
  /** One byte is changed. */
  readonly spoiltAt?: number;
  /** The connection breaks. */
  readonly breaks?: boolean;
}

export interface Weather {
  isReachable(from: string, to: string): boolean;
  /** `kind` is the message kind of the first frame. */
  pass(from: string, to: string, send: { readonly kind: number; readonly length: number }): Passage;
}

/** What befell the bytes that one side of a connection sent. */
export interface Passed {
  readonly isSpoilt: boolean;
  /** Sends were lost, repeated or came in another order. */
  readonly hasGaps: boolean;
}

interface Half {
  readonly owner: string;
  readonly other: ConnectionId;
  isOpen: boolean;
  isSpoilt: boolean;
  hasGaps: boolean;
  /** When the last bytes sent from here arrive: later ones arrive later. */
  arrivesMs: number;
}

interface Member {
  readonly name: string;
  readonly endpoint: Endpoint;
  readonly number: number;
}

const KIND_OFFSET = 6;
const CHECKSUM_OFFSET = 60;

export class VirtualNetwork {
  delayMs = 1;
  weather: Weather | undefined;
  /** Sees every send as it leaves; `sender` is the number given to `attach`. */
  onSend: ((sender: number, bytes: Uint8Array) => void) | undefined;
  /** Of the connection whose bytes are being given to their receiver now. */
  taking: Passed | undefined;
  private readonly time: VirtualTime;
  private readonly listeners: Map<string, Member> = new Map();
  private readonly members: Map<string, Member> = new Map();
  private readonly halves: Map<ConnectionId, Half> = new Map();
  private readonly cut: Set<string> = new Set();
  private nextConnection = 1;

  constructor(time: VirtualTime) {
    this.time = time;
  }

  /** `name` goes on the network; `addresses` are those it listens at, `number` marks its events. */
  attach(name: string, endpoint: Endpoint, addresses: readonly string[], number = 0): Link {
    const member = { name, endpoint, number };
    this.members.set(name, member);
    for (const address of addresses) this.listeners.set(address, member);
    return {
      dial: (address) => this.dial(member, address),
      send: (connection, parts) => this.send(connection, parts),
      close: (connection) => this.close(connection),
    };
  }

  /** The process is gone: its connections break and nobody listens. */
  detach(name: string): void {
    this.members.delete(name);
    for (const [address, listener] of this.listeners)
      if (listener.name === name) this.listeners.delete(address);
    for (const [connection, half] of this.halves) if (half.owner === name) this.close(connection);
  }

  /** Nothing passes between the two any more. */
  separate(one: string, other: string): void {
    this.cut.add(`${one} ${other}`).add(`${other} ${one}`);
    this.breakBetween((from, to) => this.isCut(from, to));
  }

  heal(): void {
    this.cut.clear();
  }

  breakBetween(applies: (from: string, to: string) => boolean): void {
    for (const [connection, half] of this.halves) {
      const other = this.halves.get(half.other)?.owner;
      if (half.isOpen && other !== undefined && applies(half.owner, other)) this.close(connection);
    }
  }

  private dial(caller: Member, address: string): ConnectionId {
    const here = this.nextConnection++;
    const there = this.nextConnection++;
    const arrive = (): void => {
      const listener = this.listeners.get(address);
      if (this.members.get(caller.name) !== caller) return;
      if (!listener || !this.isReachable(caller.name, listener.name))
        return caller.endpoint.onClose(here);
      const calm = { isOpen: true, isSpoilt: false, hasGaps: false, arrivesMs: 0 };
      this.halves.set(here, { owner: caller.name, other: there, ...calm });
      this.halves.set(there, { owner: listener.name, other: here, ...calm });
      listener.endpoint.onAccept(there, address.startsWith("client") ? "client" : "peer");
      caller.endpoint.onOpen(here);
    };
    this.time.after(this.delayMs, arrive, caller.number);
    return here;
  }

  private isReachable(one: string, other: string): boolean {
    if (this.isCut(one, other)) return false;
    const { weather } = this;
    return !weather || (weather.isReachable(one, other) && weather.isReachable(other, one));
  }

  private send(connection: ConnectionId, parts: readonly Uint8Array[]): boolean {
    const half = this.halves.get(connection);
    if (!half?.isOpen) return true;
    const bytes = join(parts);
    this.mixFrame(bytes);
    if (this.onSend) this.onSend(this.members.get(half.owner)?.number ?? 0, bytes);
    const to = this.halves.get(half.other)?.owner ?? "";
    const kind = (bytes[KIND_OFFSET] ?? 0) | ((bytes[KIND_OFFSET + 1] ?? 0) << 8);
    const passage = this.weather?.pass(half.owner, to, { kind, length: bytes.length });
    if (passage?.breaks) {
      this.close(connection);
      return true;
    }
    if (passage?.spoiltAt !== undefined) {
      half.isSpoilt = true;
      bytes[passage.spoiltAt] = (bytes[passage.spoiltAt] ?? 0) ^ 0x10;
    }
    if (passage && (passage.delays.length !== 1 || passage.overtakes)) half.hasGaps = true;
    for (const delayMs of passage?.delays ?? [this.delayMs])
      this.deliver(half, bytes, { delayMs, overtakes: passage?.overtakes === true });
    return true;
  }

  private deliver(
    half: Half,
    bytes: Uint8Array,
    { delayMs, overtakes }: { readonly delayMs: number; readonly overtakes: boolean },
  ): void {
    const nowMs = this.time.nowMs();
    const atMs = overtakes ? nowMs + delayMs : Math.max(nowMs + delayMs, half.arrivesMs);
    if (!overtakes) half.arrivesMs = atMs;
    const receiver = this.halves.get(half.other);
    const number = this.members.get(receiver?.owner ?? "")?.number ?? 0;
    const arrive = (): void => {
      const peer = this.halves.get(half.other);
      if (!peer?.isOpen) return;
      this.taking = half;
      try {
        this.members.get(peer.owner)?.endpoint.onBytes(half.other, bytes);
      } finally {
        this.taking = undefined;
      }
    };
    this.time.after(atMs - nowMs, arrive, number);
  }

  /** What was sent before still arrives, then both sides hear of the end. */
  private close(connection: ConnectionId): void {
    const half = this.halves.get(connection);
    if (!half?.isOpen) return;
    half.isOpen = false;
    const other = this.halves.get(half.other);
    const member = this.members.get(half.owner);
    const tell = (): void => {
      this.halves.delete(connection);
      const owner = this.members.get(half.owner);
      if (owner === member) owner?.endpoint.onClose(connection);
      if (!other?.isOpen) return;
      other.isOpen = false;
      this.halves.delete(half.other);
      this.members.get(other.owner)?.endpoint.onClose(half.other);
    };
    const delayMs = Math.max(this.delayMs, half.arrivesMs - this.time.nowMs());
    this.time.after(delayMs, tell);
  }

  private isCut(one: string, other: string): boolean {
    return this.cut.size > 0 && this.cut.has(`${one} ${other}`);
  }

  /** The checksums of the first frame stand for its content in the trace. */
  private mixFrame(bytes: Uint8Array): void {
    const { time } = this;
    time.mix(bytes.length);
    if (bytes.length < CHECKSUM_OFFSET + 8) return;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    time.mix(view.getInt32(CHECKSUM_OFFSET, true));
    time.mix(view.getInt32(CHECKSUM_OFFSET + 4, true));
  }
}

/** Small sends share a buffer: one of its own would cost more than the copy. */
const SHARED_BYTES = 1 << 16;
const PIECE_BYTES_MAX = 1 << 12;
let shared = new Uint8Array(SHARED_BYTES);
let sharedUsed = 0;

function freshBytes(length: number): Uint8Array {
  if (length > PIECE_BYTES_MAX) return new Uint8Array(length);
  if (sharedUsed + length > SHARED_BYTES) {
    shared = new Uint8Array(SHARED_BYTES);
    sharedUsed = 0;
  }
  const bytes = shared.subarray(sharedUsed, sharedUsed + length);
  sharedUsed += length;
  return bytes;
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const part of parts) length += part.length;
  const bytes = freshBytes(length);
  let offset = 0;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.length;
  }
  return bytes;
}
