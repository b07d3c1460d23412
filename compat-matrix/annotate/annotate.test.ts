import { expect, test } from "vitest";
import * as codecs from "../../codecs/index.ts";
import {
  bytes,
  enumeration,
  type Format,
  field,
  int32,
  list,
  map,
  message,
  oneof,
  packed,
  protocol,
  string,
  uint32,
  uint64,
} from "../../codecs/index.ts";
import { makeGolden } from "../cases/golden.ts";
import { protocolHost } from "../made-up/protocol-host.ts";
import { viewOf } from "../schema-view.ts";
import { annotate } from "./annotate.ts";

const FORMATS = Object.values(codecs as Record<string, unknown>).filter(
  (one): one is Format => typeof one === "object" && one !== null && "compile" in one,
);
const Role = enumeration("Role", { follower: 0, leader: 1 });
const Entry = message("Entry", {
  index: uint64(1),
  op: oneof({ put: bytes(2), remove: string(3) }),
});
const Append = message("Append", {
  term: uint64(1),
  role: field(2, Role),
  entries: list(3, Entry),
  counts: map(4, string, uint32),
  balance: int32(5),
  numbers: packed(8, uint64),
});

function setup(format: Format) {
  const made = protocol("p", {
    versions: [{ version: 1, format, rules: {} }],
    messages: { Append: { definition: Append, surface: "connection" } },
  });
  const host = protocolHost("r", made);
  const [description] = host.describe().versions;
  if (!description) throw new Error("no version");
  return { host, view: viewOf(description) };
}

test.for(FORMATS)("$name: every field is named beside its bytes, with its value", (format) => {
  const { host, view } = setup(format);
  const value = {
    term: 300,
    role: "leader",
    entries: [{ index: 7, op: { case: "remove", value: "key" } }],
    counts: [["a", 5]],
    balance: -3,
    numbers: [1, 200],
  };
  const written = host.encode("Append", 1, value);
  if (!written.ok) throw new Error(written.error.message);
  const rows = annotate(written.bytes, "Append", view);
  const noteOf = (label: string) => rows.find((row) => row.label.split(" ")[0] === label)?.note;
  expect(noteOf("term")).toBe("300");
  expect(noteOf("role")).toBe("leader (1)");
  expect(noteOf("balance")).toBe("-3");
  expect(noteOf("index")).toBe("7");
  expect(noteOf("remove")).toBe('"key"');
  expect(rows.map((row) => row.note)).toEqual(expect.arrayContaining(["5", "200", '"a"']));
});

test.for(FORMATS)(
  "$name: rows cover every byte of every golden case, in order and without overlap",
  (format) => {
    const { host, view } = setup(format);
    for (const { message: name, records } of makeGolden(host)) {
      for (const record of records) {
        const given = codecs.fromHex(record.hex);
        let at = 0;
        for (const row of annotate(given, name, view)) {
          expect(row.at, record.case).toBe(at);
          at += row.length;
        }
        expect(at, record.case).toBe(given.length);
      }
    }
  },
);

test.for(FORMATS)(
  "$name: bytes cut at every length, and with every bit flipped, are explained as far as it goes",
  (format) => {
    const { host, view } = setup(format);
    const typical = makeGolden(host)[0]?.records.find((record) => record.case === "typical");
    const given = codecs.fromHex(typical?.hex ?? "");
    expect(given.length).toBeGreaterThan(20);
    for (let at = 0; at < given.length; at++) {
      expect(() => annotate(given.subarray(0, at), "Append", view)).not.toThrow();
      for (let bit = 0; bit < 8; bit++) {
        const flipped = given.slice();
        flipped[at] = (flipped[at] ?? 0) ^ (1 << bit);
        const rows = annotate(flipped, "Append", view);
        expect(
          rows.reduce((end, row) => Math.max(end, row.at + row.length), 0),
        ).toBeLessThanOrEqual(given.length);
      }
    }
  },
);
