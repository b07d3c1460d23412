/**
 * Whether a whole frame is for us, before anything looks at its body. A misdirected frame is normal
 * (law 3): an address was used again, a cluster was set up twice. Whoever asks counts and closes.
 */
import {
  type FrameHeader,
  FrameKind,
  isIgnorable,
  KINDS_WITH_FIXED_LAYOUT_BELOW,
} from "./frame.ts";
import type { VersionRange } from "./hello.ts";

/** Counted by these names, so they never change. */
export type AdmissionCode =
  | "foreign_cluster"
  | "wrong_addressee"
  | "unknown_kind"
  | "unsupported_version";

export interface Admission {
  readonly code: AdmissionCode;
  readonly message: string;
}

export interface Recipient {
  readonly clusterId: string;
  /** Of the node, or of the client. */
  readonly id: number;
  readonly range: VersionRange;
}

const KNOWN_KINDS: ReadonlySet<number> = new Set(Object.values(FrameKind));

export function isKnownKind(kind: number): boolean {
  return KNOWN_KINDS.has(kind);
}

/** Undefined: go on. An unknown kind that may be ignored is no reason to refuse. */
export function refuseFrame(header: FrameHeader, recipient: Recipient): Admission | undefined {
  const { kind, wireVersion, clusterId, addressee } = header;
  if (clusterId !== recipient.clusterId) {
    return refusal(
      "foreign_cluster",
      `it is of cluster ${clusterId}, this is cluster ${recipient.clusterId}`,
    );
  }
  if (addressee !== 0 && addressee !== recipient.id) {
    return refusal("wrong_addressee", `it is for ${addressee}, this is ${recipient.id}`);
  }
  if (!isKnownKind(kind)) {
    if (isIgnorable(header)) return undefined;
    return refusal("unknown_kind", `kind ${kind} is unknown here and not marked as ignorable`);
  }
  return refuseVersion(kind, wireVersion, recipient.range);
}

function refuseVersion(
  kind: number,
  version: number,
  { min, max }: VersionRange,
): Admission | undefined {
  const isFixed = kind < KINDS_WITH_FIXED_LAYOUT_BELOW;
  if (isFixed ? version === 0 : version >= min && version <= max) return undefined;
  return refusal(
    "unsupported_version",
    isFixed
      ? `kind ${kind} has wire version ${version}, its layout has none`
      : `its body has wire version ${version}, this release reads ${min} to ${max}`,
  );
}

function refusal(code: AdmissionCode, reason: string): Admission {
  return { code, message: `Cannot take a frame: ${reason}` };
}
