/**
 * A few messages with their bytes written by hand, in the words of each format's specification: what
 * was once sent or stored must be read for as long as its version is. The frozen releases hold many more.
 */
import { expect, test } from "vitest";
import { createCodecHost } from "./codec-bundle.ts";

const host = createCodecHost();

test.for<{ message: string; version: number; value: Record<string, unknown>; hex: string[] }>([
  {
    message: "HardState",
    version: 3,
    value: { term: 7, vote: 2, commit: 300 },
    hex: ["0407", "0402", "04ac01"],
  },
  {
    message: "LogEntry",
    version: 4,
    value: {
      term: 7,
      index: 65_536,
      kind: "command",
      version: 4,
      critical: true,
      body: { hex: "aabb" },
    },
    // Renumbered in version 3: kind, version, critical, then term and index, then the body.
    hex: ["0401", "0404", "0401", "0407", "0480ff02", "0502aabb"],
  },
  {
    message: "LogEntry",
    version: 4,
    value: {
      term: 1,
      index: 2,
      kind: "closeSession",
      version: 4,
      critical: true,
      body: { hex: "" },
    },
    hex: ["0404", "0404", "0401", "0401", "0402"],
  },
  {
    message: "Command",
    version: 3,
    value: {
      session: 5,
      sequence: 1,
      op: { case: "put", value: { key: { hex: "6b" }, value: { hex: "" } } },
    },
    // The variant has number 5: three after the sequence.
    hex: ["0405", "0401", "0d03", "05016b"],
  },
  {
    message: "ClientResponse",
    version: 4,
    value: {
      session: 0,
      sequence: 0,
      status: "notLeader",
      leader: 3,
      leaderAddress: "a:1",
      index: 0,
    },
    hex: ["0c01", "0403", "0503613a31"],
  },
])("$message at version $version", ({ message, version, value, hex }) => {
  const encoded = host.encode(message, version, value);
  expect(encoded.ok && Buffer.from(encoded.bytes).toString("hex")).toBe(hex.join(""));
  const decoded = host.decode(message, version, Buffer.from(hex.join(""), "hex"));
  expect(decoded).toEqual({ ok: true, value, unknownFields: 0 });
});
