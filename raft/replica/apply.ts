/**
 * Applies committed entries in order. An activation pauses it until the manifest names the new
 * version: only then may anything be written in it.
 */
import { DecodeError } from "../../codecs/index.ts";
import type { Entry } from "../core/index.ts";
import {
  ActivateVersion,
  CloseSession,
  Command,
  type EntryEnvelope,
  EntryKindNumber,
  openEntry,
} from "../wire/index.ts";
import { readConfigEntry } from "./config-entry.ts";
import {
  MANIFEST_PATH,
  type Manifest,
  versionsOf,
  withVersions,
  writeManifest,
} from "./manifest.ts";
import { coreRules, count, haltOnDisk, type Node, report, rulesNow } from "./node.ts";
import type { Proposals } from "./proposals.ts";
import type { AppliedWrite } from "./state-machine/state-machine.ts";
import { decodeStored, READABLE } from "./stored.ts";

export interface ApplyEvents {
  /** A write was applied; whoever waits for this index is answered. */
  readonly onWrite: (entry: Entry, write: AppliedWrite) => void;
  readonly onMembers: () => void;
  readonly onActivated: () => void;
}

export function applyEntries(
  node: Node,
  entries: readonly Entry[],
  { proposals, events }: { readonly proposals: Proposals; readonly events: ApplyEvents },
  done: () => void,
): void {
  const finish = (entry: Entry): void => {
    node.state.finishEntry(entry.index, entry.term);
    proposals.onApplied(entry);
  };
  for (const [place, entry] of entries.entries()) {
    const envelope = openEntry(entry.data);
    const refusal = unreadable(envelope, entry);
    if (refusal) return node.halt(refusal.code, refusal.message);
    if (envelope.kind === EntryKindNumber.activate) {
      const rest = entries.slice(place + 1);
      return applyActivation(node, envelope, () => {
        events.onActivated();
        finish(entry);
        applyEntries(node, rest, { proposals, events }, done);
      });
    }
    try {
      applyOne(node, entry, envelope, events);
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      return node.halt(
        "entry_undecodable",
        `Cannot apply entry ${entry.index} of kind ${envelope.kind}: ${error.message}`,
      );
    }
    finish(entry);
  }
  done();
}

/** Before anything of it is applied: what this release can not read must stop it. */
function unreadable(
  { kind, critical, version, body }: EntryEnvelope,
  { index }: Entry,
): { readonly code: string; readonly message: string } | undefined {
  const isKnown = kind <= EntryKindNumber.closeSession;
  if (!isKnown && critical)
    return {
      code: "unknown_critical_entry",
      message: `Cannot apply entry ${index}: kind ${kind} is critical and unknown to this release; start a release that knows it`,
    };
  if (isKnown && body.length > 0 && (version < READABLE.min || version > READABLE.max))
    return {
      code: "entry_version_unsupported",
      message: `Cannot apply entry ${index}: its body has wire version ${version}, this release reads ${READABLE.min} to ${READABLE.max}; start a release that reads it`,
    };
  return undefined;
}

function applyOne(node: Node, entry: Entry, envelope: EntryEnvelope, events: ApplyEvents): void {
  switch (envelope.kind) {
    case EntryKindNumber.noop:
      return;
    case EntryKindNumber.command: {
      const command = decodeStored(Command, envelope.version, envelope.body);
      // Skipping what others carry out would make this node another one than they are (law 8).
      if (command.op === undefined) {
        throw new DecodeError("UnknownField", "the operation is unknown to this release", 0, [
          "Command",
          "op",
        ]);
      }
      const { sessionsMax } = rulesNow(node);
      events.onWrite(entry, node.state.applyCommand(command, entry.index, sessionsMax));
      return;
    }
    case EntryKindNumber.config: {
      const change = readConfigEntry(entry);
      if (!change) {
        const path = ["ConfigChange", "changes"];
        throw new DecodeError("UnknownField", "the change is unknown to this release", 0, path);
      }
      node.state.applyMembership(node.core.applyConfChange(change.forCore), change.added);
      events.onMembers();
      return;
    }
    case EntryKindNumber.closeSession: {
      const { session } = decodeStored(CloseSession, envelope.version, envelope.body);
      events.onWrite(entry, node.state.closeSession(session, entry.index));
      return;
    }
    default:
      count(node, "wirespan_entries_ignored_total", { kind: String(envelope.kind) });
  }
}

/** Throws `DecodeError` never: an undecodable activation halts like any other entry. */
function applyActivation(node: Node, { version, body }: EntryEnvelope, done: () => void): void {
  let next: number;
  try {
    next = decodeStored(ActivateVersion, version, body).version;
  } catch (error) {
    return node.halt("entry_undecodable", `Cannot apply an activation: ${String(error)}`);
  }
  // A second activation of the same version, or of an older one, changes nothing.
  if (next <= node.state.activeVersion) return done();
  if (next > READABLE.max)
    return node.halt(
      "activated_version_unsupported",
      `Cannot go on: the cluster writes wire version ${next} from here, this release reads ${READABLE.min} to ${READABLE.max}; start a release that reads version ${next}`,
    );
  const named = { ...node.manifest, activeVersion: Math.max(next, node.manifest.activeVersion) };
  changeManifest(node, withVersions(named, [...versionsOf(node.manifest), next]), () => {
    adoptVersion(node, next);
    report(node, "info", `Wire version ${next} is active`, { version: next });
    done();
  });
}

/** From here on new records, entries and messages are written at this version. */
export function adoptVersion(node: Node, version: number): void {
  node.state.activeVersion = version;
  node.core.setRules(coreRules(version));
  node.log.bytesPerSegmentMax = rulesNow(node).segmentBytesMax;
}

export function changeManifest(node: Node, manifest: Manifest, done: () => void): void {
  writeManifest(node.ports.disk, manifest, (error) => {
    if (error) return haltOnDisk(node, error, MANIFEST_PATH);
    node.manifest = manifest;
    done();
  });
}
