/** The one way to make a replica. Whatever goes wrong inside ends it by `halt`; nothing is ever thrown at the owner. */
import { assert } from "../../base/index.ts";
import { openDirectory } from "./directory.ts";
import { mortalPorts } from "./mortal-ports.ts";
import type {
  Outcome,
  Replica,
  ReplicaGlance,
  ReplicaOptions,
  ReplicaPorts,
  StartOutcome,
} from "./ports.ts";
import { DirectoryRefused, refuse } from "./refusal.ts";
import { RunningReplica } from "./running.ts";

export function createReplica(options: ReplicaOptions, ports: ReplicaPorts): Replica {
  return new GuardedReplica(options, ports);
}

type Done = (outcome: Outcome) => void;

class GuardedReplica implements Replica {
  private readonly options: ReplicaOptions;
  private readonly ports: ReplicaPorts;
  private running: RunningReplica | undefined;
  /** Inputs that came while the directory was being prepared, and outcomes that must not come from inside the call. */
  private waiting: (() => void)[] = [];
  private isPrepared = false;
  private isOver = false;

  constructor(options: ReplicaOptions, ports: ReplicaPorts) {
    this.options = options;
    this.ports = ports;
  }

  start(): StartOutcome {
    assert(this.running === undefined, "a replica is started once");
    const ports = mortalPorts(this.ports, {
      isOver: () => this.isOver,
      guard: (input) => this.guard(input),
    });
    const { options } = this;
    try {
      const opened = openDirectory(ports.disk, options);
      const halt = (code: string, message: string): void => this.end(code, message);
      this.running = new RunningReplica(opened, { options, ports, halt });
    } catch (error) {
      if (!(error instanceof DirectoryRefused)) throw error;
      return { started: false, code: error.code, message: error.message };
    }
    const { running } = this;
    this.guard(() =>
      running.prepare(() => {
        this.isPrepared = true;
        this.settle();
        running.pump();
      }),
    );
    return { started: true };
  }

  onTick(): void {
    this.guard(() => {
      if (!this.isPrepared) return;
      this.settle();
      this.running?.onTick();
    });
  }

  onAccept(connection: number, side: "peer" | "client"): void {
    this.input((running) => running.connections.onAccept(connection, side));
  }

  onOpen(connection: number): void {
    this.input((running) => running.connections.onOpen(connection));
  }

  onBytes(connection: number, bytes: Uint8Array): void {
    this.input((running) => {
      running.connections.onBytes(connection, bytes);
      running.pumpSoon();
    });
  }

  onClose(connection: number): void {
    this.input((running) => {
      running.connections.onClose(connection);
      running.pump();
    });
  }

  status(): ReturnType<Replica["status"]> {
    assert(this.running !== undefined, "a status is asked of a replica that was started");
    return this.running.status();
  }

  glance(): ReplicaGlance {
    assert(this.running !== undefined, "a glance is cast at a replica that was started");
    return this.running.glance();
  }

  digestAt(index: number): string | undefined {
    return this.running?.digestAt(index);
  }

  transferLeadership(to: number, done: Done): void {
    this.order(done, (running, later) => running.operator.transferLeadership(to, later));
  }

  takeSnapshot(done: Done): void {
    this.order(done, (running, later) => running.takeSnapshot(later));
  }

  activate(version: number, done: Done): void {
    this.order(done, (running, later) => running.activate(version, later));
  }

  changeMembership(change: Parameters<Replica["changeMembership"]>[0], done: Done): void {
    this.order(done, (running, later) => running.operator.changeMembership(change, later));
  }

  stop(done: () => void): void {
    if (this.isOver || !this.running) {
      this.isOver = true;
      return done();
    }
    const { running } = this;
    this.guard(() =>
      running.stop(() => {
        this.settle();
        this.isOver = true;
        done();
      }),
    );
  }

  /** An input waits until the directory is prepared, so that they keep their order. */
  private input(take: (running: RunningReplica) => void): void {
    this.guard(() => {
      const { running } = this;
      if (!running) return;
      if (!this.isPrepared) this.waiting.push(() => take(running));
      else take(running);
    });
  }

  /** An outcome never comes from inside the call that asked for it; it waits for the next tick. */
  private order(done: Done, give: (running: RunningReplica, later: Done) => void): void {
    if (this.isOver || !this.running) {
      this.waiting.push(() => done(refuse("not_running", "Cannot do that: the node does not run")));
      return;
    }
    let isInside = true;
    const later: Done = (outcome) => {
      if (isInside) this.waiting.push(() => done(outcome));
      else done(outcome);
    };
    this.input((running) => give(running, later));
    isInside = false;
  }

  private settle(): void {
    const waiting = this.waiting;
    this.waiting = [];
    for (const run of waiting) run();
  }

  private guard(input: () => void): void {
    if (this.isOver) return;
    try {
      input();
    } catch (error) {
      const isError = error instanceof Error;
      const message = isError ? `${error.message} (${error.stack ?? "no stack"})` : String(error);
      this.end(
        isError && error.name === "AssertionError" ? "broken_invariant" : "unexpected",
        message,
      );
    }
  }

  private end(code: string, message: string): void {
    if (this.isOver) return;
    this.isOver = true;
    this.running?.kill();
    this.ports.halt({ code, message });
  }
}
