/**
 * A few messages with their bytes written by hand, in the words of each format's specification: what
 * was once sent or stored must be read for as long as its version is. The frozen releases hold many more.
 */
import { expect, test } from "vitest";
import { createCodecHost } from "./codec-bundle.ts";

const host = createCodecHost();

/** `fixmap`, keys as `fixstr`: readable on the wire, and dear. */
const key = (name: string): string => (0xa0 + name.length).toString(16) + ascii(name);
const ascii = (text: string): string => Buffer.from(text).toString("hex");

test.for<{ message: string; version: number; value: Record<string, unknown>; hex: string[] }>([
  {
    message: "HardState",
    version: 1,
    value: { term: 7, vote: 2, commit: 300 },
    hex: ["83", key("term"), "07", key("vote"), "02", key("commit"), "cd012c"],
  },
  {
    message: "LogEntry",
    version: 1,
    value: {
      term: 7,
      index: 65_536,
      kind: "command",
      version: 1,
      critical: true,
      body: { hex: "aabb" },
    },
    hex: [
      ...["86", key("term"), "07", key("index"), "ce00010000", key("kind"), "01"],
      ...[key("version"), "01", key("critical"), "c3", key("body"), "c402aabb"],
    ],
  },
  {
    message: "Command",
    version: 1,
    value: {
      session: 5,
      sequence: 1,
      op: { case: "put", value: { key: { hex: "6b" }, value: { hex: "" } } },
    },
    hex: [
      ...["83", key("session"), "05", key("sequence"), "01"],
      ...[key("op"), "81", key("put"), "81", key("key"), "c4016b"],
    ],
  },
  {
    message: "ClientResponse",
    version: 1,
    value: {
      session: 0,
      sequence: 0,
      status: "notLeader",
      leader: 3,
      leaderAddress: "a:1",
      index: 0,
    },
    hex: ["83", key("status"), "01", key("leader"), "03", key("leaderAddress"), "a3", ascii("a:1")],
  },
])("$message at version $version", ({ message, version, value, hex }) => {
  const encoded = host.encode(message, version, value);
  expect(encoded.ok && Buffer.from(encoded.bytes).toString("hex")).toBe(hex.join(""));
  const decoded = host.decode(message, version, Buffer.from(hex.join(""), "hex"));
  expect(decoded).toEqual({ ok: true, value, unknownFields: 0 });
});
