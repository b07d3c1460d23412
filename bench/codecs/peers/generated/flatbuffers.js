// append-request.ts
import * as flatbuffers2 from "flatbuffers";

// entry.ts
import * as flatbuffers from "flatbuffers";
var Entry = class _Entry {
  bb = null;
  bb_pos = 0;
  __init(i, bb) {
    this.bb_pos = i;
    this.bb = bb;
    return this;
  }
  static getRootAsEntry(bb, obj) {
    return (obj || new _Entry()).__init(bb.readInt32(bb.position()) + bb.position(), bb);
  }
  static getSizePrefixedRootAsEntry(bb, obj) {
    bb.setPosition(bb.position() + flatbuffers.SIZE_PREFIX_LENGTH);
    return (obj || new _Entry()).__init(bb.readInt32(bb.position()) + bb.position(), bb);
  }
  term() {
    const offset = this.bb.__offset(this.bb_pos, 4);
    return offset ? this.bb.readUint64(this.bb_pos + offset) : BigInt("0");
  }
  index() {
    const offset = this.bb.__offset(this.bb_pos, 6);
    return offset ? this.bb.readUint64(this.bb_pos + offset) : BigInt("0");
  }
  kind() {
    const offset = this.bb.__offset(this.bb_pos, 8);
    return offset ? this.bb.readUint32(this.bb_pos + offset) : 0;
  }
  payload(index) {
    const offset = this.bb.__offset(this.bb_pos, 10);
    return offset ? this.bb.readUint8(this.bb.__vector(this.bb_pos + offset) + index) : 0;
  }
  payloadLength() {
    const offset = this.bb.__offset(this.bb_pos, 10);
    return offset ? this.bb.__vector_len(this.bb_pos + offset) : 0;
  }
  payloadArray() {
    const offset = this.bb.__offset(this.bb_pos, 10);
    return offset ? new Uint8Array(this.bb.bytes().buffer, this.bb.bytes().byteOffset + this.bb.__vector(this.bb_pos + offset), this.bb.__vector_len(this.bb_pos + offset)) : null;
  }
  static startEntry(builder) {
    builder.startObject(4);
  }
  static addTerm(builder, term) {
    builder.addFieldInt64(0, term, BigInt("0"));
  }
  static addIndex(builder, index) {
    builder.addFieldInt64(1, index, BigInt("0"));
  }
  static addKind(builder, kind) {
    builder.addFieldInt32(2, kind, 0);
  }
  static addPayload(builder, payloadOffset) {
    builder.addFieldOffset(3, payloadOffset, 0);
  }
  static createPayloadVector(builder, data) {
    builder.startVector(1, data.length, 1);
    for (let i = data.length - 1; i >= 0; i--) {
      builder.addInt8(data[i]);
    }
    return builder.endVector();
  }
  static startPayloadVector(builder, numElems) {
    builder.startVector(1, numElems, 1);
  }
  static endEntry(builder) {
    const offset = builder.endObject();
    return offset;
  }
  static createEntry(builder, term, index, kind, payloadOffset) {
    _Entry.startEntry(builder);
    _Entry.addTerm(builder, term);
    _Entry.addIndex(builder, index);
    _Entry.addKind(builder, kind);
    _Entry.addPayload(builder, payloadOffset);
    return _Entry.endEntry(builder);
  }
};

