/** The picture of a violation says what is wrong, and nothing in a history can steer the page. */
import { expect, test } from "vitest";
import { checkLinearizable, type KeyValueInput, keyValueModel, violationPage } from "./index.ts";

function violationOf(value: string): string {
  const input: KeyValueInput = { kind: "put", key: "<k>", value };
  const read: KeyValueInput = { kind: "get", key: "<k>" };
  const found = checkLinearizable(
    keyValueModel(null),
    [
      { client: 1, input, calledAt: 0, outcome: { at: 1, output: {} } },
      { client: 2, input: read, calledAt: 2, outcome: { at: 3, output: { value: null } } },
    ],
    { stepsMax: 1000 },
  );
  if (found.verdict !== "bad") throw new Error("a stale read is wrong");
  return violationPage([{ title: "stale <read>", part: found.part, window: found.window }]);
}

test("both clients and the operation without a place are shown", () => {
  const page = violationOf("new");
  expect(page).toContain("client 1");
  expect(page).toContain("client 2");
  expect(page.match(/class="lost"/g)).toHaveLength(1);
  expect(page).toContain("✗ none");
});

test("text of a history stays text", () => {
  const page = violationOf("<script>alert(1)</script>");
  expect(page).not.toContain("<script");
  expect(page).not.toContain("<k>");
  expect(page).not.toContain("<read>");
  expect(page).toContain("&lt;script&gt;");
});
