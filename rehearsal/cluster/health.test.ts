import { expect, test } from "vitest";
import { HealthBoard } from "./health.ts";
import type { NodeStatus } from "./status.ts";

type Change = Partial<Omit<NodeStatus, "peers">> & { views?: object };

/** Node 3 is being restarted: its incarnation goes from 1 to 2, commit was at 100. */
function wait(): {
  board: HealthBoard;
  see: (node: number, change?: Change) => boolean;
  missing: () => string;
} {
  const board = new HealthBoard();
  let sequence = 0;
  const see = (node: number, { views = {}, ...change }: Change = {}): boolean => {
    sequence++;
    const incarnation = node === 3 ? 2 : 1;
    const peers = [1, 2, 3]
      .filter((id) => id !== node)
      .map((id) => ({
        id,
        connected: true,
        negotiated: 1,
        applied: 100,
        incarnation: id === 3 ? 2 : 1,
        sequence,
        ageMs: 100,
        ...(id === 3 ? views : {}),
      }));
    return board.onStatus(row({ nodeId: node, incarnation, sequence, peers, ...change }));
  };
  see(1);
  see(2);
  see(3, { incarnation: 1 });
  const goal = board.goalFor(3);
  return { board, see, missing: () => board.missing(goal, [1, 2, 3]).join("; ") };
}

function row(change: Partial<NodeStatus>): NodeStatus {
  return {
    nodeId: 1,
    release: "r1",
    activeVersion: 1,
    role: "follower",
    term: 1,
    leader: 1,
    commit: 100,
    applied: 100,
    incarnation: 1,
    sequence: 1,
    digest: { version: 1, index: 100, value: "00" },
    content: [],
    members: [],
    peers: [],
    ...change,
  };
}

test("a node is healthy when its peers know this incarnation and it has caught up", () => {
  const { see, missing } = wait();
  for (const node of [1, 2, 3]) see(node);
  expect(missing()).toBe("");
});

test.for<{ why: string; node: number; change: Change; says: string }>([
  {
    why: "only the old process has reported",
    node: 3,
    change: { incarnation: 1, sequence: 99 },
    says: "has not reported since",
  },
  {
    why: "it has not caught up",
    node: 3,
    change: { applied: 99 },
    says: "applied 99, 100 was committed",
  },
  {
    why: "it does not move while others commit",
    node: 1,
    change: { commit: 150 },
    says: "stays at 100 while 150",
  },
  {
    why: "a peer has lost it",
    node: 2,
    change: { views: { connected: false } },
    says: "node 2 is not connected to",
  },
  {
    why: "a peer knows only the process before",
    node: 2,
    change: { views: { incarnation: 1 } },
    says: "knows incarnation 1, not 2",
  },
  {
    why: "a peer's row is stale",
    node: 1,
    change: { views: { ageMs: 60_000 } },
    says: "has not heard for 60000 ms",
  },
  { why: "there is no leader", node: 2, change: { leader: 0 }, says: "do not agree on a leader" },
])("a node is not healthy when $why", ({ node, change, says }) => {
  const { see, missing } = wait();
  for (const each of [1, 2, 3]) see(each, each === node ? change : {});
  expect(missing()).toContain(says);
});

test("the peers agree on a leader that is down: not healthy", () => {
  const board = new HealthBoard();
  for (const nodeId of [1, 2]) board.onStatus(row({ nodeId, leader: 3 }));
  expect(board.missing({ node: 1, incarnationMin: 1, appliedMin: 0 }, [1]).join()).toContain(
    "leader",
  );
});

test("rows carry incarnation and sequence: a straggler is ignored, also when it looks better", () => {
  const { board, see } = wait();
  see(3, { applied: 90 });
  expect(see(3, { applied: 500, incarnation: 1, sequence: 999 })).toBe(false);
  expect(see(3, { applied: 500, sequence: 1 })).toBe(false);
  expect(board.row(3)?.applied).toBe(90);
});

test("moving is enough while the others run ahead", () => {
  const { see, missing } = wait();
  see(1, { commit: 150 });
  see(2, { commit: 150 });
  see(3);
  expect(missing()).toContain("stays at 100");
  see(3, { applied: 130 });
  expect(missing()).toBe("");
});