// append-request.ts
var AppendRequest = class _AppendRequest {
  bb = null;
  bb_pos = 0;
  __init(i, bb) {
    this.bb_pos = i;
    this.bb = bb;
    return this;
  }
  static getRootAsAppendRequest(bb, obj) {
    return (obj || new _AppendRequest()).__init(bb.readInt32(bb.position()) + bb.position(), bb);
  }
  static getSizePrefixedRootAsAppendRequest(bb, obj) {
    bb.setPosition(bb.position() + flatbuffers2.SIZE_PREFIX_LENGTH);
    return (obj || new _AppendRequest()).__init(bb.readInt32(bb.position()) + bb.position(), bb);
  }
  term() {
    const offset = this.bb.__offset(this.bb_pos, 4);
    return offset ? this.bb.readUint64(this.bb_pos + offset) : BigInt("0");
  }
  leader() {
    const offset = this.bb.__offset(this.bb_pos, 6);
    return offset ? this.bb.readUint64(this.bb_pos + offset) : BigInt("0");
  }
  previousIndex() {
    const offset = this.bb.__offset(this.bb_pos, 8);
    return offset ? this.bb.readUint64(this.bb_pos + offset) : BigInt("0");
  }
  previousTerm() {
    const offset = this.bb.__offset(this.bb_pos, 10);
    return offset ? this.bb.readUint64(this.bb_pos + offset) : BigInt("0");
  }
  commit() {
    const offset = this.bb.__offset(this.bb_pos, 12);
    return offset ? this.bb.readUint64(this.bb_pos + offset) : BigInt("0");
  }
  entries(index, obj) {
    const offset = this.bb.__offset(this.bb_pos, 14);
    return offset ? (obj || new Entry()).__init(this.bb.__indirect(this.bb.__vector(this.bb_pos + offset) + index * 4), this.bb) : null;
  }
  entriesLength() {
    const offset = this.bb.__offset(this.bb_pos, 14);
    return offset ? this.bb.__vector_len(this.bb_pos + offset) : 0;
  }
  static startAppendRequest(builder) {
    builder.startObject(6);
  }
  static addTerm(builder, term) {
    builder.addFieldInt64(0, term, BigInt("0"));
  }
  static addLeader(builder, leader) {
    builder.addFieldInt64(1, leader, BigInt("0"));
  }
  static addPreviousIndex(builder, previousIndex) {
    builder.addFieldInt64(2, previousIndex, BigInt("0"));
  }
  static addPreviousTerm(builder, previousTerm) {
    builder.addFieldInt64(3, previousTerm, BigInt("0"));
  }
  static addCommit(builder, commit) {
    builder.addFieldInt64(4, commit, BigInt("0"));
  }
  static addEntries(builder, entriesOffset) {
    builder.addFieldOffset(5, entriesOffset, 0);
  }
  static createEntriesVector(builder, data) {
    builder.startVector(4, data.length, 4);
    for (let i = data.length - 1; i >= 0; i--) {
      builder.addOffset(data[i]);
    }
    return builder.endVector();
  }
  static startEntriesVector(builder, numElems) {
    builder.startVector(4, numElems, 4);
  }
  static endAppendRequest(builder) {
    const offset = builder.endObject();
    return offset;
  }
  static createAppendRequest(builder, term, leader, previousIndex, previousTerm, commit, entriesOffset) {
    _AppendRequest.startAppendRequest(builder);
    _AppendRequest.addTerm(builder, term);
    _AppendRequest.addLeader(builder, leader);
    _AppendRequest.addPreviousIndex(builder, previousIndex);
    _AppendRequest.addPreviousTerm(builder, previousTerm);
    _AppendRequest.addCommit(builder, commit);
    _AppendRequest.addEntries(builder, entriesOffset);
    return _AppendRequest.endAppendRequest(builder);
  }
};

// append-response.ts
import * as flatbuffers3 from "flatbuffers";
var AppendResponse = class _AppendResponse {
  bb = null;
  bb_pos = 0;
  __init(i, bb) {
    this.bb_pos = i;
    this.bb = bb;
    return this;
  }
  static getRootAsAppendResponse(bb, obj) {
    return (obj || new _AppendResponse()).__init(bb.readInt32(bb.position()) + bb.position(), bb);
  }
  static getSizePrefixedRootAsAppendResponse(bb, obj) {
    bb.setPosition(bb.position() + flatbuffers3.SIZE_PREFIX_LENGTH);
    return (obj || new _AppendResponse()).__init(bb.readInt32(bb.position()) + bb.position(), bb);
  }
  term() {
    const offset = this.bb.__offset(this.bb_pos, 4);
    return offset ? this.bb.readUint64(this.bb_pos + offset) : BigInt("0");
  }
  from() {
    const offset = this.bb.__offset(this.bb_pos, 6);
    return offset ? this.bb.readUint64(this.bb_pos + offset) : BigInt("0");
  }
  success() {
    const offset = this.bb.__offset(this.bb_pos, 8);
    return offset ? !!this.bb.readInt8(this.bb_pos + offset) : false;
  }
  match() {
    const offset = this.bb.__offset(this.bb_pos, 10);
    return offset ? this.bb.readUint64(this.bb_pos + offset) : BigInt("0");
  }
  conflictTerm() {
    const offset = this.bb.__offset(this.bb_pos, 12);
    return offset ? this.bb.readUint64(this.bb_pos + offset) : null;
  }
  conflictIndex() {
    const offset = this.bb.__offset(this.bb_pos, 14);
    return offset ? this.bb.readUint64(this.bb_pos + offset) : null;
  }
  static startAppendResponse(builder) {
    builder.startObject(6);
  }
  static addTerm(builder, term) {
    builder.addFieldInt64(0, term, BigInt("0"));
  }
  static addFrom(builder, from) {
    builder.addFieldInt64(1, from, BigInt("0"));
  }
  static addSuccess(builder, success) {
    builder.addFieldInt8(2, +success, 0);
  }
  static addMatch(builder, match) {
    builder.addFieldInt64(3, match, BigInt("0"));
  }
  static addConflictTerm(builder, conflictTerm) {
    builder.addFieldInt64(4, conflictTerm, null);
  }
  static addConflictIndex(builder, conflictIndex) {
    builder.addFieldInt64(5, conflictIndex, null);
  }
  static endAppendResponse(builder) {
    const offset = builder.endObject();
    return offset;
  }
  static createAppendResponse(builder, term, from, success, match, conflictTerm, conflictIndex) {
    _AppendResponse.startAppendResponse(builder);
    _AppendResponse.addTerm(builder, term);
    _AppendResponse.addFrom(builder, from);
    _AppendResponse.addSuccess(builder, success);
    _AppendResponse.addMatch(builder, match);
    if (conflictTerm !== null)
      _AppendResponse.addConflictTerm(builder, conflictTerm);
    if (conflictIndex !== null)
      _AppendResponse.addConflictIndex(builder, conflictIndex);
    return _AppendResponse.endAppendResponse(builder);
  }
};

