/** Clients of the simulated service: one operation at a time each, asked again until it is answered. */
import type { ClientRequest, ClientResponse } from "../raft/wire/index.ts";
import type { KeyValueInput, KeyValueOutput, Operation } from "./checkers/index.ts";
import { Violation } from "./violation.ts";
import { SeededChance, text, type VirtualClient, type VirtualTime } from "./world/index.ts";

const TICK_MS = 25;
const PATIENCE_MS = 300;
const KEYS = ["a", "b", "c", "d"];
/** Fills large values; the history knows them without it. */
const FILLING = "=";
/** The first one in which a session can be closed. */
const CLOSING_VERSION = 4;
const CLOSE_EVERY = 20;

type Call = { input: KeyValueInput; outcome?: { at: number; output: KeyValueOutput } } & Omit<
  Operation<KeyValueInput, KeyValueOutput>,
  "input" | "outcome"
>;

export interface WorkloadParts {
  readonly time: VirtualTime;
  readonly seed: number;
  /** Numbers of the addresses at which a node listens now: clients know them from elsewhere. */
  readonly addresses: () => readonly number[];
  /** Operations that each client begins. */
  readonly operationsMax: number;
  /** Some of the values that are put have so many bytes; 0: none. */
  readonly largeValueBytes: number;
  readonly closesSessions: boolean;
}

export class Workload {
  readonly history: Call[] = [];
  readonly callers: readonly Caller[];
  private clock = 0;

  constructor(clients: readonly VirtualClient[], parts: WorkloadParts) {
    this.callers = clients.map(
      (client, place) => new Caller(client, place + 1, { ...parts, workload: this }),
    );
  }

  start(): void {
    for (const caller of this.callers) caller.tick();
  }

  /** No operation begins any more. */
  drain(): void {
    for (const caller of this.callers) caller.isDraining = true;
  }

  readAll(): void {
    for (const caller of this.callers) caller.readsLeft = [...KEYS];
  }

  get isIdle(): boolean {
    return this.callers.every(({ isIdle }) => isIdle);
  }

  stamp(): number {
    return ++this.clock;
  }
}

class Caller {
  isDraining = false;
  readsLeft: string[] = [];
  private readonly client: VirtualClient;
  private readonly id: number;
  private readonly chance: SeededChance;
  private readonly parts: WorkloadParts & { readonly workload: Workload };
  private session = 0;
  private sequence = 0;
  private call: Call | undefined;
  /** The request under way closes the session. */
  private isClosing = false;
  /** Last value read or written of each key. */
  private readonly known: Map<string, string | null> = new Map();
  private wasSent = false;
  private sinceMs = Number.NEGATIVE_INFINITY;
  private count = 0;
  /** Of ten operations. Whoever reads all the time asks a leader that was deposed, too. */
  private readonly readsOfTen: number;
  private begun = 0;

  constructor(
    client: VirtualClient,
    id: number,
    parts: WorkloadParts & { readonly workload: Workload },
  ) {
    this.client = client;
    this.id = id;
    this.parts = parts;
    this.chance = new SeededChance(parts.seed * 31 + id);
    this.readsOfTen = [3, 3, 9][this.chance.below(3)] ?? 3;
    client.onAnswer = () => this.onAnswer();
  }

  get isIdle(): boolean {
    return this.call === undefined && this.readsLeft.length === 0;
  }

  tick(): void {
    const { time } = this.parts;
    if (time.nowMs() - this.sinceMs > PATIENCE_MS && !this.isResting) this.dialAny();
    else if (this.client.isConnected && !this.wasSent) this.send();
    time.after(TICK_MS, () => this.tick());
  }

  private get isResting(): boolean {
    return (this.isDraining || this.begun >= this.parts.operationsMax) && this.isIdle;
  }

  private dialAny(): void {
    const addresses = this.parts.addresses();
    this.dial(addresses[this.chance.below(Math.max(1, addresses.length))] ?? 1);
  }

  private dial(node: number): void {
    this.wasSent = false;
    this.isClosing = false;
    this.sinceMs = this.parts.time.nowMs();
    this.client.dial(node);
  }

  private send(): void {
    if (this.isResting) return;
    this.wasSent = true;
    this.sinceMs = this.parts.time.nowMs();
    if (this.session === 0 && this.readsLeft.length === 0)
      return this.client.send({ session: 0, sequence: 0, op: { case: "openSession", value: {} } });
    if (this.wantsToClose) return this.close();
    this.call ??= this.begin();
    const { input } = this.call;
    const isRead = input.kind === "get";
    this.client.send({
      session: isRead ? 0 : this.session,
      sequence: isRead ? 0 : this.sequence,
      op: operationOf(input, this.parts.largeValueBytes),
    });
  }

