/**
 * Rust sources to shapes. What is not Bilrost's own, or does not stand in the sources, is reported as
 * unresolved with its place; a message that leads to any such thing is incomplete, and never guessed.
 */
import type { EnumerationShape, MessageShape, OneofShape } from "../../codecs/index.ts";
import { Builder } from "./builder.ts";
import { type CfgFacts, DEFAULT_CFG } from "./cfg.ts";
import {
  type Definition,
  Findings,
  type Note,
  problemsOf,
  type Unresolved,
} from "./definitions.ts";
import { hasOurAttributes } from "./derives.ts";
import { SourceError } from "./errors.ts";
import { loadRustGrammar, type RustGrammar } from "./grammar.ts";
import type { FileItems, Item } from "./items.ts";
import type { SourceLocation } from "./location.ts";
import { Names } from "./names.ts";
import { readItems } from "./read-items.ts";
import { Types } from "./resolve-type.ts";
import { type TypeMap, TypeMapping } from "./type-map.ts";
import { DEFAULT_VERSION, parseVersion } from "./version.ts";
import type { TagRange } from "./words.ts";

export interface SourceFile {
  /** Says which module the file is; shown in locations. */
  readonly path: string;
  readonly text: string;
}

export interface RustOptions {
  /** Version of the bilrost crate that the sources are compiled with, such as "0.1014.3"; "0.1016" when not said. */
  readonly bilrostVersion?: string;
  /** What the sources do not explain. */
  readonly typeMap?: TypeMap;
  /** How integers of 64 bits are held. Default: "bigint". */
  readonly integers64?: "bigint" | "number";
  /** How floating-point numbers are held; a pattern of bits keeps which NaN it is. Default: "number". */
  readonly floats?: "number" | "pattern";
  /** Predicates of `cfg` that hold or do not; `test` does not unless it is said. */
  readonly cfg?: CfgFacts;
  /** Names of the crates whose sources these are, for paths that start with one. */
  readonly crates?: readonly string[];
  /**
   * "refuse", the default, throws at the first error of syntax. "report" leaves out the item that it is in
   * and lists it as unresolved, for Rust that is newer than the grammar.
   */
  readonly syntaxErrors?: "refuse" | "report";
}

export interface RustSchemas {
  /** By name; with the module where two have the same one. Only those that are wholly known. */
  readonly messages: ReadonlyMap<string, MessageShape>;
  readonly enumerations: ReadonlyMap<string, EnumerationShape>;
  readonly oneofs: ReadonlyMap<string, OneofShape>;
  /** Those that are not: name to the paths of what is unresolved in them or in what they lead to. */
  readonly incomplete: ReadonlyMap<string, readonly string[]>;
  /** `Message`, `Message.field`, `Oneof.Variant`, `Oneof.Variant.field`, `Enumeration.Variant`. */
  readonly locations: ReadonlyMap<string, SourceLocation>;
  readonly reservedTags: ReadonlyMap<string, readonly TagRange[]>;
  readonly unresolved: readonly Unresolved[];
  readonly notes: readonly Note[];
}

/** Throws `SourceError` for a file that is no Rust, a wrong option, or a package that is not installed. */
export async function readRustSources(
  files: readonly SourceFile[],
  options: RustOptions = {},
): Promise<RustSchemas> {
  const version = parseVersion(options.bilrostVersion ?? DEFAULT_VERSION);
  const { integers64 = "bigint", floats = "number", syntaxErrors = "refuse" } = options;
  checkChoice("integers64", integers64, ["bigint", "number"]);
  checkChoice("floats", floats, ["number", "pattern"]);
  checkChoice("syntaxErrors", syntaxErrors, ["refuse", "report"]);
  const grammar = await loadRustGrammar();
  const read = files.map((file) => readFile(grammar, file, options));
  const crates = (options.crates ?? []).map((name) => name.replaceAll("-", "_"));
  const names = new Names(read, crates);
  const map = new TypeMapping(options.typeMap ?? {}, (name) => names.has(name));
  const types = new Types(names, version);
  const findings = new Findings();
  const items = read.flatMap(({ scopes }) =>
    scopes.flatMap((scope) => [...scope.items.values()].flat()),
  );
  const nameOf = namesOf(items);
  const builder = new Builder({
    types,
    map,
    findings,
    nameOf,
    scalars: { version, integers64, floats },
  });
  for (const item of items) buildItem(item, builder, findings);
  findings.runLater();
  reportGenerics(items, builder, findings);
  for (const unseen of read.flatMap((file) => file.unseen)) findings.unresolved.push(unseen);
  return schemasOf(builder.definitions, findings);
}

