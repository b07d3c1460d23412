import { describeStep, type Plan } from "./steps.ts";

/** The plan as numbered lines, grouped by hop. */
export function printPlan(plan: Plan): string {
  const lines = [
    `Rehearsal ${plan.path.join(" -> ")} on ${plan.nodes} nodes, seed ${plan.seed}`,
    `Load: ${plan.load.clients} clients, ${plan.load.sharedKeys} shared keys, ${plan.load.pauseMs} ms pause`,
  ];
  let hop = -1;
  for (const [index, step] of plan.steps.entries()) {
    if (step.hop !== hop) {
      hop = step.hop;
      lines.push(
        hop === 0
          ? "Before the first hop"
          : `Hop ${hop}: ${plan.path[hop - 1]} -> ${plan.path[hop]}`,
      );
    }
    lines.push(`${String(index + 1).padStart(4)}. ${describeStep(step)}`);
  }
  return `${lines.join("\n")}\n`;
}
