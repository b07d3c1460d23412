/**
 * Not every type has a form in every format. What only Bilrost can hold is refused for the others when
 * the protocol is defined, instead of being written as something that reads back differently.
 */
import { SchemaError } from "./errors.ts";
import type { MessageShape, Shape } from "./shape.ts";

/** Throws `SchemaError` naming the field, what it is, and what to use in its place. */
export function refuseBilrostOnly(root: MessageShape, format: string): void {
  const seen = new Set<MessageShape>();
  const visit = (message: MessageShape): void => {
    if (seen.has(message)) return;
    seen.add(message);
    for (const member of message.members) {
      const fields = member.kind === "oneof" ? member.variants : [member];
      for (const { name, type } of fields) look(`${message.name}.${name}`, type);
    }
  };
  const look = (place: string, type: Shape): void => {
    const special = specialOf(type);
    if (special !== undefined) {
      throw new SchemaError(
        `Cannot define ${place}: ${special[0]} exists in Bilrost only, and this version is ${format}; use ${special[1]}`,
      );
    }
    if (type.kind === "list") look(place, type.item);
    if (type.kind === "map") {
      if (["list", "map", "message"].includes(type.key.kind)) {
        throw new SchemaError(
          `Cannot define ${place}: a ${type.key.kind} is no key of a map in ${format}; use a list of messages`,
        );
      }
      look(place, type.key);
      look(place, type.value);
    }
    if (type.kind === "message") visit(type.message());
  };
  visit(root);
}

function specialOf(type: Shape): readonly [what: string, instead: string] | undefined {
  switch (type.kind) {
    case "time":
      return [type.type, "an integer or a message"];
    case "integer":
      return type.nonZero ? ["a non-zero integer", "a plain one"] : undefined;
    case "float":
      return type.as === "pattern" ? ["a float by its bits", "a plain float"] : undefined;
    case "bytes":
      return type.length === undefined ? undefined : ["a byte array of fixed length", "bytes"];
    case "list":
      if (type.set) return ["a set", "a list"];
      return type.length === undefined ? undefined : ["an array of fixed length", "a list"];
    case "message":
      return type.message().tuple ? ["a tuple", "a message"] : undefined;
    default:
      return undefined;
  }
}
