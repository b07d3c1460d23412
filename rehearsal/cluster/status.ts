/**
 * What a rehearsal reads of `GET /status` (ARCHITECTURE.md, admin protocol). It is written down here
 * and not imported, because a node is known by its command line and its answers alone: it may be of
 * any release. Members that are not needed are left out.
 */
export interface NodeStatus {
  readonly nodeId: number;
  readonly release: string;
  readonly activeVersion: number;
  readonly role: "leader" | "follower" | "candidate" | "learner";
  readonly term: number;
  readonly leader: number;
  readonly commit: number;
  readonly applied: number;
  readonly incarnation: number;
  readonly sequence: number;
  readonly digest: { readonly version: number; readonly index: number; readonly value: string };
  readonly content: readonly { readonly version: number; readonly place: string }[];
  readonly members: readonly { readonly id: number }[];
  readonly peers: readonly PeerRow[];
}

interface PeerRow {
  readonly id: number;
  readonly connected: boolean;
  readonly negotiated: number;
  readonly applied: number;
  readonly incarnation: number;
  readonly sequence: number;
  readonly ageMs: number;
}
