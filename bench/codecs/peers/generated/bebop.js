import { BebopView } from "bebop";
const BEBOP_SCHEMA = new Uint8Array([
  3,
  8,
  0,
  0,
  0,
  82,
  111,
  108,
  101,
  0,
  4,
  0,
  254,
  255,
  255,
  255,
  0,
  1,
  0,
  0,
  0,
  3,
  86,
  111,
  116,
  101,
  114,
  0,
  0,
  0,
  76,
  101,
  97,
  114,
  110,
  101,
  114,
  0,
  0,
  1,
  87,
  105,
  116,
  110,
  101,
  115,
  115,
  0,
  0,
  2,
  69,
  110,
  116,
  114,
  121,
  0,
  1,
  0,
  0,
  24,
  0,
  0,
  0,
  0,
  4,
  116,
  101,
  114,
  109,
  0,
  249,
  255,
  255,
  255,
  0,
  105,
  110,
  100,
  101,
  120,
  0,
  249,
  255,
  255,
  255,
  0,
  107,
  105,
  110,
  100,
  0,
  251,
  255,
  255,
  255,
  0,
  112,
  97,
  121,
  108,
  111,
  97,
  100,
  0,
  242,
  255,
  255,
  255,
  0,
  254,
  255,
  255,
  255,
  0,
  65,
  112,
  112,
  101,
  110,
  100,
  82,
  101,
  113,
  117,
  101,
  115,
  116,
  0,
  1,
  0,
  0,
  44,
  0,
  0,
  0,
  0,
  6,
  116,
  101,
  114,
  109,
  0,
  249,
  255,
  255,
  255,
  0,
  108,
  101,
  97,
  100,
  101,
  114,
  0,
  249,
  255,
  255,
  255,
  0,
  112,
  114,
  101,
  118,
  105,
  111,
  117,
  115,
  73,
  110,
  100,
  101,
  120,
  0,
  249,
  255,
  255,
  255,
  0,
  112,
  114,
  101,
  118,
  105,
  111,
  117,
  115,
  84,
  101,
  114,
  109,
  0,
  249,
  255,
  255,
  255,
  0,
  99,
  111,
  109,
  109,
  105,
  116,
  0,
  249,
  255,
  255,
  255,
  0,
  101,
  110,
  116,
  114,
  105,
  101,
  115,
  0,
  242,
  255,
  255,
  255,
  0,
  1,
  0,
  0,
  0,
  0,
  65,
  112,
  112,
  101,
  110,
  100,
  82,
  101,
  115,
  112,
  111,
  110,
  115,
  101,
  0,
  2,
  0,
  5,
  0,
  0,
  0,
  6,
  116,
  101,
  114,
  109,
  0,
  249,
  255,
  255,
  255,
  0,
  1,
  102,
  114,
  111,
  109,
  0,
  249,
  255,
  255,
  255,
  0,
  2,
  115,
  117,
  99,
  99,
  101,
  115,
  115,
  0,
  255,
  255,
  255,
  255,
  0,
  3,
  109,
  97,
  116,
  99,
  104,
  0,
  249,
  255,
  255,
  255,
  0,
  4,
  99,
  111,
  110,
  102,
  108,
  105,
  99,
  116,
  84,
  101,
  114,
  109,
  0,
  249,
  255,
  255,
  255,
  0,
  5,
  99,
  111,
  110,
  102,
  108,
  105,
  99,
  116,
  73,
  110,
  100,
  101,
  120,
  0,
  249,
  255,
  255,
  255,
  0,
  6,
  86,
  111,
  116,
  101,
  82,
  101,
  113,
  117,
  101,
  115,
  116,
  0,
  1,
  0,
  0,
  33,
  0,
  0,
  0,
  1,
  5,
  116,
  101,
  114,
  109,
  0,
  249,
  255,
  255,
  255,
  0,
  99,
  97,
  110,
  100,
  105,
  100,
  97,
  116,
  101,
  0,
  249,
  255,
  255,
  255,
  0,
  108,
  97,
  115,
  116,
  73,
  110,
  100,
  101,
  120,
  0,
  249,
  255,
  255,
  255,
  0,
  108,
  97,
  115,
  116,
  84,
  101,
  114,
  109,
  0,
  249,
  255,
  255,
  255,
  0,
  112,
  114,
  101,
  86,
  111,
  116,
  101,
  0,
  255,
  255,
  255,
  255,
  0,
  83,
  110,
  97,
  112,
  115,
  104,
  111,
  116,
  67,
  104,
  117,
  110,
  107,
  0,
  1,
  0,
  0,
  57,
  0,
  0,
  0,
  0,
  9,
  116,
  101,
  114,
  109,
  0,
  249,
  255,
  255,
  255,
  0,
  108,
  101,
  97,
  100,
  101,
  114,
  0,
  249,
  255,
  255,
  255,
  0,
  108,
  97,
  115,
  116,
  73,
  110,
  100,
  101,
  120,
  0,
  249,
  255,
  255,
  255,
  0,
  108,
  97,
  115,
  116,
  84,
  101,
  114,
  109,
  0,
  249,
  255,
  255,
  255,
  0,
  111,
  102,
  102,
  115,
  101,
  116,
  0,
  249,
  255,
  255,
  255,
  0,
  115,
  105,
  122,
  101,
  0,
  249,
  255,
  255,
  255,
  0,
  112,
  97,
  121,
  108,
  111,
  97,
  100,
  0,
  242,
  255,
  255,
  255,
  0,
  254,
  255,
  255,
  255,
  0,
  99,
  104,
  101,
  99,
  107,
  115,
  117,
  109,
  0,
  251,
  255,
  255,
  255,
  0,
  100,
  111,
  110,
  101,
  0,
  255,
  255,
  255,
  255,
  0,
  78,
  111,
  100,
  101,
  0,
  1,
  0,
  0,
  13,
  0,
  0,
  0,
  0,
  3,
  105,
  100,
  0,
  249,
  255,
  255,
  255,
  0,
  97,
  100,
  100,
  114,
  101,
  115,
  115,
  0,
  245,
  255,
  255,
  255,
  0,
  114,
  111,
  108,
  101,
  0,
  0,
  0,
  0,
  0,
  0,
  67,
  111,
  110,
  102,
  105,
  103,
  67,
  104,
  97,
  110,
  103,
  101,
  0,
  1,
  0,
  0,
  20,
  0,
  0,
  0,
  0,
  4,
  105,
  110,
  100,
  101,
  120,
  0,
  249,
  255,
  255,
  255,
  0,
  109,
  101,
  109,
  98,
  101,
  114,
  115,
  0,
  242,
  255,
  255,
  255,
  0,
  6,
  0,
  0,
  0,
  0,
  105,
  110,
  99,
  111,
  109,
  105,
  110,
  103,
  0,
  242,
  255,
  255,
  255,
  0,
  6,
  0,
  0,
  0,
  0,
  108,
  97,
  98,
  101,
  108,
  115,
  0,
  241,
  255,
  255,
  255,
  245,
  255,
  255,
  255,
  245,
  255,
  255,
  255,
  0,
  0,
  0,
  0,
  0
]);
var Role = /* @__PURE__ */ ((Role2) => {
  Role2[Role2["Voter"] = 0] = "Voter";
  Role2[Role2["Learner"] = 1] = "Learner";
  Role2[Role2["Witness"] = 2] = "Witness";
  return Role2;
})(Role || {});
const Entry = /* @__PURE__ */ Object.freeze(/* @__PURE__ */ Object.assign(
  // Factory function
  (data) => {
    return Object.freeze({
      ...data,
      encode() {
        return Entry.encode(this);
      }
    });
  },
  // Static methods
  {
    encode(record) {
      const view = BebopView.getInstance();
      view.startWriting();
      Entry.encodeInto(record, view);
      return view.toArray();
    },
    encodeInto(record, view) {
      view.writeUint64(record.term);
      view.writeUint64(record.index);
      view.writeUint32(record.kind);
      view.writeBytes(record.payload);
    },
    decode(buffer) {
      const view = BebopView.getInstance();
      view.startReading(buffer);
      const decoded = Entry.readFrom(view);
      return Entry(decoded);
    },
    readFrom(view) {
      let field0;
      field0 = view.readUint64();
      let field1;
      field1 = view.readUint64();
      let field2;
      field2 = view.readUint32();
      let field3;
      field3 = view.readBytes();
      return {
        term: field0,
        index: field1,
        kind: field2,
        payload: field3
      };
    }
  }
));
const AppendRequest = /* @__PURE__ */ Object.freeze(/* @__PURE__ */ Object.assign(
  // Factory function
  (data) => {
    return Object.freeze({
      ...data,
      encode() {
        return AppendRequest.encode(this);
      }
    });
  },
  // Static methods
  {
    encode(record) {
      const view = BebopView.getInstance();
      view.startWriting();
      AppendRequest.encodeInto(record, view);
      return view.toArray();
    },
    encodeInto(record, view) {
      view.writeUint64(record.term);
      view.writeUint64(record.leader);
      view.writeUint64(record.previousIndex);
      view.writeUint64(record.previousTerm);
      view.writeUint64(record.commit);
      {
        const length0 = record.entries.length;
        view.writeUint32(length0);
        for (let i0 = 0; i0 < length0; i0++) {
          Entry.encodeInto(record.entries[i0], view);
        }
      }
    },
    decode(buffer) {
      const view = BebopView.getInstance();
      view.startReading(buffer);
      const decoded = AppendRequest.readFrom(view);
      return AppendRequest(decoded);
    },
    readFrom(view) {
      let field0;
      field0 = view.readUint64();
      let field1;
      field1 = view.readUint64();
      let field2;
      field2 = view.readUint64();
      let field3;
      field3 = view.readUint64();
      let field4;
      field4 = view.readUint64();
      let field5;
      {
        const length0 = view.readUint32();
        field5 = [];
        for (let i0 = 0; i0 < length0; i0++) {
          let x0;
          x0 = Entry.readFrom(view);
          field5[i0] = x0;
        }
      }
      return {
        term: field0,
        leader: field1,
        previousIndex: field2,
        previousTerm: field3,
        commit: field4,
        entries: field5
      };
    }
  }
));
const AppendResponse = /* @__PURE__ */ Object.freeze(/* @__PURE__ */ Object.assign(
  // Factory function
  (data) => {
    return {
      ...data,
      encode() {
        return AppendResponse.encode(this);
      }
    };
  },
  // Static methods
  {
    encode(record) {
      const view = BebopView.getInstance();
      view.startWriting();
      AppendResponse.encodeInto(record, view);
      return view.toArray();
    },
    encodeInto(record, view) {
      const pos = view.reserveMessageLength();
      const start = view.length;
      if (record.term !== void 0) {
        view.writeByte(1);
        view.writeUint64(record.term);
      }
      if (record.from !== void 0) {
        view.writeByte(2);
        view.writeUint64(record.from);
      }
      if (record.success !== void 0) {
        view.writeByte(3);
        view.writeByte(Number(record.success));
      }
      if (record.match !== void 0) {
        view.writeByte(4);
        view.writeUint64(record.match);
      }
      if (record.conflictTerm !== void 0) {
        view.writeByte(5);
        view.writeUint64(record.conflictTerm);
      }
      if (record.conflictIndex !== void 0) {
        view.writeByte(6);
        view.writeUint64(record.conflictIndex);
      }
      view.writeByte(0);
      const end = view.length;
      view.fillMessageLength(pos, end - start);
    },
    decode(buffer) {
      const view = BebopView.getInstance();
      view.startReading(buffer);
      const decoded = AppendResponse.readFrom(view);
      return AppendResponse(decoded);
    },
    readFrom(view) {
      const message = {};
      const length = view.readMessageLength();
      const end = view.index + length;
      while (true) {
        switch (view.readByte()) {
          case 0:
            return message;
          case 1:
            message.term = view.readUint64();
            break;
          case 2:
            message.from = view.readUint64();
            break;
          case 3:
            message.success = !!view.readByte();
            break;
          case 4:
            message.match = view.readUint64();
            break;
          case 5:
            message.conflictTerm = view.readUint64();
            break;
          case 6:
            message.conflictIndex = view.readUint64();
            break;
          default:
            view.index = end;
            return message;
        }
      }
    }
  }
));
const VoteRequest = /* @__PURE__ */ Object.freeze(/* @__PURE__ */ Object.assign(
  // Factory function
  (data) => {
    return Object.freeze({
      ...data,
      encode() {
        return VoteRequest.encode(this);
      }
    });
  },
  // Static methods
  {
    encode(record) {
      const view = BebopView.getInstance();
      view.startWriting();
      VoteRequest.encodeInto(record, view);
      return view.toArray();
    },
    encodeInto(record, view) {
      view.writeUint64(record.term);
      view.writeUint64(record.candidate);
      view.writeUint64(record.lastIndex);
      view.writeUint64(record.lastTerm);
      view.writeByte(Number(record.preVote));
    },
    decode(buffer) {
      const view = BebopView.getInstance();
      view.startReading(buffer);
      const decoded = VoteRequest.readFrom(view);
      return VoteRequest(decoded);
    },
    readFrom(view) {
      let field0;
      field0 = view.readUint64();
      let field1;
      field1 = view.readUint64();
      let field2;
      field2 = view.readUint64();
      let field3;
      field3 = view.readUint64();
      let field4;
      field4 = !!view.readByte();
      return {
        term: field0,
        candidate: field1,
        lastIndex: field2,
        lastTerm: field3,
        preVote: field4
      };
    }
  }
));
const SnapshotChunk = /* @__PURE__ */ Object.freeze(/* @__PURE__ */ Object.assign(
  // Factory function
  (data) => {
    return Object.freeze({
      ...data,
      encode() {
        return SnapshotChunk.encode(this);
      }
    });
  },
  // Static methods
  {
    encode(record) {
      const view = BebopView.getInstance();
      view.startWriting();
      SnapshotChunk.encodeInto(record, view);
      return view.toArray();
    },
    encodeInto(record, view) {
      view.writeUint64(record.term);
      view.writeUint64(record.leader);
      view.writeUint64(record.lastIndex);
      view.writeUint64(record.lastTerm);
      view.writeUint64(record.offset);
      view.writeUint64(record.size);
      view.writeBytes(record.payload);
      view.writeUint32(record.checksum);
      view.writeByte(Number(record.done));
    },
    decode(buffer) {
      const view = BebopView.getInstance();
      view.startReading(buffer);
      const decoded = SnapshotChunk.readFrom(view);
      return SnapshotChunk(decoded);
    },
    readFrom(view) {
      let field0;
      field0 = view.readUint64();
      let field1;
      field1 = view.readUint64();
      let field2;
      field2 = view.readUint64();
      let field3;
      field3 = view.readUint64();
      let field4;
      field4 = view.readUint64();
      let field5;
      field5 = view.readUint64();
      let field6;
      field6 = view.readBytes();
      let field7;
      field7 = view.readUint32();
      let field8;
      field8 = !!view.readByte();
      return {
        term: field0,
        leader: field1,
        lastIndex: field2,
        lastTerm: field3,
        offset: field4,
        size: field5,
        payload: field6,
        checksum: field7,
        done: field8
      };
    }
  }
));
const Node = /* @__PURE__ */ Object.freeze(/* @__PURE__ */ Object.assign(
  // Factory function
  (data) => {
    return Object.freeze({
      ...data,
      encode() {
        return Node.encode(this);
      }
    });
  },
  // Static methods
  {
    encode(record) {
      const view = BebopView.getInstance();
      view.startWriting();
      Node.encodeInto(record, view);
      return view.toArray();
    },
    encodeInto(record, view) {
      view.writeUint64(record.id);
      view.writeString(record.address);
      view.writeByte(record.role);
    },
    decode(buffer) {
      const view = BebopView.getInstance();
      view.startReading(buffer);
      const decoded = Node.readFrom(view);
      return Node(decoded);
    },
    readFrom(view) {
      let field0;
      field0 = view.readUint64();
      let field1;
      field1 = view.readString();
      let field2;
      field2 = view.readByte();
      return {
        id: field0,
        address: field1,
        role: field2
      };
    }
  }
));
const ConfigChange = /* @__PURE__ */ Object.freeze(/* @__PURE__ */ Object.assign(
  // Factory function
  (data) => {
    return Object.freeze({
      ...data,
      encode() {
        return ConfigChange.encode(this);
      }
    });
  },
  // Static methods
  {
    encode(record) {
      const view = BebopView.getInstance();
      view.startWriting();
      ConfigChange.encodeInto(record, view);
      return view.toArray();
    },
    encodeInto(record, view) {
      view.writeUint64(record.index);
      {
        const length0 = record.members.length;
        view.writeUint32(length0);
        for (let i0 = 0; i0 < length0; i0++) {
          Node.encodeInto(record.members[i0], view);
        }
      }
      {
        const length0 = record.incoming.length;
        view.writeUint32(length0);
        for (let i0 = 0; i0 < length0; i0++) {
          Node.encodeInto(record.incoming[i0], view);
        }
      }
      view.writeUint32(record.labels.size);
      for (const [k0, v0] of record.labels) {
        view.writeString(k0);
        view.writeString(v0);
      }
    },
    decode(buffer) {
      const view = BebopView.getInstance();
      view.startReading(buffer);
      const decoded = ConfigChange.readFrom(view);
      return ConfigChange(decoded);
    },
    readFrom(view) {
      let field0;
      field0 = view.readUint64();
      let field1;
      {
        const length0 = view.readUint32();
        field1 = [];
        for (let i0 = 0; i0 < length0; i0++) {
          let x0;
          x0 = Node.readFrom(view);
          field1[i0] = x0;
        }
      }
      let field2;
      {
        const length0 = view.readUint32();
        field2 = [];
        for (let i0 = 0; i0 < length0; i0++) {
          let x0;
          x0 = Node.readFrom(view);
          field2[i0] = x0;
        }
      }
      let field3;
      {
        const length0 = view.readUint32();
        field3 = /* @__PURE__ */ new Map();
        for (let i0 = 0; i0 < length0; i0++) {
          let k0;
          let v0;
          k0 = view.readString();
          v0 = view.readString();
          field3.set(k0, v0);
        }
      }
      return {
        index: field0,
        members: field1,
        incoming: field2,
        labels: field3
      };
    }
  }
));
export {
  AppendRequest,
  AppendResponse,
  BEBOP_SCHEMA,
  ConfigChange,
  Entry,
  Node,
  Role,
  SnapshotChunk,
  VoteRequest
};
