/**
 * One connection to one server: hello first, then requests, of which many may be under way when
 * several clients share it. Whatever is not an expected answer ends the connection; what that means
 * for an operation is decided by the caller.
 */
import { connect, type Socket } from "node:net";
import {
  ClientRequest,
  ClientResponse,
  type Frame,
  FrameKind,
  FrameParser,
  RELEASE,
  readRefusal,
  readWelcome,
  type VersionRange,
  wireProtocol,
  writeFrame,
  writeHello,
} from "../wire/index.ts";
import { Requests } from "./requests.ts";

/** No release sends a longer answer, and a wrong length must not fill our memory. */
const FRAME_BYTES_MAX = 64 * 1024 * 1024;

export interface ServerIdentity {
  readonly address: string;
  readonly nodeId: number;
  readonly release: string;
  readonly range: VersionRange;
  /** Wire version of the connection. */
  readonly agreed: number;
}

export interface ConnectionOptions {
  readonly address: string;
  readonly clusterId: string;
  readonly clientId: number;
  readonly incarnation: number;
}

/** The connection is of no further use. */
export class ConnectionLost extends Error {
  override readonly name = "ConnectionLost";
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

export class ServerConnection {
  readonly #options: ConnectionOptions;
  readonly #socket: Socket;
  readonly #parser: FrameParser = new FrameParser(FRAME_BYTES_MAX);
  /** Frames that came before anybody waited for them. */
  readonly #early: Frame[] = [];
  #waiting: PromiseWithResolvers<Frame> | undefined;
  readonly #requests: Requests = new Requests((timeoutMs) =>
    this.#lose("no_answer", `no answer within ${timeoutMs} ms`),
  );
  /** What is sent in one turn leaves in one write. */
  #outgoing: Uint8Array[] = [];
  #greeting: Promise<ServerIdentity> | undefined;
  #numbered = 0;
  #lost: ConnectionLost | undefined;
  #server: ServerIdentity | undefined;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    const { host, port } = hostAndPort(options.address);
    this.#socket = connect({ host, port, noDelay: true });
    this.#socket.on("data", (bytes: Uint8Array) => this.#onBytes(bytes));
    this.#socket.on("error", (error: Error & { code?: string }) =>
      this.#lose(error.code ?? "connection_failed", error.message),
    );
    this.#socket.on("close", () => this.#lose("connection_closed", "the server closed"));
  }

  get isLost(): boolean {
    return this.#lost !== undefined;
  }

  /** Who answered the hello. */
  get server(): ServerIdentity | undefined {
    return this.#server;
  }

  /** Agrees on a version, once for all who share it; must come before requests. Throws `ConnectionLost` with the code of a refusal. */
  greet(timeoutMs: number): Promise<ServerIdentity> {
    this.#greeting ??= this.#greet(timeoutMs);
    return this.#greeting;
  }

  /** For a request outside a session, so that its answer is known among those of others. */
  nextNumber(): number {
    return ++this.#numbered;
  }

  async #greet(timeoutMs: number): Promise<ServerIdentity> {
    const hello = writeHello({ range: wireProtocol.range, release: RELEASE, role: "client" });
    this.#send(FrameKind.hello, 0, hello);
    let frame = await this.#nextFrame(timeoutMs);
    // The server's own hello may come before its answer to ours.
    if (frame.header.kind === FrameKind.hello) frame = await this.#nextFrame(timeoutMs);
    this.#server = this.#readWelcome(frame);
    return this.#server;
  }

  /** Rejects, and throws at once, `ConnectionLost`; throws `EncodeError`. */
  request(request: ClientRequest, timeoutMs: number): Promise<ClientResponse> {
    if (this.#server === undefined) throw this.#lose("not_greeted", "no version is agreed");
    const { agreed } = this.#server;
    const { bytes } = wireProtocol.encode(ClientRequest, agreed, request);
    this.#send(FrameKind.clientRequest, agreed, bytes);
    return this.#requests.add(request, timeoutMs);
  }

  close(): void {
    this.#lose("closed", "this side closed");
  }

  #send(kind: number, wireVersion: number, body: Uint8Array): void {
    if (this.#lost) throw this.#lost;
    const { clusterId, clientId, incarnation } = this.#options;
    const addressee = this.#server?.nodeId ?? 0;
    const header = {
      kind,
      flags: 0,
      wireVersion,
      clusterId,
      sender: clientId,
      addressee,
      incarnation,
    };
    if (this.#outgoing.length === 0) process.nextTick(() => this.#flush());
    this.#outgoing.push(...writeFrame(header, body));
  }

  #flush(): void {
    const parts = this.#outgoing;
    this.#outgoing = [];
    if (!this.#lost) this.#socket.write(Buffer.concat(parts));
  }

  async #nextFrame(timeoutMs: number): Promise<Frame> {
    if (this.#lost) throw this.#lost;
    const ready = this.#early.shift();
    if (ready) return ready;
    const waiting = Promise.withResolvers<Frame>();
    this.#waiting = waiting;
    const timer = setTimeout(
      () => this.#lose("no_answer", `no answer within ${timeoutMs} ms`),
      timeoutMs,
    );
    try {
      return await waiting.promise;
    } finally {
      clearTimeout(timer);
    }
  }

  #onBytes(bytes: Uint8Array): void {
    try {
      for (const frame of this.#parser.push(bytes)) this.#onFrame(frame);
    } catch (error) {
      this.#lose("bad_frame", textOf(error));
    }
  }

  #onFrame(frame: Frame): void {
    const { clusterId, clientId } = this.#options;
    if (frame.header.clusterId !== clusterId) this.#lose("foreign_cluster", "a foreign frame came");
    if (frame.header.addressee !== clientId && frame.header.addressee !== 0) return;
    if (frame.header.kind === FrameKind.clientResponse) return this.#onResponse(frame);
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (waiting) waiting.resolve(frame);
    else this.#early.push(frame);
  }

  #readWelcome(frame: Frame): ServerIdentity {
    const { kind, sender } = frame.header;
    try {
      if (kind === FrameKind.welcome) {
        const { range, release, agreed } = readWelcome(frame.body);
        const { min, max } = wireProtocol.range;
        if (agreed >= min && agreed <= max)
          return { address: this.#options.address, nodeId: sender, release, range, agreed };
      }
      if (kind === FrameKind.refusal) {
        const { code, text } = readRefusal(frame.body);
        throw this.#lose(code, text);
      }
    } catch (error) {
      throw error instanceof ConnectionLost ? error : this.#lose("bad_hello", textOf(error));
    }
    throw this.#lose("bad_hello", `frame kind ${kind} is no answer to a hello`);
  }

  #onResponse({ header, body }: Frame): void {
    let response: ClientResponse;
    try {
      response = wireProtocol.decode(ClientResponse, header.wireVersion, body);
    } catch (error) {
      this.#lose("bad_answer", textOf(error));
      return;
    }
    if (!this.#requests.settle(response))
      this.#lose("wrong_answer", `the answer is to request ${response.sequence}`);
  }

  /** Ends the connection and whatever waits for it; the first reason stays. */
  #lose(code: string, message: string): ConnectionLost {
    const { address } = this.#options;
    this.#lost ??= new ConnectionLost(code, `Connection to ${address} ended: ${message}`);
    this.#waiting?.reject(this.#lost);
    this.#waiting = undefined;
    this.#requests.rejectAll(this.#lost);
    this.#socket.destroy();
    return this.#lost;
  }
}

function hostAndPort(address: string): { readonly host: string; readonly port: number } {
  const colon = address.lastIndexOf(":");
  return {
    host: address.slice(0, colon).replace(/^\[|\]$/g, ""),
    port: Number(address.slice(colon + 1)),
  };
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
