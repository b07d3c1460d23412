/** What is being built: each item with a derive of ours, its problems, and what it leads to. */
import type { EnumerationShape, FieldShape, MessageShape } from "../../codecs/index.ts";
import { UnresolvedError, type WantedType } from "./errors.ts";
import type { Item } from "./items.ts";
import type { SourceLocation } from "./location.ts";
import type { Typed } from "./resolve-type.ts";
import type { TagRange } from "./words.ts";

/** An element whose form on the wire is not known. */
export interface Unresolved {
  /** `Message.field`, `Oneof.Variant.field`, `Enumeration.Variant`, or an item. */
  readonly path: string;
  readonly location: SourceLocation;
  readonly reason: string;
  /** Where an entry of the type map would help: the type and the encoding it is asked for. */
  readonly wanted?: WantedType;
}

/** Something worth knowing that does not stand in the way. */
export interface Note {
  readonly path: string;
  readonly location: SourceLocation;
  readonly text: string;
}

interface DefinitionBase {
  readonly name: string;
  readonly item: Item;
  readonly problems: Unresolved[];
  readonly uses: Set<Definition>;
  reserved: readonly TagRange[];
}

export interface MessageBuild extends DefinitionBase {
  readonly kind: "message";
  readonly args: readonly Typed[];
  readonly shape: MessageShape & { readonly members: MessageShape["members"][number][] };
}

export interface OneofBuild extends DefinitionBase {
  readonly kind: "oneof";
  readonly variants: FieldShape[];
  /** The variant that stands for no field at all. */
  empty: string | undefined;
}

export interface EnumerationBuild extends DefinitionBase {
  readonly kind: "enumeration";
  readonly shape: EnumerationShape;
}

export type Definition = MessageBuild | OneofBuild | EnumerationBuild;

/** What the reader found out, in the order of the sources. */
export class Findings {
  readonly locations = new Map<string, SourceLocation>();
  readonly unresolved: Unresolved[] = [];
  readonly notes: Note[] = [];

  readonly #later: (() => void)[] = [];

  /** A check that needs all definitions to be there. */
  later(
    definition: Definition,
    at: { path: string; location: SourceLocation },
    step: () => void,
  ): void {
    this.#later.push(() => this.attempt(definition, at, step));
  }

  runLater(): void {
    for (const step of this.#later.splice(0)) step();
  }

  /** Runs a step; what it cannot resolve becomes a problem of the definition. */
  attempt(
    definition: Definition,
    at: { path: string; location: SourceLocation },
    step: () => void,
  ): void {
    try {
      step();
    } catch (error) {
      if (!(error instanceof UnresolvedError)) throw error;
      this.blame(definition, at, error);
    }
  }

  blame(
    definition: Definition,
    { path, location }: { readonly path: string; readonly location: SourceLocation },
    error: UnresolvedError,
  ): void {
    const { message: reason, wanted } = error;
    const entry = { path, location, reason, ...(wanted !== undefined && { wanted }) };
    definition.problems.push(entry);
    this.unresolved.push(entry);
  }
}

/** The problems that each definition has or leads to; one without any is complete. */
export function problemsOf(
  definitions: readonly Definition[],
): Map<Definition, readonly Unresolved[]> {
  const found = new Map(definitions.map((one) => [one, new Set(one.problems)]));
  const users = usersOf(definitions);
  const waiting = definitions.filter(({ problems }) => problems.length > 0);
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    const problems = found.get(at) ?? new Set();
    for (const user of users.get(at) ?? []) {
      if (addAll(problems, found.get(user) ?? new Set())) waiting.push(user);
    }
  }
  return new Map([...found].map(([definition, problems]) => [definition, [...problems]]));
}

function usersOf(definitions: readonly Definition[]): Map<Definition, Definition[]> {
  const users = new Map<Definition, Definition[]>();
  for (const definition of definitions) {
    for (const used of definition.uses) {
      const others = users.get(used);
      if (others === undefined) users.set(used, [definition]);
      else others.push(definition);
    }
  }
  return users;
}

/** Whether any was new. */
function addAll<T>(from: ReadonlySet<T>, to: Set<T>): boolean {
  const before = to.size;
  for (const one of from) to.add(one);
  return to.size > before;
}
