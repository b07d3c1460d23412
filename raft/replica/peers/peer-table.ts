/** What each peer last said of itself. A row is never removed while the node is a member: its age tells. */
import type { NodeStatus } from "../../wire/index.ts";
import type { PeerView } from "../ports.ts";

interface Row {
  readonly status: NodeStatus;
  readonly heardMs: number;
}

export class PeerTable {
  private readonly rows: Map<number, Row> = new Map();

  /** Keeps the highest (incarnation, sequence); duplicates and stragglers change nothing. */
  take(status: NodeStatus, nowMs: number): void {
    const known = this.rows.get(status.node)?.status;
    const isNewer =
      known === undefined ||
      status.incarnation > known.incarnation ||
      (status.incarnation === known.incarnation && status.sequence > known.sequence);
    if (isNewer) this.rows.set(status.node, { status, heardMs: nowMs });
  }

  /** Whoever joins again under the same number begins anew. */
  forgetUnless(isKept: (id: number) => boolean): void {
    for (const id of this.rows.keys()) if (!isKept(id)) this.rows.delete(id);
  }

  view(
    id: number,
    connection: { readonly connected: boolean; readonly negotiated: number },
    nowMs: number,
  ): PeerView {
    const row = this.rows.get(id);
    return {
      id,
      ...connection,
      release: row?.status.release ?? "",
      range: { min: row?.status.min ?? 0, max: row?.status.max ?? 0 },
      activeVersion: row?.status.activeVersion ?? 0,
      applied: row?.status.applied ?? 0,
      incarnation: row?.status.incarnation ?? 0,
      sequence: row?.status.sequence ?? 0,
      // Never heard of is older than anything heard.
      ageMs: row === undefined ? Number.MAX_SAFE_INTEGER : nowMs - row.heardMs,
    };
  }
}
