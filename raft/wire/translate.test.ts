/** Every message of the core that travels comes back as it was, at every wire version that can hold it. */
import { expect, test } from "vitest";
import type { Message } from "../core/index.ts";
import { decodeCoreMessage, encodeCoreMessage, sealEntry, wireProtocol } from "./index.ts";

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
];

const { min, max } = wireProtocol.range;
const VERSIONS = Array.from({ length: max - min + 1 }, (_, place) => min + place);

test.for(VERSIONS.flatMap((version) => MESSAGES.map((message) => ({ version, message }))))(
  "$message.type travels at version $version",
  ({ version, message }) => {
    const { kind, body } = encodeCoreMessage(message, version);
    expect(decodeCoreMessage(kind, version, body, { from: 1, to: 2 })).toEqual(message);
  },
);

test("a message that never leaves its node is a bug, not a frame", () => {
  expect(() => encodeCoreMessage({ ...EMPTY, type: "MsgHup" }, min)).toThrow("never leaves");
});