// config-change.ts
import * as flatbuffers6 from "flatbuffers";

// label.ts
import * as flatbuffers4 from "flatbuffers";
var Label = class _Label {
  bb = null;
  bb_pos = 0;
  __init(i, bb) {
    this.bb_pos = i;
    this.bb = bb;
    return this;
  }
  static getRootAsLabel(bb, obj) {
    return (obj || new _Label()).__init(bb.readInt32(bb.position()) + bb.position(), bb);
  }
  static getSizePrefixedRootAsLabel(bb, obj) {
    bb.setPosition(bb.position() + flatbuffers4.SIZE_PREFIX_LENGTH);
    return (obj || new _Label()).__init(bb.readInt32(bb.position()) + bb.position(), bb);
  }
  key(optionalEncoding) {
    const offset = this.bb.__offset(this.bb_pos, 4);
    return offset ? this.bb.__string(this.bb_pos + offset, optionalEncoding) : null;
  }
  value(optionalEncoding) {
    const offset = this.bb.__offset(this.bb_pos, 6);
    return offset ? this.bb.__string(this.bb_pos + offset, optionalEncoding) : null;
  }
  static startLabel(builder) {
    builder.startObject(2);
  }
  static addKey(builder, keyOffset) {
    builder.addFieldOffset(0, keyOffset, 0);
  }
  static addValue(builder, valueOffset) {
    builder.addFieldOffset(1, valueOffset, 0);
  }
  static endLabel(builder) {
    const offset = builder.endObject();
    return offset;
  }
  static createLabel(builder, keyOffset, valueOffset) {
    _Label.startLabel(builder);
    _Label.addKey(builder, keyOffset);
    _Label.addValue(builder, valueOffset);
    return _Label.endLabel(builder);
  }
};

// node.ts
import * as flatbuffers5 from "flatbuffers";

// role.ts
var Role = /* @__PURE__ */ ((Role2) => {
  Role2[Role2["voter"] = 0] = "voter";
  Role2[Role2["learner"] = 1] = "learner";
  Role2[Role2["witness"] = 2] = "witness";
  return Role2;
})(Role || {});

// node.ts
var Node = class _Node {
  bb = null;
  bb_pos = 0;
  __init(i, bb) {
    this.bb_pos = i;
    this.bb = bb;
    return this;
  }
  static getRootAsNode(bb, obj) {
    return (obj || new _Node()).__init(bb.readInt32(bb.position()) + bb.position(), bb);
  }
  static getSizePrefixedRootAsNode(bb, obj) {
    bb.setPosition(bb.position() + flatbuffers5.SIZE_PREFIX_LENGTH);
    return (obj || new _Node()).__init(bb.readInt32(bb.position()) + bb.position(), bb);
  }
  id() {
    const offset = this.bb.__offset(this.bb_pos, 4);
    return offset ? this.bb.readUint64(this.bb_pos + offset) : BigInt("0");
  }
  address(optionalEncoding) {
    const offset = this.bb.__offset(this.bb_pos, 6);
    return offset ? this.bb.__string(this.bb_pos + offset, optionalEncoding) : null;
  }
  role() {
    const offset = this.bb.__offset(this.bb_pos, 8);
    return offset ? this.bb.readUint8(this.bb_pos + offset) : 0 /* voter */;
  }
  static startNode(builder) {
    builder.startObject(3);
  }
  static addId(builder, id) {
    builder.addFieldInt64(0, id, BigInt("0"));
  }
  static addAddress(builder, addressOffset) {
    builder.addFieldOffset(1, addressOffset, 0);
  }
  static addRole(builder, role) {
    builder.addFieldInt8(2, role, 0 /* voter */);
  }
  static endNode(builder) {
    const offset = builder.endObject();
    return offset;
  }
  static createNode(builder, id, addressOffset, role) {
    _Node.startNode(builder);
    _Node.addId(builder, id);
    _Node.addAddress(builder, addressOffset);
    _Node.addRole(builder, role);
    return _Node.endNode(builder);
  }
};

