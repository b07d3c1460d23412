/** Before any clock runs: every codec must give back what it was given, by every call it has. */
import { isDeepStrictEqual } from "node:util";
import type { Contender } from "./contender.ts";
import type { BenchCase } from "./corpus.ts";
import { OUR_FORM, plainOf } from "./form.ts";
import { shapeOf } from "./messages.ts";
import { chunkOf, encodedOf, encodeOnce, inputsOf } from "./rows.ts";

export class RoundTripError extends Error {
  override readonly name = "RoundTripError";
}

export function checkRoundTrips(contender: Contender, bench: BenchCase): void {
  checkEncoders(contender, bench);
  const { decode, range } = contender;
  if (!decode) return;
  const expected = bench
    .variants()
    .map((value) => plainOf(shapeOf(bench.message), OUR_FORM, value));
  encodedOf(contender, bench).forEach((bytes, place) => {
    checkValue(contender, bench, decode(bytes as never), expected[place]);
  });
  const chunk = chunkOf(contender, bench);
  for (let place = 0; place < chunk.starts.length - 1; place++) {
    const [start = 0, end = 0] = chunk.starts.slice(place, place + 2);
    const value = range
      ? range(chunk.bytes as never, start, end)
      : decode(chunk.bytes.subarray(start, end) as never);
    checkValue(contender, bench, value, expected[place % expected.length]);
  }
}

/** All ways to encode give the same bytes, and owned ones survive the calls that come after. */
function checkEncoders(contender: Contender, bench: BenchCase): void {
  const inputs = inputsOf(contender, bench) as never[];
  const first = inputs.map((input) => Buffer.from(encodeOnce(contender, input)));
  const fail = (call: string, place: number) => {
    const what = `Cannot measure ${contender.name}: ${call} of ${bench.name}, variant ${place}`;
    throw new RoundTripError(`${what}, gives other bytes than its first call`);
  };
  const { owned, view, into, target, segments } = contender;
  const kept = owned ? inputs.map((input) => owned(input)) : [];
  inputs.forEach((input, place) => {
    const expected = first[place] ?? Buffer.alloc(0);
    if (kept[place] && !expected.equals(kept[place])) fail("owned", place);
    if (view && !expected.equals(view(input))) fail("view", place);
    if (segments && !expected.equals(Buffer.concat(segments(input)))) fail("segments", place);
    if (!into || !target) return;
    const end = into(input);
    if (!expected.equals(target().subarray(0, end))) fail("into", place);
  });
}

function checkValue(contender: Contender, bench: BenchCase, decoded: unknown, expected: unknown) {
  const value = contender.unwrap ? contender.unwrap(decoded as never) : (decoded as object);
  const found = plainOf(shapeOf(bench.message), contender.form, value);
  if (isDeepStrictEqual(found, expected)) return;
  const texts = [found, expected].map((side) => JSON.stringify(side).slice(0, 600));
  throw new RoundTripError(
    `Cannot measure ${contender.name}: ${bench.name} comes back as ${texts[0]}, expected ${texts[1]}`,
  );
}

export function meanBytes(contender: Contender, bench: BenchCase): number {
  const lengths = inputsOf(contender, bench).map(
    (input) => encodeOnce(contender, input as never).length,
  );
  return Math.round(lengths.reduce((sum, length) => sum + length, 0) / lengths.length);
}
