/**
 * What a wire version cannot hold of a value, found by the descriptions alone: the independent
 * judge of refusals and losses. Without it a codec that refuses everything would look clean.
 */

import { integerRange } from "../cases/scalars.ts";
import type { MemberDescription, TypeDescription } from "../codec-host.ts";
import { memberNamed, numberOfVariant, type SchemaView } from "../schema-view.ts";
import { isInteger } from "./compare.ts";
import { isEmpty, isObject } from "./empty.ts";

/** Paths of what has no place at the other version. */
export function findObstacles(
  message: string,
  value: unknown,
  from: SchemaView,
  to: SchemaView,
): string[] {
  return messageObstacles({ from, to }, message, message, value, "");
}

interface Views {
  readonly from: SchemaView;
  readonly to: SchemaView;
}

function messageObstacles(
  views: Views,
  name: string,
  otherName: string,
  value: unknown,
  path: string,
): string[] {
  const [message, other] = [views.from.message(name), views.to.message(otherName)];
  if (message === undefined || other === undefined) return [path];
  if (!isObject(value)) return [];
  return message.members.flatMap((member) =>
    memberObstacles(
      views,
      member,
      memberNamed(other, member.name),
      value[member.name],
      path === "" ? member.name : `${path}.${member.name}`,
    ),
  );
}

function memberObstacles(
  views: Views,
  member: MemberDescription,
  other: MemberDescription | undefined,
  value: unknown,
  path: string,
): string[] {
  if (member.kind === "field") {
    if (value === undefined || isEmpty(value, member, views.from)) return [];
    if (other?.kind !== "field") return [path];
    return typeObstacles(views, member.type, other.type, value, path);
  }
  if (!isObject(value)) return [];
  const variant = member.variants.find(({ name }) => name === value.case);
  const partner =
    other?.kind === "oneof" ? other.variants.find(({ name }) => name === value.case) : undefined;
  if (variant === undefined || partner === undefined) return [path];
  return typeObstacles(views, variant.type, partner.type, value.value, `${path}.${variant.name}`);
}

function typeObstacles(
  views: Views,
  type: TypeDescription,
  other: TypeDescription,
  value: unknown,
  path: string,
): string[] {
  if (type.kind !== other.kind) return [path];
  if (type.kind === "message" && other.kind === "message") {
    return messageObstacles(views, type.name, other.name, value, path);
  }
  if (type.kind === "list" && other.kind === "list" && Array.isArray(value)) {
    return value.flatMap((item, place) =>
      typeObstacles(views, type.item, other.item, item, `${path}[${place}]`),
    );
  }
  if (type.kind === "map" && other.kind === "map" && Array.isArray(value)) {
    return (value as [unknown, unknown][]).flatMap(([key, item]) => {
      const here = `${path}[${JSON.stringify(key)}]`;
      return [
        ...typeObstacles(views, type.key, other.key, key, here),
        ...typeObstacles(views, type.value, other.value, item, here),
      ];
    });
  }
  return holdsScalar(views.to, other, value) ? [] : [path];
}

function holdsScalar(to: SchemaView, other: TypeDescription, value: unknown): boolean {
  if (other.kind === "integer" && isInteger(value)) {
    const { min, max } = integerRange(other);
    const number = BigInt(value);
    return min <= number && number <= max;
  }
  if (other.kind === "enumeration") {
    const enumeration = to.enumeration(other.name);
    const isNamed = enumeration?.variants.some(({ name }) => name === value) === true;
    const isBareNumber = /^unknown\(/.test(String(value));
    return (
      isNamed ||
      (isBareNumber &&
        enumeration?.open === true &&
        numberOfVariant(enumeration, value) !== undefined)
    );
  }
  return true;
}
