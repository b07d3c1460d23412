/** The configuration file: what is complete with defaults, and what is refused by its name. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { loadConfiguration } from "./configuration.ts";

const FOUNDER = { id: 1, peerAddress: "127.0.0.1:7101", clientAddress: "127.0.0.1:7201" };
const GOOD = {
  clusterId: "00112233445566778899AABBCCDDEEFF",
  nodeId: 1,
  dataDirectory: "data",
  peer: "127.0.0.1:7101",
  client: "[::1]:7201",
  admin: "localhost:7301",
  founders: [FOUNDER],
};

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "wirespan-configuration-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function load(content: unknown): ReturnType<typeof loadConfiguration> {
  const file = join(folder, "node.json");
  writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
  return loadConfiguration(file);
}

test("a small file is completed with defaults; paths count from its folder", () => {
  expect(load(GOOD)).toEqual({
    ...GOOD,
    clusterId: GOOD.clusterId.toLowerCase(),
    dataDirectory: join(folder, "data"),
    tickMs: 50,
    readLease: false,
    snapshotEvery: 10_000,
  });
});

test("a node that joins has no founders", () => {
  const { founders, ...rest } = GOOD;
  expect(load({ ...rest, join: true }).founders).toEqual([]);
  expect(load({ ...rest, join: true, founders: [] }).founders).toEqual([]);
});

test("files of TLS and capture count from the folder of the configuration", () => {
  const tls = { key: "a.key", certificate: "/abs/a.crt", authority: "ca.crt" };
  const loaded = load({ ...GOOD, tls, capture: { file: "frames", bytesMax: 10 } });
  expect(loaded.tls).toEqual({
    key: join(folder, "a.key"),
    certificate: "/abs/a.crt",
    authority: join(folder, "ca.crt"),
  });
  expect(loaded.capture).toEqual({ file: join(folder, "frames"), bytesMax: 10 });
});

test.for<[content: unknown, text: string]>([
  ["{", "JSON"],
  [[], "must be object"],
  [{ ...GOOD, reedLease: true }, 'unknown key "reedLease"'],
  [
    { ...GOOD, tls: { key: "k", certificate: "c", authority: "a", ca: "x" } },
    'unknown key "ca" in "tls"',
  ],
  [{ ...GOOD, nodeId: undefined }, 'key "nodeId" is missing'],
  [{ ...GOOD, founders: [{ id: 1 }] }, 'key "peerAddress" is missing in "founders.0"'],
  [{ ...GOOD, clusterId: "12" }, '"clusterId" must be 32 hex digits'],
  [{ ...GOOD, peer: "127.0.0.1" }, '"peer" must be host:port'],
  [{ ...GOOD, admin: "127.0.0.1:70000" }, '"admin" must be host:port'],
  [{ ...GOOD, nodeId: 0 }, '"nodeId" must be >= 1'],
  [{ ...GOOD, nodeId: "1" }, '"nodeId" must be integer'],
  [{ ...GOOD, tickMs: 0 }, '"tickMs" must be >= 1'],
  [{ ...GOOD, founders: [] }, '"founders" or "join": true is needed'],
  [{ ...GOOD, join: true }, 'both "founders" and "join"'],
  [{ ...GOOD, nodeId: 2 }, "must name this node, 2"],
  [{ ...GOOD, founders: [FOUNDER, FOUNDER] }, "names an id twice"],
])("%j is refused: %s", ([content, text]) => {
  expect(() => load(content)).toThrow(text);
});

test("a file that is not there is refused with its name", () => {
  expect(() => loadConfiguration("/nowhere/node.json")).toThrow("/nowhere/node.json: ENOENT");
});
