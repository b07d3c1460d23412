/**
 * Connections over TCP (port `Link`): bytes in both directions, nothing about what they mean.
 * Peers may use mutual TLS, clients are always plain. What is sent in one turn leaves in one write.
 */
import { connect as connectPlain, createServer, type Server, type Socket } from "node:net";
import { connect as connectTls, createServer as createTlsServer } from "node:tls";
import type { ConnectionId, Link } from "../replica/index.ts";
import { type Address, readAddress } from "./address.ts";
import { closeListener, listenOn } from "./listener.ts";
import { type TlsMaterial, tlsProblemOf } from "./tls.ts";

export type Side = "peer" | "client";

/** Who hears of connections: the replica, once it runs. */
export interface LinkHandler {
  onAccept(connection: ConnectionId, side: Side): void;
  onOpen(connection: ConnectionId): void;
  onBytes(connection: ConnectionId, bytes: Uint8Array): void;
  onClose(connection: ConnectionId): void;
}

export interface LinkOptions {
  readonly tls?: TlsMaterial;
  readonly observe: LinkObserver;
  readonly connectionsMax?: number;
}

interface LinkObserver {
  bytes(direction: "received" | "sent", side: Side, count: number): void;
  /** A connection that ended otherwise than asked for. */
  failure(failure: LinkFailure): void;
}

export interface LinkFailure {
  readonly side: Side;
  readonly address: string;
  /** For a counter: `ECONNREFUSED`, `timeout`, `unknown_authority`, `slow_reader` … */
  readonly reason: string;
  readonly text: string;
}

const DIAL_TIMEOUT_MS = 3_000;
const HANDSHAKE_TIMEOUT_MS = 3_000;
/** A closed connection whose other side does not take the rest is cut after this time. */
const CLOSE_TIMEOUT_MS = 1_000;
const KEEP_ALIVE_MS = 10_000;
const CONNECTIONS_MAX = 4_096;
/** Above this `send` says so; the sender decides what can wait. */
const QUEUE_HIGH_BYTES = 4 * 1024 * 1024;
/** Above this the other side is given up: it would cost us our memory. */
const QUEUE_MAX_BYTES = 64 * 1024 * 1024;
/** Above this the copy costs more than it saves. */
const JOINED_BYTES_MAX = 64 * 1024;

interface Connection {
  readonly id: ConnectionId;
  readonly side: Side;
  readonly address: string;
  readonly socket: Socket;
  /** What was sent in this turn; it leaves at its end. */
  outgoing: Uint8Array[];
  outgoingBytes: number;
}

export class TcpLink implements Link {
  readonly #options: LinkOptions;
  readonly #connections: Map<ConnectionId, Connection> = new Map();
  readonly #listeners: Server[] = [];
  /** Connections that were sent to in this turn. */
  readonly #sending: Set<Connection> = new Set();
  #handler: LinkHandler | undefined;
  #lastId = 0;

  constructor(options: LinkOptions) {
    this.#options = options;
  }

  /** Binds the address, which tells early that it is taken; whoever connects before `serve` is turned away. */
  async listen(side: Side, address: Address): Promise<Address> {
    const server = this.#makeServer(side);
    this.#listeners.push(server);
    return await listenOn(server, side, address);
  }

  serve(handler: LinkHandler): void {
    this.#handler = handler;
  }

