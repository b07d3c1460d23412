/**
 * Golden cases with their bytes: what a release writes for each case, fixed on the day it is
 * frozen. `freeze` keeps them in `golden/<version>/<message>.json`, one `GoldenFile` each.
 */
import { toHex } from "../../codecs/index.ts";
import type { CodecHost, MessageDescription } from "../codec-host.ts";
import { type SchemaView, viewOf } from "../schema-view.ts";
import { casesOf } from "./cases.ts";
import { futureCasesOf } from "./next-schema.ts";

export interface GoldenRecord {
  readonly case: string;
  readonly value: unknown;
  readonly hex: string;
  /** Present when the bytes come from a made-up next schema: so many fields are not known. */
  readonly unknownFields?: number;
}

export interface GoldenFile {
  readonly version: number;
  readonly message: string;
  readonly records: readonly GoldenRecord[];
}

/** A release that cannot write its own cases must not be frozen. */
export class GoldenError extends Error {
  override readonly name = "GoldenError";
}

/** All golden files of a release, versions ascending, messages in the order of their declaration. */
export function makeGolden(host: CodecHost): GoldenFile[] {
  return host.describe().versions.flatMap((description) => {
    const view = viewOf(description);
    return view.roots.map((message) => ({
      version: view.version,
      message: message.name,
      records: [...presentRecords(host, message, view), ...futureRecords(host, message, view)],
    }));
  });
}

function presentRecords(
  host: CodecHost,
  message: MessageDescription,
  view: SchemaView,
): GoldenRecord[] {
  return casesOf(message, view).map((one) => {
    const written = host.encode(message.name, view.version, one.value);
    if (!written.ok) {
      fail(message, view, one.case, `it is refused: ${written.error.message}`);
    }
    if (written.losses.length > 0) {
      fail(
        message,
        view,
        one.case,
        `writing it at its own version loses ${written.losses[0]?.path}`,
      );
    }
    return { case: one.case, value: one.value, hex: toHex(written.bytes) };
  });
}

/** Read and written back once, so that the record has the order in which this release keeps unknown fields. */
function futureRecords(
  host: CodecHost,
  message: MessageDescription,
  view: SchemaView,
): GoldenRecord[] {
  return futureCasesOf(message, view).map((one) => {
    const read = host.decode(message.name, view.version, one.bytes);
    if (!read.ok) fail(message, view, one.case, `it cannot be read: ${read.error.message}`);
    if (read.unknownFields !== one.unknownFields) {
      const counts = `${read.unknownFields} of ${one.unknownFields}`;
      fail(message, view, one.case, `only ${counts} unknown fields are kept`);
    }
    const kept = host.rewrite(message.name, view.version, one.bytes, view.version);
    if (!kept.ok) fail(message, view, one.case, `it cannot be written back: ${kept.error.message}`);
    const { case: name, value, unknownFields } = one;
    return { case: name, value, hex: toHex(kept.bytes), unknownFields };
  });
}

function fail(message: MessageDescription, view: SchemaView, name: string, why: string): never {
  throw new GoldenError(`Cannot make case "${name}" of ${message.name} v${view.version}: ${why}`);
}
