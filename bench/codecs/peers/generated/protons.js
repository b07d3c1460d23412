import { decodeMessage, encodeMessage, enumeration, MaxLengthError, MaxSizeError, message, streamMessage } from "protons-runtime";
import { alloc as uint8ArrayAlloc } from "uint8arrays/alloc";
var Role = /* @__PURE__ */ ((Role2) => {
  Role2["voter"] = "voter";
  Role2["learner"] = "learner";
  Role2["witness"] = "witness";
  return Role2;
})(Role || {});
var __RoleValues = /* @__PURE__ */ ((__RoleValues2) => {
  __RoleValues2[__RoleValues2["voter"] = 0] = "voter";
  __RoleValues2[__RoleValues2["learner"] = 1] = "learner";
  __RoleValues2[__RoleValues2["witness"] = 2] = "witness";
  return __RoleValues2;
})(__RoleValues || {});
((Role2) => {
  Role2.codec = () => {
    return enumeration(__RoleValues);
  };
})(Role || (Role = {}));
var Entry;
((Entry2) => {
  let _codec;
  Entry2.codec = () => {
    if (_codec == null) {
      _codec = message((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork();
        }
        if (obj.term != null && obj.term !== 0) {
          w.uint32(8);
          w.uint64Number(obj.term);
        }
        if (obj.index != null && obj.index !== 0) {
          w.uint32(16);
          w.uint64Number(obj.index);
        }
        if (obj.kind != null && obj.kind !== 0) {
          w.uint32(24);
          w.uint32(obj.kind);
        }
        if (obj.payload != null && obj.payload.byteLength > 0) {
          w.uint32(34);
          w.bytes(obj.payload);
        }
        if (opts.lengthDelimited !== false) {
          w.ldelim();
        }
      }, (reader, length, opts = {}) => {
        const obj = {
          term: 0,
          index: 0,
          kind: 0,
          payload: uint8ArrayAlloc(0)
        };
        const end = length == null ? reader.len : reader.pos + length;
        while (reader.pos < end) {
          const tag = reader.uint32();
          switch (tag >>> 3) {
            case 1: {
              obj.term = reader.uint64Number();
              break;
            }
            case 2: {
              obj.index = reader.uint64Number();
              break;
            }
            case 3: {
              obj.kind = reader.uint32();
              break;
            }
            case 4: {
              obj.payload = reader.bytes();
              break;
            }
            default: {
              reader.skipType(tag & 7);
              break;
            }
          }
        }
        return obj;
      }, function* (reader, length, prefix, opts = {}) {
        const end = length == null ? reader.len : reader.pos + length;
        while (reader.pos < end) {
          const tag = reader.uint32();
          switch (tag >>> 3) {
            case 1: {
              yield {
                field: `${prefix}.term`,
                value: reader.uint64Number()
              };
              break;
            }
            case 2: {
              yield {
                field: `${prefix}.index`,
                value: reader.uint64Number()
              };
              break;
            }
            case 3: {
              yield {
                field: `${prefix}.kind`,
                value: reader.uint32()
              };
              break;
            }
            case 4: {
              yield {
                field: `${prefix}.payload`,
                value: reader.bytes()
              };
              break;
            }
            default: {
              reader.skipType(tag & 7);
              break;
            }
          }
        }
      });
    }
    return _codec;
  };
  function encode(obj) {
    return encodeMessage(obj, Entry2.codec());
  }
  Entry2.encode = encode;
  function decode(buf, opts) {
    return decodeMessage(buf, Entry2.codec(), opts);
  }
  Entry2.decode = decode;
  function stream(buf, opts) {
    return streamMessage(buf, Entry2.codec(), opts);
  }
  Entry2.stream = stream;
})(Entry || (Entry = {}));
var AppendRequest;
((AppendRequest2) => {
  let _codec;
  AppendRequest2.codec = () => {
    if (_codec == null) {
      _codec = message((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork();
        }
        if (obj.term != null && obj.term !== 0) {
          w.uint32(8);
          w.uint64Number(obj.term);
        }
        if (obj.leader != null && obj.leader !== 0) {
          w.uint32(16);
          w.uint64Number(obj.leader);
        }
        if (obj.previousIndex != null && obj.previousIndex !== 0) {
          w.uint32(24);
          w.uint64Number(obj.previousIndex);
        }
        if (obj.previousTerm != null && obj.previousTerm !== 0) {
          w.uint32(32);
          w.uint64Number(obj.previousTerm);
        }
        if (obj.commit != null && obj.commit !== 0) {
          w.uint32(40);
          w.uint64Number(obj.commit);
        }
        if (obj.entries != null && obj.entries.length > 0) {
          for (const value of obj.entries) {
            w.uint32(50);
            Entry.codec().encode(value, w);
          }
        }
        if (opts.lengthDelimited !== false) {
          w.ldelim();
        }
      }, (reader, length, opts = {}) => {
        const obj = {
          term: 0,
          leader: 0,
          previousIndex: 0,
          previousTerm: 0,
          commit: 0,
          entries: []
        };
        const end = length == null ? reader.len : reader.pos + length;
        while (reader.pos < end) {
          const tag = reader.uint32();
          switch (tag >>> 3) {
            case 1: {
              obj.term = reader.uint64Number();
              break;
            }
            case 2: {
              obj.leader = reader.uint64Number();
              break;
            }
            case 3: {
              obj.previousIndex = reader.uint64Number();
              break;
            }
            case 4: {
              obj.previousTerm = reader.uint64Number();
              break;
            }
            case 5: {
              obj.commit = reader.uint64Number();
              break;
            }
            case 6: {
              if (opts.limits?.entries != null && obj.entries.length === opts.limits.entries) {
                throw new MaxLengthError('Decode error - repeated field "entries" had too many elements');
              }
              obj.entries.push(Entry.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.entries$
              }));
              break;
            }
            default: {
              reader.skipType(tag & 7);
              break;
            }
          }
        }
        return obj;
      }, function* (reader, length, prefix, opts = {}) {
        const obj = {
          entries: 0
        };
        const end = length == null ? reader.len : reader.pos + length;
        while (reader.pos < end) {
          const tag = reader.uint32();
          switch (tag >>> 3) {
            case 1: {
              yield {
                field: `${prefix}.term`,
                value: reader.uint64Number()
              };
              break;
            }
            case 2: {
              yield {
                field: `${prefix}.leader`,
                value: reader.uint64Number()
              };
              break;
            }
            case 3: {
              yield {
                field: `${prefix}.previousIndex`,
                value: reader.uint64Number()
              };
              break;
            }
            case 4: {
              yield {
                field: `${prefix}.previousTerm`,
                value: reader.uint64Number()
              };
              break;
            }
            case 5: {
              yield {
                field: `${prefix}.commit`,
                value: reader.uint64Number()
              };
              break;
            }
            case 6: {
              if (opts.limits?.entries != null && obj.entries === opts.limits.entries) {
                throw new MaxLengthError('Streaming decode error - repeated field "entries" had too many elements');
              }
              for (const evt of Entry.codec().stream(reader, reader.uint32(), `${prefix}.entries[]`, {
                limits: opts.limits?.entries$
              })) {
                yield {
                  ...evt,
                  index: obj.entries
                };
              }
              obj.entries++;
              break;
            }
            default: {
              reader.skipType(tag & 7);
              break;
            }
          }
        }
      });
    }
    return _codec;
  };
  function encode(obj) {
    return encodeMessage(obj, AppendRequest2.codec());
  }
  AppendRequest2.encode = encode;
  function decode(buf, opts) {
    return decodeMessage(buf, AppendRequest2.codec(), opts);
  }
  AppendRequest2.decode = decode;
  function stream(buf, opts) {
    return streamMessage(buf, AppendRequest2.codec(), opts);
  }
  AppendRequest2.stream = stream;
})(AppendRequest || (AppendRequest = {}));
var AppendResponse;
((AppendResponse2) => {
  let _codec;
  AppendResponse2.codec = () => {
    if (_codec == null) {
      _codec = message((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork();
        }
        if (obj.term != null && obj.term !== 0) {
          w.uint32(8);
          w.uint64Number(obj.term);
        }
        if (obj.from != null && obj.from !== 0) {
          w.uint32(16);
          w.uint64Number(obj.from);
        }
        if (obj.success != null && obj.success !== false) {
          w.uint32(24);
          w.bool(obj.success);
        }
        if (obj.match != null && obj.match !== 0) {
          w.uint32(32);
          w.uint64Number(obj.match);
        }
        if (obj.conflictTerm != null) {
          w.uint32(40);
          w.uint64Number(obj.conflictTerm);
        }
        if (obj.conflictIndex != null) {
          w.uint32(48);
          w.uint64Number(obj.conflictIndex);
        }
        if (opts.lengthDelimited !== false) {
          w.ldelim();
        }
      }, (reader, length, opts = {}) => {
        const obj = {
          term: 0,
          from: 0,
          success: false,
          match: 0
        };
        const end = length == null ? reader.len : reader.pos + length;
        while (reader.pos < end) {
          const tag = reader.uint32();
          switch (tag >>> 3) {
            case 1: {
              obj.term = reader.uint64Number();
              break;
            }
            case 2: {
              obj.from = reader.uint64Number();
              break;
            }
            case 3: {
              obj.success = reader.bool();
              break;
            }
            case 4: {
              obj.match = reader.uint64Number();
              break;
            }
            case 5: {
              obj.conflictTerm = reader.uint64Number();
              break;
            }
            case 6: {
              obj.conflictIndex = reader.uint64Number();
              break;
            }
            default: {
              reader.skipType(tag & 7);
              break;
            }
          }
        }
        return obj;
      }, function* (reader, length, prefix, opts = {}) {
        const end = length == null ? reader.len : reader.pos + length;
        while (reader.pos < end) {
          const tag = reader.uint32();
          switch (tag >>> 3) {
            case 1: {
              yield {
                field: `${prefix}.term`,
                value: reader.uint64Number()
              };
              break;
            }
            case 2: {
              yield {
                field: `${prefix}.from`,
                value: reader.uint64Number()
              };
              break;
            }
            case 3: {
              yield {
                field: `${prefix}.success`,
                value: reader.bool()
              };
              break;
            }
            case 4: {
              yield {
                field: `${prefix}.match`,
                value: reader.uint64Number()
              };
              break;
            }
            case 5: {
              yield {
                field: `${prefix}.conflictTerm`,
                value: reader.uint64Number()
              };
              break;
            }
            case 6: {
              yield {
                field: `${prefix}.conflictIndex`,
                value: reader.uint64Number()
              };
              break;
            }
            default: {
              reader.skipType(tag & 7);
              break;
            }
          }
        }
      });
    }
    return _codec;
  };
  function encode(obj) {
    return encodeMessage(obj, AppendResponse2.codec());
  }
  AppendResponse2.encode = encode;
  function decode(buf, opts) {
    return decodeMessage(buf, AppendResponse2.codec(), opts);
  }
  AppendResponse2.decode = decode;
  function stream(buf, opts) {
    return streamMessage(buf, AppendResponse2.codec(), opts);
  }
  AppendResponse2.stream = stream;
})(AppendResponse || (AppendResponse = {}));
var VoteRequest;
((VoteRequest2) => {
  let _codec;
  VoteRequest2.codec = () => {
    if (_codec == null) {
      _codec = message((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork();
        }
        if (obj.term != null && obj.term !== 0) {
          w.uint32(8);
          w.uint64Number(obj.term);
        }
        if (obj.candidate != null && obj.candidate !== 0) {
          w.uint32(16);
          w.uint64Number(obj.candidate);
        }
        if (obj.lastIndex != null && obj.lastIndex !== 0) {
          w.uint32(24);
          w.uint64Number(obj.lastIndex);
        }
        if (obj.lastTerm != null && obj.lastTerm !== 0) {
          w.uint32(32);
          w.uint64Number(obj.lastTerm);
        }
        if (obj.preVote != null && obj.preVote !== false) {
          w.uint32(40);
          w.bool(obj.preVote);
        }
        if (opts.lengthDelimited !== false) {
          w.ldelim();
        }
      }, (reader, length, opts = {}) => {
        const obj = {
          term: 0,
          candidate: 0,
          lastIndex: 0,
          lastTerm: 0,
          preVote: false
        };
        const end = length == null ? reader.len : reader.pos + length;
        while (reader.pos < end) {
          const tag = reader.uint32();
          switch (tag >>> 3) {
            case 1: {
              obj.term = reader.uint64Number();
              break;
            }
            case 2: {
              obj.candidate = reader.uint64Number();
              break;
            }
            case 3: {
              obj.lastIndex = reader.uint64Number();
              break;
            }
            case 4: {
              obj.lastTerm = reader.uint64Number();
              break;
            }
            case 5: {
              obj.preVote = reader.bool();
              break;
            }
            default: {
              reader.skipType(tag & 7);
              break;
            }
          }
        }
        return obj;
      }, function* (reader, length, prefix, opts = {}) {
        const end = length == null ? reader.len : reader.pos + length;
        while (reader.pos < end) {
          const tag = reader.uint32();
          switch (tag >>> 3) {
            case 1: {
              yield {
                field: `${prefix}.term`,
                value: reader.uint64Number()
              };
              break;
            }
            case 2: {
              yield {
                field: `${prefix}.candidate`,
                value: reader.uint64Number()
              };
              break;
            }
            case 3: {
              yield {
                field: `${prefix}.lastIndex`,
                value: reader.uint64Number()
              };
              break;
            }
            case 4: {
              yield {
                field: `${prefix}.lastTerm`,
                value: reader.uint64Number()
              };
              break;
            }
            case 5: {
              yield {
                field: `${prefix}.preVote`,
                value: reader.bool()
              };
              break;
            }
            default: {
              reader.skipType(tag & 7);
              break;
            }
          }
        }
      });
    }
    return _codec;
  };
  function encode(obj) {
    return encodeMessage(obj, VoteRequest2.codec());
  }
  VoteRequest2.encode = encode;
  function decode(buf, opts) {
    return decodeMessage(buf, VoteRequest2.codec(), opts);
  }
  VoteRequest2.decode = decode;
  function stream(buf, opts) {
    return streamMessage(buf, VoteRequest2.codec(), opts);
  }
  VoteRequest2.stream = stream;
})(VoteRequest || (VoteRequest = {}));
var SnapshotChunk;
((SnapshotChunk2) => {
  let _codec;
  SnapshotChunk2.codec = () => {
    if (_codec == null) {
      _codec = message((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork();
        }
        if (obj.term != null && obj.term !== 0) {
          w.uint32(8);
          w.uint64Number(obj.term);
        }
        if (obj.leader != null && obj.leader !== 0) {
          w.uint32(16);
          w.uint64Number(obj.leader);
        }
        if (obj.lastIndex != null && obj.lastIndex !== 0) {
          w.uint32(24);
          w.uint64Number(obj.lastIndex);
        }
        if (obj.lastTerm != null && obj.lastTerm !== 0) {
          w.uint32(32);
          w.uint64Number(obj.lastTerm);
        }
        if (obj.offset != null && obj.offset !== 0) {
          w.uint32(40);
          w.uint64Number(obj.offset);
        }
        if (obj.size != null && obj.size !== 0) {
          w.uint32(48);
          w.uint64Number(obj.size);
        }
        if (obj.payload != null && obj.payload.byteLength > 0) {
          w.uint32(58);
          w.bytes(obj.payload);
        }
        if (obj.checksum != null && obj.checksum !== 0) {
          w.uint32(69);
          w.fixed32(obj.checksum);
        }
        if (obj.done != null && obj.done !== false) {
          w.uint32(72);
          w.bool(obj.done);
        }
        if (opts.lengthDelimited !== false) {
          w.ldelim();
        }
      }, (reader, length, opts = {}) => {
        const obj = {
          term: 0,
          leader: 0,
          lastIndex: 0,
          lastTerm: 0,
          offset: 0,
          size: 0,
          payload: uint8ArrayAlloc(0),
          checksum: 0,
          done: false
        };
        const end = length == null ? reader.len : reader.pos + length;
        while (reader.pos < end) {
          const tag = reader.uint32();
          switch (tag >>> 3) {
            case 1: {
              obj.term = reader.uint64Number();
              break;
            }
            case 2: {
              obj.leader = reader.uint64Number();
              break;
            }
            case 3: {
              obj.lastIndex = reader.uint64Number();
              break;
            }
            case 4: {
              obj.lastTerm = reader.uint64Number();
              break;
            }
            case 5: {
              obj.offset = reader.uint64Number();
              break;
            }
            case 6: {
              obj.size = reader.uint64Number();
              break;
            }
            case 7: {
              obj.payload = reader.bytes();
              break;
            }
            case 8: {
              obj.checksum = reader.fixed32();
              break;
            }
            case 9: {
              obj.done = reader.bool();
              break;
            }
            default: {
              reader.skipType(tag & 7);
              break;
            }
          }
        }
        return obj;
      }, function* (reader, length, prefix, opts = {}) {
        const end = length == null ? reader.len : reader.pos + length;
        while (reader.pos < end) {
          const tag = reader.uint32();
          switch (tag >>> 3) {
            case 1: {
              yield {
                field: `${prefix}.term`,
                value: reader.uint64Number()
              };
              break;
            }
            case 2: {
              yield {
                field: `${prefix}.leader`,
                value: reader.uint64Number()
              };
              break;
            }
            case 3: {
              yield {
                field: `${prefix}.lastIndex`,
                value: reader.uint64Number()
              };
              break;
            }
            case 4: {
              yield {
                field: `${prefix}.lastTerm`,
                value: reader.uint64Number()
              };
              break;
            }
            case 5: {
              yield {
                field: `${prefix}.offset`,
                value: reader.uint64Number()
              };
              break;
            }
            case 6: {
              yield {
                field: `${prefix}.size`,
                value: reader.uint64Number()
              };
              break;
            }
            case 7: {
              yield {
                field: `${prefix}.payload`,
                value: reader.bytes()
              };
              break;
            }
            case 8: {
              yield {
                field: `${prefix}.checksum`,
                value: reader.fixed32()
              };
              break;
            }
            case 9: {
              yield {
                field: `${prefix}.done`,
                value: reader.bool()
              };
              break;
            }
            default: {
              reader.skipType(tag & 7);
              break;
            }
          }
        }
      });
    }
    return _codec;
  };
  function encode(obj) {
    return encodeMessage(obj, SnapshotChunk2.codec());
  }
  SnapshotChunk2.encode = encode;
  function decode(buf, opts) {
    return decodeMessage(buf, SnapshotChunk2.codec(), opts);
  }
  SnapshotChunk2.decode = decode;
  function stream(buf, opts) {
    return streamMessage(buf, SnapshotChunk2.codec(), opts);
  }
  SnapshotChunk2.stream = stream;
})(SnapshotChunk || (SnapshotChunk = {}));
var Node;
((Node2) => {
  let _codec;
  Node2.codec = () => {
    if (_codec == null) {
      _codec = message((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork();
        }
        if (obj.id != null && obj.id !== 0) {
          w.uint32(8);
          w.uint64Number(obj.id);
        }
        if (obj.address != null && obj.address !== "") {
          w.uint32(18);
          w.string(obj.address);
        }
        if (obj.role != null && __RoleValues[obj.role] !== 0) {
          w.uint32(24);
          Role.codec().encode(obj.role, w);
        }
        if (opts.lengthDelimited !== false) {
          w.ldelim();
        }
      }, (reader, length, opts = {}) => {
        const obj = {
          id: 0,
          address: "",
          role: "voter" /* voter */
        };
        const end = length == null ? reader.len : reader.pos + length;
        while (reader.pos < end) {
          const tag = reader.uint32();
          switch (tag >>> 3) {
            case 1: {
              obj.id = reader.uint64Number();
              break;
            }
            case 2: {
              obj.address = reader.string();
              break;
            }
            case 3: {
              obj.role = Role.codec().decode(reader);
              break;
            }
            default: {
              reader.skipType(tag & 7);
              break;
            }
          }
        }
        return obj;
      }, function* (reader, length, prefix, opts = {}) {
        const end = length == null ? reader.len : reader.pos + length;
        while (reader.pos < end) {
          const tag = reader.uint32();
          switch (tag >>> 3) {
            case 1: {
              yield {
                field: `${prefix}.id`,
                value: reader.uint64Number()
              };
              break;
            }
            case 2: {
              yield {
                field: `${prefix}.address`,
                value: reader.string()
              };
              break;
            }
            case 3: {
              yield {
                field: `${prefix}.role`,
                value: Role.codec().decode(reader)
              };
              break;
            }
            default: {
              reader.skipType(tag & 7);
              break;
            }
          }
        }
      });
    }
    return _codec;
  };
  function encode(obj) {
    return encodeMessage(obj, Node2.codec());
  }
  Node2.encode = encode;
  function decode(buf, opts) {
    return decodeMessage(buf, Node2.codec(), opts);
  }
  Node2.decode = decode;
  function stream(buf, opts) {
    return streamMessage(buf, Node2.codec(), opts);
  }
  Node2.stream = stream;
})(Node || (Node = {}));
var ConfigChange;
((ConfigChange2) => {
  let ConfigChange$labelsEntry;
  ((ConfigChange$labelsEntry2) => {
    let _codec2;
    ConfigChange$labelsEntry2.codec = () => {
      if (_codec2 == null) {
        _codec2 = message((obj, w, opts = {}) => {
          if (opts.lengthDelimited !== false) {
            w.fork();
          }
          if (obj.key != null && obj.key !== "") {
            w.uint32(10);
            w.string(obj.key);
          }
          if (obj.value != null && obj.value !== "") {
            w.uint32(18);
            w.string(obj.value);
          }
          if (opts.lengthDelimited !== false) {
            w.ldelim();
          }
        }, (reader, length, opts = {}) => {
          const obj = {
            key: "",
            value: ""
          };
          const end = length == null ? reader.len : reader.pos + length;
          while (reader.pos < end) {
            const tag = reader.uint32();
            switch (tag >>> 3) {
              case 1: {
                obj.key = reader.string();
                break;
              }
              case 2: {
                obj.value = reader.string();
                break;
              }
              default: {
                reader.skipType(tag & 7);
                break;
              }
            }
          }
          return obj;
        }, function* (reader, length, prefix, opts = {}) {
          const end = length == null ? reader.len : reader.pos + length;
          while (reader.pos < end) {
            const tag = reader.uint32();
            switch (tag >>> 3) {
              case 1: {
                yield {
                  field: `${prefix}.key`,
                  value: reader.string()
                };
                break;
              }
              case 2: {
                yield {
                  field: `${prefix}.value`,
                  value: reader.string()
                };
                break;
              }
              default: {
                reader.skipType(tag & 7);
                break;
              }
            }
          }
        });
      }
      return _codec2;
    };
    function encode2(obj) {
      return encodeMessage(obj, ConfigChange$labelsEntry2.codec());
    }
    ConfigChange$labelsEntry2.encode = encode2;
    function decode2(buf, opts) {
      return decodeMessage(buf, ConfigChange$labelsEntry2.codec(), opts);
    }
    ConfigChange$labelsEntry2.decode = decode2;
    function stream2(buf, opts) {
      return streamMessage(buf, ConfigChange$labelsEntry2.codec(), opts);
    }
    ConfigChange$labelsEntry2.stream = stream2;
  })(ConfigChange$labelsEntry = ConfigChange2.ConfigChange$labelsEntry || (ConfigChange2.ConfigChange$labelsEntry = {}));
  let _codec;
  ConfigChange2.codec = () => {
    if (_codec == null) {
      _codec = message((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork();
        }
        if (obj.index != null && obj.index !== 0) {
          w.uint32(8);
          w.uint64Number(obj.index);
        }
        if (obj.members != null && obj.members.length > 0) {
          for (const value of obj.members) {
            w.uint32(18);
            Node.codec().encode(value, w);
          }
        }
        if (obj.incoming != null && obj.incoming.length > 0) {
          for (const value of obj.incoming) {
            w.uint32(26);
            Node.codec().encode(value, w);
          }
        }
        if (obj.labels != null && obj.labels.size > 0) {
          for (const [key, value] of obj.labels.entries()) {
            w.uint32(34);
            ConfigChange2.ConfigChange$labelsEntry.codec().encode({ key, value }, w);
          }
        }
        if (opts.lengthDelimited !== false) {
          w.ldelim();
        }
      }, (reader, length, opts = {}) => {
        const obj = {
          index: 0,
          members: [],
          incoming: [],
          labels: /* @__PURE__ */ new Map()
        };
        const end = length == null ? reader.len : reader.pos + length;
        while (reader.pos < end) {
          const tag = reader.uint32();
          switch (tag >>> 3) {
            case 1: {
              obj.index = reader.uint64Number();
              break;
            }
            case 2: {
              if (opts.limits?.members != null && obj.members.length === opts.limits.members) {
                throw new MaxLengthError('Decode error - repeated field "members" had too many elements');
              }
              obj.members.push(Node.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.members$
              }));
              break;
            }
            case 3: {
              if (opts.limits?.incoming != null && obj.incoming.length === opts.limits.incoming) {
                throw new MaxLengthError('Decode error - repeated field "incoming" had too many elements');
              }
              obj.incoming.push(Node.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.incoming$
              }));
              break;
            }
            case 4: {
              if (opts.limits?.labels != null && obj.labels.size === opts.limits.labels) {
                throw new MaxSizeError('Decode error - map field "labels" had too many elements');
              }
              const entry = ConfigChange2.ConfigChange$labelsEntry.codec().decode(reader, reader.uint32(), {
                limits: {
                  value: opts.limits?.labels$value
                }
              });
              obj.labels.set(entry.key, entry.value);
              break;
            }
            default: {
              reader.skipType(tag & 7);
              break;
            }
          }
        }
        return obj;
      }, function* (reader, length, prefix, opts = {}) {
        const obj = {
          members: 0,
          incoming: 0,
          labels: 0
        };
        const end = length == null ? reader.len : reader.pos + length;
        while (reader.pos < end) {
          const tag = reader.uint32();
          switch (tag >>> 3) {
            case 1: {
              yield {
                field: `${prefix}.index`,
                value: reader.uint64Number()
              };
              break;
            }
            case 2: {
              if (opts.limits?.members != null && obj.members === opts.limits.members) {
                throw new MaxLengthError('Streaming decode error - repeated field "members" had too many elements');
              }
              for (const evt of Node.codec().stream(reader, reader.uint32(), `${prefix}.members[]`, {
                limits: opts.limits?.members$
              })) {
                yield {
                  ...evt,
                  index: obj.members
                };
              }
              obj.members++;
              break;
            }
            case 3: {
              if (opts.limits?.incoming != null && obj.incoming === opts.limits.incoming) {
                throw new MaxLengthError('Streaming decode error - repeated field "incoming" had too many elements');
              }
              for (const evt of Node.codec().stream(reader, reader.uint32(), `${prefix}.incoming[]`, {
                limits: opts.limits?.incoming$
              })) {
                yield {
                  ...evt,
                  index: obj.incoming
                };
              }
              obj.incoming++;
              break;
            }
            case 4: {
              if (opts.limits?.labels != null && obj.labels === opts.limits.labels) {
                throw new MaxLengthError('Decode error - map field "labels" had too many elements');
              }
              yield* ConfigChange2.ConfigChange$labelsEntry.codec().stream(reader, reader.uint32(), `${prefix}.labels{}`, {
                limits: {
                  value: opts.limits?.labels$value
                }
              });
              obj.labels++;
              break;
            }
            default: {
              reader.skipType(tag & 7);
              break;
            }
          }
        }
      });
    }
    return _codec;
  };
  function encode(obj) {
    return encodeMessage(obj, ConfigChange2.codec());
  }
  ConfigChange2.encode = encode;
  function decode(buf, opts) {
    return decodeMessage(buf, ConfigChange2.codec(), opts);
  }
  ConfigChange2.decode = decode;
  function stream(buf, opts) {
    return streamMessage(buf, ConfigChange2.codec(), opts);
  }
  ConfigChange2.stream = stream;
})(ConfigChange || (ConfigChange = {}));
export {
  AppendRequest,
  AppendResponse,
  ConfigChange,
  Entry,
  Node,
  Role,
  SnapshotChunk,
  VoteRequest
};
