/**
 * A replica whose directory was opened: its parts, put together. Inputs come in by the methods below;
 * each ends with `pump`, which carries out what the core has ready.
 */
import { MemoryStorage, RawNode, type Ready } from "../core/index.ts";
import { adoptVersion, applyEntries } from "./apply.ts";
import { Reads } from "./clients/reads.ts";
import { Requests } from "./clients/requests.ts";
import { confChangeOf } from "./config-entry.ts";
import type { OpenedDirectory } from "./directory.ts";
import { WriteAheadLog } from "./log/write-ahead-log.ts";
import { coreRules, count, haltOnDisk, type Node, report, rulesNow } from "./node.ts";
import { Operator } from "./operator.ts";
import { Admission } from "./peers/admission.ts";
import { Connections, type ConnectionsHost } from "./peers/connections.ts";
import { PeerTable } from "./peers/peer-table.ts";
import { Traffic } from "./peers/traffic.ts";
import type { Outcome, ReplicaOptions, ReplicaPorts, ReplicaStatus } from "./ports.ts";
import { prepareDirectory } from "./prepare-directory.ts";
import { Proposals } from "./proposals.ts";
import { ReadyLoop } from "./ready-loop.ts";
import { IncomingSnapshots } from "./snapshot/incoming.ts";
import { OutgoingSnapshots } from "./snapshot/outgoing.ts";
import { Snapshots } from "./snapshot/snapshots.ts";
import { confStateOf } from "./state-machine/membership.ts";
import { nodeStatus, peerViews, replicaStatus, type StatusParts } from "./status.ts";

const STATUS_EVERY_MS = 1_000;
/** Beyond this the leader tells clients that it is busy instead of filling its memory. */
const UNCOMMITTED_BYTES_MAX = 64 * 1024 * 1024;

export interface Surroundings {
  readonly options: ReplicaOptions;
  readonly ports: ReplicaPorts;
  readonly halt: (code: string, message: string) => void;
}

export class RunningReplica {
  readonly connections: Connections;
  readonly operator: Operator;
  private readonly node: Node;
  private readonly opened: OpenedDirectory;
  private readonly loop: ReadyLoop;
  private readonly snapshots: Snapshots;
  private readonly proposals: Proposals = new Proposals();
  private readonly reads: Reads;
  private readonly requests: Requests;
  private readonly incoming: IncomingSnapshots;
  private readonly outgoing: OutgoingSnapshots;
  private readonly traffic: Traffic;
  private readonly admission: Admission;
  private readonly statusParts: StatusParts;
  /** Term in which this node leads, 0 when it does not. */
  private leaderTerm = 0;
  private sequence = 0;
  private statusMs = Number.NEGATIVE_INFINITY;
  private isReady = false;

  constructor(opened: OpenedDirectory, surroundings: Surroundings) {
    this.opened = opened;
    this.node = makeNode(opened, surroundings, () => this.loop.pump());
    this.loop = new ReadyLoop(this.node, {
      onReady: () => this.followRole(),
      send: (messages) => this.traffic.send(messages),
      install: (snapshot, ready, done) =>
        this.incoming.install(snapshot, ready, () => {
          adoptVersion(this.node, this.node.state.activeVersion);
          this.admission.onMembers(new Map());
          done();
        }),
      apply: (ready, done) => this.apply(ready, done),
      onAdvanced: () => this.incoming.afterAdvance(),
    });
    const table = new PeerTable();
    this.admission = new Admission(this.node);
    this.connections = new Connections(this.host());
    const { node, connections, proposals } = this;
    const exclusively = (work: (done: () => void) => void): void => this.loop.exclusively(work);
    this.snapshots = new Snapshots(node, exclusively, opened.snapshotContent);
    this.reads = new Reads(node);
    this.requests = new Requests(node, { connections, proposals, reads: this.reads });
    this.incoming = new IncomingSnapshots(node, { connections, snapshots: this.snapshots });
    this.outgoing = new OutgoingSnapshots(node, { connections, snapshots: this.snapshots });
    this.operator = new Operator(node, proposals);
    this.traffic = new Traffic(node, {
      connections,
      table,
      requests: this.requests,
      incoming: this.incoming,
      outgoing: this.outgoing,
    });
    this.statusParts = { node, connections, table, snapshots: this.snapshots };
  }

  /** Writes what a start has to write; `done` when the replica takes part. */
  prepare(done: () => void): void {
    const { node, opened } = this;
    const { log, options, ports, halt } = node;
    prepareDirectory({ opened, log, options, ports, halt }, (manifest) => {
      node.manifest = manifest;
      this.isReady = true;
      for (const [name, times] of [
        ["wirespan_log_torn_tails_total", opened.log.tornBytes > 0 ? 1 : 0],
        ["wirespan_log_records_skipped_total", opened.log.recordsSkipped],
        ["wirespan_snapshot_sections_skipped_total", opened.sectionsSkipped],
      ] as const)
        for (let time = 0; time < times; time++) count(node, name);
      report(node, "info", `Started in incarnation ${manifest.incarnation}`, {
        incarnation: manifest.incarnation,
        applied: node.state.appliedIndex,
        tornBytes: opened.log.tornBytes,
      });
      done();
    });
  }

  pump(): void {
    this.loop.pump();
  }

  onTick(): void {
    this.node.core.tick();
    this.connections.onTick();
    this.reads.onTick();
    this.operator.onTick();
    this.outgoing.onTick();
    this.publishStatus();
    this.snapshotWhenDue();
    this.loop.pump();
  }

