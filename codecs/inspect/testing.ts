/** A tree as short text, so that a test row can hold all of it. */
import type { InspectNode, Reading } from "./tree.ts";

/** `1 text "foo"; 2 unsigned 1` with the best reading of each piece, and `{ … }` around pieces inside. */
export function sketch(node: InspectNode): string {
  return (node.readings[0]?.children ?? []).map(sketchNode).join("; ");
}

function sketchNode(node: InspectNode): string {
  const index = node.index === undefined ? "" : `[${node.index}]`;
  const name = `${node.name ?? node.tag ?? (index === "" ? node.role : "")}${index}`;
  const [best] = node.readings;
  const meaning = best?.children ? `${best.as} { ${sketch(node)} }` : reading(best);
  return [name, meaning, node.problem?.code].filter(Boolean).join(" ");
}

function reading(best: Reading | undefined): string {
  if (best === undefined) return "";
  if (best.list) return `${best.as} [${best.list.shown.map(String).join(", ")}]`;
  const { as, value } = best;
  if (value === undefined) return as;
  return `${as} ${typeof value === "string" ? JSON.stringify(value) : value}`;
}
