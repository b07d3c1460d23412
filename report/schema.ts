/** JSON Schema (draft 2020-12) of the head; `test` and outside readers check reports with it. */
import { REPORT_SCHEMA_NAME } from "./head.ts";

export const REPORT_HEAD_SCHEMA: Readonly<Record<string, unknown>> = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  $id: REPORT_SCHEMA_NAME,
  type: "object",
  required: ["schema", "kind", "verdict", "counts", "durationMs", "command", "releases"],
  properties: {
    schema: { const: REPORT_SCHEMA_NAME },
    kind: { type: "string", pattern: "^[a-z][a-z-]*$" },
    verdict: { enum: ["pass", "fail", "unknown"] },
    counts: {
      type: "object",
      propertyNames: { pattern: "^[a-z][A-Za-z0-9]*$" },
      additionalProperties: { type: "number", minimum: 0 },
    },
    durationMs: { type: "number", minimum: 0 },
    command: { type: "string", minLength: 1 },
    seed: { type: "integer", minimum: 0 },
    releases: {
      type: "array",
      items: {
        type: "object",
        required: ["name", "digest"],
        properties: {
          name: { type: "string", minLength: 1 },
          digest: { type: "string", pattern: "^[0-9a-f]{64}$" },
        },
      },
    },
  },
};
