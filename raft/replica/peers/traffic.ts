/** Messages of the core, snapshots and status as frames, and back. */
import { DecodeError, EncodeError } from "../../../codecs/index.ts";
import type { Message } from "../../core/index.ts";
import {
  ClientRequest,
  decodeCoreMessage,
  encodeCoreMessage,
  type Frame,
  FrameKind,
  NodeStatus,
  SnapshotAck,
  SnapshotChunk,
  wireProtocol,
} from "../../wire/index.ts";
import type { Requests } from "../clients/requests.ts";
import { count, type Node } from "../node.ts";
import type { IncomingSnapshots } from "../snapshot/incoming.ts";
import type { OutgoingSnapshots } from "../snapshot/outgoing.ts";
import { everyone } from "../state-machine/membership.ts";
import type { Connections } from "./connections.ts";
import type { Conversation } from "./conversation.ts";
import type { PeerTable } from "./peer-table.ts";
import { implausible, type LogView } from "./plausible.ts";

export interface TrafficParts {
  readonly connections: Connections;
  readonly table: PeerTable;
  readonly requests: Requests;
  readonly incoming: IncomingSnapshots;
  readonly outgoing: OutgoingSnapshots;
}

const KIND_NAMES: ReadonlyMap<number, string> = new Map(
  Object.entries(FrameKind).map(([name, kind]) => [kind, name]),
);

const NOT_ASKED = { queueDepth: 0 };

export class Traffic {
  private readonly node: Node;
  private readonly parts: TrafficParts;

  constructor(node: Node, parts: TrafficParts) {
    this.node = node;
    this.parts = parts;
  }

  send(messages: readonly Message[]): void {
    for (const message of messages) {
      if (message.type === "MsgSnap") this.parts.outgoing.begin(message);
      else this.sendOne(message);
    }
  }

  sendStatus(conversation: Conversation, status: NodeStatus): void {
    const version = this.parts.connections.writeVersionOf(conversation);
    const { bytes } = wireProtocol.encode(NodeStatus, version, status);
    this.parts.connections.send(conversation, FrameKind.nodeStatus, bytes);
  }

  broadcastStatus(status: NodeStatus): void {
    for (const id of everyone(this.node.state.membership)) {
      if (id === this.node.options.nodeId) continue;
      const conversation = this.parts.connections.to(id);
      if (conversation) this.sendStatus(conversation, status);
    }
  }

  onPeerFrame(conversation: Conversation, frame: Frame): void {
    this.readable(conversation, frame, () => this.takePeerFrame(conversation, frame));
  }

  onClientFrame(conversation: Conversation, frame: Frame): void {
    const { kind, wireVersion } = frame.header;
    if (kind !== FrameKind.clientRequest)
      return this.parts.connections.refuse(
        conversation,
        "unknown_kind",
        `frame kind ${kind} is none that a client sends`,
      );
    this.readable(conversation, frame, () => {
      const request = wireProtocol.decode(ClientRequest, wireVersion, frame.body);
      this.parts.requests.onRequest(conversation, request);
    });
  }

  private takePeerFrame(conversation: Conversation, { header, body }: Frame): void {
    const { kind, wireVersion, sender } = header;
    const { incoming, outgoing, table, connections } = this.parts;
    switch (kind) {
      case FrameKind.snapshotChunk:
        return incoming.onChunk(sender, wireProtocol.decode(SnapshotChunk, wireVersion, body));
      case FrameKind.snapshotAck:
        return outgoing.onAck(sender, wireProtocol.decode(SnapshotAck, wireVersion, body));
      case FrameKind.nodeStatus: {
        const status = wireProtocol.decode(NodeStatus, wireVersion, body);
        if (status.node === sender) table.take(status, this.node.ports.clock.nowMs());
        return;
      }
    }
    const ends = { from: sender, to: this.node.options.nodeId };
    const message = decodeCoreMessage(kind, wireVersion, body, ends);
    if (!message) return;
    const problem = implausible(message, this.logView());
    if (problem !== undefined)
      return connections.refuse(conversation, "implausible", `node ${sender} sent ${problem}`);
    this.node.core.step(message);
  }

  /** Bad bytes cost their sender the connection, and us nothing. */
  private readable(
    conversation: Conversation,
    { header: { kind, wireVersion } }: Frame,
    read: () => void,
  ): void {
    try {
      read();
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      const message = KIND_NAMES.get(kind) ?? String(kind);
      count(this.node, "wirespan_decode_errors_total", { message, version: String(wireVersion) });
      this.parts.connections.refuse(
        conversation,
        "decode_error",
        `${message} at wire version ${wireVersion} can not be read: ${error.message}`,
      );
    }
  }

  private sendOne(message: Message): void {
    const { connections } = this.parts;
    const conversation = connections.to(message.to);
    if (!conversation) {
      if (message.type === "MsgApp") this.node.core.reportUnreachable(message.to);
      return;
    }
    const version = connections.writeVersionOf(conversation, message.entries);
    try {
      const { kind, body } = encodeCoreMessage(message, version, this.sender(message));
      const isTaken = connections.send(conversation, kind, body, version);
      // Its queue is full: one append at a time, until it answers.
      if (!isTaken && message.type === "MsgApp") this.node.core.reportUnreachable(message.to);
    } catch (error) {
      if (!(error instanceof EncodeError)) throw error;
      count(this.node, "wirespan_encode_refused_total", {
        message: message.type,
        version: String(version),
      });
    }
  }

  /** Heartbeats only: elsewhere nobody asks, and the status of a leader costs a look at every follower. */
  private sender({ type }: Message): { readonly queueDepth: number } {
    if (type !== "MsgHeartbeat") return NOT_ASKED;
    const { lastIndex, commit } = this.node.core.status();
    return { queueDepth: Math.min(lastIndex - commit, 0xffff_ffff) };
  }

  private logView(): LogView {
    const { core } = this.node;
    const { term, commit, lastIndex, raftState } = core.status();
    return {
      term,
      leads: raftState === "leader",
      commit,
      lastIndex,
      // Not of the storage: what is being written may stand in the place of an older entry there.
      termAt: (index) => core.termAt(index),
    };
  }
}
