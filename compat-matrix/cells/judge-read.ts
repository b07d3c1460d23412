/** Judges what a reader made of bytes whose meaning is known. */
import type { DecodeResult, HostError } from "../codec-host.ts";
import { compareMessages, type Difference, type Sides } from "../values/compare.ts";
import { broken, EXACT, type Judgement, refused } from "../verdict.ts";

export interface Meaning {
  readonly message: string;
  readonly value: unknown;
  /** Fields from a made-up next schema that the reader must keep, and must not understand. */
  readonly unknownFields: number;
}

/** Both sides have the same wire version: the reader must see the same value and know every field. */
export function judgeRead(meaning: Meaning, read: DecodeResult, sides: Sides): Judgement {
  if (!read.ok) return broken(`cannot be read: ${errorText(read.error)}`, pathOf(read.error));
  const [difference] = compareMessages(meaning.message, meaning.value, read.value, sides);
  if (difference) return broken(differenceText(difference), difference.path);
  if (read.unknownFields !== meaning.unknownFields) {
    const { unknownFields } = meaning;
    return broken(
      `the reader does not know ${read.unknownFields} fields (${unknownFields} expected) although both sides speak the same wire version`,
    );
  }
  return EXACT;
}

/** What an encoder writes is canonical, but for fields that the reader does not know. */
export function judgeCanonicity(unknownFields: number, read: DecodeResult): Judgement {
  const expected = unknownFields > 0 ? "HasExtensions" : "Canonical";
  if (!read.ok || read.canonicity === undefined || read.canonicity === expected) return EXACT;
  return broken(`the reader finds the bytes ${read.canonicity}, expected ${expected}`);
}

/** Why nothing of a made-up next schema arrives, by the word of the program itself. */
export function droppedBy(name: string): string {
  return `${name} says of itself that it does not keep fields which it does not know`;
}

/** The reader does not support the version of the bytes: it must say so, typed. */
export function judgeForeignVersion(version: number, read: DecodeResult): Judgement {
  if (read.ok) return broken(`read without any error although it does not support v${version}`);
  if (read.error.code === "UnsupportedVersion") return refused(read.error.message);
  return broken(`refused with ${errorText(read.error)}, expected UnsupportedVersion`);
}

/**
 * Both sides agree on the version and only one of them has the message there. However politely it
 * is refused: whoever relies on that version loses the message.
 */
export function judgeMissingMessage(reader: string, version: number, message: string): Judgement {
  return broken(`${reader} reads v${version} but has no ${message} there, which the writer has`);
}

/** A message that no release has at the version, as an ignorable frame may bring it. */
export function judgeForeignMessage(read: DecodeResult): Judgement {
  if (read.ok) return broken("read without any error although its schema has no such message");
  return refused(read.error.message);
}

/**
 * Bytes read under the schema of another version than they were written at, as a wrong label
 * causes it. A typed error is the only good end: what decodes silently is broken, even if the
 * value happens to look right. Never exact.
 */
export function judgeMisread(
  written: { readonly version: number; readonly value: unknown },
  readAs: number,
  read: DecodeResult,
): Judgement {
  if (!read.ok) return refused(errorText(read.error));
  const unknown = read.unknownFields > 0 ? ` with ${read.unknownFields} unknown fields` : "";
  return broken(
    `v${written.version} bytes were read as v${readAs} without any error${unknown}: ${shortJson(read.value)} instead of ${shortJson(written.value)}`,
  );
}

export function judgeCrash(crash: string): Judgement {
  return broken(`the reader crashed: ${crash}`);
}

export function errorText(error: HostError): string {
  return `${error.kind} ${error.code}: ${error.message}`;
}

export function differenceText({ path, kind, expected, actual }: Difference): string {
  if (kind === "unmatched" && actual === undefined) {
    return `${path} = ${shortJson(expected)} is not known to the reader`;
  }
  return `${path === "" ? "the value" : path} is ${shortJson(actual)}, expected ${shortJson(expected)}`;
}

function pathOf(error: HostError): string {
  return error.path.slice(1).join(".");
}

const TEXT_MAX = 120;

export function shortJson(value: unknown): string {
  const text = value === undefined ? "absent" : JSON.stringify(value);
  return text.length > TEXT_MAX ? `${text.slice(0, TEXT_MAX)}…` : text;
}
