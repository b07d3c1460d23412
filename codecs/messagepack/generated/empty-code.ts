/** What an absent plain field reads as, as an expression: the same as `emptyValue` makes. */
import { emptyConstant } from "../../generation/empty-code.ts";
import type { MessageShape, Shape } from "../../schema/shape.ts";

export function emptyCode(type: Shape): string {
  if (type.kind === "message") return emptyMessage(type.message());
  if (type.kind === "map") return "new Map()";
  return emptyConstant(type) ?? "[]";
}

function emptyMessage({ members }: MessageShape): string {
  const parts = members.map((member) => {
    const isMade = member.kind === "field" && member.presence === "implicit";
    return `${JSON.stringify(member.name)}: ${isMade ? emptyCode(member.type) : "undefined"}`;
  });
  return `{ ${parts.join(", ")} }`;
}
