/**
 * The two forms of a vector file, told apart by content: one JSON object with `schemas` and `vectors`,
 * or JSON lines, of which the first holds the schemas and each further one is a row.
 */
import { parseJson, SuiteFileError } from "../tally.ts";

export interface VectorFile {
  readonly schemas: VectorSchemas;
  readonly rows: readonly VectorRow[];
}

export interface VectorSchemas {
  readonly enums: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** Enumerations whose order as map keys is that of their declaration, not of their numbers. */
  readonly enums_by_declaration: readonly string[];
  readonly oneofs: Readonly<Record<string, VectorOneof>>;
  readonly messages: Readonly<Record<string, VectorMessage>>;
}

export interface VectorOneof {
  readonly empty: string | null;
  readonly variants: Readonly<Record<string, VectorVariant>>;
}

export interface VectorVariant {
  readonly tag: number;
  readonly type?: string;
  readonly encoding?: string;
  readonly message?: readonly VectorField[];
  readonly tuple?: boolean;
}

interface VectorMessage {
  readonly fields: readonly VectorField[];
  readonly distinguished?: boolean;
  readonly as_enum?: string;
}

export interface VectorField {
  readonly name: string;
  readonly tag?: number;
  readonly type?: string;
  readonly encoding?: string;
  readonly oneof?: string;
}

export interface VectorRow {
  readonly name: string;
  readonly kind: string;
  readonly schema?: string;
  readonly hex: string;
  readonly decode: string;
  readonly value?: unknown;
  readonly canonicity?: string | null;
  readonly restricted?: { readonly HasExtensions?: string; readonly Canonical?: string };
  readonly encode?: boolean;
  readonly reencode_hex?: string;
  readonly consumed?: number;
  readonly also?: readonly string[];
}

const NO_SCHEMAS: VectorSchemas = { enums: {}, enums_by_declaration: [], oneofs: {}, messages: {} };

export function parseVectorFile(text: string): VectorFile {
  const whole = wholeObject(text);
  if (whole !== undefined) return { schemas: schemasOf(whole), rows: whole.vectors.map(rowOf) };
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  const [head, ...rows] = lines.map((line, index) => parseJson(line, `line ${index + 1}`));
  if (!isObject(head)) throw new SuiteFileError("the first line must be an object with schemas");
  if ("hex" in head) return { schemas: NO_SCHEMAS, rows: [head, ...rows].map(rowOf) };
  return { schemas: schemasOf(head), rows: rows.map(rowOf) };
}

type ObjectWithVectors = Record<string, unknown> & { readonly vectors: readonly unknown[] };

/** Undefined when the text is not one object with vectors; then it can only be lines. */
function wholeObject(text: string): ObjectWithVectors | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    const isWhole = isObject(parsed) && Array.isArray(parsed.vectors);
    return isWhole ? (parsed as ObjectWithVectors) : undefined;
  } catch {
    return undefined;
  }
}

function schemasOf(holder: Record<string, unknown>): VectorSchemas {
  if (!isObject(holder.schemas)) throw new SuiteFileError("it has no schemas");
  return { ...NO_SCHEMAS, ...holder.schemas };
}

function rowOf(row: unknown, index: number): VectorRow {
  if (isObject(row) && typeof row.hex === "string" && typeof row.decode === "string") {
    return { name: `row ${index + 1}`, kind: "message", ...row } as VectorRow;
  }
  throw new SuiteFileError(`row ${index + 1} is not an object with hex and decode`);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
