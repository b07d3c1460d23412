/**
 * All connections of a replica. Frames that are not for us, not from a member, or not readable are
 * normal (law 3): counted, warned about, and the connection closed; nothing of it reaches the process.
 */
import type { Entry } from "../../core/index.ts";
import {
  answerHello,
  type Frame,
  FrameError,
  type FrameHeader,
  FrameKind,
  HelloError,
  isIgnorable,
  readHello,
  readRefusal,
  readWelcome,
  rulesOf,
  writeFrame,
  writeHello,
  writeRefusal,
  writeWelcome,
} from "../../wire/index.ts";
import type {
  ConnectionId,
  MemberAddress,
  ReplicaEvent,
  ReplicaOptions,
  ReplicaPorts,
} from "../ports.ts";
import { READABLE } from "../stored.ts";
import { type Conversation, newConversation, raisedFor, writeVersion } from "./conversation.ts";
import { Dialer } from "./dialer.ts";

export interface ConnectionsHost {
  readonly options: ReplicaOptions;
  readonly ports: ReplicaPorts;
  incarnation(): number;
  /** Undefined: nobody told this node yet. */
  activeVersion(): number | undefined;
  members(): ReadonlyMap<number, MemberAddress>;
  /** Whether a frame of this sender may be taken, which need not be a member as far as we have applied. */
  admits(sender: number, kind: number): boolean;
  onPeerFrame(conversation: Conversation, frame: Frame): void;
  onClientFrame(conversation: Conversation, frame: Frame): void;
  onOpened(conversation: Conversation): void;
  onLost(conversation: Conversation): void;
}

export class Connections {
  private readonly host: ConnectionsHost;
  private readonly dialer: Dialer;
  private readonly byConnection: Map<ConnectionId, Conversation> = new Map();
  /** Highest incarnation heard of each node. */
  private readonly incarnations: Map<number, number> = new Map();

  constructor(host: ConnectionsHost) {
    this.host = host;
    this.dialer = new Dialer(host.ports.chance);
  }

  /** Connects to members that we have no connection of our own to; lets go of those that moved or left. */
  onTick(): void {
    const { ports, options } = this.host;
    const members = this.host.members();
    const nowMs = ports.clock.nowMs();
    const dialled = new Set<number>();
    for (const conversation of this.byConnection.values()) {
      if (conversation.dialled === 0) continue;
      const isStillThere = members.get(conversation.dialled)?.peerAddress === conversation.address;
      if (isStillThere) dialled.add(conversation.dialled);
      else this.close(conversation);
    }
    for (const { id, peerAddress } of members.values())
      if (id !== options.nodeId && !dialled.has(id) && this.dialer.isDue(id, nowMs))
        this.dial(id, peerAddress);
  }

  onAccept(connection: ConnectionId, side: "peer" | "client"): void {
    this.byConnection.set(connection, newConversation(connection, side, this.frameBytesMax()));
  }

  onOpen(connection: ConnectionId): void {
    const conversation = this.byConnection.get(connection);
    if (conversation?.stage !== "opening") return;
    conversation.stage = "greeting";
    const body = writeHello({ range: READABLE, release: this.host.options.release, role: "peer" });
    this.write(conversation, { kind: FrameKind.hello, wireVersion: 0 }, body);
  }

  onClose(connection: ConnectionId): void {
    const conversation = this.byConnection.get(connection);
    if (!conversation) return;
    // No damage: the other side may have been killed in the middle of a frame.
    if (conversation.parser.buffered > 0)
      this.observe({ kind: "count", name: "wirespan_streams_cut_total" });
    this.forget(conversation);
  }

  onBytes(connection: ConnectionId, bytes: Uint8Array): void {
    const conversation = this.byConnection.get(connection);
    if (!conversation) return;
    try {
      for (const frame of conversation.parser.push(bytes)) {
        if (conversation.stage === "closed") return;
        this.onFrame(conversation, frame);
      }
    } catch (error) {
      if (!(error instanceof FrameError)) throw error;
      this.refuse(conversation, error.code, error.message);
    }
  }

  /** The connection to use for a node: our own if it is open, else one it made. */
  to(id: number): Conversation | undefined {
    let accepted: Conversation | undefined;
    for (const conversation of this.byConnection.values()) {
      if (conversation.node !== id || conversation.stage !== "open") continue;
      if (conversation.side !== "peer") continue;
      if (conversation.dialled !== 0) return conversation;
      accepted = conversation;
    }
    return accepted;
  }

  writeVersionOf(conversation: Conversation, entries: readonly Entry[] = []): number {
    const version = writeVersion(conversation, this.host.activeVersion(), READABLE.min);
    return raisedFor(entries, version, conversation.agreed);
  }

