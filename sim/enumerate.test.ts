/** The set is complete: every combination once, each of them one that an operator could order. */
import { expect, test } from "vitest";
import { enumerateHop, problemOfRoll, type Schedule } from "./index.ts";

const OLD = { name: "old", writes: 3, range: { min: 2, max: 3 } };
const NEW = { name: "new", writes: 4, range: { min: 3, max: 4 } };
const TWIN = { name: "twin", writes: 4, range: { min: 3, max: 4 } };

test.for([
  { from: OLD, to: NEW, count: 6 * 4 * 6 * 4, why: "an activation may be tried at four places" },
  { from: NEW, to: TWIN, count: 6 * 4 * 6, why: "both write the same version" },
])("enumerateHop() makes $count plans: $why", ({ from, to, count }) => {
  const plans = enumerateHop(from, to);
  expect(plans).toHaveLength(count);
  expect(new Set(plans.map(({ roll }) => JSON.stringify(roll))).size).toBe(count);
  expect(plans.map(({ seed }) => seed)).toEqual(plans.map((_, place) => place + 1));
  for (const plan of plans) expect(problemOfRoll(plan, [from, to])).toBeUndefined();
});

test("enumerateHop() has every feeder and every fed side", () => {
  const sides = new Set(enumerateHop(OLD, NEW).flatMap(feedings));
  expect([...sides].sort()).toEqual(["new>new", "new>old", "old>new", "old>old"]);
});

/** From the steps alone: which side leads and which is fed at the laggard. */
function feedings({ roll }: Schedule): readonly string[] {
  const isNew = new Set<number>();
  let leader = 0;
  const side = (node: number): string => (isNew.has(node) ? "new" : "old");
  return roll.flatMap((step) => {
    if (step.kind === "replace" && step.release === "new") isNew.add(step.node);
    if (step.kind === "replace" && step.release === "old") isNew.delete(step.node);
    if (step.kind === "lead") leader = step.node;
    const isFeeding = step.kind === "inject" && step.fault.kind === "laggard";
    return isFeeding ? [`${side(leader)}>${side(step.fault.node)}`] : [];
  });
}
