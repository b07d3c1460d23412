/**
 * The Raft core replays every script of etcd-io/raft that is stored here. Numbers of rows are pinned,
 * so that a script that is not found, or not read to its end, cannot pass; and a changed line fails.
 */
import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { rowsOf } from "./suites/etcd/rows.ts";

const FOLDER = "fixtures/interop/etcd-raft";

test.for([
  { kind: "quorum", rows: 127 },
  { kind: "confchange", rows: 52 },
  { kind: "interaction", rows: 391 },
])("all $rows rows of $kind pass", ({ kind, rows }) => {
  const results = readdirSync(`${FOLDER}/${kind}`).flatMap((file) =>
    rowsOf(readFileSync(`${FOLDER}/${kind}/${file}`, "utf8")).map((row) => ({
      row: `${file} ${row.name}`,
      outcome: row.run(),
    })),
  );
  expect(results.filter(({ outcome }) => outcome.result !== "passed")).toEqual([]);
  expect(results.length).toBe(rows);
});

test.for([
  { from: "MsgVote Term:1 Log:1/2", to: "MsgVote Term:2 Log:1/2", why: "another term" },
  { from: "  1->3 MsgVote Term:1 Log:1/2\n", to: "", why: "a message less" },
  { from: "MustSync=true", to: "MustSync=false", why: "another promise" },
])("a script that expects $why fails", ({ from, to }) => {
  const text = readFileSync(`${FOLDER}/interaction/campaign.txt`, "utf8");
  expect(text).toContain(from);
  const outcomes = rowsOf(text.replace(from, to)).map((row) => row.run().result);
  expect(outcomes).toContain("failed");
});
