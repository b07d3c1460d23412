/**
 * What is claimed of any bytes at all, in every format: they are read or refused with a `DecodeError`
 * that says where; what was read can be written, and reads the same again. Of Bilrost also: both engines
 * see the same in every mode, and what is canonical is written back as it was.
 */
import type { BilrostCodec, DistinguishedOptions } from "../../codecs/bilrost/index.ts";
import { differenceBesideOrder, differenceOf } from "../../codecs/contract/difference.ts";
import { type Codec, DecodeError, EncodeError, type MessageValue } from "../../codecs/index.ts";

export interface Verdict {
  readonly isRead: boolean;
  /** What is wrong, the same words for the same fault; undefined when nothing is. */
  readonly fault: string | undefined;
}

export type Judge = (bytes: Uint8Array, turn: number) => Verdict;

/** What one call came to. */
export type Outcome = { readonly value: MessageValue } | { readonly error: unknown };

export function outcomeOf(act: () => unknown): Outcome {
  try {
    return { value: act() as MessageValue };
  } catch (error) {
    return { error };
  }
}

export function judgeOf(codec: Codec, name: string): Judge {
  return (bytes) => {
    const outcome = outcomeOf(() => codec.decode(bytes));
    return "error" in outcome
      ? { isRead: false, fault: faultOfRefusal(outcome.error, bytes.length, name) }
      : { isRead: true, fault: faultOfValue(codec, outcome.value) };
  };
}

export function faultOfRefusal(error: unknown, length: number, name: string): string | undefined {
  if (!(error instanceof DecodeError)) return `decode threw ${String(error).slice(0, 200)}`;
  if (error.path[0] !== name)
    return `the path "${error.path.join(".")}" does not begin with ${name}`;
  const isInside = error.offset >= 0 && error.offset <= length;
  return isInside ? undefined : `the offset of ${error.code} is outside`;
}

function faultOfValue(codec: Codec, value: MessageValue): string | undefined {
  const written = outcomeOf(() => codec.encode(value));
  if ("error" in written) return `what was read cannot be written: ${String(written.error)}`;
  const again = outcomeOf(() => codec.decode(written.value as unknown as Uint8Array));
  if ("error" in again) return `what was written cannot be read: ${String(again.error)}`;
  const difference = differenceBesideOrder(value, again.value);
  return difference && `what was written reads as another value: ${difference}`;
}

const MINIMA = ["NotCanonical", "HasExtensions", "Canonical"] as const;
const BEFORE = 3;

interface Twins {
  readonly compiled: BilrostCodec;
  readonly interpreted: BilrostCodec;
  readonly name: string;
  /** Whether the type has a distinguished mode. */
  readonly isExact: boolean;
}

/** The modes by turns, because each input in each of them would take too long. */
export function judgeOfTwins(twins: Twins): Judge {
  const { compiled, interpreted, name, isExact } = twins;
  const isSound = judgeOf(compiled, name);
  return (bytes, turn) => {
    const relaxed = outcomeOf(() => interpreted.decode(bytes));
    const fault =
      apart(
        outcomeOf(() => compiled.decode(bytes)),
        relaxed,
        "decode",
      ) ?? faultOfMode(twins, bytes, turn);
    if ("error" in relaxed) {
      return { isRead: false, fault: fault ?? faultOfRefusal(relaxed.error, bytes.length, name) };
    }
    return {
      isRead: true,
      fault: fault ?? faultOfWriting(twins, relaxed.value) ?? faultOfReading(bytes, turn),
    };
  };

  function faultOfReading(bytes: Uint8Array, turn: number): string | undefined {
    if (isExact) return faultOfCanonicity(interpreted, bytes);
    return turn % 4 === 0 ? isSound(bytes, turn).fault : undefined;
  }
}

