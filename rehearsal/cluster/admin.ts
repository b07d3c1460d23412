/** Asks a node over its admin protocol, which every release since the first one speaks. Types only are imported from us: the node may be older or newer. */
import type { NodeStatus } from "./status.ts";

export interface AdminAnswer {
  readonly ok: boolean;
  readonly code?: string;
  readonly message?: string;
}

const TIMEOUT_MS = 2_000;
/** Activation and snapshots wait for the disks of a majority. */
const COMMAND_TIMEOUT_MS = 10_000;

export class Admin {
  readonly #address: string;

  constructor(address: string) {
    this.#address = address;
  }

  /** Undefined when nobody answers: a node that is down is a normal sight here. */
  async status(): Promise<NodeStatus | undefined> {
    return (await this.#read("/status"))?.json as NodeStatus | undefined;
  }

  async digest(index: number): Promise<string | undefined> {
    const answer = (await this.#read(`/digest?index=${index}`))?.json as
      | { digest?: string }
      | undefined;
    return answer?.digest;
  }

  async metrics(): Promise<string | undefined> {
    return (await this.#read("/metrics"))?.text;
  }

  async command(path: string, body: unknown = {}): Promise<AdminAnswer> {
    try {
      const response = await fetch(`http://${this.#address}${path}`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(COMMAND_TIMEOUT_MS),
      });
      return (await response.json()) as AdminAnswer;
    } catch (error) {
      return { ok: false, code: "Unreachable", message: String(error) };
    }
  }

  async #read(
    path: string,
  ): Promise<{ readonly text: string; readonly json: unknown } | undefined> {
    try {
      const signal = AbortSignal.timeout(TIMEOUT_MS);
      const response = await fetch(`http://${this.#address}${path}`, { signal });
      const text = await response.text();
      if (!response.ok) return undefined;
      const isJson = response.headers.get("content-type")?.includes("json") ?? false;
      return { text, json: isJson ? JSON.parse(text) : undefined };
    } catch {
      return undefined;
    }
  }
}
