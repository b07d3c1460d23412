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
type WriteOperation = NonNullable<Command["op"]>;

export class Requests {
  private readonly node: Node;
  private readonly connections: Connections;
  private readonly proposals: Proposals;
  private readonly reads: Reads;
  /** What the entry at this index did, from its application until its proposal is settled. */
  private written: AppliedWrite | undefined;

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
    const answer = (response: Answer): void => this.answer(conversation, request, response);
    const { op } = request;
    if (op === undefined || !this.isWithinLimits(op)) return answer({ status: "malformed" });
    const { raftState } = this.node.core.basicStatus();
    if (raftState !== "leader") return answer(this.notLeader());
    if (this.proposals.count + this.reads.count >= IN_FLIGHT_MAX) return answer({ status: "busy" });
    if (op.case === "get") this.read(op.value.key, answer);
    else if (op.case === "closeSession") this.closeSession(op.value, answer);
    else this.write(request, op, answer);
  }

  private read(key: Uint8Array, answer: (response: Answer) => void): void {
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

  private write(
    { session, sequence }: ClientRequest,
    op: WriteOperation,
    answer: (response: Answer) => void,
  ): void {
    const encode = (version: number): Uint8Array =>
      encodeStored(Command, version, { session, sequence, op });
    this.propose(EntryKindNumber.command, encode, answer);
  }

  private closeSession(value: CloseSession, answer: (response: Answer) => void): void {
    const encode = (version: number): Uint8Array => encodeStored(CloseSession, version, value);
    this.propose(EntryKindNumber.closeSession, encode, answer);
  }

  private propose(
    kind: number,
    encode: (version: number) => Uint8Array,
    answer: (response: Answer) => void,
  ): void {
    const version = this.node.state.activeVersion;
    let body: Uint8Array;
    try {
      body = encode(version);
    } catch (error) {
      if (!(error instanceof EncodeError)) throw error;
      // The client speaks a version that the log may not hold yet.
      return answer({ status: "malformed" });
    }
    const data = sealEntry({ kind, version, critical: true, body });
    const refusal = this.node.core.propose(data);
    if (refusal) return answer({ status: "busy" });
    const { lastIndex, term } = this.node.core.basicStatus();
    this.proposals.add(lastIndex, {
      term,
      settle: (applied) => {
        const write = this.written;
        this.written = undefined;
        if (!applied || !write) return answer({ ...this.notLeader(), status: "unavailable" });
        answer({
          status: write.answer.status,
          session: write.session,
          index: write.answer.index,
        });
      },
    });
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
