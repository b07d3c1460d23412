/** What an operator asks of a replica: leadership transfer, activation, membership. Each ends in an outcome that says what would allow it. */
import { EntryKindNumber, openEntry } from "../wire/index.ts";
import { activationData, refuseActivation } from "./activation.ts";
import { confChangeOf, configEntryData } from "./config-entry.ts";
import { type Node, rulesNow } from "./node.ts";
import type { MembershipChange, Outcome, PeerView } from "./ports.ts";
import type { Proposals } from "./proposals.ts";
import { refuse } from "./refusal.ts";
import { isMember } from "./state-machine/membership.ts";
import { READABLE } from "./stored.ts";

type Done = (outcome: Outcome) => void;

/** A transfer that took longer has been given up by the core. */
const TRANSFER_TICKS_FACTOR = 2;

export class Operator {
  private readonly node: Node;
  private readonly proposals: Proposals;
  private transfer: { readonly to: number; ticksLeft: number; readonly done: Done } | undefined;

  constructor(node: Node, proposals: Proposals) {
    this.node = node;
    this.proposals = proposals;
  }

  transferLeadership(to: number, done: Done): void {
    const { raftState, lead, confState } = this.node.core.status();
    const cannot = `Cannot transfer leadership to node ${to}`;
    if (raftState !== "leader")
      return done(refuse("not_leader", `${cannot}: node ${lead || "nobody"} leads, ask there`));
    if (to === this.node.options.nodeId) return done({ ok: true });
    if (!confState.voters.includes(to))
      return done(refuse("no_voter", `${cannot}: the voters are ${confState.voters.join(", ")}`));
    if (this.transfer)
      return done(refuse("busy", `${cannot}: a transfer to node ${this.transfer.to} is under way`));
    const ticksLeft = rulesNow(this.node).electionTicks * TRANSFER_TICKS_FACTOR;
    this.transfer = { to, ticksLeft, done };
    this.node.core.transferLeader(to);
    this.node.pump();
  }

  onTick(): void {
    const { transfer } = this;
    if (!transfer) return;
    const { lead } = this.node.core.status();
    if (lead === transfer.to) return this.endTransfer({ ok: true });
    if (--transfer.ticksLeft > 0) return;
    this.endTransfer(
      refuse(
        "transfer_failed",
        `Cannot transfer leadership to node ${transfer.to}: it did not take over in time, node ${lead || "nobody"} leads; check that it is up and has caught up`,
      ),
    );
  }

  activate(version: number, peers: readonly PeerView[], done: Done): void {
    const { raftState } = this.node.core.status();
    const { activeVersion } = this.node.state;
    const refusal = refuseActivation({
      version,
      activeVersion,
      isLeader: raftState === "leader",
      own: { id: this.node.options.nodeId, ...READABLE },
      peers,
    });
    if (refusal) return done({ ok: false, ...refusal });
    const data = activationData(version, activeVersion);
    this.propose(() => this.node.core.propose(data), `activate wire version ${version}`, done);
  }

  changeMembership(change: MembershipChange, done: Done): void {
    const problem = this.problemOf(change);
    if (problem) return done(problem);
    const version = this.node.state.activeVersion;
    const data = configEntryData(change, version);
    const entry = { term: 0, index: 0, type: "confChangeV2" as const, data };
    this.propose(
      () => this.node.core.proposeConfChange(data, confChangeOf(entry)),
      "change the members",
      done,
    );
  }

  private problemOf(change: MembershipChange): Outcome | undefined {
    const { raftState, lead } = this.node.core.status();
    const { membership } = this.node.state;
    const cannot = "Cannot change the members";
    if (raftState !== "leader")
      return refuse("not_leader", `${cannot}: node ${lead || "nobody"} leads, ask there`);
    if (change.kind === "remove") {
      if (!isMember(membership, change.id))
        return refuse("no_member", `${cannot}: node ${change.id} is no member`);
      const other = membership.voters.find((id) => id !== change.id);
      // The other one may not hear of it, and needs the vote of the one that left then.
      if (change.id === this.node.options.nodeId && membership.voters.length === 2)
        return refuse(
          "leads_one_of_two",
          `${cannot}: node ${change.id} leads and is one of two voters, transfer the leadership to node ${other ?? 0} first and ask there`,
        );
      const isLastVoter = membership.voters.length === 1 && membership.voters[0] === change.id;
      return isLastVoter
        ? refuse("last_voter", `${cannot}: node ${change.id} is the only voter, add another first`)
        : undefined;
    }
    const { id } = change.member;
    if (change.kind === "addVoter" && membership.voters.includes(id))
      return refuse("already_voter", `${cannot}: node ${id} is a voter`);
    if (change.kind === "addLearner" && isMember(membership, id))
      return refuse("already_member", `${cannot}: node ${id} is a member, remove it first`);
    return undefined;
  }

  private propose(
    attempt: () => { readonly message: string } | undefined,
    action: string,
    done: Done,
  ): void {
    const refusal = attempt();
    if (refusal) return done(refuse("dropped", `Cannot ${action}: ${refusal.message}`));
    const { lastIndex, term } = this.node.core.status();
    this.proposals.add(lastIndex, {
      term,
      settle: (applied) => {
        if (!applied)
          return done(
            refuse(
              "leader_changed",
              `Cannot tell whether it happened: leadership was lost while to ${action} was under way; look at the status`,
            ),
          );
        // The core puts an empty entry in the place of a change that may not be made now.
        const isEmpty = openEntry(applied.data).kind === EntryKindNumber.noop;
        if (isEmpty)
          return done(
            refuse(
              "change_under_way",
              `Cannot ${action}: another change is not yet applied, ask again`,
            ),
          );
        done({ ok: true, index: applied.index });
      },
    });
    this.node.pump();
  }

  private endTransfer(outcome: Outcome): void {
    const { transfer } = this;
    this.transfer = undefined;
    transfer?.done(outcome);
  }
}
