/** Walks the syntax tree of one file. Everything it needs is copied out, so that the tree can go. */
import type { Node, Tree } from "web-tree-sitter";
import { bothHold, type CfgFacts, type CfgVerdict } from "./cfg.ts";
import type {
  Attributes,
  FieldItem,
  FileItems,
  Form,
  Item,
  Parameters,
  Scope,
  Unseen,
  VariantItem,
} from "./items.ts";
import { LineIndex, type SourceLocation } from "./location.ts";
import { NO_ATTRIBUTES, readAttributes } from "./read-attributes.ts";
import { readImports } from "./read-imports.ts";
import { parseType } from "./rust-type.ts";
import { tokenize } from "./tokens.ts";

/** Where an error hides no item: what concerns us in these is looked for by its words. */
const MAY_HAVE_ERRORS = new Set([
  "mod_item",
  "impl_item",
  "trait_item",
  "function_item",
  "macro_invocation",
  "macro_definition",
  "expression_statement",
]);
const MACRO = "a macro makes its items, and macros are not expanded";
const MODULE_DEPTH_MAX = 64;
const MAY_CONCERN_US = /\bderive\s*\([^)]*\b(?:Message|Oneof|Enumeration)\b/;
const CONCERNS_US = /#\s*\[\s*bilrost\b|\bderive\s*\([^)]*\bbilrost\s*::/;

export function readItems(file: string, text: string, tree: Tree, facts: CfgFacts): FileItems {
  const walk = new Walk(new LineIndex(file, text), facts, /\bbilrost\b/.test(text));
  const root = newScope(file, modulePathOf(file), undefined);
  walk.module(tree.rootNode, root, { cfg: true, depth: 0 });
  return { root, scopes: walk.scopes, unseen: walk.unseen };
}

/** `crates/types/src/logs/mod.rs` is the module `crates::types::logs`. */
function modulePathOf(file: string): string[] {
  const parts = file.replace(/\.rs$/, "").split(/[\\/]+/);
  const last = parts.at(-1) ?? "";
  if (["mod", "lib", "main"].includes(last)) parts.pop();
  return parts
    .filter((part) => !["", ".", "..", "src"].includes(part))
    .map((part) => part.replaceAll("-", "_"));
}

function newScope(file: string, path: readonly string[], parent: Scope | undefined): Scope {
  return {
    file,
    path,
    parent,
    imports: new Map(),
    allImports: new Map(),
    globs: [],
    modules: new Set(),
    items: new Map(),
    ordered: new Set(),
    inMacros: new Set(),
  };
}

/** A node behind its attributes. */
interface Element {
  readonly node: Node;
  readonly attributes: Attributes;
  /** Where the attributes begin. */
  readonly from: number;
}

interface Around {
  readonly cfg: CfgVerdict;
  readonly depth: number;
}

class Walk {
  readonly scopes: Scope[] = [];
  readonly unseen: Unseen[] = [];
  readonly #lines: LineIndex;
  readonly #facts: CfgFacts;
  readonly #mentionsUs: boolean;

  constructor(lines: LineIndex, facts: CfgFacts, mentionsUs: boolean) {
    this.#lines = lines;
    this.#facts = facts;
    this.#mentionsUs = mentionsUs;
  }

