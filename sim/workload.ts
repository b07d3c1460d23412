/** Clients of the simulated service: one operation at a time each, asked again until it is answered. */
import type { ClientRequest, ClientResponse } from "../raft/wire/index.ts";
import type { KeyValueInput, KeyValueOutput, Operation } from "./checkers/index.ts";
import { Violation } from "./violation.ts";
import { SeededChance, text, type VirtualClient, type VirtualTime } from "./world/index.ts";

const TICK_MS = 25;
const PATIENCE_MS = 300;
const KEYS = ["a", "b", "c", "d"];

type Call = { input: KeyValueInput; outcome?: { at: number; output: KeyValueOutput } } & Omit<
  Operation<KeyValueInput, KeyValueOutput>,
  "input" | "outcome"
>;

export interface WorkloadParts {
  readonly time: VirtualTime;
  readonly seed: number;
  /** Nodes a client knows. */
  readonly nodes: number;
  /** Operations that each client begins. */
  readonly operationsMax: number;
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
  private wasSent = false;
  private sinceMs = Number.NEGATIVE_INFINITY;
  private count = 0;
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
    client.onAnswer = () => this.onAnswer();
  }

  get isIdle(): boolean {
    return this.call === undefined && this.readsLeft.length === 0;
  }

  tick(): void {
    const { time } = this.parts;
    if (time.nowMs() - this.sinceMs > PATIENCE_MS && !this.isResting)
      this.dial(1 + this.chance.below(this.parts.nodes));
    else if (this.client.isConnected && !this.wasSent) this.send();
    time.after(TICK_MS, () => this.tick());
  }

  private get isResting(): boolean {
    return (this.isDraining || this.begun >= this.parts.operationsMax) && this.isIdle;
  }

  private dial(node: number): void {
    this.wasSent = false;
    this.sinceMs = this.parts.time.nowMs();
    this.client.dial(node);
  }

  private send(): void {
    if (this.isResting) return;
    this.wasSent = true;
    this.sinceMs = this.parts.time.nowMs();
    if (this.session === 0 && this.readsLeft.length === 0)
      return this.client.send({ session: 0, sequence: 0, op: { case: "openSession", value: {} } });
    this.call ??= this.begin();
    const { input } = this.call;
    const isRead = input.kind === "get";
    this.client.send({
      session: isRead ? 0 : this.session,
      sequence: isRead ? 0 : this.sequence,
      op: operationOf(input),
    });
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
    const value = `${this.id}.${++this.count} `;
    const lot = this.chance.below(10);
    if (lot < 3) return { kind: "get", key };
    if (lot < 6) return { kind: "append", key, value };
    if (lot < 8) return { kind: "put", key, value };
    if (lot < 9) return { kind: "delete", key };
    return { kind: "compareAndSwap", key, expected: null, value };
  }

  private onAnswer(): void {
    const answer = this.client.take();
    if (!answer || !this.wasSent) return;
    this.wasSent = false;
    const { status, leader, session } = answer;
    if (status === "notLeader")
      return this.dial(leader > 0 ? leader : 1 + this.chance.below(this.parts.nodes));
    if (status === "malformed")
      throw new Violation("WIRE", `client ${this.id} is told that its request is malformed`);
    if (status === "busy" || status === "unavailable") return;
    if (status === "unknownSession" || status === "staleSequence") return this.giveUp();
    if (!this.call) {
      this.session = session;
      this.sequence = 0;
    } else {
      this.call.outcome = {
        at: this.parts.workload.stamp(),
        output: outputOf(this.call.input, answer),
      };
      this.call = undefined;
    }
    this.send();
  }

  /** Nobody can tell any more whether the operation took effect. */
  private giveUp(): void {
    this.call = undefined;
    this.session = 0;
  }
}

function operationOf(input: KeyValueInput): NonNullable<ClientRequest["op"]> {
  const key = text(input.key);
  switch (input.kind) {
    case "get":
      return { case: "get", value: { key } };
    case "delete":
      return { case: "delete", value: { key } };
    case "put":
      return { case: "put", value: { key, value: text(input.value) } };
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
      return { value: status === "notFound" ? null : new TextDecoder().decode(value) };
    case "compareAndSwap":
      return { swapped: status === "ok" };
    case "delete":
      return { existed: status === "ok" };
    default:
      return {};
  }
}
