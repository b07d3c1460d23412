/**
 * Reads a key-value history as Jepsen prints it, one event a line:
 * `{:process 0, :type :invoke, :f :append, :key "0", :value "x"}`. A `:fail` did not happen. An
 * `:info`, a call without return, and a call whose process calls again without an answer have an
 * unknown outcome. Stamps are line numbers.
 */
import { type Edn, EdnError, type EdnMap, isKeyword, readEdn } from "./edn.ts";
import type { Operation } from "./history.ts";
import type { KeyValueInput, KeyValueOutput } from "./key-value.ts";

type KeyValueOperation = Operation<KeyValueInput, KeyValueOutput>;

export class HistoryTextError extends Error {
  override readonly name = "HistoryTextError";
}

interface Event {
  readonly process: number;
  readonly type: string;
  readonly call: string;
  readonly key: string;
  readonly value: Edn;
}

export function readKeyValueHistory(text: string): readonly KeyValueOperation[] {
  const operations: KeyValueOperation[] = [];
  const open = new Map<number, { readonly event: Event; readonly line: number }>();
  text.split("\n").forEach((content, index) => {
    const line = index + 1;
    const event = readEvent(content, line);
    if (event === undefined) return;
    const call = open.get(event.process);
    if (event.type === "invoke") {
      if (call !== undefined) operations.push(operationOf(call.event, call.line));
      open.set(event.process, { event, line });
      return;
    }
    if (call === undefined || call.event.call !== event.call || call.event.key !== event.key)
      throw new HistoryTextError(
        `Cannot read line ${line}: process ${event.process} has no open ${event.call} of key "${event.key}"`,
      );
    open.delete(event.process);
    if (event.type === "info") operations.push(operationOf(call.event, call.line));
    if (event.type === "ok") operations.push(operationOf(call.event, call.line, { event, line }));
  });
  for (const { event, line } of open.values()) operations.push(operationOf(event, line));
  return operations.sort((a, b) => a.calledAt - b.calledAt);
}

/** Undefined for an empty line, a comment, and what a nemesis (a process without number) did. */
function readEvent(content: string, line: number): Event | undefined {
  if (/^\s*(;.*)?$/.test(content)) return undefined;
  const fields = readFields(content, line);
  const process = fields.get("process");
  if (isKeyword(process)) return undefined;
  const type = nameOf(fields, "type", line);
  if (typeof process !== "number") throw problem(line, ":process is no number");
  if (!["invoke", "ok", "info", "fail"].includes(type)) throw problem(line, `:type is :${type}`);
  const key = fields.get("key");
  if (typeof key !== "string" && typeof key !== "number")
    throw problem(line, ":key is neither text nor number");
  const value = fields.get("value") ?? null;
  return { process, type, call: nameOf(fields, "f", line), key: String(key), value };
}

function readFields(content: string, line: number): EdnMap {
  try {
    const fields = readEdn(content);
    if (fields instanceof Map) return fields;
  } catch (error) {
    if (error instanceof EdnError) throw problem(line, error.message);
    throw error;
  }
  throw problem(line, "the event is no map");
}

function nameOf(fields: EdnMap, field: string, line: number): string {
  const value = fields.get(field);
  if (isKeyword(value)) return value.keyword;
  throw problem(line, `:${field} is missing`);
}

function operationOf(
  call: Event,
  line: number,
  answer?: { readonly event: Event; readonly line: number },
): KeyValueOperation {
  const input = inputOf(call, line);
  const operation = { client: call.process, input, calledAt: line };
  if (answer === undefined) return operation;
  return { ...operation, outcome: { at: answer.line, output: outputOf(input, answer) } };
}

function inputOf({ call, key, value }: Event, line: number): KeyValueInput {
  switch (call) {
    case "get":
    case "delete":
      return { key, kind: call };
    case "put":
    case "append":
      return { key, kind: call, value: textOf(value, line) };
    case "cas": {
      const [expected, next] = Array.isArray(value) ? (value as readonly Edn[]) : [];
      if (expected === undefined || next === undefined)
        throw problem(line, ":value of :cas is no pair");
      const from = expected === null ? null : textOf(expected, line);
      return { key, kind: "compareAndSwap", expected: from, value: textOf(next, line) };
    }
    default:
      throw problem(line, `:f is :${call}, get, put, append, delete or cas is needed`);
  }
}

/** The files know no absent key: it reads as the empty text. An answered cas is one that swapped; others are `:fail`. */
function outputOf(
  input: KeyValueInput,
  { event, line }: { readonly event: Event; readonly line: number },
): KeyValueOutput {
  if (input.kind === "compareAndSwap") return { swapped: true };
  if (input.kind !== "get") return {};
  return { value: event.value === null ? "" : textOf(event.value, line) };
}

function textOf(value: Edn, line: number): string {
  if (typeof value === "string" || typeof value === "number") return String(value);
  throw problem(line, ":value is neither text nor number");
}

function problem(line: number, what: string): HistoryTextError {
  return new HistoryTextError(`Cannot read line ${line}: ${what}`);
}
