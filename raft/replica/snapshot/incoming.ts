/**
 * Receives a snapshot into `incoming-<session>.part`, which survives a restart: the next chunk of the
 * same session is answered with the offset where it goes on. What is broken or of another session is
 * dropped. The state is replaced only when the whole file was read and the core wants it.
 *
 * What a chunk announces costs no memory, and a chunk is on disk before it is answered, so at most the
 * sender's window is held. The complete file is read into memory once, to be decoded.
 */
import { DecodeError } from "../../../codecs/index.ts";
import { message, type Ready, type Snapshot } from "../../core/index.ts";
import {
  crc32c,
  FrameKind,
  SnapshotAck,
  type SnapshotChunk,
  wireProtocol,
} from "../../wire/index.ts";
import { count, haltOnDisk, type Node, report } from "../node.ts";
import type { Connections } from "../peers/connections.ts";
import { DirectoryRefused } from "../refusal.ts";
import { confStateOf } from "../state-machine/membership.ts";
import { SNAPSHOT_FOLDER } from "./snapshot-file.ts";
import { readSnapshot, type SnapshotContent } from "./snapshot-state.ts";
import type { Snapshots } from "./snapshots.ts";

const PART = /^incoming-(\d+)\.part$/;

interface Incoming {
  readonly from: number;
  readonly session: number;
  readonly path: string;
  /** Bytes of the whole file, as the first chunk said. */
  readonly total: number;
  /** Where the next chunk goes; includes what is still on its way to disk. */
  offset: number;
  /** Complete, read and handed to the core. */
  complete: { readonly index: number; readonly content: SnapshotContent } | undefined;
  isFinishing: boolean;
  isInstalling: boolean;
}

export class IncomingSnapshots {
  private readonly node: Node;
  private readonly connections: Connections;
  private readonly snapshots: Snapshots;
  private current: Incoming | undefined;

  constructor(
    node: Node,
    parts: { readonly connections: Connections; readonly snapshots: Snapshots },
  ) {
    this.node = node;
    this.connections = parts.connections;
    this.snapshots = parts.snapshots;
  }

  onChunk(from: number, chunk: SnapshotChunk): void {
    const { session, offset, index, term } = chunk;
    // One is being read or installed: it may be this very one. Whoever asks again is answered then.
    if (this.current?.isFinishing) return;
    if (term < this.node.core.status().term) return this.answer(from, session, "refused", 0);
    if (index <= this.node.state.appliedIndex) return this.answer(from, session, "installed", 0);
    const incoming = this.incomingOf(from, chunk);
    if (!incoming) return this.answer(from, session, "restart", 0);
    if (isContradiction(chunk, incoming.total)) {
      count(this.node, "wirespan_snapshots_dropped_total");
      this.drop();
      return this.answer(from, session, "refused", 0);
    }
    if (chunk.crc32c !== undefined && chunk.crc32c !== crc32c(chunk.bytes)) {
      count(this.node, "wirespan_snapshot_chunks_damaged_total");
      return this.answer(from, session, "accepted", incoming.offset);
    }
    if (offset !== incoming.offset) return this.answer(from, session, "accepted", incoming.offset);
    incoming.offset += chunk.bytes.length;
    incoming.isFinishing = chunk.last;
    this.node.ports.disk.append(incoming.path, [chunk.bytes.slice()], (error) => {
      if (error) return haltOnDisk(this.node, error, incoming.path);
      if (this.current !== incoming) return;
      if (chunk.last) this.complete(incoming, chunk);
      else this.answer(from, session, "accepted", offset + chunk.bytes.length);
    });
  }

  /** The core took the snapshot that was handed to it. */
  install(snapshot: Snapshot, ready: Ready, done: () => void): void {
    const incoming = this.current;
    const complete = incoming?.complete;
    if (!incoming || complete?.index !== snapshot.metadata.index)
      return this.node.halt(
        "snapshot_lost",
        `Cannot install snapshot ${snapshot.metadata.index}: nothing complete was received`,
      );
    const { state, content, sectionsSkipped } = complete.content;
    for (let skipped = 0; skipped < sectionsSkipped; skipped++)
      count(this.node, "wirespan_snapshot_sections_skipped_total");
    incoming.isInstalling = true;
    const received = { path: incoming.path, state, content };
    this.snapshots.install(received, { snapshot, ready }, () => {
      this.current = undefined;
      report(this.node, "info", `Installed snapshot ${complete.index}`, { index: complete.index });
      this.answer(incoming.from, incoming.session, "installed", incoming.offset);
      done();
    });
  }

