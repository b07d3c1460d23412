/**
 * Judges what a release wrote from bytes it had read: at the same version the very same bytes, at
 * another version the same meaning, or a loss whose reason the schema declares, or a refusal for
 * something that the version has no place for.
 */
import { toHex } from "../../codecs/index.ts";
import { isSameBytes } from "../bytes/same-bytes.ts";
import type { EncodeResult } from "../codec-host.ts";
import type { Rewrite } from "../host-request.ts";
import type { SchemaView } from "../schema-view.ts";
import { findObstacles } from "../values/capacity.ts";
import { compareMessages } from "../values/compare.ts";
import { broken, EXACT, type Judgement, lost, refused } from "../verdict.ts";
import { differenceText, errorText } from "./judge-read.ts";

export interface Before {
  readonly message: string;
  readonly bytes: Uint8Array;
  /** As this release reads the bytes. */
  readonly value: unknown;
  readonly unknownFields: number;
  /** Every reason for a loss that this release's schemas declare. */
  readonly reasons: ReadonlySet<string>;
}

/** Refusals that say: this version cannot hold the value. */
const REFUSALS = ["VersionMismatch", "UnknownMessage", "OutOfDomainValue"];

export function judgeRewriteSame(before: Before, written: EncodeResult): Judgement {
  if (!written.ok) return broken(`cannot be written back: ${errorText(written.error)}`);
  if (written.losses.length > 0) {
    return broken(`written back at the same version, ${written.losses[0]?.path} is lost`);
  }
  if (isSameBytes(before.bytes, written.bytes)) return EXACT;
  const [first] = differingBytes(before.bytes, written.bytes);
  return broken(
    `written back at the same version, the bytes differ from byte ${first} on: ${excerpt(written.bytes, first ?? 0)} instead of ${excerpt(before.bytes, first ?? 0)}`,
  );
}

/** `from` and `to` are views of the release that rewrites. */
export function judgeRewrite(
  before: Before,
  rewrite: Rewrite,
  from: SchemaView,
  to: SchemaView,
): Judgement {
  const { written } = rewrite;
  if (!written.ok) return judgeRefusal(before, written, from, to);
  const { reread } = rewrite;
  if (!reread?.ok) {
    return broken(
      `what it wrote at v${to.version} it cannot read: ${reread ? errorText(reread.error) : "not tried"}`,
    );
  }
  // Unknown fields do not return, which is judged below; the same value without them is a cell too.
  const returns =
    rewrite.back?.ok === true &&
    (before.unknownFields > 0 || isSameBytes(rewrite.back.bytes, before.bytes));
  // Members that only one version has are the business of its shape conversion, which is right
  // when nothing is missing on the way back.
  const [uncovered] = compareMessages(before.message, before.value, reread.value, {
    writer: from,
    reader: to,
    byNumber: false,
  })
    .filter(({ kind }) => !(returns && kind === "unmatched"))
    .filter(
      ({ path }) => !written.losses.some((loss) => isCovered(path, loss.path, before.message)),
    );
  if (uncovered) {
    return broken(
      `rewritten at v${to.version}, ${differenceText(uncovered)}, and no loss is declared`,
      uncovered.path,
    );
  }
  return judgeLosses(before, written.losses, reread.unknownFields, to);
}

function judgeRefusal(
  before: Before,
  written: Extract<EncodeResult, { ok: false }>,
  from: SchemaView,
  to: SchemaView,
): Judgement {
  const { error } = written;
  if (error.kind !== "EncodeError" || !REFUSALS.includes(error.code)) {
    return broken(`cannot be rewritten at v${to.version}: ${errorText(error)}`);
  }
  const isNeeded =
    before.unknownFields > 0 || findObstacles(before.message, before.value, from, to).length > 0;
  if (isNeeded) return refused(error.message);
  return broken(
    `refused without need: v${to.version} has a place for all of it (${errorText(error)})`,
  );
}

function judgeLosses(
  before: Before,
  losses: Extract<EncodeResult, { ok: true }>["losses"],
  unknownFields: number,
  to: SchemaView,
): Judgement {
  const undeclared = losses.find(({ reason }) => !before.reasons.has(reason));
  // Nobody can have declared a reason for a field that nobody knows yet; any will do.
  if (undeclared && (before.unknownFields === 0 || undeclared.reason.trim() === "")) {
    const { path, reason } = undeclared;
    return broken(`${path} is lost for a reason that no schema declares: "${reason}"`, path);
  }
  const [loss] = losses;
  if (loss) return lost(`${loss.path}: ${loss.reason}`);
  if (unknownFields === before.unknownFields) return EXACT;
  return broken(
    `rewritten at v${to.version}, ${before.unknownFields - unknownFields} unknown fields are gone, and no loss is declared`,
  );
}

/** A loss covers its path and what is below it, and the member that it is part of. */
function isCovered(path: string, lossPath: string, message: string): boolean {
  const [difference, reported] = [partsOf(path), partsOf(lossPath)];
  const loss = reported[0] === message ? reported.slice(1) : reported;
  if (difference.length === 0 || loss.length === 0) return false;
  const shorter = Math.min(difference.length, loss.length);
  return difference.slice(0, shorter).every((part, depth) => part === loss[depth]);
}

function partsOf(path: string): string[] {
  return path.split(/[.[\]"]+/).filter(Boolean);
}

function differingBytes(a: Uint8Array, b: Uint8Array): number[] {
  const length = Math.max(a.length, b.length);
  for (let at = 0; at < length; at++) if (a[at] !== b[at]) return [at];
  return [];
}

function excerpt(bytes: Uint8Array, at: number): string {
  return at >= bytes.length ? "nothing" : toHex(bytes.subarray(at, at + 8));
}