// config-change.ts
var ConfigChange = class _ConfigChange {
  bb = null;
  bb_pos = 0;
  __init(i, bb) {
    this.bb_pos = i;
    this.bb = bb;
    return this;
  }
  static getRootAsConfigChange(bb, obj) {
    return (obj || new _ConfigChange()).__init(bb.readInt32(bb.position()) + bb.position(), bb);
  }
  static getSizePrefixedRootAsConfigChange(bb, obj) {
    bb.setPosition(bb.position() + flatbuffers6.SIZE_PREFIX_LENGTH);
    return (obj || new _ConfigChange()).__init(bb.readInt32(bb.position()) + bb.position(), bb);
  }
  index() {
    const offset = this.bb.__offset(this.bb_pos, 4);
    return offset ? this.bb.readUint64(this.bb_pos + offset) : BigInt("0");
  }
  members(index, obj) {
    const offset = this.bb.__offset(this.bb_pos, 6);
    return offset ? (obj || new Node()).__init(this.bb.__indirect(this.bb.__vector(this.bb_pos + offset) + index * 4), this.bb) : null;
  }
  membersLength() {
    const offset = this.bb.__offset(this.bb_pos, 6);
    return offset ? this.bb.__vector_len(this.bb_pos + offset) : 0;
  }
  incoming(index, obj) {
    const offset = this.bb.__offset(this.bb_pos, 8);
    return offset ? (obj || new Node()).__init(this.bb.__indirect(this.bb.__vector(this.bb_pos + offset) + index * 4), this.bb) : null;
  }
  incomingLength() {
    const offset = this.bb.__offset(this.bb_pos, 8);
    return offset ? this.bb.__vector_len(this.bb_pos + offset) : 0;
  }
  labels(index, obj) {
    const offset = this.bb.__offset(this.bb_pos, 10);
    return offset ? (obj || new Label()).__init(this.bb.__indirect(this.bb.__vector(this.bb_pos + offset) + index * 4), this.bb) : null;
  }
  labelsLength() {
    const offset = this.bb.__offset(this.bb_pos, 10);
    return offset ? this.bb.__vector_len(this.bb_pos + offset) : 0;
  }
  static startConfigChange(builder) {
    builder.startObject(4);
  }
  static addIndex(builder, index) {
    builder.addFieldInt64(0, index, BigInt("0"));
  }
  static addMembers(builder, membersOffset) {
    builder.addFieldOffset(1, membersOffset, 0);
  }
  static createMembersVector(builder, data) {
    builder.startVector(4, data.length, 4);
    for (let i = data.length - 1; i >= 0; i--) {
      builder.addOffset(data[i]);
    }
    return builder.endVector();
  }
  static startMembersVector(builder, numElems) {
    builder.startVector(4, numElems, 4);
  }
  static addIncoming(builder, incomingOffset) {
    builder.addFieldOffset(2, incomingOffset, 0);
  }
  static createIncomingVector(builder, data) {
    builder.startVector(4, data.length, 4);
    for (let i = data.length - 1; i >= 0; i--) {
      builder.addOffset(data[i]);
    }
    return builder.endVector();
  }
  static startIncomingVector(builder, numElems) {
    builder.startVector(4, numElems, 4);
  }
  static addLabels(builder, labelsOffset) {
    builder.addFieldOffset(3, labelsOffset, 0);
  }
  static createLabelsVector(builder, data) {
    builder.startVector(4, data.length, 4);
    for (let i = data.length - 1; i >= 0; i--) {
      builder.addOffset(data[i]);
    }
    return builder.endVector();
  }
  static startLabelsVector(builder, numElems) {
    builder.startVector(4, numElems, 4);
  }
  static endConfigChange(builder) {
    const offset = builder.endObject();
    return offset;
  }
  static createConfigChange(builder, index, membersOffset, incomingOffset, labelsOffset) {
    _ConfigChange.startConfigChange(builder);
    _ConfigChange.addIndex(builder, index);
    _ConfigChange.addMembers(builder, membersOffset);
    _ConfigChange.addIncoming(builder, incomingOffset);
    _ConfigChange.addLabels(builder, labelsOffset);
    return _ConfigChange.endConfigChange(builder);
  }
};

