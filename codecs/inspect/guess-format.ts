/**
 * Which of the formats bytes may be in. Nothing in them says so, thus each format tries to read all of
 * them and is ranked by how far it came and how usual that would be:
 *
 * - all bytes are read, by no other format: almost certainly this one
 * - MessagePack: a map or an array that ends exactly at the end is hardly chance
 * - protobuf and Bilrost: tags without gaps from 1 (or 0), ascending, are what writers make
 */
import { DecodeError } from "../errors.ts";
import type { FormatName } from "../format.ts";
import { PackReader } from "../messagepack/pack-reader.ts";
import { summaryOf } from "./body-guess.ts";
import { BILROST, type Dialect, PROTOBUF, readLength } from "./cursor.ts";
import { packHead } from "./pack-scalar.ts";
import { scanFields, tightness } from "./scan.ts";

export interface FormatGuess {
  readonly format: FormatName;
  /** 0 to 1, to compare with the other guesses of the same bytes; no probability. */
  readonly score: number;
  /** Whether all bytes can be read in this format. */
  readonly isWhole: boolean;
  readonly reason: string;
}

/** All formats, best first. Of a stream the first message is looked at, and whether lengths lead to the end. */
export function guessFormat(bytes: Uint8Array, isStream = false): FormatGuess[] {
  const guesses = isStream
    ? [guessPackStream(bytes), guessStream(PROTOBUF, bytes), guessStream(BILROST, bytes)]
    : [guessPack(bytes), guessTagged(PROTOBUF, bytes), guessTagged(BILROST, bytes)];
  return guesses
    .map((guess) => ({ ...guess, score: Math.round(guess.score * 1000) / 1000 }))
    .sort((one, other) => other.score - one.score);
}

function guessTagged(dialect: Dialect, bytes: Uint8Array): FormatGuess {
  const scan = scanFields(dialect, bytes, 0, bytes.length);
  const { error, end } = scan;
  const format = dialect.name;
  if (error) {
    const score = 0.1 * (end / bytes.length) + 0.2 * tightness(scan);
    return { format, score, isWhole: false, reason: refusal(error) };
  }
  const reason = bytes.length === 0 ? "the empty message" : `all bytes are ${summaryOf(scan)}`;
  return { format, score: 0.5 + 0.4 * tightness(scan), isWhole: true, reason };
}

/** A container names itself, so it is worth more than a number that happens to fill the input. */
const PACK_SCORES: Readonly<Record<string, number>> = { map: 0.95, array: 0.85, text: 0.75 };

function guessPack(bytes: Uint8Array): FormatGuess {
  const format = "msgpack";
  const reader = new PackReader(bytes, NO_LIMITS, false);
  let usual = 0;
  try {
    const { kind } = packHead(bytes, 0, bytes.length);
    usual = (PACK_SCORES[kind] ?? 0.4) * (bytes.length > 1 ? 1 : 0.5);
    reader.skip();
    const rest = bytes.length - reader.offset;
    if (rest === 0) {
      return { format, score: usual, isWhole: true, reason: `all bytes are one value: ${kind}` };
    }
    const score = (0.2 * usual * reader.offset) / bytes.length;
    const follow = rest === 1 ? "1 byte follows" : `${rest} bytes follow`;
    const reason = `${follow} the first value, ${kind} (byte ${reader.offset})`;
    return { format, score, isWhole: false, reason };
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    const score = usual * (0.2 + (0.1 * error.offset) / Math.max(1, bytes.length));
    return { format, score, isWhole: false, reason: refusal(error) };
  }
}

const NO_LIMITS = { depthMax: Infinity, lengthMax: Infinity, countMax: Infinity };

function refusal({ problem, offset }: DecodeError): string {
  return `${problem} (byte ${offset})`;
}

function guessStream(dialect: Dialect, bytes: Uint8Array): FormatGuess {
  const format = dialect.name;
  const cursor = dialect.open(bytes, 0, bytes.length);
  let count = 0;
  let score = 0;
  try {
    while (cursor.offset < bytes.length) {
      const length = readLength(cursor);
      const start = cursor.offset;
      cursor.skip(length);
      if (count++ >= STREAM_LOOKED_AT) continue;
      const scan = scanFields(dialect, bytes, start, start + length);
      if (scan.error) throw scan.error;
      score += 0.4 * tightness(scan);
    }
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    const score = (0.2 * error.offset) / bytes.length;
    return { format, score, isWhole: false, reason: refusal(error) };
  }
  const messages = count === 1 ? "1 message" : `${count} messages`;
  const mean = score / Math.max(1, Math.min(count, STREAM_LOOKED_AT));
  return { format, score: 0.5 + mean, isWhole: true, reason: `the lengths lead to ${messages}` };
}

const STREAM_LOOKED_AT = 100;

function guessPackStream(bytes: Uint8Array): FormatGuess {
  const format = "msgpack";
  const reader = new PackReader(bytes, NO_LIMITS, false);
  let count = 0;
  let containers = 0;
  try {
    while (reader.offset < bytes.length) {
      const { kind } = packHead(bytes, reader.offset, bytes.length);
      reader.skip();
      count++;
      if (kind === "map" || kind === "array") containers++;
    }
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    const score = (0.2 * error.offset) / bytes.length;
    return { format, score, isWhole: false, reason: refusal(error) };
  }
  const score = 0.3 + (0.65 * containers) / Math.max(1, count);
  const reason = `all bytes are ${count} values, ${containers} of them maps or arrays`;
  return { format, score, isWhole: true, reason };
}
