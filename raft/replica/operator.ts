/** What an operator asks of a replica: leadership transfer, activation, membership. Each ends in an outcome that says what would allow it. */

import type { ConfChangeV2 } from "../core/index.ts";
import { EntryKindNumber, openEntry } from "../wire/index.ts";
import { activationData, refuseActivation } from "./activation.ts";
import { confChangeOf, configEntryData, leaveJointData } from "./config-entry.ts";
import { type Node, rulesNow } from "./node.ts";
import type { MembershipChange, Outcome, PeerView, SingleMembershipChange } from "./ports.ts";
import type { Proposals } from "./proposals.ts";
import { refuse } from "./refusal.ts";
import { isJoint, isMember, type Membership } from "./state-machine/membership.ts";
import { READABLE } from "./stored.ts";

type Done = (outcome: Outcome) => void;

/** A transfer that took longer has been given up by the core. */
const TRANSFER_TICKS_FACTOR = 2;

export class Operator {
  private readonly node: Node;
  private readonly proposals: Proposals;
  /** The last entry proposed to end a joint phase. */
  private leaving: { readonly term: number; readonly index: number } | undefined;
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
    this.leaveJoint();
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
    const cannot = "Cannot change the members";
    if (raftState !== "leader")
      return refuse("not_leader", `${cannot}: node ${lead || "nobody"} leads, ask there`);
    const leaves = this.leavesOneOfTwo(change.kind === "joint" ? change.changes : [change]);
    if (leaves) return leaves;
    if (change.kind !== "joint") return problemOfSingle(change, this.node.state.membership);
    const { activeVersion } = this.node.state;
    if (!rulesNow(this.node).jointConfigurations)
      return refuse(
        "version_too_old",
        `${cannot} together: version ${activeVersion} is active, activate version ${activeVersion + 1} first or change one member at a time`,
      );
    if (change.changes.length === 0) return refuse("no_change", `${cannot}: no change is given`);
    if (isJoint(this.node.state.membership))
      return refuse("change_under_way", `${cannot}: a joint phase is not yet over, ask again`);
    if (votersAfter(this.node.state.membership, change.changes).size === 0)
      return refuse("last_voter", `${cannot}: nobody would be left to vote, add a voter as well`);
    return undefined;
  }

  /**
   * The other of two voters may not have heard that the removal is committed; it needs the vote of the
   * one that left then, whose log is longer and which may not be elected itself: nobody could lead.
   */
  private leavesOneOfTwo(changes: readonly SingleMembershipChange[]): Outcome | undefined {
    const { membership } = this.node.state;
    const own = this.node.options.nodeId;
    const other = membership.voters.find((id) => id !== own);
    if (membership.voters.length !== 2 || other === undefined || !membership.voters.includes(own))
      return undefined;
    if (votersAfter(membership, changes).has(own)) return undefined;
    return refuse(
      "leads_one_of_two",
      `Cannot change the members: node ${own} leads and is one of two voters, transfer the leadership to node ${other} first and ask there`,
    );
  }

  /** A joint phase ends as soon as its beginning is applied; a new leader ends one that it finds. */
  private leaveJoint(): void {
    const { raftState, term } = this.node.core.status();
    const { membership, appliedIndex, activeVersion } = this.node.state;
    if (raftState !== "leader" || !isJoint(membership)) return;
    if (this.leaving?.term === term && this.leaving.index > appliedIndex) return;
    const data = leaveJointData(activeVersion);
    const refusal = this.node.core.proposeConfChange(data, LEAVE);
    if (refusal) return;
    this.leaving = { term, index: this.node.core.status().lastIndex };
    this.node.pump();
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

const LEAVE: ConfChangeV2 = { transition: "auto", changes: [], context: new Uint8Array(0) };

function votersAfter(
  { voters }: Membership,
  changes: readonly SingleMembershipChange[],
): ReadonlySet<number> {
  const left = new Set(voters);
  for (const change of changes) {
    if (change.kind === "addVoter") left.add(change.member.id);
    else left.delete(change.kind === "remove" ? change.id : change.member.id);
  }
  return left;
}

function problemOfSingle(
  change: SingleMembershipChange,
  membership: Membership,
): Outcome | undefined {
  const cannot = "Cannot change the members";
  if (change.kind === "remove") {
    if (!isMember(membership, change.id))
      return refuse("no_member", `${cannot}: node ${change.id} is no member`);
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