// snapshot-chunk.ts
import * as flatbuffers7 from "flatbuffers";
var SnapshotChunk = class _SnapshotChunk {
  bb = null;
  bb_pos = 0;
  __init(i, bb) {
    this.bb_pos = i;
    this.bb = bb;
    return this;
  }
  static getRootAsSnapshotChunk(bb, obj) {
    return (obj || new _SnapshotChunk()).__init(bb.readInt32(bb.position()) + bb.position(), bb);
  }
  static getSizePrefixedRootAsSnapshotChunk(bb, obj) {
    bb.setPosition(bb.position() + flatbuffers7.SIZE_PREFIX_LENGTH);
    return (obj || new _SnapshotChunk()).__init(bb.readInt32(bb.position()) + bb.position(), bb);
  }
  term() {
    const offset = this.bb.__offset(this.bb_pos, 4);
    return offset ? this.bb.readUint64(this.bb_pos + offset) : BigInt("0");
  }
  leader() {
    const offset = this.bb.__offset(this.bb_pos, 6);
    return offset ? this.bb.readUint64(this.bb_pos + offset) : BigInt("0");
  }
  lastIndex() {
    const offset = this.bb.__offset(this.bb_pos, 8);
    return offset ? this.bb.readUint64(this.bb_pos + offset) : BigInt("0");
  }
  lastTerm() {
    const offset = this.bb.__offset(this.bb_pos, 10);
    return offset ? this.bb.readUint64(this.bb_pos + offset) : BigInt("0");
  }
  offset() {
    const offset = this.bb.__offset(this.bb_pos, 12);
    return offset ? this.bb.readUint64(this.bb_pos + offset) : BigInt("0");
  }
  size() {
    const offset = this.bb.__offset(this.bb_pos, 14);
    return offset ? this.bb.readUint64(this.bb_pos + offset) : BigInt("0");
  }
  payload(index) {
    const offset = this.bb.__offset(this.bb_pos, 16);
    return offset ? this.bb.readUint8(this.bb.__vector(this.bb_pos + offset) + index) : 0;
  }
  payloadLength() {
    const offset = this.bb.__offset(this.bb_pos, 16);
    return offset ? this.bb.__vector_len(this.bb_pos + offset) : 0;
  }
  payloadArray() {
    const offset = this.bb.__offset(this.bb_pos, 16);
    return offset ? new Uint8Array(this.bb.bytes().buffer, this.bb.bytes().byteOffset + this.bb.__vector(this.bb_pos + offset), this.bb.__vector_len(this.bb_pos + offset)) : null;
  }
  checksum() {
    const offset = this.bb.__offset(this.bb_pos, 18);
    return offset ? this.bb.readUint32(this.bb_pos + offset) : 0;
  }
  done() {
    const offset = this.bb.__offset(this.bb_pos, 20);
    return offset ? !!this.bb.readInt8(this.bb_pos + offset) : false;
  }
  static startSnapshotChunk(builder) {
    builder.startObject(9);
  }
  static addTerm(builder, term) {
    builder.addFieldInt64(0, term, BigInt("0"));
  }
  static addLeader(builder, leader) {
    builder.addFieldInt64(1, leader, BigInt("0"));
  }
  static addLastIndex(builder, lastIndex) {
    builder.addFieldInt64(2, lastIndex, BigInt("0"));
  }
  static addLastTerm(builder, lastTerm) {
    builder.addFieldInt64(3, lastTerm, BigInt("0"));
  }
  static addOffset(builder, offset) {
    builder.addFieldInt64(4, offset, BigInt("0"));
  }
  static addSize(builder, size) {
    builder.addFieldInt64(5, size, BigInt("0"));
  }
  static addPayload(builder, payloadOffset) {
    builder.addFieldOffset(6, payloadOffset, 0);
  }
  static createPayloadVector(builder, data) {
    builder.startVector(1, data.length, 1);
    for (let i = data.length - 1; i >= 0; i--) {
      builder.addInt8(data[i]);
    }
    return builder.endVector();
  }
  static startPayloadVector(builder, numElems) {
    builder.startVector(1, numElems, 1);
  }
  static addChecksum(builder, checksum) {
    builder.addFieldInt32(7, checksum, 0);
  }
  static addDone(builder, done) {
    builder.addFieldInt8(8, +done, 0);
  }
  static endSnapshotChunk(builder) {
    const offset = builder.endObject();
    return offset;
  }
  static createSnapshotChunk(builder, term, leader, lastIndex, lastTerm, offset, size, payloadOffset, checksum, done) {
    _SnapshotChunk.startSnapshotChunk(builder);
    _SnapshotChunk.addTerm(builder, term);
    _SnapshotChunk.addLeader(builder, leader);
    _SnapshotChunk.addLastIndex(builder, lastIndex);
    _SnapshotChunk.addLastTerm(builder, lastTerm);
    _SnapshotChunk.addOffset(builder, offset);
    _SnapshotChunk.addSize(builder, size);
    _SnapshotChunk.addPayload(builder, payloadOffset);
    _SnapshotChunk.addChecksum(builder, checksum);
    _SnapshotChunk.addDone(builder, done);
    return _SnapshotChunk.endSnapshotChunk(builder);
  }
};

