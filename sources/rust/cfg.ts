/** Conditional compilation: true, false, or not known, and then the element is reported. */
import { splitAtCommas, type Token, textOf } from "./tokens.ts";

/** Predicate as written, such as `test` or `feature = "extra"`, to whether it holds. */
export type CfgFacts = Readonly<Record<string, boolean>>;

/** `true`, `false`, or the predicate that decides it. */
export type CfgVerdict = boolean | string;

/** Without a word of the user, tests are not part of the protocol. */
export const DEFAULT_CFG: CfgFacts = { test: false };

export function judgeCfg(predicate: readonly Token[], facts: CfgFacts): CfgVerdict {
  return judge(predicate, facts, 0);
}

const DEPTH_MAX = 32;

function judge(tokens: readonly Token[], facts: CfgFacts, depth: number): CfgVerdict {
  const text = textOf(tokens);
  const known = Object.hasOwn(facts, text) ? facts[text] : undefined;
  if (known !== undefined) return known;
  const [head, bracket] = tokens;
  if (bracket?.text !== "(" || tokens.at(-1)?.text !== ")" || depth > DEPTH_MAX) return text;
  const parts = splitAtCommas(tokens.slice(2, -1)).map((part) => judge(part, facts, depth + 1));
  if (head?.text === "not") return typeof parts[0] === "boolean" ? !parts[0] : text;
  if (head?.text === "all") return together(parts, false) ?? text;
  if (head?.text === "any") return together(parts, true) ?? text;
  return text;
}

/** Undefined when an unknown part decides. */
function together(parts: readonly CfgVerdict[], decisive: boolean): boolean | undefined {
  if (parts.includes(decisive)) return decisive;
  return parts.every((part) => typeof part === "boolean") ? !decisive : undefined;
}

export function bothHold(one: CfgVerdict, other: CfgVerdict): CfgVerdict {
  if (one === false || other === false) return false;
  if (one === true) return other;
  return other === true ? one : `all(${one}, ${other})`;
}
