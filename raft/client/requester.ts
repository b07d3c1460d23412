/**
 * Carries one operation after the other to whoever leads: finds the leader, opens the session,
 * sends again after a lost connection or a change of leader, and knows at the end whether the
 * operation can have had an effect.
 */
import { EncodeError } from "../../codecs/index.ts";
import type { ClientRequest, ClientResponse } from "../wire/index.ts";
import { ConnectionLost, type ServerConnection, type ServerIdentity } from "./connection.ts";
import type { ConnectionSource } from "./connection-source.ts";
import type { Outcome, Problem } from "./outcome.ts";
import { Pacing } from "./pacing.ts";

export interface RequesterOptions {
  readonly addresses: readonly string[];
  readonly clusterId: string;
  readonly clientId: number;
  readonly timeoutMs: number;
  readonly attemptTimeoutMs: number;
  readonly source: ConnectionSource;
}

export type Operation = NonNullable<ClientRequest["op"]>;

/** What one attempt came to. */
type Attempt =
  | { readonly kind: "answered"; readonly response: ClientResponse }
  | { readonly kind: "again"; readonly problem: Reason; readonly mayHaveHappened: boolean }
  | { readonly kind: "given-up"; readonly problem: Reason };

type Ending = Problem<"failed"> | Problem<"unknown">;

interface Reason {
  readonly code: string;
  readonly message: string;
}

export class Requester {
  readonly #options: RequesterOptions;
  readonly #incarnation: number = Date.now();
  #connection: ServerConnection | undefined;
  #lastServer: ServerIdentity | undefined;
  /** Where to go next: the leader as far as known, then one address after the other. */
  #redirect: string | undefined;
  #nextAddress: number;
  /** 0: none is open. */
  #session = 0;
  /** Of the last write; the session has seen none above it. */
  #sequence = 0;
  /** The last operation; the next one waits for it. Undefined: nothing is under way. */
  #turn: Promise<unknown> | undefined;
  #isClosed = false;

  constructor(options: RequesterOptions) {
    this.#options = options;
    this.#nextAddress = options.clientId % options.addresses.length;
  }

  get agreedVersion(): number {
    return this.#connection?.isLost === false ? (this.#connection.server?.agreed ?? 0) : 0;
  }

  get lastServer(): ServerIdentity | undefined {
    return this.#lastServer;
  }

  async run<T>(op: Operation, read: (response: ClientResponse) => T): Promise<Outcome<T>> {
    const end = await this.#inTurn(() => this.#carryOut(op));
    if (end.kind !== "done") return end;
    return { kind: "done", value: read(end.value), index: end.value.index };
  }

