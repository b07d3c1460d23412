/**
 * Reads what nodes say of frames, snapshots and records that they could not use. Between releases
 * that declare compatibility there is no reason for that but a fault that was injected: damage on a
 * connection, sends that were lost from it, a bit that rotted on a disk.
 */
import type { ReplicaEvent } from "../raft/replica/index.ts";
import type { KnownDefect } from "./known-defects.ts";
import type { Skippable } from "./log-ledger.ts";
import type { Passed } from "./world/index.ts";

export interface WireView {
  /** What befell the connection whose bytes are being taken now; undefined outside of that. */
  readonly taking: () => Passed | undefined;
  /** Whether a bit rotted on any disk, or the power of the node was cut. */
  readonly excusesSnapshot: (id: number) => boolean;
  readonly ignorable: ReadonlySet<Skippable>;
  /** Whether the release on this node is known to do that. */
  readonly excuses: (id: number, defect: KnownDefect) => boolean;
  readonly rangeOf: (id: number) => { readonly min: number; readonly max: number } | undefined;
  readonly activeVersionOf: (id: number) => number | undefined;
  readonly fail: (message: string) => void;
}

/** The bytes are no frame. */
const DAMAGE: ReadonlySet<string> = new Set([
  "bad_magic",
  "header_version",
  "header_crc",
  "unknown_flag",
  "reserved_bytes",
  "number_too_large",
  "body_too_long",
  "body_crc",
]);
/** The frame does not belong there; what was lost before it explains that. */
const DISORDER: ReadonlySet<string> = new Set([
  "unknown_kind",
  "no_hello",
  "late_hello",
  "bad_welcome",
  "wrong_role",
]);
/** Nothing explains these: the checksums of the frame were right. */
const NEVER: ReadonlySet<string> = new Set([
  "decode_error",
  "implausible",
  "unsupported_version",
  "inverted_range",
  "malformed",
  "missing_range",
  "unknown_critical",
]);
const VERSIONS: ReadonlySet<string> = new Set(["version_too_old", "version_too_new"]);
const SKIPS: ReadonlyMap<string, Skippable> = new Map([
  ["wirespan_entries_ignored_total", "entry"],
  ["wirespan_log_records_skipped_total", "record"],
  ["wirespan_snapshot_sections_skipped_total", "section"],
]);
const SNAPSHOT_LOSSES: ReadonlySet<string> = new Set([
  "wirespan_snapshots_dropped_total",
  "wirespan_snapshot_chunks_damaged_total",
]);

export class WireLedger {
  private readonly view: WireView;
  /** Frames that were refused, and a fault explained it. */
  excused = 0;

  constructor(view: WireView) {
    this.view = view;
  }

  observe(id: number, event: ReplicaEvent): void {
    if (event.kind === "count") return this.onCount(id, event);
    const { reason, node } = event.fields ?? {};
    if (typeof reason !== "string") return;
    if (this.isExcused(id, reason, Number(node ?? 0))) this.excused++;
    else this.view.fail(`node ${id} refuses with ${reason}: ${event.message}`);
  }

  private isExcused(id: number, reason: string, peer: number): boolean {
    const { view } = this;
    if (reason === "implausible" && view.excuses(id, "latecomerRefused")) return true;
    if (NEVER.has(reason)) return false;
    // Outside of a delivery the connection is not known: inputs wait while a node starts.
    const passed = view.taking() ?? { isSpoilt: true, hasGaps: true };
    if (DAMAGE.has(reason)) return passed.isSpoilt;
    if (DISORDER.has(reason)) return passed.isSpoilt || passed.hasGaps;
    if (VERSIONS.has(reason.replace(/^refused_/, ""))) return !this.areCompatible(id, peer);
    // A misdirected or a late frame is normal.
    return true;
  }

  private areCompatible(one: number, other: number): boolean {
    const { view } = this;
    const [mine, theirs] = [view.rangeOf(one), view.rangeOf(other)];
    if (!mine || !theirs) return false;
    const lowest = Math.max(mine.min, theirs.min);
    const highest = Math.min(mine.max, theirs.max);
    const actives = [view.activeVersionOf(one), view.activeVersionOf(other)];
    return (
      lowest <= highest &&
      actives.every((active) => active === undefined || (lowest <= active && active <= highest))
    );
  }

  private onCount(
    id: number,
    { name, labels }: Extract<ReplicaEvent, { readonly kind: "count" }>,
  ): void {
    const { view } = this;
    const skipped = SKIPS.get(name);
    if (skipped && !view.ignorable.has(skipped))
      view.fail(`node ${id} skips a ${skipped}, and nothing that may be skipped was ever written`);
    if (SNAPSHOT_LOSSES.has(name) && !view.excusesSnapshot(id))
      view.fail(`node ${id} can not use a snapshot that nothing has spoilt (${name})`);
    if (name === "wirespan_decode_errors_total")
      view.fail(`node ${id} can not read ${labels?.message} at version ${labels?.version}`);
    const isKnown = labels?.message === "MsgPreVoteResp" && view.excuses(id, "preVoteUnanswered");
    if (name === "wirespan_encode_refused_total" && !isKnown)
      view.fail(`node ${id} can not write ${labels?.message} at version ${labels?.version}`);
  }
}
