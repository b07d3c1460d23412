/** Golden cases and the matrix over a small protocol in our own schema language, in the real formats. */
import { expect, test } from "vitest";
import * as codecs from "../codecs/index.ts";
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
  optional,
  type Protocol,
  protocol,
  string,
  uint8,
  uint32,
  uint64,
  variant,
} from "../codecs/index.ts";
import { findUncovered } from "./cases/coverage.ts";
import { makeGolden } from "./cases/golden.ts";
import { participantOf } from "./cells/matrix.ts";
import type { CodecHost } from "./codec-host.ts";
import { poolOf } from "./host-request.ts";
import { protocolHost } from "./made-up/protocol-host.ts";
import { countCells, runCells } from "./run-cells.ts";
import type { Cell } from "./verdict.ts";

const FORMATS: readonly Format[] = Object.values(codecs as Record<string, unknown>).filter(
  (one): one is Format => typeof one === "object" && one !== null && "compile" in one,
);

const Role = enumeration("Role", {
  follower: 0,
  leader: 1,
  draining: variant(4).since(2).fallback("follower", "a draining node follows"),
});
const Put = message("Put", { key: string(1), value: bytes(2) });
const Entry = message("Entry", {
  index: uint64(1),
  op: oneof({ put: field(2, Put), remove: string(3), touch: uint32(4).since(2) }),
  note: optional(string(5)),
});
const Append = message("Append", {
  term: uint64(1),
  role: field(2, Role),
  entries: list(3, Entry),
  counts: map(4, string, uint32),
  balance: int32(5),
  small: uint8(6).as(2, uint32),
  leaseMs: optional(uint64(7)).since(2).loss("a lease is only an offer"),
  numbers: list(8, uint64),
});

function release(formats: readonly Format[]): Protocol {
  return protocol("made-up", {
    versions: formats.map((format, place) => ({ version: place + 1, format, rules: {} })),
    messages: {
      Append: { definition: Append, surface: "connection" },
      Entry: { definition: Entry, surface: "log" },
    },
  });
}

function hostsOf(format: Format): [CodecHost, CodecHost] {
  return [
    protocolHost("old", release([format])),
    protocolHost("new", release([format, FORMATS.at(-1) ?? format])),
  ];
}

async function run(hosts: readonly CodecHost[]): Promise<Cell[]> {
  const named = hosts.map((host) => [host.describe().release, host] as const);
  const participants = hosts.map((host) => participantOf(host.describe(), makeGolden(host)));
  return await runCells({ participants, pool: poolOf(new Map(named)) });
}

test("there are formats to test", () => {
  expect(FORMATS.length).toBeGreaterThan(0);
});

test.for(FORMATS)("$name: golden cases leave nothing out, and a missing one is named", (format) => {
  const [, host] = hostsOf(format);
  const golden = makeGolden(host);
  expect(findUncovered(host.describe(), golden)).toEqual([]);
  expect(makeGolden(host)).toEqual(golden); // The same again, on every run.
  const [first, ...rest] = golden;
  const without = (name: string) => [
    {
      ...first,
      records: first?.records.filter((record) => record.case !== name),
    } as typeof first & {},
    ...rest,
  ];
  expect(findUncovered(host.describe(), without("variant entries[].op=remove"))).toEqual([
    "v1 Append: variant entries[].op=remove",
  ]);
  expect(findUncovered(host.describe(), without("unknown field inside"))).toEqual([
    "v1 Append: unknown field inside",
  ]);
});

test.for(FORMATS)("$name: two honest releases are never broken", async (format) => {
  const cells = await run(hostsOf(format));
  const broken = cells.filter(({ verdict }) => verdict === "broken");
  expect(
    broken.map(
      (cell) =>
        `${cell.kind} ${cell.writer.version}->${cell.reader.release} ${cell.reader.version} ${cell.message}, ${cell.case}: ${cell.reason}`,
    ),
  ).toEqual([]);
  expect(countCells(cells)).toMatchObject({ broken: 0 });
  expect(countCells(cells).exact).toBeGreaterThan(200);
});
