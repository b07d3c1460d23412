/** Where a client gets its connections from: each its own, or some that several clients share. */
import { type ConnectionOptions, ServerConnection } from "./connection.ts";

export interface ConnectionSource {
  open(options: ConnectionOptions): ServerConnection;
  /** The client does not use it any more; it may be closed when nobody does. */
  leave(connection: ServerConnection): void;
}

/** One client, one connection. */
export const ownConnections: ConnectionSource = {
  open: (options) => new ServerConnection(options),
  leave: (connection) => connection.close(),
};

/** Connections that several clients of one cluster share; see `shareConnections`. */
export interface SharedConnections {
  /** For the next client, the least used first. */
  next(): ConnectionSource;
}

/**
 * At most `count` connections to each server for all clients that are made with the result. What
 * they ask in one turn leaves in one write, which is much cheaper than a socket for each.
 */
export function shareConnections(count: number): SharedConnections {
  if (!Number.isSafeInteger(count) || count < 1)
    throw new TypeError(`Cannot share connections: their number must be 1 or more, not ${count}`);
  const slots = Array.from({ length: count }, () => new SharedSlot());
  let given = 0;
  return { next: () => slots[given++ % count] as SharedSlot };
}

class SharedSlot implements ConnectionSource {
  readonly #users: Map<ServerConnection, number> = new Map();
  readonly #byAddress: Map<string, ServerConnection> = new Map();

  /** The first to need it says who it belongs to; servers tell answers apart by their sessions. */
  open(options: ConnectionOptions): ServerConnection {
    const open = this.#byAddress.get(options.address);
    const connection = open && !open.isLost ? open : new ServerConnection(options);
    if (open && open !== connection) this.#users.delete(open);
    this.#byAddress.set(options.address, connection);
    this.#users.set(connection, (this.#users.get(connection) ?? 0) + 1);
    return connection;
  }

  leave(connection: ServerConnection): void {
    const users = (this.#users.get(connection) ?? 1) - 1;
    this.#users.set(connection, users);
    if (users > 0) return;
    this.#users.delete(connection);
    connection.close();
  }
}
