/** What the reader keeps of a file of Rust: scopes with their imports, and the items in them. */
import type { CfgVerdict } from "./cfg.ts";
import type { SourceLocation } from "./location.ts";
import type { PathType, RustType } from "./rust-type.ts";
import type { Token } from "./tokens.ts";

/** A module, a file's or an inline one. */
export interface Scope {
  readonly file: string;
  /** From the file's path and the inline modules around it. */
  readonly path: readonly string[];
  readonly parent: Scope | undefined;
  /** Name in this scope to what it stands for as a type, a module or a constant. */
  readonly imports: Map<string, readonly string[]>;
  /** All that is imported by a name: a derive and a type of one name do not disturb each other. */
  readonly allImports: Map<string, readonly (readonly string[])[]>;
  readonly globs: (readonly string[])[];
  readonly modules: Set<string>;
  readonly items: Map<string, Item[]>;
  /** Types with an `impl Ord`, written by hand. */
  readonly ordered: Set<string>;
  /** Every name in the macros called here, any of which may define an item of it. */
  readonly inMacros: Set<string>;
}

export interface Attribute {
  /** `bilrost`, `derive`, `serde` … */
  readonly name: string;
  /** Inside the brackets, or behind `=`. */
  readonly tokens: readonly Token[];
  readonly isValue: boolean;
}

export interface Attributes {
  readonly bilrost: readonly Attribute[];
  readonly derives: readonly PathType[];
  /** Predicates that nothing is known of: whether the element exists depends on the build. */
  readonly cfg: CfgVerdict;
}

interface ItemBase {
  readonly name: string;
  readonly scope: Scope;
  readonly attributes: Attributes;
  readonly location: SourceLocation;
}

/** Type parameters by name; lifetimes do not count. */
export type Parameters = readonly string[];

export type Form = "named" | "tuple" | "unit";

export interface FieldItem {
  readonly name: string;
  readonly type: RustType;
  readonly attributes: Attributes;
  readonly location: SourceLocation;
}

export interface StructItem extends ItemBase {
  readonly kind: "struct";
  readonly parameters: Parameters;
  readonly form: Form;
  readonly fields: readonly FieldItem[];
}

export interface VariantItem {
  readonly name: string;
  readonly form: Form;
  readonly fields: readonly FieldItem[];
  readonly discriminant: readonly Token[] | undefined;
  readonly attributes: Attributes;
  readonly location: SourceLocation;
}

export interface EnumItem extends ItemBase {
  readonly kind: "enum";
  readonly parameters: Parameters;
  readonly variants: readonly VariantItem[];
}

export interface AliasItem extends ItemBase {
  readonly kind: "alias";
  readonly parameters: Parameters;
  readonly type: RustType;
}

export interface ConstItem extends ItemBase {
  readonly kind: "const";
  readonly expression: readonly Token[];
}

export type Item = StructItem | EnumItem | AliasItem | ConstItem;

/** Something that holds Bilrost attributes where the reader does not look. */
export interface Unseen {
  readonly path: string;
  readonly location: SourceLocation;
  readonly reason: string;
}

export interface FileItems {
  readonly root: Scope;
  readonly scopes: readonly Scope[];
  readonly unseen: readonly Unseen[];
}
