/** What may wait, and that nothing waits that somebody asks for or that is no news any more. */
import { expect, test } from "vitest";
import { VirtualCluster } from "../../../sim/world/index.ts";
import type { Entry, Message } from "../../core/index.ts";
import { CommitNews } from "./commit-news.ts";

const NO_BYTES = new Uint8Array(0);

function append(index: number, commit: number, change: Partial<Message> = {}): Message {
  const zeros = { logTerm: 2, vote: 0, reject: false, rejectHint: 0, responses: [] };
  const rest = { snapshot: undefined, context: NO_BYTES, entries: [] };
  return { type: "MsgApp", to: 2, from: 1, term: 2, index, commit, ...zeros, ...rest, ...change };
}

function entries(first: number, last: number): readonly Entry[] {
  return Array.from({ length: last - first + 1 }, (_, place) => ({
    term: 2,
    index: first + place,
    type: "normal",
    data: NO_BYTES,
  }));
}

test("a commit behind the last entries sent waits, and the next append takes its place", () => {
  const news = new CommitNews();
  expect(news.holds(append(4, 4, { entries: entries(5, 6) }))).toBe(false);
  const first = append(6, 5);
  const second = append(6, 6);
  expect(news.holds(first)).toBe(true);
  expect(news.holds(second)).toBe(true);
  expect(news.release(2)).toEqual([second]);
  expect(news.release(2), "once").toEqual([]);
  expect(news.holds(append(6, 6))).toBe(true);
  expect(news.holds(append(6, 6, { entries: entries(7, 7) }))).toBe(false);
  expect(news.release(2)).toEqual([]);
});

test.for([
  { message: append(5, 5), why: "it asks about another position" },
  { message: append(6, 5, { to: 3 }), why: "that follower was sent nothing" },
  { message: append(6, 5, { term: 3 }), why: "another term may have begun with other entries" },
  { message: append(6, 5, { type: "MsgHeartbeat" }), why: "it is no append" },
])("sent at once, because $why", ({ message }) => {
  const news = new CommitNews();
  news.holds(append(4, 4, { entries: entries(5, 6) }));
  expect(news.holds(message)).toBe(false);
  expect(news.release(2)).toEqual([]);
});

test("news of a term that is over is dropped", () => {
  const news = new CommitNews();
  news.holds(append(4, 4, { entries: entries(5, 6) }));
  expect(news.holds(append(6, 6))).toBe(true);
  expect(news.release(3)).toEqual([]);
});

test("followers of a cluster that falls silent hear of the last commit with the next tick", () => {
  const cluster = VirtualCluster.found(3);
  const client = cluster.client();
  const leader = cluster.leader();
  client.connect(leader);
  expect(client.put("key", "value").status).toBe("ok");
  const { applied } = cluster.node(leader).running.status();
  cluster.run(20);
  for (const { running } of cluster.running()) expect(running.status().applied).toBe(applied);
});