  /** The cluster may forget what it kept for our retries. False: there was no session. */
  async endSession(): Promise<Outcome<boolean>> {
    return await this.#inTurn(() => this.#endSession());
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#turn === undefined ? work() : this.#turn.then(work, work);
    this.#turn = mine;
    const isOver = (): void => {
      if (this.#turn === mine) this.#turn = undefined;
    };
    mine.then(isOver, isOver);
    return mine;
  }

  async #endSession(): Promise<Outcome<boolean>> {
    const session = this.#session;
    if (session === 0) return { kind: "done", value: false, index: 0 };
    const end = await this.#carryOut({ case: "closeSession", value: { session } });
    if (end.kind !== "done") return end;
    this.#session = 0;
    return { kind: "done", value: end.value.status === "ok", index: end.index };
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    if (this.#connection) this.#options.source.leave(this.#connection);
    await this.#turn?.catch(() => {});
  }

  async #carryOut(op: Operation): Promise<Outcome<ClientResponse>> {
    const deadline = performance.now() + this.#options.timeoutMs;
    const isWrite = isSessionWrite(op);
    if (isWrite) this.#sequence++;
    let mayHaveHappened = false;
    const pacing = new Pacing(deadline);
    let problem: Reason | undefined;
    while (!isOver(deadline) && !this.#isClosed) {
      const attempt = await this.#attempt(op, deadline, mayHaveHappened);
      if (attempt.kind === "answered")
        return { kind: "done", value: attempt.response, index: attempt.response.index };
      // An attempt that only our own deadline cut short says less than the one before it.
      if (problem === undefined || !isOver(deadline)) problem = attempt.problem;
      if (attempt.kind === "given-up") break;
      mayHaveHappened ||= attempt.mayHaveHappened;
      await pacing.next(this.#redirect !== undefined);
    }
    return ending(mayHaveHappened, this.#isClosed || problem === undefined ? CLOSED : problem);
  }

  /** One request to one server, with what must come before it: a connection and, to write, a session. */
  async #attempt(op: Operation, deadline: number, wasSent: boolean): Promise<Attempt> {
    const isWrite = isSessionWrite(op);
    let isSent = false;
    try {
      const connection = this.#openConnection ?? (await this.#connect(deadline));
      if (isWrite && this.#session === 0) {
        const opened = await this.#openSession(connection, deadline);
        if (opened !== undefined) return opened;
      }
      const request = isWrite
        ? { session: this.#session, sequence: this.#sequence, op }
        : { session: 0, sequence: connection.nextNumber(), op };
      isSent = isWrite;
      const response = await connection.request(request, this.#timeLeft(deadline));
      return this.#judge(response, isWrite, wasSent);
    } catch (error) {
      if (error instanceof EncodeError)
        return { kind: "given-up", problem: { code: "malformed", message: error.message } };
      if (!(error instanceof ConnectionLost)) throw error;
      this.#connection = undefined;
      this.#redirect = undefined;
      return { kind: "again", problem: error, mayHaveHappened: isSent };
    }
  }

  /** Undefined: it is open now. A session opened twice costs nothing: the first is forgotten in time. */
  async #openSession(connection: ServerConnection, deadline: number): Promise<Attempt | undefined> {
    const op: Operation = { case: "openSession", value: {} };
    const request = { session: 0, sequence: connection.nextNumber(), op };
    const response = await connection.request(request, this.#timeLeft(deadline));
    if (response.status !== "ok") return this.#judge(response, false, false);
    this.#session = response.session;
    return undefined;
  }

  #judge(response: ClientResponse, isWrite: boolean, wasSent: boolean): Attempt {
    const { status } = response;
    if (status === "ok" || status === "notFound" || status === "mismatch")
      return { kind: "answered", response };
    const problem = { code: String(status), message: sentenceFor(response) };
    switch (status) {
      case "notLeader":
        this.#redirectTo(response.leaderAddress);
        return { kind: "again", problem, mayHaveHappened: false };
      case "busy":
        return { kind: "again", problem, mayHaveHappened: false };
      case "unavailable":
        return { kind: "again", problem, mayHaveHappened: isWrite };
      case "unknownSession":
        if (!isWrite) return { kind: "answered", response };
        // Applied by nobody, unless an earlier attempt was and the session was forgotten since.
        this.#session = 0;
        return wasSent
          ? { kind: "given-up", problem: { ...problem, code: "session_lost" } }
          : { kind: "again", problem, mayHaveHappened: false };
      default:
        return { kind: "given-up", problem };
    }
  }

  get #openConnection(): ServerConnection | undefined {
    return this.#connection?.isLost === false ? this.#connection : undefined;
  }

  async #connect(deadline: number): Promise<ServerConnection> {
    const { clusterId, clientId, addresses } = this.#options;
    const address = this.#redirect ?? addresses[this.#nextAddress % addresses.length] ?? "";
    if (this.#redirect === undefined) this.#nextAddress++;
    this.#redirect = undefined;
    const incarnation = this.#incarnation;
    const connection = this.#options.source.open({ address, clusterId, clientId, incarnation });
    this.#connection = connection;
    this.#lastServer = await connection.greet(this.#timeLeft(deadline));
    return connection;
  }

  /** An empty address: nobody is known to lead, so somebody else is asked after a pause. */
  #redirectTo(address: string): void {
    if (this.#connection) this.#options.source.leave(this.#connection);
    this.#connection = undefined;
    this.#redirect = address === "" ? undefined : address;
  }

  #timeLeft(deadline: number): number {
    return Math.max(1, Math.min(this.#options.attemptTimeoutMs, deadline - performance.now()));
  }
}

/** Writes are numbered in their session, so that a retry counts once. */
function isSessionWrite({ case: kind }: Operation): boolean {
  return kind !== "get" && kind !== "closeSession";
}

/** Timers may be early by a moment, and a moment is no time for an attempt. */
function isOver(deadline: number): boolean {
  return performance.now() > deadline - MOMENT_MS;
}

const MOMENT_MS = 5;

const CLOSED: Reason = { code: "closed", message: "Cannot go on: the client was closed" };

function ending(mayHaveHappened: boolean, { code, message }: Reason): Ending {
  return { kind: mayHaveHappened ? "unknown" : "failed", code, message };
}

function sentenceFor({ status, leader }: ClientResponse): string {
  if (status === "notLeader")
    return `Cannot find the leader: the server says it is ${leader || "unknown"}`;
  return `Cannot finish: the server answers "${status}"`;
}