  /** False: its queue is full, so what can wait should. */
  send(
    conversation: Conversation,
    kind: number,
    body: Uint8Array,
    wireVersion: number = this.writeVersionOf(conversation),
  ): boolean {
    return this.write(conversation, { kind, wireVersion }, body);
  }

  /** Counts and closes; never more than that. */
  refuse(conversation: Conversation, reason: string, message: string): void {
    const { side, node } = conversation;
    this.observe({ kind: "count", name: "wirespan_frames_refused_total", labels: { reason } });
    this.observe({
      kind: "log",
      level: "warn",
      message: `Connection closed: ${message}`,
      fields: { reason, side, node },
    });
    this.close(conversation);
  }

  close(conversation: Conversation): void {
    if (conversation.stage === "closed") return;
    this.host.ports.link.close(conversation.connection);
    this.forget(conversation);
  }

  closeAll(): void {
    for (const conversation of [...this.byConnection.values()]) this.close(conversation);
  }

  private frameBytesMax(): number {
    return rulesOf(this.host.activeVersion() ?? READABLE.max).frameBytesMax;
  }

  private dial(id: number, address: string): void {
    const connection = this.host.ports.link.dial(address);
    this.byConnection.set(connection, {
      ...newConversation(connection, "peer", this.frameBytesMax()),
      dialled: id,
      address,
      stage: "opening",
    });
  }

  private forget(conversation: Conversation): void {
    const wasOpen = conversation.stage === "open";
    conversation.stage = "closed";
    this.byConnection.delete(conversation.connection);
    if (conversation.dialled !== 0)
      this.dialer.onFailure(conversation.dialled, this.host.ports.clock.nowMs());
    if (wasOpen) this.host.onLost(conversation);
  }

  private onFrame(conversation: Conversation, frame: Frame): void {
    const { header } = frame;
    const isFirst = conversation.stage === "greeting" && conversation.dialled === 0;
    if (header.clusterId !== this.host.options.clusterId) {
      if (isFirst && header.kind === FrameKind.hello) return this.onHello(conversation, frame);
      return this.refuse(
        conversation,
        "foreign_cluster",
        `the frame is of cluster ${header.clusterId}`,
      );
    }
    if (header.addressee !== 0 && header.addressee !== this.host.options.nodeId)
      return this.onMisdirected(conversation, header, isFirst);
    if (isFirst) return this.onHello(conversation, frame);
    if (conversation.stage === "greeting") return this.onAnswer(conversation, frame);
    this.onOpenFrame(conversation, frame);
  }

  private onMisdirected(conversation: Conversation, header: FrameHeader, isFirst: boolean): void {
    const text = `the frame is for node ${header.addressee}, this is node ${this.host.options.nodeId}; correct the address of that member`;
    if (isFirst) this.answerRefusal(conversation, header.sender, "wrong_addressee", text);
    this.refuse(conversation, "wrong_addressee", text);
  }

  private onHello(conversation: Conversation, { header, body }: Frame): void {
    if (header.kind !== FrameKind.hello)
      return this.refuse(conversation, "no_hello", `frame kind ${header.kind} came before a hello`);
    const { clusterId, release } = this.host.options;
    const activeVersion = this.host.activeVersion() ?? lowestCommon(body);
    const own = { clusterId, range: READABLE, release, activeVersion };
    const answer = answerHello(own, body, header.clusterId);
    if (!answer.ok) {
      this.answerRefusal(conversation, header.sender, answer.code, answer.text);
      return this.refuse(conversation, answer.code, answer.text);
    }
    const { hello, agreed } = answer;
    const problem =
      hello.role !== conversation.side
        ? {
            code: "wrong_role",
            text: `a ${hello.role} came to the address for ${conversation.side}s`,
          }
        : this.problemOfSender(conversation, header);
    if (problem) {
      this.answerRefusal(conversation, header.sender, problem.code, problem.text);
      return this.refuse(conversation, problem.code, problem.text);
    }
    Object.assign(conversation, {
      node: header.sender,
      incarnation: header.incarnation,
      agreed,
      range: hello.range,
      release: hello.release,
    });
    const welcome = writeWelcome({ range: READABLE, release, agreed });
    this.write(conversation, { kind: FrameKind.welcome, wireVersion: 0 }, welcome);
    this.open(conversation);
  }

  private problemOfSender(
    { side }: Conversation,
    { sender, incarnation }: FrameHeader,
  ): { readonly code: string; readonly text: string } | undefined {
    if (side === "client") return undefined;
    if (sender === this.host.options.nodeId || sender === 0)
      return { code: "own_id", text: `the sender calls itself node ${sender}, as this node does` };
    if (incarnation < (this.incarnations.get(sender) ?? 0))
      return {
        code: "stale_incarnation",
        text: `node ${sender} was heard in incarnation ${this.incarnations.get(sender)}, this is ${incarnation}`,
      };
    return undefined;
  }

