import { expect, test } from "vitest";
import { makeLog } from "./log-line.ts";

function desk(): {
  lines: Record<string, unknown>[];
  log: ReturnType<typeof makeLog>;
  at: (ms: number) => void;
} {
  let now = 0;
  const lines: Record<string, unknown>[] = [];
  const log = makeLog({ write: (line) => lines.push(JSON.parse(line)), nowMs: () => now });
  return {
    lines,
    log,
    at: (ms) => {
      now = ms;
    },
  };
}

test("of one message a few a second are written, and how many were left out stands in the next", () => {
  const { lines, log, at } = desk();
  for (let count = 0; count < 50; count++) log("warn", "again");
  expect(lines).toHaveLength(5);
  at(1_000);
  log("warn", "again");
  expect(lines.at(-1)).toMatchObject({ message: "again", leftOut: 45 });
});

test("a stranger who varies its rubbish does not fill the disk, and errors are always written", () => {
  const { lines, log, at } = desk();
  for (let count = 0; count < 10_000; count++) log("warn", `rubbish ${count}`);
  expect(lines.length).toBeLessThanOrEqual(100);
  log("error", "the end");
  expect(lines.at(-1)).toMatchObject({ message: "the end" });
  at(1_000);
  log("info", "calm again");
  expect(lines.at(-1)).toMatchObject({ message: "calm again", leftOut: 9_900 });
});
