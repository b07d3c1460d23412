/** Who belongs to the cluster and where they are found. Changed by committed entries only. */
import type { ConfState } from "../../core/index.ts";
import type { MemberAddress, MembershipChange } from "../ports.ts";

export interface Membership {
  readonly voters: readonly number[];
  readonly learners: readonly number[];
  readonly addresses: ReadonlyMap<number, MemberAddress>;
}

export const NOBODY: Membership = { voters: [], learners: [], addresses: new Map() };

export function foundingMembers(founders: readonly MemberAddress[]): Membership {
  return {
    voters: founders.map(({ id }) => id).sort((one, other) => one - other),
    learners: [],
    addresses: new Map(founders.map((founder) => [founder.id, founder])),
  };
}

export function changeMembers(members: Membership, change: MembershipChange): Membership {
  const id = change.kind === "remove" ? change.id : change.member.id;
  const voters = members.voters.filter((voter) => voter !== id);
  const learners = members.learners.filter((learner) => learner !== id);
  const addresses = new Map(members.addresses);
  switch (change.kind) {
    case "remove":
      addresses.delete(id);
      return { voters, learners, addresses };
    case "addVoter":
      addresses.set(id, change.member);
      return { voters: ascending([...voters, id]), learners, addresses };
    case "addLearner":
      addresses.set(id, change.member);
      return { voters, learners: ascending([...learners, id]), addresses };
  }
}

export function isMember({ voters, learners }: Membership, id: number): boolean {
  return voters.includes(id) || learners.includes(id);
}

export function everyone({ voters, learners }: Membership): readonly number[] {
  return [...voters, ...learners];
}

export function confStateOf({ voters, learners }: Membership): ConfState {
  return { voters, learners, votersOutgoing: [], learnersNext: [], autoLeave: false };
}

function ascending(ids: readonly number[]): readonly number[] {
  return [...ids].sort((one, other) => one - other);
}
