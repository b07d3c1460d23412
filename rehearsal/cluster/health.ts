/**
 * Is a restarted node really back? Its own page is no proof: it is green seconds before the peers
 * believe it, and a leader may call itself active and apply nothing (restate 5033). So the peers
 * must have heard from this incarnation, and the applied index must reach what was committed when
 * the wait began, and move. A row that is older than one already seen changes nothing.
 */
import type { NodeStatus } from "./status.ts";

/** A peer that has not heard for longer knows nothing about the present. */
const AGE_MAX_MS = 1_500;

/** What was known when the wait began. */
export interface HealthGoal {
  readonly node: number;
  /** A row of the process before this restart does not count. */
  readonly incarnationMin: number;
  readonly appliedMin: number;
}

export class HealthBoard {
  readonly #rows = new Map<number, NodeStatus>();
  /** First applied index seen in the present incarnation of each node. */
  readonly #firstApplied = new Map<number, number>();

  /** False when the row is a straggler and was ignored. */
  onStatus(row: NodeStatus): boolean {
    const known = this.#rows.get(row.nodeId);
    if (known !== undefined && !isNewer(row, known)) return false;
    if (known?.incarnation !== row.incarnation) this.#firstApplied.set(row.nodeId, row.applied);
    this.#rows.set(row.nodeId, row);
    return true;
  }

  row(node: number): NodeStatus | undefined {
    return this.#rows.get(node);
  }

  /** Called before the node is started: everything known about it then is the past. */
  goalFor(node: number): HealthGoal {
    const others = [...this.#rows.values()].filter(({ nodeId }) => nodeId !== node);
    return {
      node,
      incarnationMin: (this.#rows.get(node)?.incarnation ?? 0) + 1,
      appliedMin: Math.max(0, ...others.map(({ commit }) => commit)),
    };
  }

  /** What is still missing, in words; empty when the node is healthy. `running` names the nodes that should be up. */
  missing(goal: HealthGoal, running: readonly number[]): string[] {
    const own = this.#rows.get(goal.node);
    if (own === undefined || own.incarnation < goal.incarnationMin)
      return [`node ${goal.node} has not reported since its start`];
    const others = running.filter((node) => node !== goal.node);
    return [
      ...this.#missingProgress(own, goal, others),
      ...this.#missingLeader(running),
      ...others.flatMap((node) => this.#missingView(node, own)),
    ];
  }

  #missingProgress(own: NodeStatus, goal: HealthGoal, others: readonly number[]): string[] {
    if (own.applied < goal.appliedMin)
      return [`node ${own.nodeId} applied ${own.applied}, ${goal.appliedMin} was committed before`];
    const committed = Math.max(0, ...others.map((node) => this.#rows.get(node)?.commit ?? 0));
    const hasMoved = own.applied > (this.#firstApplied.get(own.nodeId) ?? 0);
    if (committed > own.applied && !hasMoved)
      return [`node ${own.nodeId} stays at ${own.applied} while ${committed} is committed`];
    return [];
  }

  #missingLeader(running: readonly number[]): string[] {
    const leaders = new Set(running.map((node) => this.#rows.get(node)?.leader ?? 0));
    const [leader = 0] = leaders;
    if (leaders.size === 1 && running.includes(leader)) return [];
    return [`the nodes do not agree on a leader that runs (${[...leaders].join(", ")})`];
  }

  #missingView(observer: number, own: NodeStatus): string[] {
    const view = this.#rows.get(observer)?.peers.find(({ id }) => id === own.nodeId);
    const problem = viewProblem(view, own);
    return problem === undefined ? [] : [`node ${observer} ${problem} node ${own.nodeId}`];
  }
}

function viewProblem(
  view: NodeStatus["peers"][number] | undefined,
  own: NodeStatus,
): string | undefined {
  if (view === undefined) return "does not list";
  if (!view.connected) return "is not connected to";
  if (view.incarnation !== own.incarnation)
    return `knows incarnation ${view.incarnation}, not ${own.incarnation}, of`;
  if (view.ageMs > AGE_MAX_MS) return `has not heard for ${view.ageMs} ms from`;
  return undefined;
}

function isNewer(row: NodeStatus, known: NodeStatus): boolean {
  if (row.incarnation !== known.incarnation) return row.incarnation > known.incarnation;
  return row.sequence > known.sequence;
}
