/** Who belongs to the cluster and where they are found. Changed by committed entries only. */
import type { ConfState } from "../../core/index.ts";
import type { MemberAddress } from "../ports.ts";

export interface Membership {
  readonly voters: readonly number[];
  readonly learners: readonly number[];
  /** Not empty only in a joint phase, in which both halves must agree (Raft §6). */
  readonly votersOutgoing: readonly number[];
  /** Voters of the outgoing half that become learners when the joint phase ends. */
  readonly learnersNext: readonly number[];
  readonly addresses: ReadonlyMap<number, MemberAddress>;
}

export const NOBODY: Membership = {
  voters: [],
  learners: [],
  votersOutgoing: [],
  learnersNext: [],
  addresses: new Map(),
};

export function foundingMembers(founders: readonly MemberAddress[]): Membership {
  return {
    ...NOBODY,
    voters: founders.map(({ id }) => id).sort((one, other) => one - other),
    addresses: new Map(founders.map((founder) => [founder.id, founder])),
  };
}

/** The core says who is what; the addresses of those who came are added, of those who are gone forgotten. */
export function changeMembers(
  members: Membership,
  confState: ConfState,
  added: readonly MemberAddress[],
): Membership {
  const { voters, learners, votersOutgoing, learnersNext } = confState;
  const next = { voters, learners, votersOutgoing, learnersNext };
  const known = new Map([
    ...members.addresses,
    ...added.map((member) => [member.id, member] as const),
  ]);
  const staying = new Set([...voters, ...learners, ...votersOutgoing]);
  const addresses = new Map([...known].filter(([id]) => staying.has(id)));
  return { ...next, addresses };
}

export function isMember(members: Membership, id: number): boolean {
  return everyone(members).includes(id);
}

export function isJoint({ votersOutgoing }: Membership): boolean {
  return votersOutgoing.length > 0;
}

export function everyone({ voters, learners, votersOutgoing }: Membership): readonly number[] {
  return [...new Set([...voters, ...votersOutgoing, ...learners])];
}

/** The replica ends joint phases itself, with an entry that says so; the core is not asked to. */
export function confStateOf(members: Membership): ConfState {
  const { voters, learners, votersOutgoing, learnersNext } = members;
  return { voters, learners, votersOutgoing, learnersNext, autoLeave: false };
}
