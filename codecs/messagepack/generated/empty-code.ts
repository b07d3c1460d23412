/** What an absent plain field reads as, as an expression: the same as `emptyValue` makes. */
import type { Shape } from "../../schema/shape.ts";

export function emptyCode(type: Shape): string {
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
    case "message": {
      const parts = type
        .message()
        .members.flatMap((member) =>
          member.kind === "field" && member.presence === "implicit"
            ? [`${JSON.stringify(member.name)}: ${emptyCode(member.type)}`]
            : [],
        );
      return `{ ${parts.join(", ")} }`;
    }
    case "map":
      return "new Map()";
    default:
      return "[]";
  }
}
