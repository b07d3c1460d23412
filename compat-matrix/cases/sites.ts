/** Finds every place of a message, at any depth, that deserves a case of its own. */
import type { FieldDescription, MessageDescription, TypeDescription } from "../codec-host.ts";
import type { SchemaView } from "../schema-view.ts";
import { emptyOf } from "../values/empty.ts";
import type { Goal, Path } from "./sample.ts";

export interface CaseSite {
  /** Name of the case. */
  readonly name: string;
  readonly goal: Goal;
  /** What it covers: `Message.oneof=variant`, `Enumeration=variant`, `Message.field?`. */
  readonly covers: string;
}

/** Far above what a schema uses, so that no later release gives the number a meaning. */
const UNKNOWN_NUMBER = 1_000_001;

export function sitesOf(message: MessageDescription, view: SchemaView): CaseSite[] {
  const sites: CaseSite[] = [];
  visitMessage(message, { view, sites, path: [], holders: [] });
  return sites;
}

interface Visit {
  readonly view: SchemaView;
  readonly sites: CaseSite[];
  readonly path: Path;
  /** Messages around this place; one that holds itself is entered once. */
  readonly holders: readonly string[];
}

function visitMessage(message: MessageDescription, visit: Visit): void {
  if (visit.holders.includes(message.name)) return;
  const within = { ...visit, holders: [...visit.holders, message.name] };
  for (const member of message.members) {
    const there = at(within, member.name);
    if (member.kind === "field") {
      if (member.presence === "optional") addOptional(message, member, there);
      visitType(member.type, there);
      continue;
    }
    for (const variant of member.variants) {
      const site = at(there, variant.name);
      visit.sites.push({
        name: `variant ${pathText(there.path)}=${variant.name}`,
        goal: { path: site.path },
        covers: `${message.name}.${member.name}=${variant.name}`,
      });
      visitType(variant.type, site);
    }
  }
}

function visitType(type: TypeDescription, visit: Visit): void {
  switch (type.kind) {
    case "message": {
      const message = visit.view.message(type.name);
      if (message) visitMessage(message, visit);
      break;
    }
    case "list":
      visitType(type.item, at(visit, "[]"));
      break;
    case "map":
      visitType(type.value, at(visit, "{}"));
      break;
    case "tuple":
      for (const [place, item] of type.items.entries()) visitType(item, at(visit, String(place)));
      break;
    case "enumeration":
      addVariants(type.name, visit);
      break;
    default:
  }
}

function addVariants(name: string, { view, sites, path }: Visit): void {
  const enumeration = view.enumeration(name);
  if (enumeration === undefined) return;
  const names = enumeration.variants.map((variant) => variant.name);
  if (enumeration.open) names.push(`unknown(${UNKNOWN_NUMBER})`);
  for (const value of names) {
    sites.push({
      name: `enumeration ${pathText(path)}=${value}`,
      goal: { path, value },
      covers: `${name}=${value}`,
    });
  }
}

function addOptional(message: MessageDescription, field: FieldDescription, visit: Visit): void {
  visit.sites.push({
    name: `present and empty ${pathText(visit.path)}`,
    goal: { path: visit.path, value: emptyOf(field.type, visit.view) },
    covers: `${message.name}.${field.name}?`,
  });
}

function at(visit: Visit, name: string): Visit {
  return { ...visit, path: [...visit.path, name] };
}

export function pathText(path: Path): string {
  return path.reduce((text, name) => {
    if (name === "[]" || name === "{}") return text + name;
    return text === "" ? name : `${text}.${name}`;
  }, "");
}
