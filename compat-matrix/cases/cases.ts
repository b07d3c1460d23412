/**
 * The cases of each message at one wire version, made from its description alone: the same
 * description gives the same cases on every machine and on every day.
 */
import type { MessageDescription } from "../codec-host.ts";
import type { SchemaView } from "../schema-view.ts";
import { emptyMessage } from "../values/empty.ts";
import { type SampleOptions, sampleMessage } from "./sample.ts";
import { sitesOf } from "./sites.ts";

export interface MessageCase {
  readonly case: string;
  readonly value: unknown;
}

/** Above 16 511, where a Bilrost length takes three bytes (a protobuf one above 16 383). */
const LONG_BYTES = 16_600;
const MANY = { scalars: 200, messages: 20 };

const STYLES: readonly { readonly name: string; readonly options: SampleOptions }[] = [
  { name: "minimal", options: { style: "minimal", withOptionals: false } },
  { name: "typical", options: { style: "typical", withOptionals: true } },
  { name: "boundary: largest", options: { style: "top", withOptionals: true } },
  { name: "boundary: smallest", options: { style: "bottom", withOptionals: true } },
  { name: "boundary: length edges", options: { style: "edge", withOptionals: true } },
];

export function casesOf(message: MessageDescription, view: SchemaView): MessageCase[] {
  const empty = { case: "empty", value: emptyMessage(message, view) };
  if (message.members.length === 0) return [empty];
  return [
    empty,
    ...STYLES.map(({ name, options }) => ({
      case: name,
      value: sampleMessage(message, view, options),
    })),
    ...manyItems(message, view),
    ...longContent(message, view),
    ...sitesOf(message, view).map(({ name, goal }) => ({
      case: name,
      value: sampleMessage(message, view, { style: "minimal", withOptionals: false, goal }),
    })),
  ];
}

function manyItems(message: MessageDescription, view: SchemaView): MessageCase[] {
  const hasItems = message.members.some(
    (member) =>
      member.kind === "field" && (member.type.kind === "list" || member.type.kind === "map"),
  );
  if (!hasItems) return [];
  const options: SampleOptions = { style: "minimal", withOptionals: false, items: MANY };
  return [{ case: "many items", value: sampleMessage(message, view, options) }];
}

function longContent(message: MessageDescription, view: SchemaView): MessageCase[] {
  const field = message.members.find(
    (member) =>
      member.kind === "field" && (member.type.kind === "bytes" || member.type.kind === "string"),
  );
  if (field?.kind !== "field") return [];
  const value =
    field.type.kind === "bytes" ? { hex: "5a".repeat(LONG_BYTES) } : "é".repeat(LONG_BYTES / 2);
  const goal = { path: [field.name], value };
  return [
    {
      case: "long content",
      value: sampleMessage(message, view, { style: "minimal", withOptionals: false, goal }),
    },
  ];
}
