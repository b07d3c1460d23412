/** A client that speaks frames to one node at a time and can be told to retry. */

import type { ConnectionId, Link } from "../../raft/replica/index.ts";
import {
  ClientRequest,
  ClientResponse,
  FrameError,
  FrameKind,
  FrameParser,
  readWelcome,
  wireProtocol,
  writeFrame,
  writeHello,
} from "../../raft/wire/index.ts";
import { addressOf, CLUSTER_ID } from "./addresses.ts";
import type { VirtualNetwork } from "./virtual-network.ts";

const FRAME_BYTES_MAX = 1 << 26;

/** Lets the cluster run until the claim holds. */
type Until = (what: string, holds: () => boolean) => void;

/** How a client writes and reads at a version; a test of frozen releases brings another one. */
export interface Speech {
  readonly range: { readonly min: number; readonly max: number };
  request(version: number, request: ClientRequest): Uint8Array;
  response(version: number, body: Uint8Array): ClientResponse;
}

export const TREE_SPEECH: Speech = {
  range: wireProtocol.range,
  request: (version, request) => wireProtocol.encode(ClientRequest, version, request).bytes,
  response: (version, body) => wireProtocol.decode(ClientResponse, version, body),
};

type Operation = NonNullable<ClientRequest["op"]>;

export class VirtualClient {
  session = 0;
  sequence = 0;
  /** Called when an answer came; `take` has it. */
  onAnswer: (() => void) | undefined;
  /** Called before the connection is given up for bytes that are no frame, or no answer. */
  onUnreadable: ((error: unknown) => void) | undefined;
  private readonly until: Until;
  private readonly speech: Speech;
  private readonly id: number;
  private readonly link: Link;
  private parser: FrameParser = new FrameParser(FRAME_BYTES_MAX);
  private connection: ConnectionId = 0;
  private agreed = 0;
  private answers: ClientResponse[] = [];

  constructor(
    network: VirtualNetwork,
    until: Until,
    { id, speech }: { readonly id: number; readonly speech: Speech },
  ) {
    this.until = until;
    this.speech = speech;
    this.id = id;
    this.link = network.attach(
      `client ${id}`,
      {
        onAccept: () => {},
        onOpen: () => this.hello(),
        onBytes: (connection, bytes) => {
          if (connection === this.connection) this.guard(() => this.onBytes(bytes));
        },
        onClose: (connection) => {
          if (connection === this.connection) this.agreed = 0;
        },
      },
      [],
    );
  }

  /** Begins to connect; answers over an earlier connection do not count any more. */
  dial(node: number): void {
    if (this.connection > 0) this.link.close(this.connection);
    this.agreed = 0;
    this.answers = [];
    this.parser = new FrameParser(FRAME_BYTES_MAX);
    this.connection = this.link.dial(addressOf(node).clientAddress);
  }

  connect(node: number): void {
    this.dial(node);
    this.until("a welcome for the client", () => this.agreed > 0);
  }

  get isConnected(): boolean {
    return this.agreed > 0;
  }

  /** Wire version of the connection, 0 when there is none. */
  get version(): number {
    return this.agreed;
  }

  /** The next answer, if one came. */
  take(): ClientResponse | undefined {
    return this.answers.shift();
  }

  /** Sends a request as it is and runs until it is answered. */
  request(request: ClientRequest): ClientResponse {
    this.send(request);
    this.until("an answer for the client", () => this.answers.length > 0);
    return this.answers.shift() as ClientResponse;
  }

  send(request: ClientRequest): void {
    const bytes = this.speech.request(this.agreed, request);
    this.frame(FrameKind.clientRequest, this.agreed, bytes);
  }

  received(): readonly ClientResponse[] {
    return this.answers;
  }

  openSession(): void {
    const answer = this.request({
      session: 0,
      sequence: 0,
      op: { case: "openSession", value: {} },
    });
    this.session = answer.session;
  }

  /** A write with the next sequence number. */
  write(op: Operation): ClientResponse {
    if (this.session === 0) this.openSession();
    this.sequence++;
    return this.request({ session: this.session, sequence: this.sequence, op });
  }

  put(key: string, value: string): ClientResponse {
    return this.write({ case: "put", value: { key: text(key), value: text(value) } });
  }

  get(key: string): string | undefined {
    const op: Operation = { case: "get", value: { key: text(key) } };
    const answer = this.request({ session: 0, sequence: 0, op });
    if (answer.status === "notFound") return undefined;
    if (answer.status !== "ok") throw new Error(`read answered ${answer.status}`);
    return new TextDecoder().decode(answer.value);
  }

  private hello(): void {
    const body = writeHello({ range: this.speech.range, release: "test", role: "client" });
    this.frame(FrameKind.hello, 0, body);
  }

  /** Spoilt bytes end the connection, as in any client. */
  private guard(read: () => void): void {
    try {
      read();
    } catch (error) {
      this.onUnreadable?.(error);
      if (!(error instanceof FrameError)) throw error;
      this.link.close(this.connection);
      this.agreed = 0;
    }
  }

  private onBytes(bytes: Uint8Array): void {
    for (const { header, body } of this.parser.push(bytes)) {
      if (header.kind === FrameKind.welcome) this.agreed = readWelcome(body).agreed;
      if (header.kind !== FrameKind.clientResponse) continue;
      this.answers.push(this.speech.response(header.wireVersion, body));
      this.onAnswer?.();
    }
  }

  private frame(kind: number, wireVersion: number, body: Uint8Array): void {
    const header = {
      kind,
      flags: 0,
      wireVersion,
      clusterId: CLUSTER_ID,
      sender: this.id,
      addressee: 0,
      incarnation: 1,
    };
    this.link.send(this.connection, writeFrame(header, body));
  }
}

export function text(value: string): Uint8Array {
  return new TextEncoder().encode(value);
}
