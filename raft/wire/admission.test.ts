import { expect, test } from "vitest";
import { type FrameHeader, FrameKind, type Recipient, refuseFrame } from "./index.ts";

const RECIPIENT: Recipient = { clusterId: "ab".repeat(16), id: 2, range: { min: 2, max: 3 } };
const HEADER: FrameHeader = {
  kind: FrameKind.appendRequest,
  flags: 0,
  wireVersion: 2,
  clusterId: RECIPIENT.clusterId,
  sender: 1,
  addressee: 2,
  incarnation: 1,
};

test.for<{ why: string; change: Partial<FrameHeader>; code?: string; names?: string }>([
  { why: "our cluster, our id, a version we read", change: {} },
  { why: "whoever answers", change: { addressee: 0 } },
  { why: "the highest version we read", change: { wireVersion: 3 } },
  { why: "a hello has no version", change: { kind: FrameKind.hello, wireVersion: 0 } },
  { why: "an unknown kind that may be ignored", change: { kind: 999, flags: 1, wireVersion: 7 } },
  {
    why: "another cluster",
    change: { clusterId: "cd".repeat(16) },
    code: "foreign_cluster",
    names: "cd".repeat(16),
  },
  {
    why: "another cluster comes before all else",
    change: { clusterId: "cd".repeat(16), addressee: 7, kind: 999 },
    code: "foreign_cluster",
  },
  { why: "an address that was used again", change: { addressee: 7 }, code: "wrong_addressee" },
  { why: "an unknown kind", change: { kind: 999 }, code: "unknown_kind", names: "kind 999" },
  { why: "kind 0 does not exist", change: { kind: 0, wireVersion: 0 }, code: "unknown_kind" },
  {
    why: "a version no longer read",
    change: { wireVersion: 1 },
    code: "unsupported_version",
    names: "reads 2 to 3",
  },
  { why: "a version not yet read", change: { wireVersion: 4 }, code: "unsupported_version" },
  { why: "no version", change: { wireVersion: 0 }, code: "unsupported_version" },
  {
    why: "a hello with a version",
    change: { kind: FrameKind.hello, wireVersion: 2 },
    code: "unsupported_version",
  },
])("refuseFrame() says $code: $why", ({ change, code, names = "" }) => {
  const refusal = refuseFrame({ ...HEADER, ...change }, RECIPIENT);
  expect(refusal?.code).toBe(code);
  expect(refusal?.message ?? names).toContain(names);
});
