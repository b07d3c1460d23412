/** Requests of clients: what to answer at once, what to propose, what to read. Only a leader serves them. */
import { EncodeError } from "../../../codecs/index.ts";
import type { Entry } from "../../core/index.ts";
import {
  type ClientRequest,
  ClientResponse,
  CloseSession,
  Command,
  EntryKindNumber,
  FrameKind,
  sealEntry,
  wireProtocol,
} from "../../wire/index.ts";
import { type Node, rulesNow } from "../node.ts";
import type { Connections } from "../peers/connections.ts";
import type { Conversation } from "../peers/conversation.ts";
import type { Proposals } from "../proposals.ts";
import type { AppliedWrite } from "../state-machine/state-machine.ts";
import { encodeStored } from "../stored.ts";
import type { Reads } from "./reads.ts";

/** Writes and reads under way; a client that is told "busy" asks again later. */
const IN_FLIGHT_MAX = 4096;

type Answer = Partial<Omit<ClientResponse, "status">> & Pick<ClientResponse, "status">;
type Respond = (response: Answer) => void;
type WriteOperation = Exclude<NonNullable<ClientRequest["op"]>, { case: "get" }>;

interface GatheredWrite {
  readonly request: ClientRequest;
  readonly op: WriteOperation;
  readonly answer: Respond;
}

interface Proposed {
  readonly data: Uint8Array;
  readonly answer: Respond;
}

export class Requests {
  private readonly node: Node;
  private readonly connections: Connections;
  private readonly proposals: Proposals;
  private readonly reads: Reads;
  /** What the entry at this index did, from its application until its proposal is settled. */
  private written: AppliedWrite | undefined;
  private gathered: GatheredWrite[] = [];

  constructor(
    node: Node,
    parts: {
      readonly connections: Connections;
      readonly proposals: Proposals;
      readonly reads: Reads;
    },
  ) {
    this.node = node;
    this.connections = parts.connections;
    this.proposals = parts.proposals;
    this.reads = parts.reads;
  }

  onWrite(_entry: Entry, write: AppliedWrite): void {
    this.written = write;
  }

  onRequest(conversation: Conversation, request: ClientRequest): void {
    const answer: Respond = (response) => this.answer(conversation, request, response);
    const { op } = request;
    if (op === undefined || !this.isWithinLimits(op) || !isNumbered(request, op))
      return answer({ status: "malformed" });
    const { raftState } = this.node.core.basicStatus();
    if (raftState !== "leader") return answer(this.notLeader());
    const inFlight = this.gathered.length + this.proposals.count + this.reads.count;
    if (inFlight >= IN_FLIGHT_MAX) return answer({ status: "busy" });
    if (op.case === "get") this.read(op.value.key, answer);
    else this.gathered.push({ request, op, answer });
  }

  private read(key: Uint8Array, answer: Respond): void {
    this.reads.add({
      settle: (isReadable) => {
        if (!isReadable) return answer(this.notLeader());
        const value = this.node.state.pairs.get(key);
        const index = this.node.state.appliedIndex;
        answer(
          value === undefined ? { status: "notFound", index } : { status: "ok", value, index },
        );
      },
    });
  }

  /**
   * Writes of clients are proposed together when the next Ready is made: one append to each follower
   * carries them all. They are encoded now, at the version that is active now.
   */
  proposeGathered(): void {
    if (this.gathered.length === 0) return;
    const gathered = this.gathered;
    this.gathered = [];
    if (this.node.core.basicStatus().raftState !== "leader") {
      for (const { answer } of gathered) answer(this.notLeader());
      return;
    }
    const { entriesBytesPerAppendMax } = rulesNow(this.node);
    let batch: Proposed[] = [];
    let bytes = 0;
    for (const write of gathered) {
      const data = this.encoded(write);
      if (data === undefined) continue;
      // More than one append holds would have to wait for the answer to the first.
      if (bytes > 0 && bytes + data.length > entriesBytesPerAppendMax) {
        this.propose(batch);
        batch = [];
        bytes = 0;
      }
      batch.push({ data, answer: write.answer });
      bytes += data.length;
    }
    if (batch.length > 0) this.propose(batch);
  }

  /** Nothing is proposed any more. */
  abandon(): void {
    const gathered = this.gathered;
    this.gathered = [];
    for (const { answer } of gathered) answer(this.notLeader());
  }

  /** Undefined: it was refused. */
  private encoded({ request, op, answer }: GatheredWrite): Uint8Array | undefined {
    const version = this.node.state.activeVersion;
    const isClose = op.case === "closeSession";
    try {
      const body = isClose
        ? encodeStored(CloseSession, version, op.value)
        : encodeStored(Command, version, {
            session: request.session,
            sequence: request.sequence,
            op,
          });
      const kind = isClose ? EntryKindNumber.closeSession : EntryKindNumber.command;
      return sealEntry({ kind, version, critical: true, body });
    } catch (error) {
      if (!(error instanceof EncodeError)) throw error;
      // The client speaks a version that the log may not hold yet.
      answer({ status: "malformed" });
      return undefined;
    }
  }

  private propose(batch: readonly Proposed[]): void {
    const { core } = this.node;
    const first = core.basicStatus().lastIndex + 1;
    const refusal = core.proposeAll(batch.map(({ data }) => data));
    const { term } = core.basicStatus();
    for (const [place, { answer }] of batch.entries()) {
      if (refusal) answer({ status: "busy" });
      else
        this.proposals.add(first + place, {
          term,
          settle: (applied) => this.onSettled(applied, answer),
        });
    }
  }

  private onSettled(applied: Entry | undefined, answer: Respond): void {
    const write = this.written;
    this.written = undefined;
    if (!applied || !write) return answer({ ...this.notLeader(), status: "unavailable" });
    answer({ status: write.answer.status, session: write.session, index: write.answer.index });
  }

  private notLeader(): Answer {
    const { lead } = this.node.core.basicStatus();
    const isElsewhere = lead !== 0 && lead !== this.node.options.nodeId;
    return {
      status: "notLeader",
      leader: isElsewhere ? lead : 0,
      leaderAddress: isElsewhere
        ? (this.node.state.membership.addresses.get(lead)?.clientAddress ?? "")
        : "",
    };
  }

  private isWithinLimits(op: NonNullable<ClientRequest["op"]>): boolean {
    const { keyBytesMax, valueBytesMax } = rulesNow(this.node);
    if (op.case === "openSession" || op.case === "closeSession") return true;
    if (op.value.key.length > keyBytesMax) return false;
    return !("value" in op.value) || op.value.value.length <= valueBytesMax;
  }

  private answer(conversation: Conversation, request: ClientRequest, response: Answer): void {
    if (conversation.stage !== "open") return;
    const version = this.connections.writeVersionOf(conversation);
    const { bytes } = wireProtocol.encode(ClientResponse, version, {
      session: request.session,
      sequence: request.sequence,
      leader: 0,
      leaderAddress: "",
      value: undefined,
      index: 0,
      ...response,
    });
    this.connections.send(conversation, FrameKind.clientResponse, bytes);
  }
}

/** Writes count from 1. With 0 a write would pass for a repetition of the opening of its session, and not be done. */
function isNumbered({ sequence }: ClientRequest, op: NonNullable<ClientRequest["op"]>): boolean {
  return sequence > 0 || ["get", "openSession", "closeSession"].includes(op.case);
}
