/** A place in a schema, from the root message: what generated code names instead of holding a shape. */
import { assert } from "../../base/index.ts";
import type { FieldShape, MessageShape, OneofShape, Shape } from "../schema/shape.ts";

/** Name of a member or a oneof's variant, then `item`, `key` or `value` marked by a colon. */
export type ShapePath = readonly string[];

/** The type at a path. */
export function shapeAt(root: MessageShape, path: ShapePath): Shape {
  let type: Shape = { kind: "message", message: () => root };
  for (let at = 0; at < path.length; at++) {
    const step = path[at] as string;
    if (step === ":item") type = (type as { readonly item: Shape }).item;
    else if (step === ":key") type = (type as { readonly key: Shape }).key;
    else if (step === ":value") type = (type as { readonly value: Shape }).value;
    else {
      assert(type.kind === "message", `${path.join(".")} leads through messages`);
      const member: FieldShape | OneofShape | undefined = type
        .message()
        .members.find(({ name }) => name === step);
      assert(member !== undefined, `${path.join(".")} is in the schema`);
      if (member.kind === "field") type = member.type;
      else {
        at += 1;
        const variant = member.variants.find(({ name }) => name === path[at]) as FieldShape;
        type = variant.type;
      }
    }
  }
  return type;
}
