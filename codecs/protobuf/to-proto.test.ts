import protobufjs from "protobufjs";
import { expect, test } from "vitest";
import type { VersionDescription } from "../description.ts";
import { protocol } from "../protocol.ts";
import { enumeration } from "../schema/enumeration.ts";
import * as s from "../schema/field.ts";
import { message, oneof } from "../schema/message.ts";
import { protobuf } from "./format.ts";
import { toProto } from "./to-proto.ts";

const RunMode = enumeration("RunMode", { fullSpeed: 3, idle: 0 });
const Strict = enumeration("Strict", { one: 1 }, { closed: true });
const Item = message("Item", { name: s.string(1) });
const M = message("M", {
  term: s.uint64(1),
  delta: s.int8(2),
  mark: s.sfixed64(3),
  mode: s.field(4, RunMode),
  lease: s.optional(s.uint32(5)),
  all: s.packed(6, s.uint64),
  loose: s.list(7, s.bool),
  items: s.list(8, Item),
  byName: s.map(9, s.string, Item),
  byHash: s.map(10, s.bytes, s.uint32),
  op: oneof({ get: s.string(11), term: s.uint64(12) }),
  strict: s.optional(s.field(13, Strict)),
  ratio: s.float64(14),
});
const [version] = protocol("p", {
  versions: [{ version: 1, format: protobuf, rules: {} }],
  messages: { M: { definition: M, surface: "log" } },
}).describe() as [VersionDescription];

test("toProto() prints what one would write by hand", () => {
  expect(toProto(version)).toMatchInlineSnapshot(`
    "syntax = "proto3";

    enum RunMode {
      RUN_MODE_IDLE = 0;
      RUN_MODE_FULL_SPEED = 3;
    }

    // Closed: any other number is refused.
    enum Strict {
      STRICT_UNSPECIFIED_ZERO = 0;
      STRICT_ONE = 1;
    }

    message M {
      message ByHashEntry {
        bytes key = 1;
        uint32 value = 2;
      }
      uint64 term = 1;
      sint32 delta = 2;
      sfixed64 mark = 3;
      RunMode mode = 4;
      optional uint32 lease = 5;
      repeated uint64 all = 6 [packed = true];
      repeated bool loose = 7 [packed = false];
      repeated Item items = 8;
      map<string, Item> byName = 9;
      repeated ByHashEntry byHash = 10;
      oneof op {
        string get = 11;
        uint64 op_term = 12;
      }
      optional Strict strict = 13;
      double ratio = 14;
    }

    message Item {
      string name = 1;
    }
    "
  `);
});

test("toProto() prints what protobufjs takes, under the same names and numbers", () => {
  const { root } = protobufjs.parse(toProto(version), { keepCase: true });
  const fields = root.lookupType("M").fields;
  expect(Object.values(fields).map(({ id }) => id)).toEqual([
    1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14,
  ]);
  expect(fields.op_term?.id).toBe(12);
  expect(root.lookupEnum("RunMode").values).toEqual({ RUN_MODE_IDLE: 0, RUN_MODE_FULL_SPEED: 3 });
});