// vote-request.ts
import * as flatbuffers8 from "flatbuffers";
var VoteRequest = class _VoteRequest {
  bb = null;
  bb_pos = 0;
  __init(i, bb) {
    this.bb_pos = i;
    this.bb = bb;
    return this;
  }
  static getRootAsVoteRequest(bb, obj) {
    return (obj || new _VoteRequest()).__init(bb.readInt32(bb.position()) + bb.position(), bb);
  }
  static getSizePrefixedRootAsVoteRequest(bb, obj) {
    bb.setPosition(bb.position() + flatbuffers8.SIZE_PREFIX_LENGTH);
    return (obj || new _VoteRequest()).__init(bb.readInt32(bb.position()) + bb.position(), bb);
  }
  term() {
    const offset = this.bb.__offset(this.bb_pos, 4);
    return offset ? this.bb.readUint64(this.bb_pos + offset) : BigInt("0");
  }
  candidate() {
    const offset = this.bb.__offset(this.bb_pos, 6);
    return offset ? this.bb.readUint64(this.bb_pos + offset) : BigInt("0");
  }
  lastIndex() {
    const offset = this.bb.__offset(this.bb_pos, 8);
    return offset ? this.bb.readUint64(this.bb_pos + offset) : BigInt("0");
  }
  lastTerm() {
    const offset = this.bb.__offset(this.bb_pos, 10);
    return offset ? this.bb.readUint64(this.bb_pos + offset) : BigInt("0");
  }
  preVote() {
    const offset = this.bb.__offset(this.bb_pos, 12);
    return offset ? !!this.bb.readInt8(this.bb_pos + offset) : false;
  }
  static startVoteRequest(builder) {
    builder.startObject(5);
  }
  static addTerm(builder, term) {
    builder.addFieldInt64(0, term, BigInt("0"));
  }
  static addCandidate(builder, candidate) {
    builder.addFieldInt64(1, candidate, BigInt("0"));
  }
  static addLastIndex(builder, lastIndex) {
    builder.addFieldInt64(2, lastIndex, BigInt("0"));
  }
  static addLastTerm(builder, lastTerm) {
    builder.addFieldInt64(3, lastTerm, BigInt("0"));
  }
  static addPreVote(builder, preVote) {
    builder.addFieldInt8(4, +preVote, 0);
  }
  static endVoteRequest(builder) {
    const offset = builder.endObject();
    return offset;
  }
  static createVoteRequest(builder, term, candidate, lastIndex, lastTerm, preVote) {
    _VoteRequest.startVoteRequest(builder);
    _VoteRequest.addTerm(builder, term);
    _VoteRequest.addCandidate(builder, candidate);
    _VoteRequest.addLastIndex(builder, lastIndex);
    _VoteRequest.addLastTerm(builder, lastTerm);
    _VoteRequest.addPreVote(builder, preVote);
    return _VoteRequest.endVoteRequest(builder);
  }
};
export {
  AppendRequest,
  AppendResponse,
  ConfigChange,
  Entry,
  Label,
  Node,
  Role,
  SnapshotChunk,
  VoteRequest
};