  module(node: Node, scope: Scope, around: Around): void {
    this.scopes.push(scope);
    const inner = node.namedChildren.filter((child) => child.type === "inner_attribute_item");
    const cfg = bothHold(around.cfg, readAttributes(inner, this.#facts).cfg);
    if (cfg === false) return;
    for (const { node: child, attributes, from } of this.#withAttributes(node)) {
      const own = { ...attributes, cfg: bothHold(cfg, attributes.cfg) };
      if (own.cfg !== false)
        this.#element({ node: child, attributes: own, from }, scope, around.depth);
    }
  }

  /** Attributes are siblings in front of what they belong to. */
  *#withAttributes(node: Node): Generator<Element> {
    let attributes: Node[] = [];
    for (const child of node.namedChildren) {
      if (child.type === "attribute_item") attributes.push(child);
      else if (!/comment$|^visibility_modifier$|^inner_attribute_item$/.test(child.type)) {
        const read =
          attributes.length === 0 ? NO_ATTRIBUTES : readAttributes(attributes, this.#facts);
        yield {
          node: child,
          attributes: read,
          from: attributes[0]?.startIndex ?? child.startIndex,
        };
        attributes = [];
      }
    }
  }

  #element(element: Element, scope: Scope, depth: number): void {
    const { node } = element;
    if ((node.hasError || node.isError) && !MAY_HAVE_ERRORS.has(node.type)) {
      return this.#report(node, scope, "it is not understood, so it is not read");
    }
    switch (node.type) {
      case "struct_item":
      case "enum_item":
      case "type_item":
      case "const_item":
      case "static_item":
        return this.#item(element, scope);
      case "use_declaration":
        return readImports(node.text, scope);
      case "mod_item":
        return this.#inlineModule(element, scope, depth);
      case "impl_item":
        if (node.hasError)
          return this.#hidden(node, scope, "it is not understood, so it is not read");
        return this.#associated(node, scope);
      case "expression_statement":
      case "macro_invocation":
        for (const [name] of node.text.matchAll(/[A-Za-z_]\w*/g)) scope.inMacros.add(name);
        return this.#hidden(node, scope, MACRO);
      case "macro_definition":
        return this.#hidden(node, scope, MACRO);
      case "function_item":
        return this.#hidden(node, scope, "items in a function's body are not read");
      default:
        return undefined;
    }
  }

  #item({ node, attributes, from }: Element, scope: Scope): void {
    const name = textOf(node, "name").replace(/^r#/, "");
    const base = { name, scope, attributes, location: this.#locate(node, from) };
    const parameters = parametersOf(node);
    const body = node.childForFieldName("body");
    if (node.type === "struct_item") {
      const form = formOf(body);
      this.#keep({ kind: "struct", ...base, parameters, form, fields: this.#fields(body) });
    } else if (node.type === "enum_item") {
      this.#keep({ kind: "enum", ...base, parameters, variants: this.#variants(body) });
    } else if (node.type === "type_item") {
      this.#keep({ kind: "alias", ...base, parameters, type: parseType(textOf(node, "type")) });
    } else {
      this.#keep({ kind: "const", ...base, expression: tokenize(textOf(node, "value")) });
    }
  }

  #keep(item: Item): void {
    const { items } = item.scope;
    items.set(item.name, [...(items.get(item.name) ?? []), item]);
  }

  #fields(body: Node | null): FieldItem[] {
    if (body === null) return [];
    const isNamed = body.type === "field_declaration_list";
    return [...this.#withAttributes(body)]
      .filter(({ attributes }) => attributes.cfg !== false)
      .map(({ node, attributes, from }, place) => ({
        name: isNamed ? textOf(node, "name").replace(/^r#/, "") : String(place),
        type: parseType(isNamed ? textOf(node, "type") : node.text),
        attributes,
        location: this.#locate(node, from),
      }));
  }

  #variants(body: Node | null): VariantItem[] {
    if (body === null) return [];
    return [...this.#withAttributes(body)]
      .filter(({ attributes }) => attributes.cfg !== false)
      .map(({ node, attributes, from }) => {
        const fields = node.childForFieldName("body");
        const value = node.childForFieldName("value");
        return {
          name: textOf(node, "name").replace(/^r#/, ""),
          form: formOf(fields),
          fields: this.#fields(fields),
          discriminant: value === null ? undefined : tokenize(value.text),
          attributes,
          location: this.#locate(node, from),
        };
      });
  }

  #inlineModule({ node, attributes }: Element, scope: Scope, depth: number): void {
    const name = textOf(node, "name");
    scope.modules.add(name);
    const body = node.childForFieldName("body");
    if (body === null) return;
    if (depth > MODULE_DEPTH_MAX) {
      this.#report(node, scope, `modules nested more than ${MODULE_DEPTH_MAX} deep are not read`);
      return;
    }
    const inner = newScope(scope.file, [...scope.path, name], scope);
    this.module(body, inner, { cfg: attributes.cfg, depth: depth + 1 });
  }

  /** Only constants of a type are wanted, as `Type::NAME`, and that it has an order of its own. */
  #associated(node: Node, scope: Scope): void {
    const body = node.childForFieldName("body");
    const type = parseType(textOf(node, "type"));
    if (body === null || type.kind !== "path") return;
    const owner = type.segments.at(-1) as string;
    if (/(?:^|::)Ord$/.test(textOf(node, "trait"))) scope.ordered.add(owner);
    for (const element of this.#withAttributes(body)) {
      const { node: child, attributes } = element;
      if (child.type === "function_item") this.#element(element, scope, 0);
      if (child.type !== "const_item" || attributes.cfg === false) continue;
      const name = `${owner}::${textOf(child, "name")}`;
      const expression = tokenize(textOf(child, "value"));
      this.#keep({
        kind: "const",
        name,
        scope,
        attributes,
        location: this.#locate(child),
        expression,
      });
    }
  }

  #hidden(node: Node, scope: Scope, reason: string): void {
    const { text } = node;
    const concernsUs = CONCERNS_US.test(text) || (this.#mentionsUs && MAY_CONCERN_US.test(text));
    if (concernsUs) this.#report(node, scope, reason);
  }

  #report(node: Node, scope: Scope, reason: string): void {
    const name = nameOf(node);
    this.unseen.push({
      path: [...scope.path.slice(-1), name].join("::"),
      location: this.#locate(node),
      reason,
    });
  }

  #locate(node: Node, from: number = node.startIndex): SourceLocation {
    return this.#lines.locate({ start: node.startIndex, end: node.endIndex }, from);
  }
}

function textOf(node: Node, field: string): string {
  return node.childForFieldName(field)?.text ?? "";
}

function nameOf(node: Node): string {
  const macro = textOf(node, "macro") || textOf(node.namedChildren[0] ?? node, "macro");
  return macro === "" ? textOf(node, "name") : `${macro}!`;
}

function formOf(body: Node | null): Form {
  if (body === null) return "unit";
  return body.type === "field_declaration_list" ? "named" : "tuple";
}

function parametersOf(node: Node): Parameters {
  const list = node.childForFieldName("type_parameters");
  if (list === null) return [];
  return list.namedChildren.flatMap((child) => {
    if (child.type === "lifetime_parameter" || child.type === "lifetime") return [];
    const name = textOf(child, "name") || child.text;
    return /^[A-Za-z_]\w*$/.test(name) ? [name] : [];
  });
}
