/**
 * Ports that end with the replica: after a halt or a stop no port is used and no callback that is
 * still on its way has an effect. Every callback runs under the same guard as every input.
 */
import type { DiskError, ReplicaPorts } from "./ports.ts";

type Done = (error?: DiskError) => void;

export interface Life {
  /** False: the call or callback is dropped. */
  readonly isOver: () => boolean;
  /** Runs an input; whatever it throws ends the replica and nothing else. */
  readonly guard: (input: () => void) => void;
}

export function mortalPorts(ports: ReplicaPorts, { isOver, guard }: Life): ReplicaPorts {
  const { clock, chance, disk, link, defer, trace } = ports;
  const alive =
    (done: Done): Done =>
    (error) => {
      if (!isOver()) guard(() => done(error));
    };
  return {
    clock,
    chance,
    disk: {
      list: (folder) => disk.list(folder),
      read: (path, offset, length) => disk.read(path, offset, length),
      size: (path) => disk.size(path),
      append: (path, parts, done) => {
        if (!isOver()) disk.append(path, parts, alive(done));
      },
      sync: (path, done) => {
        if (!isOver()) disk.sync(path, alive(done));
      },
      replace: (path, bytes, done) => {
        if (!isOver()) disk.replace(path, bytes, alive(done));
      },
      rename: (from, to, done) => {
        if (!isOver()) disk.rename(from, to, alive(done));
      },
      truncate: (path, length, done) => {
        if (!isOver()) disk.truncate(path, length, alive(done));
      },
      remove: (path, done) => {
        if (!isOver()) disk.remove(path, alive(done));
      },
    },
    link: {
      dial: (address) => (isOver() ? -1 : link.dial(address)),
      send: (connection, parts) => isOver() || link.send(connection, parts),
      close: (connection) => {
        if (!isOver()) link.close(connection);
      },
    },
    observe: (event) => {
      if (!isOver()) ports.observe(event);
    },
    halt: (reason) => ports.halt(reason),
    ...(defer && {
      defer: (work: () => void) => {
        defer(() => {
          if (!isOver()) guard(work);
        });
      },
    }),
    ...(trace && {
      trace: (line: string) => {
        if (!isOver()) trace(line);
      },
    }),
  };
}
