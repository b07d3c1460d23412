export type { CfgFacts } from "./cfg.ts";
export type { Note, Unresolved } from "./definitions.ts";
export { SourceError, type SourceErrorCode, type SourcePlace, type WantedType } from "./errors.ts";
export type { SourceLocation } from "./location.ts";
export { type RustOptions, type RustSchemas, readRustSources, type SourceFile } from "./read.ts";
export { readRustFiles } from "./read-files.ts";
export type { TypeMap } from "./type-map.ts";
export type { TagRange } from "./words.ts";
