/** What the invariants need of a node: what it says at a glance, or for releases before ports version 4 its status. */
import type { Replica, ReplicaGlance, ReplicaStatus } from "../raft/replica/index.ts";

export type Sight = ReplicaGlance;

export function sightOf(replica: Replica): Sight {
  return replica.glance?.() ?? sightFrom(replica.status());
}

/** Joint phases can not be told from a status: there, whoever votes in one of the halves is a voter. */
export function sightFrom(status: ReplicaStatus): Sight {
  const { role, term, commit, applied, activeVersion, incarnation, digest, members } = status;
  return {
    role,
    leads: role === "leader",
    term,
    commit,
    applied,
    activeVersion,
    incarnation,
    digestVersion: digest.version,
    digestHigh: Number.parseInt(digest.value.slice(0, 8), 16),
    digestLow: Number.parseInt(digest.value.slice(8), 16),
    voters: members.filter(({ learner }) => !learner).map(({ id }) => id),
    votersOutgoing: [],
  };
}

/** Nothing that an invariant looks at has changed; the members change by applied entries only. */
export function isSameSight(one: Sight, other: Sight): boolean {
  return (
    one.commit === other.commit &&
    one.applied === other.applied &&
    one.term === other.term &&
    one.role === other.role &&
    one.leads === other.leads &&
    one.digestLow === other.digestLow &&
    one.digestHigh === other.digestHigh &&
    one.activeVersion === other.activeVersion &&
    one.incarnation === other.incarnation
  );
}

/** Every voter of one half or the other, as a text that can be compared. */
function votersText({ voters, votersOutgoing }: Sight): string {
  return [...new Set([...voters, ...votersOutgoing])].sort((one, other) => one - other).join();
}

/** The same for lists that were seen before: they change seldom, and are asked for with each entry. */
export class VotersTexts {
  private readonly known: WeakMap<readonly number[], string> = new WeakMap();

  of(sight: Sight): string {
    if (sight.votersOutgoing.length > 0) return votersText(sight);
    const known = this.known.get(sight.voters) ?? votersText(sight);
    this.known.set(sight.voters, known);
    return known;
  }
}

/** A glance that differed from the status would blind every invariant; undefined when it does not. */
export function contradiction(replica: Replica): string | undefined {
  if (!replica.glance) return undefined;
  const said = replica.glance();
  const meant = sightFrom(replica.status());
  // A leader that leaves calls itself so, and in its status nothing tells that it still leads.
  if (isSameSight({ ...said, leads: meant.leads }, meant) && votersText(said) === votersText(meant))
    return undefined;
  return `at a glance ${JSON.stringify(said)}, by its status ${JSON.stringify(meant)}`;
}