  /** Between two operations. */
  private get wantsToClose(): boolean {
    const { closesSessions } = this.parts;
    if (!closesSessions || this.call || this.isDraining) return false;
    if (this.client.version < CLOSING_VERSION) return false;
    return this.chance.below(CLOSE_EVERY) === 0;
  }

  private close(): void {
    this.isClosing = true;
    const op = { case: "closeSession", value: { session: this.session } } as const;
    this.client.send({ session: this.session, sequence: 0, op });
  }

  private begin(): Call {
    const { workload } = this.parts;
    const input = this.draw();
    this.begun++;
    if (input.kind !== "get") this.sequence++;
    const call = { client: this.id, input, calledAt: workload.stamp() };
    workload.history.push(call);
    return call;
  }

  private draw(): KeyValueInput {
    const last = this.readsLeft.shift();
    if (last !== undefined) return { kind: "get", key: last };
    const key = KEYS[this.chance.below(KEYS.length)] ?? "a";
    const value = this.chance.below(16) === 0 ? "" : `${this.id}.${++this.count} `;
    if (this.chance.below(10) < this.readsOfTen) return { kind: "get", key };
    const lot = 3 + this.chance.below(7);
    if (lot < 6) return { kind: "append", key, value };
    if (lot < 8) return { kind: "put", key, value };
    if (lot < 9) return { kind: "delete", key };
    // A large value is not the one that the history knows.
    const known = this.parts.largeValueBytes > 0 ? "" : (this.known.get(key) ?? "");
    const expected = this.chance.below(2) === 0 ? null : known;
    return { kind: "compareAndSwap", key, expected, value };
  }

  private onAnswer(): void {
    const answer = this.client.take();
    if (!answer || !this.wasSent) return;
    this.wasSent = false;
    const { status, leader, session } = answer;
    if (status === "notLeader") return leader > 0 ? this.dial(leader) : this.dialAny();
    if (this.isClosing) return this.onClosed(status);
    if (status === "malformed")
      throw new Violation("WIRE", `client ${this.id} is told that its request is malformed`);
    if (status === "busy" || status === "unavailable") return;
    if (status === "unknownSession" || status === "staleSequence") return this.giveUp();
    if (!this.call) {
      this.session = session;
      this.sequence = 0;
    } else {
      const output = outputOf(this.call.input, answer);
      this.call.outcome = { at: this.parts.workload.stamp(), output };
      this.learn(this.call.input, output);
      this.call = undefined;
    }
    this.send();
  }

  /** Before its version is active nobody can: the session just goes on. */
  private onClosed(status: ClientResponse["status"]): void {
    this.isClosing = false;
    if (status === "ok" || status === "unknownSession") this.session = 0;
    this.send();
  }

  /** What a conditional write can expect. */
  private learn(input: KeyValueInput, { value }: KeyValueOutput): void {
    if (input.kind === "get") this.known.set(input.key, value ?? null);
    if (input.kind === "put") this.known.set(input.key, input.value);
  }

  /** Nobody can tell any more whether the operation took effect. */
  private giveUp(): void {
    this.call = undefined;
    this.session = 0;
  }
}

function operationOf(
  input: KeyValueInput,
  largeValueBytes: number,
): NonNullable<ClientRequest["op"]> {
  const key = text(input.key);
  switch (input.kind) {
    case "get":
      return { case: "get", value: { key } };
    case "delete":
      return { case: "delete", value: { key } };
    case "put": {
      // Every second one, told by the value: a repetition has to be the same.
      const isLarge = largeValueBytes > 0 && /[02468] $/.test(input.value);
      const value = isLarge ? input.value.padEnd(largeValueBytes, FILLING) : input.value;
      return { case: "put", value: { key, value: text(value) } };
    }
    case "append":
      return { case: "append", value: { key, value: text(input.value) } };
    case "compareAndSwap": {
      const expected = input.expected === null ? undefined : text(input.expected);
      return { case: "compareAndSwap", value: { key, expected, value: text(input.value) } };
    }
  }
}

function outputOf(input: KeyValueInput, { status, value }: ClientResponse): KeyValueOutput {
  switch (input.kind) {
    case "get":
      return { value: status === "notFound" ? null : shortened(value) };
    case "compareAndSwap":
      return { swapped: status === "ok" };
    case "delete":
      return { existed: status === "ok" };
    default:
      return {};
  }
}

const DECODER = new TextDecoder();

function shortened(value: Uint8Array | undefined): string {
  const text = DECODER.decode(value);
  return text.length < FILLING.length ? text : text.replaceAll(FILLING, "");
}
