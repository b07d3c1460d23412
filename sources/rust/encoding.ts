/** The encodings of Bilrost, and those of the user, which only a type map can explain. */
import type { Typed } from "./resolve-type.ts";
import { printType, type RustType } from "./rust-type.ts";

export type Encoding =
  | { readonly kind: "general" | "general_packed" | "varint" | "fixed" | "plainbytes" }
  | { readonly kind: "packed" | "unpacked"; readonly item: Encoding }
  | { readonly kind: "map"; readonly key: Encoding; readonly value: Encoding }
  | { readonly kind: "tuple"; readonly items: readonly Encoding[] }
  | { readonly kind: "user"; readonly typed: Typed };

export const GENERAL: Encoding = { kind: "general" };
export const GENERAL_PACKED: Encoding = { kind: "general_packed" };

/** As it would be written, with all parameters. */
export function encodingType(encoding: Encoding): RustType {
  const path = (name: string, ...args: Encoding[]): RustType => ({
    kind: "path",
    absolute: false,
    segments: [name],
    args: args.map(encodingType),
  });
  switch (encoding.kind) {
    case "packed":
    case "unpacked":
      return path(encoding.kind, encoding.item);
    case "map":
      return path("map", encoding.key, encoding.value);
    case "tuple":
      return { kind: "tuple", items: encoding.items.map(encodingType) };
    case "user":
      return encoding.typed.type;
    default:
      return path(encoding.kind);
  }
}

export function printEncoding(encoding: Encoding): string {
  return printType(encodingType(encoding));
}
