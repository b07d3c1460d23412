/**
 * The key-value service as a frozen `client.mjs` offers it. Written down here and not imported: the
 * bundle may be of any release, and its interface is only ever added to.
 */
import type { KeyValueInput, KeyValueOutput } from "../../sim/checkers/index.ts";

type Outcome<T> =
  | { readonly kind: "done"; readonly value: T }
  | { readonly kind: "failed" | "unknown"; readonly code: string; readonly message: string };

interface BundledClient {
  get(key: string): Promise<Outcome<Uint8Array | undefined>>;
  put(key: string, value: string): Promise<Outcome<undefined>>;
  append(key: string, value: string): Promise<Outcome<undefined>>;
  delete(key: string): Promise<Outcome<boolean>>;
  compareAndSwap(
    key: string,
    expected: string | undefined,
    value: string,
  ): Promise<Outcome<boolean>>;
  close(): Promise<void>;
}

export interface ServiceOptions {
  /** URL of `client.mjs`. */
  readonly bundle: string;
  readonly clusterId: string;
  readonly servers: readonly string[];
}

export interface Service {
  call(input: KeyValueInput): Promise<Outcome<KeyValueOutput>>;
  close(): Promise<void>;
}

/** Longer than any outage that the plan makes, so that most calls come to a known end. */
const TIMEOUT_MS = 10_000;

export async function openService({
  bundle,
  clusterId,
  servers,
}: ServiceOptions): Promise<Service> {
  const { createClient } = (await import(bundle)) as {
    createClient(options: object): BundledClient;
  };
  const client = createClient({ clusterId, addresses: servers, timeoutMs: TIMEOUT_MS });
  return { call: (input) => call(client, input), close: () => client.close() };
}

async function call(client: BundledClient, input: KeyValueInput): Promise<Outcome<KeyValueOutput>> {
  const { key } = input;
  switch (input.kind) {
    case "get":
      return outputOf(await client.get(key), (value) => ({
        value: value === undefined ? null : decoder.decode(value),
      }));
    case "put":
      return outputOf(await client.put(key, input.value), () => ({}));
    case "append":
      return outputOf(await client.append(key, input.value), () => ({}));
    case "delete":
      return outputOf(await client.delete(key), (existed) => ({ existed }));
    case "compareAndSwap": {
      const swapped = await client.compareAndSwap(key, input.expected ?? undefined, input.value);
      return outputOf(swapped, (value) => ({ swapped: value }));
    }
  }
}

const decoder = new TextDecoder("utf-8", { fatal: true });

function outputOf<T>(
  outcome: Outcome<T>,
  read: (value: T) => KeyValueOutput,
): Outcome<KeyValueOutput> {
  return outcome.kind === "done" ? { kind: "done", value: read(outcome.value) } : outcome;
}
