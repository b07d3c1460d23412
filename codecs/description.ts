/**
 * What a protocol says of itself, as plain data: for matrices, generated specifications and
 * programs in other languages.
 */

export interface VersionDescription {
  readonly version: number;
  readonly format: string;
  readonly messages: readonly MessageDescription[];
  readonly enumerations: readonly EnumerationDescription[];
  /** Defaults and limits that belong to the version (law 13). */
  readonly rules: Readonly<Record<string, number | boolean>>;
}

/** Where bytes live. */
export type Surface = "connection" | "log" | "snapshot" | "client";

export interface MessageDescription {
  readonly name: string;
  readonly surface: Surface | "nested";
  readonly members: readonly MemberDescription[];
}

export type MemberDescription = FieldDescription | OneofDescription;

export interface FieldDescription {
  readonly kind: "field";
  readonly name: string;
  readonly number: number;
  readonly type: TypeDescription;
  readonly presence: "implicit" | "optional";
  /** Declared reason why a value may be dropped when written at a version without this field. */
  readonly loss?: string;
}

export interface OneofDescription {
  readonly kind: "oneof";
  readonly name: string;
  readonly variants: readonly FieldDescription[];
}

export type TypeDescription =
  | { readonly kind: "bool" | "string" }
  | { readonly kind: "bytes"; readonly length?: number; readonly fixed?: true }
  | {
      readonly kind: "integer";
      readonly signed: boolean;
      readonly bits: number;
      readonly encoding: string;
      readonly as: "number" | "bigint";
      readonly nonZero?: true;
    }
  | { readonly kind: "float"; readonly bits: 32 | 64; readonly as?: "pattern" }
  | { readonly kind: "time"; readonly type: string }
  | { readonly kind: "tuple"; readonly items: readonly TypeDescription[] }
  | { readonly kind: "range"; readonly of: TypeDescription; readonly inclusive: boolean }
  | { readonly kind: "enumeration" | "message"; readonly name: string }
  | {
      readonly kind: "list";
      readonly item: TypeDescription;
      readonly packed: boolean;
      readonly length?: number;
      readonly set?: true;
    }
  | { readonly kind: "map"; readonly key: TypeDescription; readonly value: TypeDescription };

export interface EnumerationDescription {
  readonly name: string;
  readonly open: boolean;
  readonly variants: readonly {
    readonly name: string;
    readonly number: number;
    /** What stands for it at a version that lacks it, and why that is acceptable. */
    readonly fallback?: { readonly variant: string; readonly reason: string };
  }[];
}
