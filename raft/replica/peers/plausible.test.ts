/** What no correct member says, against a log of entries 1/1 2/1 3/2 4/2 of which 3 are committed. */
import { expect, test } from "vitest";
import { message } from "../../core/index.ts";
import { implausible, type LogView } from "./plausible.ts";

const TERMS = [0, 1, 1, 2, 2];
const LOG: LogView = {
  term: 2,
  leads: true,
  commit: 3,
  lastIndex: 4,
  termAt: (index) => TERMS[index],
};
const entry = (index: number, term: number) => ({
  index,
  term,
  type: "normal" as const,
  data: new Uint8Array(0),
});

test.for([
  {
    why: "new entries",
    is: message({
      type: "MsgApp",
      term: 2,
      index: 4,
      logTerm: 2,
      entries: [entry(5, 2), entry(6, 2)],
    }),
  },
  {
    why: "committed entries again",
    is: message({
      type: "MsgApp",
      term: 3,
      index: 1,
      logTerm: 1,
      entries: [entry(2, 1), entry(3, 2)],
    }),
  },
  {
    why: "an uncommitted one replaced",
    is: message({ type: "MsgApp", term: 3, index: 3, logTerm: 2, entries: [entry(4, 3)] }),
  },
  { why: "a heartbeat within the log", is: message({ type: "MsgHeartbeat", term: 2, commit: 4 }) },
  {
    why: "a heartbeat of an old term, which is answered",
    is: message({ type: "MsgHeartbeat", term: 1, commit: 9 }),
  },
  {
    why: "a refusal of an index that we do not have",
    is: message({ type: "MsgAppResp", term: 2, index: 9, reject: true }),
  },
])("is plausible: $why", ({ is }) => {
  expect(implausible(is, LOG)).toBeUndefined();
});

test("what a leader of an earlier term sent may come late, and is left to the core", () => {
  const late = message({ type: "MsgApp", term: 1, index: 2, logTerm: 1, entries: [entry(3, 1)] });
  expect(implausible(late, LOG)).toBeUndefined();
  expect(implausible({ ...late, term: 2 }, LOG)).toContain("would replace a committed one");
});

test("a leader that crashed lost entries which others have: only while it leads nobody can", () => {
  const answer = message({ type: "MsgAppResp", term: 2, index: 5 });
  expect(implausible(answer, { ...LOG, leads: false })).toBeUndefined();
  expect(implausible(answer, LOG)).toContain("the log ends at 4");
});

test.for([
  {
    why: "a gap before the first",
    is: message({ type: "MsgApp", term: 2, index: 4, logTerm: 2, entries: [entry(6, 2)] }),
  },
  {
    why: "a gap inside",
    is: message({
      type: "MsgApp",
      term: 2,
      index: 4,
      logTerm: 2,
      entries: [entry(5, 2), entry(7, 2)],
    }),
  },
  {
    why: "a term that falls",
    is: message({ type: "MsgApp", term: 2, index: 4, logTerm: 2, entries: [entry(5, 1)] }),
  },
  {
    why: "an entry later than its leader",
    is: message({ type: "MsgApp", term: 2, index: 4, logTerm: 2, entries: [entry(5, 3)] }),
  },
  {
    why: "a committed entry replaced",
    is: message({ type: "MsgApp", term: 9, index: 2, logTerm: 1, entries: [entry(3, 9)] }),
  },
  { why: "a commit beyond the log", is: message({ type: "MsgHeartbeat", term: 2, commit: 5 }) },
  { why: "an acknowledgement of nothing", is: message({ type: "MsgAppResp", term: 2, index: 5 }) },
])("is not plausible: $why", ({ is }) => {
  expect(implausible(is, LOG)).toEqual(expect.any(String));
});
