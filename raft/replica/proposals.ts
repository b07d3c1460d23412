/**
 * What this node proposed as a leader and has not yet seen applied. A proposal is known by its place:
 * the same index with another term means that another leader put something else there.
 */
import type { Entry } from "../core/index.ts";

export interface Proposal {
  readonly term: number;
  /** Called once: with the entry that was applied in its place, or undefined when that can not be known any more. */
  readonly settle: (applied: Entry | undefined) => void;
}

export class Proposals {
  private readonly byIndex: Map<number, Proposal> = new Map();

  get count(): number {
    return this.byIndex.size;
  }

  add(index: number, proposal: Proposal): void {
    this.byIndex.set(index, proposal);
  }

  onApplied(entry: Entry): void {
    const proposal = this.byIndex.get(entry.index);
    if (!proposal) return;
    this.byIndex.delete(entry.index);
    proposal.settle(proposal.term === entry.term ? entry : undefined);
  }

  /** No longer the leader that proposed them: they may still be applied, here or elsewhere, or never. */
  abandon(): void {
    const open = [...this.byIndex.values()];
    this.byIndex.clear();
    for (const { settle } of open) settle(undefined);
  }
}
