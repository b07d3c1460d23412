/**
 * Judges the Raft core by data-driven scripts of etcd-io/raft: `npm run etcd-tests -- <files…>`.
 * Output is compared line by line, without the lines of etcd's logger.
 */
import { rowsOf } from "./etcd/rows.ts";
import { runSuite } from "./tally.ts";

process.exitCode = runSuite("etcd-tests", process.argv.slice(2), rowsOf);
