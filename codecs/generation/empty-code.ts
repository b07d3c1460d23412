/** What an absent plain field reads as, as an expression. */
import type { Shape } from "../schema/shape.ts";

/** Undefined for what must be made anew each time. */
export function emptyConstant(type: Shape): string | undefined {
  switch (type.kind) {
    case "bool":
      return "false";
    case "integer":
      return type.as === "bigint" ? "0n" : "0";
    case "float":
      return "0";
    case "string":
      return '""';
    case "bytes":
      return "NO_BYTES";
    case "enumeration": {
      const zero = [...type.enumeration.variants].find(([, number]) => number === 0);
      return JSON.stringify(zero?.[0] ?? "unknown(0)");
    }
    default:
      return undefined;
  }
}
