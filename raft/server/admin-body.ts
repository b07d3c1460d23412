/** Reads what an admin request says; whatever is wrong becomes one clear answer. */
import type { IncomingMessage } from "node:http";
import type { MemberAddress, MembershipChange, SingleMembershipChange } from "../replica/index.ts";
import { readAddress } from "./address.ts";

export class AdminError extends Error {
  override readonly name = "AdminError";
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

const BODY_BYTES_MAX = 64 * 1024;

/** An empty body counts as an empty object. */
export async function readBody(request: IncomingMessage): Promise<unknown> {
  const text = await readText(request);
  if (text.trim() === "") return {};
  try {
    return JSON.parse(text);
  } catch {
    throw new AdminError(400, "bad_json", "Cannot read the body: it must be JSON");
  }
}

export function readNumber(body: unknown, key: string): number {
  const value = (body as Readonly<Record<string, unknown>> | null)?.[key];
  if (isPositive(value)) return value;
  throw badBody(`"${key}" must be a whole number above 0`);
}

export function readIndex(query: URLSearchParams): number {
  const index = Number(query.get("index") ?? Number.NaN);
  if (Number.isSafeInteger(index) && index >= 0) return index;
  throw new AdminError(400, "bad_query", "Cannot read the query: ?index=N is needed");
}

export function readMembershipChange(body: unknown): MembershipChange {
  const { kind, changes } = (body ?? {}) as Readonly<Record<string, unknown>>;
  if (kind !== "joint") return readSingleChange(body);
  if (!Array.isArray(changes)) throw badBody('"changes" must be a list of changes');
  return { kind, changes: changes.map(readSingleChange) };
}

function readSingleChange(body: unknown): SingleMembershipChange {
  const { kind, id, member } = (body ?? {}) as Readonly<Record<string, unknown>>;
  if (kind === "remove") {
    if (isPositive(id)) return { kind, id };
    throw badBody('"id" must be a whole number above 0');
  }
  if (kind === "addVoter" || kind === "addLearner") return { kind, member: readMember(member) };
  throw badBody('"kind" must be "addVoter", "addLearner", "remove" or "joint"');
}

function readMember(value: unknown): MemberAddress {
  const { id, peerAddress, clientAddress } = (value ?? {}) as Readonly<Record<string, unknown>>;
  if (isPositive(id) && isAddress(peerAddress) && isAddress(clientAddress))
    return { id, peerAddress, clientAddress };
  throw badBody('"member" must have "id", "peerAddress" and "clientAddress" (host:port)');
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length > BODY_BYTES_MAX)
        throw new AdminError(
          413,
          "body_too_long",
          `Cannot read the body: at most ${BODY_BYTES_MAX} bytes`,
        );
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof AdminError) throw error;
    throw new AdminError(400, "body_cut", "Cannot read the body: the connection ended in it");
  }
  return Buffer.concat(chunks).toString("utf8");
}

function isPositive(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0;
}

function isAddress(value: unknown): value is string {
  return typeof value === "string" && readAddress(value) !== undefined;
}

function badBody(problem: string): AdminError {
  return new AdminError(400, "bad_body", `Cannot read the body: ${problem}`);
}
