/**
 * Sends the snapshot to followers that the log no longer reaches. Some chunks are under way at a
 * time; the answer to each names the next offset, so a lost connection costs only what was under way.
 *
 * The file is held in memory until the transfer ends, because a newer snapshot may replace it meanwhile;
 * all followers that get the same one share the bytes.
 */

import type { ConfState, Message } from "../../core/index.ts";
import {
  crc32c,
  FrameKind,
  type SnapshotAck,
  SnapshotChunk,
  wireProtocol,
} from "../../wire/index.ts";
import { count, type Node, report, rulesNow } from "../node.ts";
import type { Connections } from "../peers/connections.ts";
import { snapshotPath } from "./snapshot-file.ts";
import type { Snapshots } from "./snapshots.ts";

const CHUNKS_UNDER_WAY = 4;
/** Without an answer for this long, what was not acknowledged is sent again. */
const RESEND_MS = 1_000;
const GIVE_UP_MS = 30_000;

interface Transfer {
  readonly session: number;
  readonly term: number;
  readonly index: number;
  readonly snapshotTerm: number;
  readonly bytes: Uint8Array;
  sent: number;
  acknowledged: number;
  progressMs: number;
  sentMs: number;
}

export class OutgoingSnapshots {
  private readonly node: Node;
  private readonly connections: Connections;
  private readonly snapshots: Snapshots;
  private readonly transfers: Map<number, Transfer> = new Map();

  constructor(
    node: Node,
    parts: { readonly connections: Connections; readonly snapshots: Snapshots },
  ) {
    this.node = node;
    this.connections = parts.connections;
    this.snapshots = parts.snapshots;
  }

  /** The core wants `to` to have the snapshot. */
  begin({ to, term, snapshot }: Message): void {
    if (!snapshot) return;
    const { index, term: snapshotTerm } = snapshot.metadata;
    const running = this.transfers.get(to);
    if (running?.index === index && running.term === term) return;
    if (!namesMember(snapshot.metadata.confState, to)) {
      // Taken before `to` came, so its core would not install it; the core here asks again for a newer one.
      this.snapshots.take(true, () => {});
      return this.finish(to, false);
    }
    const bytes = this.bytesOf({ index, term: snapshotTerm });
    // A newer one took its place in this moment; the core asks again.
    if (!bytes || !this.connections.to(to)) return this.finish(to, false);
    const nowMs = this.node.ports.clock.nowMs();
    const transfer: Transfer = {
      session: this.node.ports.chance.uint32() + 1,
      term,
      index,
      snapshotTerm,
      bytes,
      sent: 0,
      acknowledged: 0,
      progressMs: nowMs,
      sentMs: nowMs,
    };
    this.transfers.set(to, transfer);
    report(this.node, "info", `Sending snapshot ${index} to node ${to}`, { to, index });
    this.sendMore(to, transfer);
  }

  onAck(from: number, { session, nextOffset, status }: SnapshotAck): void {
    const transfer = this.transfers.get(from);
    if (transfer?.session !== session || nextOffset > transfer.bytes.length) return;
    switch (status) {
      case "installed":
        return this.finish(from, true);
      case "restart":
        // Each of the chunks that were under way is answered so; the first answer is enough.
        if (transfer.acknowledged === 0) return;
        transfer.acknowledged = 0;
        transfer.sent = 0;
        break;
      case "accepted":
        if (nextOffset === transfer.acknowledged) return;
        // Less than before: the follower crashed and lost what it had not synced.
        transfer.sent =
          nextOffset < transfer.acknowledged ? nextOffset : Math.max(transfer.sent, nextOffset);
        transfer.acknowledged = nextOffset;
        transfer.progressMs = this.node.ports.clock.nowMs();
        break;
      default:
        count(this.node, "wirespan_snapshots_refused_total");
        return this.finish(from, false);
    }
    this.sendMore(from, transfer);
  }

  onTick(): void {
    const nowMs = this.node.ports.clock.nowMs();
    const { term, raftState } = this.node.core.status();
    for (const [to, transfer] of this.transfers) {
      if (raftState !== "leader" || term !== transfer.term) this.transfers.delete(to);
      else if (nowMs - transfer.progressMs > GIVE_UP_MS) this.finish(to, false);
      else if (nowMs - Math.max(transfer.sentMs, transfer.progressMs) > RESEND_MS) {
        transfer.sent = transfer.acknowledged;
        this.sendMore(to, transfer);
      }
    }
  }

  private bytesOf(position: {
    readonly index: number;
    readonly term: number;
  }): Uint8Array | undefined {
    const isSame = ({ index, snapshotTerm }: Transfer): boolean =>
      index === position.index && snapshotTerm === position.term;
    const running = [...this.transfers.values()].find(isSame);
    return running?.bytes ?? this.node.ports.disk.read(snapshotPath(position));
  }

  private sendMore(to: number, transfer: Transfer): void {
    const conversation = this.connections.to(to);
    if (!conversation) return;
    const { snapshotChunkBytes } = rulesNow(this.node);
    const { bytes, term, session, index, snapshotTerm } = transfer;
    const end = Math.min(
      bytes.length,
      transfer.acknowledged + CHUNKS_UNDER_WAY * snapshotChunkBytes,
    );
    while (transfer.sent < end) {
      const offset = transfer.sent;
      const chunk = bytes.subarray(offset, offset + snapshotChunkBytes);
      const version = this.connections.writeVersionOf(conversation);
      const { bytes: body } = wireProtocol.encode(SnapshotChunk, version, {
        term,
        session,
        index,
        snapshotTerm,
        offset,
        total: bytes.length,
        last: offset + chunk.length === bytes.length,
        bytes: chunk,
        crc32c: crc32c(chunk),
      });
      transfer.sent += chunk.length;
      transfer.sentMs = this.node.ports.clock.nowMs();
      if (!this.connections.send(conversation, FrameKind.snapshotChunk, body)) return;
    }
  }

  private finish(to: number, received: boolean): void {
    this.transfers.delete(to);
    this.node.core.reportSnapshot(to, received);
  }
}

function namesMember({ voters, learners, votersOutgoing }: ConfState, id: number): boolean {
  return [voters, learners, votersOutgoing].some((ids) => ids.includes(id));
}
