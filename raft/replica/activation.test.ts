/** Who may stand in the way of an activation; each row changes one thing of a request that is allowed. */
import { expect, test } from "vitest";
import { type ActivationRequest, refuseActivation } from "./activation.ts";
import type { PeerView } from "./ports.ts";

function peer(id: number, change: Partial<PeerView> = {}): PeerView {
  return {
    id,
    connected: true,
    negotiated: 7,
    release: "x",
    range: { min: 7, max: 8 },
    activeVersion: 7,
    applied: 1,
    incarnation: 1,
    sequence: 1,
    ageMs: 500,
    ...change,
  };
}

const ALLOWED: ActivationRequest = {
  version: 8,
  activeVersion: 7,
  isLeader: true,
  own: { id: 1, min: 7, max: 8 },
  peers: [peer(2), peer(3)],
};

test("a version that every member reported a moment ago may be activated", () => {
  expect(refuseActivation(ALLOWED)).toBeUndefined();
  expect(refuseActivation({ ...ALLOWED, peers: [] })).toBeUndefined();
});

test.for<{ why: string; change: Partial<ActivationRequest>; code: string; says: string }>([
  {
    why: "this node does not lead",
    change: { isLeader: false },
    code: "not_leader",
    says: "leader",
  },
  {
    why: "it is behind",
    change: { version: 6 },
    code: "already_active",
    says: "version 7 is active",
  },
  {
    why: "one is skipped",
    change: { version: 9 },
    code: "version_skipped",
    says: "activate version 8 first",
  },
  {
    why: "this node does not read it",
    change: { own: { id: 1, min: 6, max: 7 } },
    code: "not_supported",
    says: "node 1 reads 6 to 7",
  },
  {
    why: "a peer does not read it",
    change: { peers: [peer(2), peer(3, { range: { min: 6, max: 7 } })] },
    code: "not_supported",
    says: "node 3 reads 6 to 7; every voter and learner must report it (2 of 3 do)",
  },
  {
    why: "a peer was last heard before it may have been replaced",
    change: { peers: [peer(2, { ageMs: 3_000 }), peer(3)] },
    code: "member_not_heard",
    says: "node 2 was not heard for 3 s",
  },
  {
    why: "a peer was never heard",
    change: { peers: [peer(2, { ageMs: Number.MAX_SAFE_INTEGER, range: { min: 0, max: 0 } })] },
    code: "member_not_heard",
    says: "node 2",
  },
])("an activation is refused: $why", ({ change, code, says }) => {
  const refusal = refuseActivation({ ...ALLOWED, ...change });
  expect(refusal?.code).toBe(code);
  expect(refusal?.message).toContain(says);
});
