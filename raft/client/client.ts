/**
 * A client of the replicated key-value service. Each frozen release carries its client for ever,
 * so this interface is only ever added to.
 *
 * ```ts
 * const client = createClient({ addresses: ["127.0.0.1:7002"], clusterId: "0123…" });
 * const written = await client.put("color", "blue");
 * if (written.kind === "unknown") …; // The write may have happened: the answer was lost.
 * await client.close();
 * ```
 *
 * A client does one operation at a time; what is called meanwhile waits its turn, and its time
 * counts from its turn. Writes go through a session, so that one that is sent again, over another
 * connection or to another leader, counts once. Many clients in one process are cheap: each has
 * one socket and, while it waits, one timer.
 */

import type { ServerIdentity } from "./connection.ts";
import { ownConnections, type SharedConnections } from "./connection-source.ts";
import { randomClientId, toBytes } from "./input.ts";
import type { Outcome } from "./outcome.ts";
import { Requester } from "./requester.ts";

/** Rises when members are added to `Client` or `ClientOptions`. */
export const CLIENT_VERSION = 3;

export interface ClientOptions {
  /** Client addresses of some members, `host:port`; the leader's is learnt from them. */
  readonly addresses: readonly string[];
  /** 32 hex digits. */
  readonly clusterId: string;
  /** 1 … 2^53 - 1; drawn when absent. */
  readonly clientId?: number;
  /** After this time an operation ends as `failed` or `unknown`; default 5000. */
  readonly timeoutMs?: number;
  /** A server that has not answered after this time is left for another; default 1000. */
  readonly attemptTimeoutMs?: number;
  /** Connections that it shares with other clients of the same cluster; absent: one of its own. Since version 3. */
  readonly shared?: SharedConnections;
}

/** Text is taken as UTF-8. */
export type Bytes = Uint8Array | string;

export interface Client {
  readonly clientId: number;
  /** Wire version of the present connection, 0 when there is none. */
  readonly agreedVersion: number;
  /** Who answered last, also after that connection is gone. */
  readonly lastServer: ServerIdentity | undefined;
  /** Linearizable; `value` is undefined when there is no such key. */
  get(key: Bytes): Promise<Outcome<Uint8Array | undefined>>;
  put(key: Bytes, value: Bytes): Promise<Outcome<undefined>>;
  /** To the end of the value; an absent key counts as empty. */
  append(key: Bytes, value: Bytes): Promise<Outcome<undefined>>;
  /** `value`: whether the key was there. */
  delete(key: Bytes): Promise<Outcome<boolean>>;
  /** `value`: whether it was exchanged. `expected` undefined: the key must not exist. */
  compareAndSwap(key: Bytes, expected: Bytes | undefined, value: Bytes): Promise<Outcome<boolean>>;
  /**
   * Ends the session, so that the cluster need not remember it; the next write opens another one.
   * `value`: whether the cluster had it. Fails before wire version 4 is active. Since version 2 of the client.
   */
  endSession(): Promise<Outcome<boolean>>;
  /** What is under way ends as after its time. */
  close(): Promise<void>;
}

/** Connects when the first operation needs it. Throws `TypeError` on options that can not work. */
export function createClient(options: ClientOptions): Client {
  return new KeyValueClient(options);
}

class KeyValueClient implements Client {
  readonly clientId: number;
  readonly #requester: Requester;

  constructor({ clientId = randomClientId(), timeoutMs = 5_000, ...options }: ClientOptions) {
    if (options.addresses.length === 0)
      throw new TypeError("Cannot make a client: an address is needed");
    if (!/^[0-9a-f]{32}$/.test(options.clusterId))
      throw new TypeError(
        `Cannot make a client: the cluster id must be 32 hex digits, not "${options.clusterId}"`,
      );
    if (!Number.isSafeInteger(clientId) || clientId < 1)
      throw new TypeError(`Cannot make a client: its id must be 1 to 2^53 - 1, not ${clientId}`);
    this.clientId = clientId;
    this.#requester = new Requester({
      addresses: options.addresses,
      clusterId: options.clusterId,
      clientId,
      timeoutMs,
      attemptTimeoutMs: options.attemptTimeoutMs ?? 1_000,
      source: options.shared?.next() ?? ownConnections,
    });
  }

  get agreedVersion(): number {
    return this.#requester.agreedVersion;
  }

  get lastServer(): ServerIdentity | undefined {
    return this.#requester.lastServer;
  }

  async get(key: Bytes): Promise<Outcome<Uint8Array | undefined>> {
    return await this.#requester.run(
      { case: "get", value: { key: toBytes(key) } },
      ({ status, value }) => (status === "ok" ? value?.slice() : undefined),
    );
  }

  async put(key: Bytes, value: Bytes): Promise<Outcome<undefined>> {
    const write = { key: toBytes(key), value: toBytes(value) };
    return await this.#requester.run({ case: "put", value: write }, () => undefined);
  }

  async append(key: Bytes, value: Bytes): Promise<Outcome<undefined>> {
    const write = { key: toBytes(key), value: toBytes(value) };
    return await this.#requester.run({ case: "append", value: write }, () => undefined);
  }

  async delete(key: Bytes): Promise<Outcome<boolean>> {
    return await this.#requester.run(
      { case: "delete", value: { key: toBytes(key) } },
      ({ status }) => status === "ok",
    );
  }

  async compareAndSwap(
    key: Bytes,
    expected: Bytes | undefined,
    value: Bytes,
  ): Promise<Outcome<boolean>> {
    const swap = {
      key: toBytes(key),
      expected: expected === undefined ? undefined : toBytes(expected),
      value: toBytes(value),
    };
    return await this.#requester.run(
      { case: "compareAndSwap", value: swap },
      ({ status }) => status === "ok",
    );
  }

  async endSession(): Promise<Outcome<boolean>> {
    return await this.#requester.endSession();
  }

  async close(): Promise<void> {
    await this.#requester.close();
  }
}
