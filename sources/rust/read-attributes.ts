/** The attributes of one element, with `cfg` judged and `cfg_attr` opened. */
import type { Node } from "web-tree-sitter";
import { bothHold, type CfgFacts, type CfgVerdict, judgeCfg } from "./cfg.ts";
import type { Attribute, Attributes } from "./items.ts";
import { type PathType, pathsOf } from "./rust-type.ts";
import { splitAtCommas, type Token, TokenCursor, textOf, tokenize } from "./tokens.ts";

export const NO_ATTRIBUTES: Attributes = { bilrost: [], derives: [], cfg: true };

export function readAttributes(nodes: readonly Node[], facts: CfgFacts): Attributes {
  const collected = new Collected(facts);
  for (const node of nodes) {
    // `#[…]` or `#![…]`
    const tokens = tokenize(node.text);
    const open = tokens.findIndex(({ text }) => text === "[");
    collected.add(tokens.slice(open + 1, -1));
  }
  return collected;
}

class Collected implements Attributes {
  readonly bilrost: Attribute[] = [];
  readonly derives: PathType[] = [];
  cfg: CfgVerdict = true;
  readonly #facts: CfgFacts;

  constructor(facts: CfgFacts) {
    this.#facts = facts;
  }

  add(tokens: readonly Token[], depth = 0): void {
    const cursor = new TokenCursor(tokens);
    const name = cursor.until(["(", "[", "{", "="]);
    const isValue = cursor.take("=");
    const rest = tokens.slice(name.length + 1, isValue ? undefined : -1);
    const attribute: Attribute = { name: textOf(name).replaceAll(" ", ""), tokens: rest, isValue };
    if (attribute.name === "bilrost") this.bilrost.push(attribute);
    if (attribute.name === "derive") this.derives.push(...pathsOf(rest));
    if (/(?:^|::)test$/.test(attribute.name)) this.cfg = bothHold(this.cfg, this.#isTest());
    if (attribute.name === "cfg") this.cfg = bothHold(this.cfg, judgeCfg(rest, this.#facts));
    if (attribute.name === "cfg_attr" && depth < 8) this.#addConditional(rest, depth + 1);
  }

  /** A test is compiled under `cfg(test)` alone. */
  #isTest(): CfgVerdict {
    return this.#facts.test ?? "test";
  }

  /** An attribute that may or may not be there matters only when it is one of ours. */
  #addConditional(tokens: readonly Token[], depth: number): void {
    const [predicate = [], ...attributes] = splitAtCommas(tokens);
    const verdict = judgeCfg(predicate, this.#facts);
    if (verdict === false) return;
    for (const attribute of attributes) {
      if (verdict === true) this.add(attribute, depth);
      else if (this.#concernsUs(attribute)) {
        this.add(attribute, depth);
        this.cfg = bothHold(this.cfg, verdict);
      }
    }
  }

  #concernsUs(attribute: readonly Token[]): boolean {
    return (
      attribute[0]?.text === "bilrost" ||
      (attribute[0]?.text === "derive" &&
        attribute.some(({ text }) => /^(?:bilrost|Message|Oneof|Enumeration)$/.test(text)))
    );
  }
}
