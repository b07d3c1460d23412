/** Who votes, as of the highest index that any node has applied. */
import type { Sight } from "./sight.ts";

export class Configuration {
  private incoming: readonly number[] = [];
  private outgoing: readonly number[] = [];
  private appliedAt = -1;

  learn({ applied, voters, votersOutgoing }: Sight): void {
    if (applied < this.appliedAt) return;
    this.incoming = voters;
    this.outgoing = votersOutgoing;
    this.appliedAt = applied;
  }

  /** A change of several members has begun and not ended. */
  get isJoint(): boolean {
    return this.outgoing.length > 0;
  }

  get voters(): readonly number[] {
    const { incoming, outgoing } = this;
    return outgoing.length === 0 ? incoming : [...new Set([...incoming, ...outgoing])];
  }

  /** Whether those that the claim holds for could decide anything: in a joint phase both halves must agree. */
  isQuorum(holds: (id: number) => boolean): boolean {
    if (this.incoming.length === 0 || !isMajority(this.incoming, holds)) return false;
    return this.outgoing.length === 0 || isMajority(this.outgoing, holds);
  }
}

function isMajority(ids: readonly number[], holds: (id: number) => boolean): boolean {
  let count = 0;
  for (const id of ids) if (holds(id)) count++;
  return count > ids.length >> 1;
}
