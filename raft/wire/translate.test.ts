/** Every message of the core that travels comes back as it was, at every wire version that can hold it. */
import { expect, test } from "vitest";
import type { Entry, Message } from "../core/index.ts";
import {
  decodeCoreMessage,
  encodeCoreMessage,
  FrameKind,
  sealEntry,
  wireProtocol,
} from "./index.ts";

const NO_BYTES = new Uint8Array(0);
const EMPTY: Message = {
  type: "MsgApp",
  from: 1,
  to: 2,
  term: 7,
  logTerm: 0,
  index: 0,
  entries: [],
  commit: 0,
  vote: 0,
  snapshot: undefined,
  reject: false,
  rejectHint: 0,
  context: NO_BYTES,
  responses: [],
};
const command = sealEntry({ kind: 1, version: 1, critical: true, body: Uint8Array.of(1, 2) });
const unknownKind = sealEntry({ kind: 77, version: 9, critical: false, body: Uint8Array.of(3) });
const config = sealEntry({ kind: 2, version: 1, critical: true, body: Uint8Array.of(4) });

const MESSAGES: readonly Message[] = [
  {
    ...EMPTY,
    index: 4,
    logTerm: 6,
    commit: 3,
    entries: [
      { term: 7, index: 5, type: "normal", data: NO_BYTES },
      { term: 7, index: 6, type: "normal", data: command },
      { term: 7, index: 7, type: "normal", data: unknownKind },
      { term: 7, index: 8, type: "confChangeV2", data: config },
    ],
  },
  { ...EMPTY, type: "MsgAppResp", index: 9 },
  { ...EMPTY, type: "MsgVote", index: 9, logTerm: 6 },
  {
    ...EMPTY,
    type: "MsgVote",
    index: 9,
    logTerm: 6,
    context: new TextEncoder().encode("CampaignTransfer"),
  },
  { ...EMPTY, type: "MsgVoteResp", reject: true },
  { ...EMPTY, type: "MsgHeartbeat", commit: 4, context: Uint8Array.of(1) },
  { ...EMPTY, type: "MsgHeartbeatResp", context: Uint8Array.of(1) },
  { ...EMPTY, type: "MsgTimeoutNow" },
  // The answer to a stale leader, of which only the term counts.
  { ...EMPTY, type: "MsgAppResp", term: 8 },
  { ...EMPTY, type: "MsgReadIndex", term: 0, entries: [contextEntry(1, 2)] },
  { ...EMPTY, type: "MsgReadIndexResp", index: 9, entries: [contextEntry(1, 2)] },
];

/** The core keeps the context of a read in the data of its only entry, which has no place in a log. */
function contextEntry(...data: number[]): Entry {
  return { term: 0, index: 0, type: "normal", data: Uint8Array.from(data) };
}

const { min, max } = wireProtocol.range;
const VERSIONS = Array.from({ length: max - min + 1 }, (_, place) => min + place);

test.for(VERSIONS.flatMap((version) => MESSAGES.map((message) => ({ version, message }))))(
  "$message.type travels at version $version",
  ({ version, message }) => {
    const { kind, body } = encodeCoreMessage(message, version);
    expect(decodeCoreMessage(kind, version, body, { from: 1, to: 2 })).toEqual(message);
  },
);

test("a rejection carries its hint, by which the leader skips a whole term (Raft §5.3)", () => {
  const rejection = { ...EMPTY, type: "MsgAppResp", index: 9, reject: true } as const;
  const hinted = { ...rejection, rejectHint: 5, logTerm: 3 };
  for (const version of VERSIONS) {
    const { kind, body } = encodeCoreMessage(hinted, version);
    expect(decodeCoreMessage(kind, version, body, { from: 1, to: 2 })).toEqual(hinted);
  }
});

test("a message that no message of this release holds is refused before any byte is written", () => {
  const refusal = expect.objectContaining({ code: "VersionMismatch", actualVersion: min });
  for (const type of ["MsgProp", "MsgTransferLeader"] as const) {
    expect(() => encodeCoreMessage({ ...EMPTY, type }, min), type).toThrow(refusal);
  }
});

test("a message that never leaves its node is a bug, not a frame", () => {
  expect(() => encodeCoreMessage({ ...EMPTY, type: "MsgHup" }, min)).toThrow("never leaves");
});

test("kinds that are not the core's are left to others", () => {
  for (const kind of [FrameKind.nodeStatus, FrameKind.clientRequest, FrameKind.snapshotChunk, 999])
    expect(decodeCoreMessage(kind, min, NO_BYTES, { from: 1, to: 2 })).toBeUndefined();
});

test("a version that this build does not read is refused, whatever the body", () => {
  const refusal = expect.objectContaining({ code: "UnsupportedVersion" });
  for (const version of [0, min - 1, max + 1, 2 ** 32 - 1]) {
    expect(() =>
      decodeCoreMessage(FrameKind.heartbeat, version, NO_BYTES, { from: 1, to: 2 }),
    ).toThrow(refusal);
  }
});