  dial(address: string): ConnectionId {
    this.#lastId++;
    const id = this.#lastId;
    const target = readAddress(address);
    if (target === undefined) {
      this.#fail("peer", address, { code: "bad_address", message: "it is not host:port" });
      setImmediate(() => this.#handler?.onClose(id));
      return id;
    }
    const { tls } = this.#options;
    const socket = tls ? connectTls({ ...tls, ...target }) : connectPlain(target);
    socket.setTimeout(DIAL_TIMEOUT_MS, () => socket.destroy(new LinkError("timeout", "no answer")));
    socket.once(tls ? "secureConnect" : "connect", () => {
      socket.setTimeout(0);
      if (!socket.writableEnded) this.#handler?.onOpen(id);
    });
    this.#watch({ id, side: "peer", address, socket, outgoing: [], outgoingBytes: 0 });
    return id;
  }

  send(id: ConnectionId, parts: readonly Uint8Array[]): boolean {
    const connection = this.#connections.get(id);
    if (connection === undefined || connection.socket.writableEnded) return true;
    const { socket, side } = connection;
    if (this.#sending.size === 0) process.nextTick(() => this.#flushAll());
    this.#sending.add(connection);
    let count = 0;
    for (const part of parts) {
      connection.outgoing.push(part);
      count += part.length;
    }
    connection.outgoingBytes += count;
    this.#options.observe.bytes("sent", side, count);
    const waiting = socket.writableLength + connection.outgoingBytes;
    if (waiting > QUEUE_MAX_BYTES)
      socket.destroy(new LinkError("slow_reader", `${waiting} bytes wait unread`));
    return waiting <= QUEUE_HIGH_BYTES;
  }

  close(id: ConnectionId): void {
    const connection = this.#connections.get(id);
    if (connection === undefined || connection.socket.writableEnded) return;
    const { socket } = connection;
    this.#flush(connection);
    socket.end();
    const timer = setTimeout(() => socket.destroy(), CLOSE_TIMEOUT_MS).unref();
    socket.once("close", () => clearTimeout(timer));
  }

  /** For the end of the process: no more listening, and every connection is ended. */
  async closeAll(): Promise<void> {
    const closed = this.#listeners.map(closeListener);
    for (const id of this.#connections.keys()) this.close(id);
    await Promise.all(closed);
  }

  #makeServer(side: Side): Server {
    const { tls } = this.#options;
    const options = { noDelay: true, keepAlive: true, keepAliveInitialDelay: KEEP_ALIVE_MS };
    const onSocket = (socket: Socket): void => this.#accept(side, socket);
    if (tls === undefined || side === "client")
      return this.#limited(createServer(options, onSocket), side);
    const server = createTlsServer(
      {
        ...options,
        ...tls,
        requestCert: true,
        rejectUnauthorized: true,
        handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
      },
      onSocket,
    );
    server.on("tlsClientError", (error, socket) => {
      // Of a certificate that was judged, the error says only that the connection broke.
      const verdict: unknown = socket.authorizationError;
      const code = verdict ? String(verdict) : undefined;
      this.#fail(side, addressOf(socket), code ? { code, message: code } : error);
    });
    return this.#limited(server, side);
  }

  #limited(server: Server, side: Side): Server {
    server.maxConnections = this.#options.connectionsMax ?? CONNECTIONS_MAX;
    server.on("drop", (dropped) => {
      const address = `${dropped?.remoteAddress}:${dropped?.remotePort}`;
      const message = `there are ${server.maxConnections} connections already`;
      this.#fail(side, address, { code: "too_many_connections", message });
    });
    return server;
  }

  #accept(side: Side, socket: Socket): void {
    if (this.#handler === undefined) {
      socket.on("error", () => {});
      socket.destroy();
      return;
    }
    this.#lastId++;
    const id = this.#lastId;
    const address = addressOf(socket);
    this.#watch({ id, side, address, socket, outgoing: [], outgoingBytes: 0 });
    this.#handler.onAccept(id, side);
  }

  #watch(connection: Connection): void {
    const { id, side, address, socket } = connection;
    this.#connections.set(id, connection);
    socket.setNoDelay(true).setKeepAlive(true, KEEP_ALIVE_MS);
    socket.on("data", (bytes: Buffer) => {
      this.#options.observe.bytes("received", side, bytes.length);
      // What follows our own close is nobody's business any more.
      if (!socket.writableEnded) this.#handler?.onBytes(id, bytes);
    });
    socket.on("error", (error) => this.#fail(side, address, error));
    socket.once("close", () => {
      this.#connections.delete(id);
      this.#sending.delete(connection);
      this.#handler?.onClose(id);
    });
  }

  #flushAll(): void {
    for (const connection of this.#sending) this.#flush(connection);
    this.#sending.clear();
  }

  /** Small pieces are joined: one call for all of them costs less than a list of their addresses. */
  #flush(connection: Connection): void {
    const { socket, outgoing, outgoingBytes } = connection;
    if (outgoing.length === 0) return;
    connection.outgoing = [];
    connection.outgoingBytes = 0;
    if (socket.destroyed) return;
    if (outgoingBytes <= JOINED_BYTES_MAX) {
      socket.write(outgoing.length === 1 ? (outgoing[0] as Uint8Array) : Buffer.concat(outgoing));
      return;
    }
    socket.cork();
    for (const part of outgoing) socket.write(part);
    socket.uncork();
  }

  #fail(side: Side, address: string, error: { code?: string; message: string }): void {
    const problem = tlsProblemOf(error);
    const reason = problem?.reason ?? error.code ?? "other";
    this.#options.observe.failure({ side, address, reason, text: problem?.text ?? error.message });
  }
}

/** What we hold against a connection ourselves, with a code as the system's errors have one. */
class LinkError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

function addressOf(socket: Socket): string {
  return `${socket.remoteAddress ?? "unknown"}:${socket.remotePort ?? 0}`;
}
