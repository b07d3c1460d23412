/** What the owner may ask of a node between its inputs. */
import { expect, test } from "vitest";
import { message } from "./index.ts";
import { Member } from "./testing/member.ts";

const NO_BYTES = new Uint8Array(0);
const entry = (index: number, term: number) => ({
  index,
  term,
  type: "normal" as const,
  data: NO_BYTES,
});

test("termAt() sees what takes the place of a stored entry before it is written", () => {
  const config = {
    preVote: false,
    checkQuorum: false,
    asyncStorageWrites: false,
    random: () => 0,
  };
  const { node, storage } = new Member(1, [1, 2, 3], config);
  const append = (term: number) =>
    node.step(
      message({
        type: "MsgApp",
        from: term,
        to: 1,
        term,
        index: 1,
        logTerm: 1,
        entries: [entry(2, term)],
      }),
    );
  append(2);
  const ready = node.ready();
  storage.append(ready.entries);
  node.advance(ready);
  append(3);
  expect(storage.term(2)).toBe(2);
  expect(node.termAt(2)).toBe(3);
  expect(node.termAt(1)).toBe(1);
  expect(node.termAt(3)).toBeUndefined();
});
