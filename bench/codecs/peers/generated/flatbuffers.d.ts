import type { Builder, ByteBuffer } from "flatbuffers";

export interface Table {
  readonly bb: ByteBuffer | null;
}
export class Entry implements Table {
  readonly bb: ByteBuffer | null;
  term(): bigint;
  index(): bigint;
  kind(): number;
  payloadArray(): Uint8Array;
  static createPayloadVector(builder: Builder, bytes: Uint8Array): number;
  static createEntry(builder: Builder, term: bigint, index: bigint, kind: number, payload: number): number;
}
export class AppendRequest implements Table {
  readonly bb: ByteBuffer | null;
  static getRootAsAppendRequest(bb: ByteBuffer, reused?: AppendRequest): AppendRequest;
  term(): bigint;
  leader(): bigint;
  previousIndex(): bigint;
  previousTerm(): bigint;
  commit(): bigint;
  entries(place: number, reused?: Entry): Entry;
  entriesLength(): number;
  static createEntriesVector(builder: Builder, offsets: readonly number[]): number;
  static createAppendRequest(
    builder: Builder,
    term: bigint,
    leader: bigint,
    previousIndex: bigint,
    previousTerm: bigint,
    commit: bigint,
    entries: number,
  ): number;
}
export class AppendResponse implements Table {
  readonly bb: ByteBuffer | null;
  static getRootAsAppendResponse(bb: ByteBuffer, reused?: AppendResponse): AppendResponse;
  term(): bigint;
  from(): bigint;
  success(): boolean;
  match(): bigint;
  conflictTerm(): bigint | null;
  conflictIndex(): bigint | null;
  static startAppendResponse(builder: Builder): void;
  static addTerm(builder: Builder, term: bigint): void;
  static addFrom(builder: Builder, from: bigint): void;
  static addSuccess(builder: Builder, success: boolean): void;
  static addMatch(builder: Builder, match: bigint): void;
  static addConflictTerm(builder: Builder, conflictTerm: bigint): void;
  static addConflictIndex(builder: Builder, conflictIndex: bigint): void;
  static endAppendResponse(builder: Builder): number;
}
export class VoteRequest implements Table {
  readonly bb: ByteBuffer | null;
  static getRootAsVoteRequest(bb: ByteBuffer, reused?: VoteRequest): VoteRequest;
  term(): bigint;
  candidate(): bigint;
  lastIndex(): bigint;
  lastTerm(): bigint;
  preVote(): boolean;
  static createVoteRequest(
    builder: Builder,
    term: bigint,
    candidate: bigint,
    lastIndex: bigint,
    lastTerm: bigint,
    preVote: boolean,
  ): number;
}
export class SnapshotChunk implements Table {
  readonly bb: ByteBuffer | null;
  static getRootAsSnapshotChunk(bb: ByteBuffer, reused?: SnapshotChunk): SnapshotChunk;
  term(): bigint;
  leader(): bigint;
  lastIndex(): bigint;
  lastTerm(): bigint;
  offset(): bigint;
  size(): bigint;
  payloadArray(): Uint8Array;
  checksum(): number;
  done(): boolean;
  static createPayloadVector(builder: Builder, bytes: Uint8Array): number;
  static createSnapshotChunk(
    builder: Builder,
    term: bigint,
    leader: bigint,
    lastIndex: bigint,
    lastTerm: bigint,
    offset: bigint,
    size: bigint,
    payload: number,
    checksum: number,
    done: boolean,
  ): number;
}
export class Node implements Table {
  readonly bb: ByteBuffer | null;
  id(): bigint;
  address(): string;
  role(): number;
  static createNode(builder: Builder, id: bigint, address: number, role: number): number;
}
export class Label implements Table {
  readonly bb: ByteBuffer | null;
  key(): string;
  value(): string;
  static createLabel(builder: Builder, key: number, value: number): number;
}
export class ConfigChange implements Table {
  readonly bb: ByteBuffer | null;
  static getRootAsConfigChange(bb: ByteBuffer, reused?: ConfigChange): ConfigChange;
  index(): bigint;
  members(place: number, reused?: Node): Node;
  membersLength(): number;
  incoming(place: number, reused?: Node): Node;
  incomingLength(): number;
  labels(place: number, reused?: Label): Label;
  labelsLength(): number;
  static createMembersVector(builder: Builder, offsets: readonly number[]): number;
  static createIncomingVector(builder: Builder, offsets: readonly number[]): number;
  static createLabelsVector(builder: Builder, offsets: readonly number[]): number;
  static createConfigChange(
    builder: Builder,
    index: bigint,
    members: number,
    incoming: number,
    labels: number,
  ): number;
}