  /** To be called when the core had its say: a snapshot that it did not want is dropped. */
  afterAdvance(): void {
    const incoming = this.current;
    if (!incoming?.complete || incoming.isInstalling || this.node.core.hasReady()) return;
    this.drop();
    this.answer(incoming.from, incoming.session, "installed", incoming.offset);
  }

  private incomingOf(
    from: number,
    { session, offset, total }: SnapshotChunk,
  ): Incoming | undefined {
    if (this.current?.session === session && this.current.from === from) return this.current;
    const path = `${SNAPSHOT_FOLDER}/incoming-${session}.part`;
    const size = this.node.ports.disk.size(path);
    // Offset 0 begins anew, whatever an earlier life left under this name.
    if (offset > 0 && (size === undefined || size > total)) return undefined;
    this.dropParts(offset > 0 ? path : undefined);
    this.current = {
      from,
      session,
      path,
      total,
      offset: offset > 0 ? (size ?? 0) : 0,
      complete: undefined,
      isFinishing: false,
      isInstalling: false,
    };
    return this.current;
  }

  private complete(incoming: Incoming, { index, snapshotTerm, term }: SnapshotChunk): void {
    this.node.ports.disk.sync(incoming.path, (error) => {
      if (error) return haltOnDisk(this.node, error, incoming.path);
      if (this.current !== incoming) return;
      const content = this.read(incoming, { index, term: snapshotTerm });
      if (!content) return;
      incoming.complete = { index, content };
      const confState = confStateOf(content.state.membership);
      const metadata = { confState, index, term: snapshotTerm };
      const snapshot: Snapshot = { data: new Uint8Array(0), metadata };
      const { from } = incoming;
      const to = this.node.options.nodeId;
      this.node.core.step(message({ type: "MsgSnap", from, to, term, snapshot }));
      this.node.pump();
      this.afterAdvance();
    });
  }

  /** Undefined when it can not be used; the sender was told. */
  private read(
    incoming: Incoming,
    position: { readonly index: number; readonly term: number },
  ): SnapshotContent | undefined {
    const { path, from, session } = incoming;
    try {
      const content = readSnapshot(this.node.ports.disk.read(path) ?? new Uint8Array(0), path);
      const { appliedIndex, appliedTerm } = content.state;
      if (appliedIndex === position.index && appliedTerm === position.term) return content;
      throw new DirectoryRefused(
        "snapshot_damaged",
        `Cannot use ${path}: it ends at entry ${appliedIndex} of term ${appliedTerm}, announced was ${position.index} of term ${position.term}`,
      );
    } catch (error) {
      if (!(error instanceof DirectoryRefused || error instanceof DecodeError)) throw error;
      const isDamage = error instanceof DecodeError || error.code === "snapshot_damaged";
      count(this.node, "wirespan_snapshots_dropped_total");
      report(this.node, "warn", `Received snapshot dropped: ${error.message}`, { from });
      this.drop();
      // What a crash spoilt comes again; what this release can not read would not get better.
      this.answer(from, session, isDamage ? "restart" : "refused", 0);
      return undefined;
    }
  }

  private drop(): void {
    this.current = undefined;
    this.dropParts(undefined);
  }

  private dropParts(except: string | undefined): void {
    const { disk } = this.node.ports;
    for (const name of disk.list(SNAPSHOT_FOLDER)) {
      const path = `${SNAPSHOT_FOLDER}/${name}`;
      if (!PART.test(name) || path === except) continue;
      disk.remove(path, (error) => {
        if (error) haltOnDisk(this.node, error, path);
      });
    }
  }

  private answer(
    to: number,
    session: number,
    status: SnapshotAck["status"],
    nextOffset: number,
  ): void {
    const conversation = this.connections.to(to);
    if (!conversation) return;
    const { term } = this.node.core.status();
    const version = this.connections.writeVersionOf(conversation);
    const { bytes } = wireProtocol.encode(SnapshotAck, version, {
      term,
      session,
      nextOffset,
      status,
    });
    this.connections.send(conversation, FrameKind.snapshotAck, bytes);
  }
}

/** No sender says this: it would fill the disk, or never come to an end. */
function isContradiction(
  { offset, bytes, total, last }: SnapshotChunk,
  announced: number,
): boolean {
  const end = offset + bytes.length;
  return total !== announced || end > total || last !== (end === total);
}
