/** Which of Bilrost's derives an item has; the same word may be another crate's. */
import type { Attributes, Item, Scope } from "./items.ts";

export type Derive = "Message" | "Oneof" | "Enumeration";

export interface Derived {
  readonly derives: ReadonlySet<Derive>;
  /** A word of ours that nothing says the origin of. */
  readonly doubtful: string | undefined;
}

const OURS: Readonly<Record<string, Derive>> = {
  Message: "Message",
  Oneof: "Oneof",
  Enumeration: "Enumeration",
  DistinguishedMessage: "Message",
  DistinguishedOneof: "Oneof",
};
const HOPS_MAX = 16;

export function derivesOf(item: Item): Derived {
  const derives = new Set<Derive>();
  let doubtful: string | undefined;
  for (const { segments } of item.attributes.derives) {
    const derive = OURS[segments.at(-1) as string] ?? renamed(segments, item.scope);
    if (derive === undefined) continue;
    const origin = originOf(segments, item.scope, 0);
    if (origin === "bilrost") derives.add(derive);
    else if (origin === undefined && hasOurAttributes(item)) derives.add(derive);
    else if (origin === undefined) doubtful = segments.join("::");
  }
  return { derives, doubtful };
}

/** `use bilrost::Message as Wire` and `derive(Wire)`. */
function renamed(segments: readonly string[], scope: Scope): Derive | undefined {
  if (segments.length !== 1) return undefined;
  const path = importOf(segments[0] as string, scope);
  return path === undefined ? undefined : OURS[path.at(-1) as string];
}

function importOf(name: string, scope: Scope): readonly string[] | undefined {
  for (let at: Scope | undefined = scope; at !== undefined; at = at.parent) {
    const path = at.imports.get(name);
    if (path !== undefined) return path;
    if (!at.globs.some((glob) => glob.join("::") === "super")) return undefined;
  }
  return undefined;
}

/** The crate that a derive is of; undefined when no import says so. */
function originOf(segments: readonly string[], scope: Scope, hops: number): string | undefined {
  if (hops > HOPS_MAX) return undefined;
  const module = segments.at(-2);
  if (module === "bilrost" || module === "bilrost_derive") return "bilrost";
  const [head = ""] = segments;
  const path = importOf(head, scope);
  if (path !== undefined && path.join("::") !== head) {
    return originOf([...path, ...segments.slice(1)], scope, hops + 1) ?? path[0];
  }
  if (segments.length > 1) return head;
  return hasOurGlob(scope) ? "bilrost" : undefined;
}

function hasOurGlob(scope: Scope | undefined): boolean {
  if (scope === undefined) return false;
  if (scope.globs.some((glob) => glob.at(-1) === "bilrost")) return true;
  return scope.globs.some((glob) => glob.join("::") === "super") && hasOurGlob(scope.parent);
}

/** On the item or on anything in it. */
export function hasOurAttributes(item: Item): boolean {
  const has = ({ bilrost }: Attributes): boolean => bilrost.length > 0;
  if (has(item.attributes)) return true;
  if (item.kind === "struct") return item.fields.some((field) => has(field.attributes));
  if (item.kind !== "enum") return false;
  return item.variants.some(
    ({ attributes, fields }) => has(attributes) || fields.some((field) => has(field.attributes)),
  );
}
