/** A cluster under a schedule drawn by lot: ticks, proposals, restarts, and a network that may do anything. */
import type { Chance } from "../../../base/index.ts";
import type { ConfChangeType, Message } from "../index.ts";
import { encodeChange, Member, type MemberConfig } from "./member.ts";
import { Safety } from "./safety.ts";

export interface ClusterOptions extends Omit<MemberConfig, "random"> {
  /** Nodes that exist; the first `voters` of them are the founders. */
  readonly nodes: number;
  readonly voters: number;
  readonly changesMembers: boolean;
}

/** What the schedule may do; each is a share of the steps. */
export interface Trouble {
  readonly loss: number;
  readonly repetition: number;
  readonly restarts: number;
}

export const CALM: Trouble = { loss: 0, repetition: 0, restarts: 0 };

export class Cluster {
  readonly members: readonly [Member, ...Member[]];
  readonly safety: Safety = new Safety();
  #network: Message[] = [];
  #proposals = 0;
  readonly #chance: Chance;
  readonly #options: ClusterOptions;

  constructor(options: ClusterOptions, chance: Chance) {
    this.#chance = chance;
    this.#options = options;
    const ids = Array.from({ length: options.nodes }, (_, place) => place + 1);
    const voters = ids.slice(0, options.voters);
    const { preVote, checkQuorum, asyncStorageWrites, trace } = options;
    const random = (limit: number) => chance.below(limit);
    const config = {
      preVote,
      checkQuorum,
      asyncStorageWrites,
      random,
      ...(trace ? { trace } : {}),
    };
    const [first = 1, ...rest] = ids;
    const made = rest.map((id) => new Member(id, voters, config));
    this.members = [new Member(first, voters, config), ...made];
  }

  step(trouble: Trouble): void {
    const member = this.#chance.pick(this.members);
    const roll = this.#chance.below(1000);
    if (roll < 250) member.node.tick();
    else if (roll < 330) this.#propose(member);
    else if (roll < 335) this.#proposeChange(member);
    else if (roll < 340) member.compact();
    else if (roll < 345) this.#transfer();
    else if (roll < 345 + trouble.restarts) member.restart();
    else if (roll < 500) this.#finishWrites(member);
    else this.#deliver(trouble);
    this.#settle(member);
  }

  #propose(member: Member): void {
    this.#proposals++;
    member.node.propose(new TextEncoder().encode(`v${this.#proposals}`));
  }

  #proposeChange(member: Member): void {
    if (!this.#options.changesMembers) return;
    const types: [ConfChangeType, ...ConfChangeType[]] = [
      "addNode",
      "addLearnerNode",
      "removeNode",
    ];
    const change = () => ({
      type: this.#chance.pick(types),
      nodeId: this.#chance.pick(this.members).id,
    });
    const isJoint = this.#chance.below(2) === 0;
    const changes = isJoint ? [change(), change()] : [change()];
    if (!leavesVoters(member.confState.voters, changes)) return;
    const transition = isJoint ? "jointImplicit" : "auto";
    const conf = { transition, changes, context: new Uint8Array(0) } as const;
    member.node.proposeConfChange(encodeChange(conf), conf);
  }

  #transfer(): void {
    this.#chance.pick(this.members).node.transferLeader(this.#chance.pick(this.members).id);
  }

  #finishWrites(member: Member): void {
    this.#send(member, member.finishAppend());
    this.#send(member, member.finishApply());
  }

  /** What a node tells itself about its writes is never lost. */
  #send(member: Member, messages: readonly Message[]): void {
    for (const sent of messages) {
      if (sent.to === member.id) member.node.step(sent);
      else this.#network.push(sent);
    }
  }

  #deliver({ loss, repetition }: Trouble): void {
    if (this.#network.length === 0) return;
    const place = this.#chance.below(this.#network.length);
    const due = this.#network[place] as Message;
    const fate = this.#chance.below(1000);
    if (fate >= repetition) this.#network.splice(place, 1);
    const isLost = fate >= repetition && fate < repetition + loss;
    if (isLost) this.#reportSnapshot(due, false);
    else this.#receive(due);
  }

  #receive(due: Message): void {
    const target = this.members[due.to - 1];
    if (!target) return;
    target.node.step(due);
    this.#reportSnapshot(due, true);
    this.#settle(target);
  }

  /** Whoever carries snapshots says how it went; without that a leader would wait for ever. */
  #reportSnapshot({ type, from, to }: Message, received: boolean): void {
    if (type === "MsgSnap") this.members[from - 1]?.node.reportSnapshot(to, received);
  }

  #settle(member: Member): void {
    this.#send(member, member.carryOut());
    this.safety.check(member);
  }

  /** No loss and everything in order, until nothing but heartbeats is left. */
  heal(rounds: number): void {
    for (let round = 0; round < rounds; round++) {
      for (const member of this.members) this.#round(member);
      const due = this.#network;
      this.#network = [];
      for (const sent of due) this.#receive(sent);
    }
  }

  #round(member: Member): void {
    // A snapshot from before a node joined does not name it, and the node refuses it.
    member.compact();
    member.node.tick();
    this.#settle(member);
    while (member.appendWork.length + member.applyWork.length > 0) this.#finishWrites(member);
    this.#settle(member);
  }
}

/** A change that removes every voter is refused by the application, not by the core. */
function leavesVoters(
  voters: readonly number[],
  changes: readonly { readonly type: ConfChangeType; readonly nodeId: number }[],
): boolean {
  const left = new Set(voters);
  for (const { type, nodeId } of changes) {
    if (type === "addNode") left.add(nodeId);
    else left.delete(nodeId);
  }
  return left.size > 1;
}