  status(): ReplicaStatus {
    const status = replicaStatus(this.statusParts, ++this.sequence);
    // While the start is being written, the manifest still names the life before this one.
    return this.isReady ? status : { ...status, incarnation: status.incarnation + 1 };
  }

  digestAt(index: number): string | undefined {
    return this.node.state.digestAt(index);
  }

  takeSnapshot(done: (outcome: Outcome) => void): void {
    this.snapshots.take(false, done);
  }

  activate(version: number, done: (outcome: Outcome) => void): void {
    this.operator.activate(version, peerViews(this.statusParts), done);
  }

  /** Finishes the write under way, makes it durable and closes everything. */
  stop(done: () => void): void {
    if (!this.isReady) return done();
    this.loop.stop(() => {
      this.proposals.abandon();
      this.reads.abandon();
      this.connections.closeAll();
      this.node.log.flush(done);
    });
  }

  kill(): void {
    this.loop.kill();
  }

  private host(): ConnectionsHost {
    const { options, ports } = this.node;
    return {
      options,
      ports,
      incarnation: () => this.node.manifest.incarnation,
      activeVersion: () => {
        const { state } = this.node;
        return state.appliedIndex === 0 ? undefined : state.activeVersion;
      },
      members: () => this.node.state.membership.addresses,
      admits: (sender, kind) => this.admission.admits(sender, kind),
      onPeerFrame: (conversation, frame) => this.traffic.onPeerFrame(conversation, frame),
      onClientFrame: (conversation, frame) => this.traffic.onClientFrame(conversation, frame),
      onOpened: (conversation) => {
        if (conversation.side === "peer")
          this.traffic.sendStatus(conversation, nodeStatus(this.statusParts, ++this.sequence));
      },
      onLost: ({ side, node }) => {
        if (side === "peer" && !this.connections.to(node)) this.node.core.reportUnreachable(node);
      },
    };
  }

  private apply(ready: Ready, done: () => void): void {
    const before = this.node.state.membership.addresses;
    const events = {
      onWrite: this.requests.onWrite.bind(this.requests),
      onMembers: () => this.admission.onMembers(before),
      onActivated: () => this.publishStatus(),
    };
    const { proposals } = this;
    applyEntries(this.node, ready.committedEntries, { proposals, events }, () => {
      this.reads.onReadStates(ready.readStates);
      this.reads.onApplied();
      done();
    });
  }

  /** Whoever no longer leads in the term of its proposals can not tell what becomes of them. */
  private followRole(): void {
    const { raftState, term, lead } = this.node.core.status();
    const leaderTerm = raftState === "leader" ? term : 0;
    if (leaderTerm === this.leaderTerm) return;
    if (this.leaderTerm !== 0) {
      this.proposals.abandon();
      this.reads.abandon();
    }
    this.leaderTerm = leaderTerm;
    report(
      this.node,
      "info",
      leaderTerm > 0 ? `Leads in term ${term}` : `Follows in term ${term}`,
      {
        term,
        lead,
      },
    );
  }

  private publishStatus(): void {
    const nowMs = this.node.ports.clock.nowMs();
    if (nowMs - this.statusMs < STATUS_EVERY_MS) return;
    this.statusMs = nowMs;
    this.traffic.broadcastStatus(nodeStatus(this.statusParts, ++this.sequence));
  }

  private snapshotWhenDue(): void {
    const { snapshotEvery } = this.node.options;
    const { appliedIndex } = this.node.state;
    if (snapshotEvery === undefined || appliedIndex - this.snapshots.index < snapshotEvery) return;
    this.snapshots.take(true, () => {});
  }
}

function makeNode(
  opened: OpenedDirectory,
  { options, ports, halt }: Surroundings,
  pump: () => void,
): Node {
  const { state } = opened;
  const storage = storageOf(opened);
  const log = new WriteAheadLog(ports.disk, opened.log, (error, path) =>
    haltOnDisk({ halt }, error, path),
  );
  const rules = coreRules(state.activeVersion);
  const node: Node = {
    options,
    ports,
    storage,
    log,
    core: undefined as unknown as RawNode,
    manifest: opened.manifest,
    state,
    halt,
    pump,
  };
  const { entriesBytesPerAppendMax, inflightAppendsMax, segmentBytesMax } = rulesNow(node);
  log.bytesPerSegmentMax = segmentBytesMax;
  const core = new RawNode({
    ...rules,
    id: options.nodeId,
    storage,
    applied: state.appliedIndex,
    maxSizePerMsg: entriesBytesPerAppendMax,
    maxInflightMsgs: inflightAppendsMax,
    maxUncommittedEntriesSize: UNCOMMITTED_BYTES_MAX,
    disableProposalForwarding: true,
    stepDownOnRemoval: true,
    random: (limit) => ports.chance.uint32() % limit,
    confChangeOf,
  });
  return Object.assign(node, { core });
}

function storageOf(opened: OpenedDirectory): MemoryStorage {
  const { state, log, hardState } = opened;
  const storage = new MemoryStorage();
  const { appliedIndex: index, appliedTerm: term, membership } = state;
  if (index > 0) {
    const metadata = { confState: confStateOf(membership), index, term };
    storage.applySnapshot({ data: new Uint8Array(0), metadata });
  }
  storage.setHardState(hardState);
  if (opened.logHoldsSnapshot) storage.append(log.entries.filter((entry) => entry.index > index));
  return storage;
}
