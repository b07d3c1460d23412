/** Which message the body of a log entry is: the entry envelope of ARCHITECTURE.md. */
import type { InspectNode } from "../../codecs/index.ts";

const MESSAGES: Readonly<Record<string, string>> = {
  command: "Command",
  config: "ConfigChange",
  activate: "ActivateVersion",
  closeSession: "CloseSession",
};

/** Undefined for what is no entry, or one without a body that anybody knows. */
export function messageOfEntry(
  entry: InspectNode,
): { node: InspectNode; message: string; wireVersion: number } | undefined {
  if (entry.type !== "LogEntry") return undefined;
  const children = entry.readings[0]?.children ?? [];
  const named = (name: string): InspectNode | undefined =>
    children.find((child) => child.name === name && child.problem === undefined);
  const node = named("body");
  const kind = named("kind")?.readings[0]?.value;
  const wireVersion = named("version")?.readings[0]?.value;
  const message = typeof kind === "string" ? MESSAGES[kind] : undefined;
  if (!node || message === undefined || typeof wireVersion !== "number") return undefined;
  return { node, message, wireVersion };
}