  /** The answer to our hello. */
  private onAnswer(conversation: Conversation, { header, body }: Frame): void {
    const { dialled } = conversation;
    if (header.kind === FrameKind.hello) return;
    if (header.sender !== dialled)
      return this.refuse(
        conversation,
        "wrong_sender",
        `node ${header.sender} answers at the address of node ${dialled}`,
      );
    try {
      if (header.kind === FrameKind.refusal) {
        const { code, text } = readRefusal(body);
        return this.refuse(conversation, `refused_${code}`, `node ${dialled} refused: ${text}`);
      }
      if (header.kind !== FrameKind.welcome)
        return this.refuse(conversation, "no_hello", `kind ${header.kind} is no answer to a hello`);
      const { range, release, agreed } = readWelcome(body);
      if (agreed < Math.max(READABLE.min, range.min) || agreed > Math.min(READABLE.max, range.max))
        return this.refuse(conversation, "bad_welcome", `version ${agreed} was never offered`);
      Object.assign(conversation, { range, release, agreed });
    } catch (error) {
      if (!(error instanceof HelloError)) throw error;
      return this.refuse(conversation, error.code, error.message);
    }
    conversation.node = dialled;
    conversation.incarnation = header.incarnation;
    this.dialer.onSuccess(dialled);
    this.open(conversation);
  }

  private open(conversation: Conversation): void {
    conversation.stage = "open";
    this.host.onOpened(conversation);
  }

  private onOpenFrame(conversation: Conversation, frame: Frame): void {
    const { kind, sender, incarnation, wireVersion } = frame.header;
    if (sender !== conversation.node)
      return this.refuse(
        conversation,
        "wrong_sender",
        `a frame of node ${sender} came over the connection of ${conversation.node}`,
      );
    if (conversation.side === "peer" && !this.takeIncarnation(conversation, incarnation)) return;
    if (kind < 16) return this.refuse(conversation, "late_hello", `kind ${kind} came twice`);
    const isOfSide = kind >= FrameKind.clientRequest === (conversation.side === "client");
    if (!KNOWN_KINDS.has(kind) || !isOfSide) {
      if (!isIgnorable(frame.header))
        return this.refuse(conversation, "unknown_kind", `frame kind ${kind} is unknown here`);
      return this.observe({
        kind: "count",
        name: "wirespan_frames_ignored_total",
        labels: { kind: String(kind) },
      });
    }
    if (wireVersion < READABLE.min || wireVersion > READABLE.max)
      return this.refuse(
        conversation,
        "unsupported_version",
        `a frame has wire version ${wireVersion}, this release reads ${READABLE.min} to ${READABLE.max}`,
      );
    if (conversation.side === "client") return this.host.onClientFrame(conversation, frame);
    if (!this.host.admits(sender, kind))
      return this.refuse(conversation, "unknown_sender", `node ${sender} is no member`);
    this.host.onPeerFrame(conversation, frame);
  }

  /** A node that started again speaks in a higher incarnation; what the former one still says is void. */
  private takeIncarnation(conversation: Conversation, incarnation: number): boolean {
    const highest = this.incarnations.get(conversation.node) ?? 0;
    if (incarnation < highest) {
      this.refuse(
        conversation,
        "stale_incarnation",
        `node ${conversation.node} was heard in incarnation ${highest}, this is ${incarnation}`,
      );
      return false;
    }
    this.incarnations.set(conversation.node, incarnation);
    return true;
  }

  private answerRefusal(
    conversation: Conversation,
    addressee: number,
    code: string,
    text: string,
  ): void {
    const { release } = this.host.options;
    conversation.node = addressee;
    const body = writeRefusal({ range: READABLE, release, code, text });
    this.write(conversation, { kind: FrameKind.refusal, wireVersion: 0 }, body);
  }

  private write(
    { connection, node, dialled }: Conversation,
    { kind, wireVersion }: { readonly kind: number; readonly wireVersion: number },
    body: Uint8Array,
  ): boolean {
    const { options, ports } = this.host;
    const header: FrameHeader = {
      kind,
      flags: 0,
      wireVersion,
      clusterId: options.clusterId,
      sender: options.nodeId,
      addressee: node || dialled,
      incarnation: this.host.incarnation(),
    };
    return ports.link.send(connection, writeFrame(header, body));
  }

  private observe(event: ReplicaEvent): void {
    this.host.ports.observe(event);
  }
}

const KNOWN_KINDS: ReadonlySet<number> = new Set(Object.values(FrameKind));

/** A node that joins knows no active version; it agrees with whoever reads what it reads. */
function lowestCommon(body: Uint8Array): number {
  try {
    return Math.max(READABLE.min, readHello(body).range.min);
  } catch (error) {
    if (error instanceof HelloError) return READABLE.min;
    throw error;
  }
}