function faultOfMode(
  { compiled, interpreted }: Twins,
  bytes: Uint8Array,
  turn: number,
): string | undefined {
  const both = (what: string, act: (codec: BilrostCodec) => unknown): string | undefined =>
    apart(
      outcomeOf(() => act(compiled)),
      outcomeOf(() => act(interpreted)),
      what,
    );
  const minimum = MINIMA[turn % 3] as NonNullable<DistinguishedOptions["minimum"]>;
  switch (turn % 8) {
    case 6:
      return both("decodeDelimited", (codec) => codec.decodeDelimited(bytes, { minimum }));
    case 7: {
      const around = new Uint8Array(BEFORE + bytes.length + 2).fill(1);
      around.set(bytes, BEFORE);
      return both("decodeRange", (codec) =>
        codec.decodeRange(around, BEFORE, BEFORE + bytes.length, { copy: turn % 16 === 7 }),
      );
    }
    default:
      return both(`decodeDistinguished(${minimum})`, (codec) =>
        codec.decodeDistinguished(bytes, { minimum, copy: turn % 16 === 5 }),
      );
  }
}

function faultOfWriting({ compiled, interpreted }: Twins, value: MessageValue): string | undefined {
  const [ours, theirs] = [
    outcomeOf(() => compiled.encode(value)),
    outcomeOf(() => interpreted.encode(value)),
  ];
  if ("error" in theirs) return `what was read cannot be written: ${String(theirs.error)}`;
  return apart(ours, theirs, "encode");
}

function faultOfCanonicity(codec: BilrostCodec, bytes: Uint8Array): string | undefined {
  const { value, canonicity } = codec.decodeDistinguished(bytes);
  const isSame = differenceOf(codec.encode(value), bytes) === undefined;
  if (isSame === (canonicity !== "NotCanonical")) return undefined;
  return isSame
    ? "not canonical, but written back as it was"
    : `${canonicity}, but written otherwise`;
}

const target = new Uint8Array(1 << 17);

const WAYS: readonly (readonly [string, (codec: BilrostCodec, value: MessageValue) => unknown])[] =
  [
    ["encode", (codec, value) => codec.encode(value)],
    ["encodeInto", (codec, value) => target.slice(3, codec.encodeInto(value, target, 3))],
    [
      "encodeSegments",
      (codec, value) => Uint8Array.from(Buffer.concat(codec.encodeSegments(value))),
    ],
  ];

/** The same bytes or the same refusal, whatever the value; nothing but an `EncodeError` is thrown. */
export function faultOfHostile(
  codecs: readonly [compiled: BilrostCodec, interpreted: BilrostCodec],
  value: MessageValue,
): string | undefined {
  for (const [what, write] of WAYS) {
    const outcomes = codecs.map((codec) => outcomeOf(() => write(codec, value)));
    const [ours, theirs] = outcomes as [Outcome, Outcome];
    const fault =
      faultOfEncoding(ours) ??
      faultOfEncoding(theirs) ??
      apart(ours, theirs, `${what} of a hostile value`);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function faultOfEncoding(outcome: Outcome): string | undefined {
  if (!("error" in outcome)) return undefined;
  const { error } = outcome;
  if (!(error instanceof EncodeError)) return `encode threw ${tell(error).slice(0, 200)}`;
  if (!error.problem.startsWith(READING_FAILED) || THROWN_BY_VALUE.test(error.problem)) {
    return undefined;
  }
  return `encode failed by itself: ${error.problem}`;
}

/** What getters, proxies and odd objects of the hostile values throw. */
const THROWN_BY_VALUE = /hostile|proxy|detached|primitive value/i;

/** How an `EncodeError` begins that stands for something else that was thrown. */
const READING_FAILED = "Cannot read the value";

/** Where the two engines came to other outcomes. */
export function apart(compiled: Outcome, interpreted: Outcome, what: string): string | undefined {
  if ("error" in compiled && "error" in interpreted) {
    const difference = errorDifference(compiled.error, interpreted.error);
    return difference && `${what}: the engines refuse otherwise: ${difference}`;
  }
  if ("error" in compiled) return `${what}: only compiled code refuses: ${String(compiled.error)}`;
  if ("error" in interpreted)
    return `${what}: only the interpreter refuses: ${String(interpreted.error)}`;
  const difference = differenceOf(compiled.value, interpreted.value);
  return difference && `${what}: the engines differ: ${difference}`;
}

function errorDifference(left: unknown, right: unknown): string | undefined {
  const [one, other] = [tell(left), tell(right)];
  return one === other ? undefined : `${one} | ${other}`;
}

/** Code, path, offset and message. */
function tell(error: unknown): string {
  const { name, code, message } = error as { name: string; code?: string; message: string };
  return `${name} ${code}: ${message}`;
}
