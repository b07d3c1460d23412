/**
 * The Raft core replays every script of etcd-io/raft that is stored here. Numbers of rows are pinned,
 * so that a script that is not found, or not read to its end, cannot pass; and a changed line fails.
 */
import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { rowsOf } from "./suites/etcd/rows.ts";

const FOLDER = "fixtures/interop/etcd-raft";
/** Our own, in the same form, for what the stored ones do not show. */
const OWN = "test/scripts/raft";

test.for([
  { folder: `${FOLDER}/quorum`, rows: 127 },
  { folder: `${FOLDER}/confchange`, rows: 52 },
  { folder: `${FOLDER}/interaction`, rows: 391 },
  { folder: `${OWN}/quorum`, rows: 9 },
  { folder: `${OWN}/confchange`, rows: 18 },
  { folder: `${OWN}/interaction`, rows: 239 },
])("all $rows rows of $folder pass", ({ folder, rows }) => {
  const results = readdirSync(folder).flatMap((file) =>
    rowsOf(readFileSync(`${folder}/${file}`, "utf8")).map((row) => ({
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
])("a script that expects $why fails, and the diff shows it", ({ from, to }) => {
  const text = readFileSync(`${FOLDER}/interaction/campaign.txt`, "utf8");
  expect(text).toContain(from);
  const failed = rowsOf(text.replace(from, to))
    .map((row) => row.run())
    .find(({ result }) => result === "failed");
  const [line = ""] = from.trim().split("\n");
  const problems = failed?.result === "failed" ? failed.problems.join("\n") : "";
  expect(problems).toMatch(/^[+]/m);
  expect(problems).toContain(line);
});

test("an output between doubled separators may have blank lines", () => {
  const rows = rowsOf("vote cfg=(1) votes=(y)\n----\n----\nVoteWon\n\nmore\n----\n----\n");
  expect(rows.map((row) => row.run())).toMatchObject([{ problems: [" VoteWon", "-", "-more"] }]);
});