function checkChoice(option: string, value: string, choices: readonly string[]): void {
  if (choices.includes(value)) return;
  const problem = `Cannot read with ${option} ${JSON.stringify(value)}: one of ${choices.join(", ")} needed`;
  throw new SourceError("InvalidOption", problem);
}

function readFile(
  grammar: RustGrammar,
  { path, text }: SourceFile,
  { cfg, syntaxErrors = "refuse" }: RustOptions,
): FileItems {
  const facts: CfgFacts = { ...DEFAULT_CFG, ...cfg };
  const tree = grammar.parse(path, text, syntaxErrors);
  try {
    return readItems(path, text, tree, facts);
  } finally {
    tree.delete();
  }
}

/** The name alone where it is the only one; with the module, and the place if need be, where it is not. */
function namesOf(items: readonly Item[]): (item: Item) => string {
  const types = items.filter(({ kind }) => kind === "struct" || kind === "enum");
  const full = (item: Item): string => [...item.scope.path, item.name].join("::");
  const count = (of: (item: Item) => string): Map<string, number> => {
    const counts = new Map<string, number>();
    for (const item of types) counts.set(of(item), (counts.get(of(item)) ?? 0) + 1);
    return counts;
  };
  const names = count(({ name }) => name);
  const paths = count(full);
  return (item) => {
    if ((names.get(item.name) ?? 0) <= 1) return item.name;
    if ((paths.get(full(item)) ?? 0) <= 1) return full(item);
    return `${full(item)} (${item.location.file}:${item.location.line})`;
  };
}

function buildItem(item: Item, builder: Builder, findings: Findings): void {
  if (item.kind !== "struct" && item.kind !== "enum") return;
  const { derives, doubtful } = builder.derived(item);
  const { name: path, location, attributes } = item;
  if (doubtful !== undefined) {
    const reason = `derive(${doubtful}) is not known to be bilrost's: no import says so`;
    findings.unresolved.push({ path, location, reason });
  }
  if (derives.size === 0) {
    if (doubtful === undefined && hasOurAttributes(item)) {
      findings.unresolved.push({
        path,
        location,
        reason: "attributes of bilrost without a derive of bilrost",
      });
    }
    return;
  }
  if (attributes.cfg !== true)
    findings.notes.push({ path, location, text: `exists only under cfg(${attributes.cfg})` });
  if (item.scope.ordered.has(item.name)) {
    const text =
      "ordered by hand (impl Ord), so the order of keys and items of sets may be another";
    findings.notes.push({ path, location, text });
  }
  if (item.parameters.length === 0) builder.build(item);
}

/** A generic item has no form of its own; what is not instantiated anywhere stays unknown. */
function reportGenerics(items: readonly Item[], builder: Builder, findings: Findings): void {
  const built = new Set(builder.definitions.map(({ item }) => item));
  for (const item of items) {
    if (!("parameters" in item) || item.parameters.length === 0 || item.kind === "alias") continue;
    if (built.has(item) || builder.derived(item).derives.size === 0) continue;
    const reason = `generic over ${item.parameters.join(", ")}, and not instantiated in the sources read`;
    findings.unresolved.push({ path: item.name, location: item.location, reason });
  }
}

function schemasOf(definitions: readonly Definition[], findings: Findings): RustSchemas {
  const messages = new Map<string, MessageShape>();
  const enumerations = new Map<string, EnumerationShape>();
  const oneofs = new Map<string, OneofShape>();
  const incomplete = new Map<string, readonly string[]>();
  const reservedTags = new Map<string, readonly TagRange[]>();
  for (const [definition, problems] of problemsOf(definitions)) {
    const { name, reserved } = definition;
    if (reserved.length > 0) reservedTags.set(name, reserved);
    if (problems.length > 0) {
      const paths = problems.map(({ path }) => path);
      incomplete.set(name, [...new Set([...(incomplete.get(name) ?? []), ...paths])]);
    } else if (definition.kind === "message") messages.set(name, definition.shape);
    else if (definition.kind === "enumeration") enumerations.set(name, definition.shape);
    else oneofs.set(name, { kind: "oneof", name, variants: definition.variants });
  }
  const { locations, unresolved, notes } = findings;
  return { messages, enumerations, oneofs, incomplete, locations, reservedTags, unresolved, notes };
}
