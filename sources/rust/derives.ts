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
  const paths = importsOf(segments[0] as string, scope);
  return paths.map((path) => OURS[path.at(-1) as string]).find((derive) => derive !== undefined);
}

function importsOf(name: string, scope: Scope): readonly (readonly string[])[] {
  for (let at: Scope | undefined = scope; at !== undefined; at = at.parent) {
    const paths = at.allImports.get(name);
    if (paths !== undefined) return paths;
    if (!at.globs.some((glob) => glob.join("::") === "super")) return [];
  }
  return [];
}

/** The crate that a derive is of; undefined when no import says so, or several say different things. */
function originOf(segments: readonly string[], scope: Scope, hops: number): string | undefined {
  if (hops > HOPS_MAX) return undefined;
  if (segments.slice(0, -1).some((part) => /^bilrost(?:_derive)?$/.test(part))) return "bilrost";
  const [head = ""] = segments;
  const paths = importsOf(head, scope).filter((path) => path.join("::") !== head);
  if (paths.length > 0) {
    const origins = paths.map((path) => {
      return originOf([...path, ...segments.slice(1)], scope, hops + 1) ?? path[0];
    });
    return new Set(origins).size === 1 ? origins[0] : undefined;
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
