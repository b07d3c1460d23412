import fc from "fast-check";
import { expect, test } from "vitest";
import {
  answerHello,
  type Negotiation,
  type Own,
  type Role,
  type VersionRange,
  writeHello,
} from "./index.ts";

const CLUSTER = "000102030405060708090a0b0c0d0e0f";
const U32_MAX = 2 ** 32 - 1;

function own(min: number, max: number, activeVersion = min): Own {
  return { clusterId: CLUSTER, range: { min, max }, release: "r-own", activeVersion };
}

function hello(min: number, max: number, role: Role = "client"): Uint8Array {
  return writeHello({ range: { min, max }, release: "r-theirs", role });
}

function codeOf(answer: Negotiation): string {
  return answer.ok ? `agreed ${answer.agreed}` : answer.code;
}

test.for<{ mine: [number, number]; offer: [number, number]; says: string; why: string }>([
  { mine: [1, 1], offer: [1, 1], says: "agreed 1", why: "the same release" },
  { mine: [1, 1], offer: [1, U32_MAX], says: "agreed 1", why: "the largest number is a number" },
  { mine: [1, 1], offer: [2, 99], says: "version_too_new", why: "this node is the old one" },
  { mine: [1, 1], offer: [4, 9], says: "version_too_new", why: "far too old" },
  { mine: [2, 3], offer: [2, 99], says: "agreed 3", why: "a maximum from the future is no error" },
  { mine: [2, 3], offer: [1, 2], says: "agreed 2", why: "the lower maximum counts" },
  { mine: [2, 3], offer: [3, 3], says: "agreed 3", why: "one version is enough" },
  { mine: [2, 3], offer: [2, 2], says: "agreed 2", why: "the lowest is still read" },
  { mine: [2, 3], offer: [1, 1], says: "version_too_old", why: "a skipped release" },
  { mine: [2, 3], offer: [4, 9], says: "version_too_new", why: "a skipped release, the other way" },
  { mine: [2, 3], offer: [3, 2], says: "inverted_range", why: "minimum above maximum" },
  { mine: [2, 3], offer: [U32_MAX, 2], says: "inverted_range", why: "the widest inversion" },
  { mine: [2, 3], offer: [0, 0], says: "inverted_range", why: "0 is no version" },
  { mine: [2, 3], offer: [0, 3], says: "inverted_range", why: "a minimum of 0 is a mistake" },
])("$mine answers the offer $offer with $says: $why", ({ mine, offer, says }) => {
  const answer = answerHello(own(...mine), hello(...offer), CLUSTER);
  expect(codeOf(answer)).toBe(says);
  if (answer.ok) return;
  expect(answer.text).toContain(`r-own) reads wire versions ${mine[0]} to ${mine[1]}`);
  expect(answer.text.length).toBeLessThan(400);
});

/** Every range over versions 0 to 5, the inverted ones among them. */
const RANGES: VersionRange[] = [0, 1, 2, 3, 4, 5].flatMap((min) =>
  [0, 1, 2, 3, 4, 5].map((max) => ({ min, max })),
);

/** The rule in its slowest form: try every version, take the last that both read. */
function lastCommon(one: VersionRange, other: VersionRange): number {
  const isRead = ({ min, max }: VersionRange, version: number) => version >= min && version <= max;
  return [1, 2, 3, 4, 5].reduce(
    (last, version) => (isRead(one, version) && isRead(other, version) ? version : last),
    0,
  );
}

test("any two ranges agree on the last version that both read, whoever asks", () => {
  const valid = RANGES.filter(({ min, max }) => min > 0 && min <= max);
  expect(valid).toHaveLength(15);
  for (const mine of valid) {
    for (const offer of RANGES) {
      const answer = answerHello(own(mine.min, mine.max), hello(offer.min, offer.max), CLUSTER);
      const isRange = offer.min > 0 && offer.min <= offer.max;
      expect(answer.agreed, JSON.stringify({ mine, offer })).toBe(
        isRange ? lastCommon(mine, offer) : 0,
      );
      if (!isRange) continue;
      const mirrored = answerHello(own(offer.min, offer.max), hello(mine.min, mine.max), CLUSTER);
      expect(mirrored.agreed).toBe(answer.agreed);
    }
  }
});

test.for<{ range: [number, number]; active: number; offer: [number, number]; says: string }>([
  { range: [1, 2], active: 1, offer: [1, 1], says: "agreed 1" },
  { range: [1, 2], active: 2, offer: [1, 1], says: "version_too_old" },
  { range: [1, 2], active: 1, offer: [2, 3], says: "version_too_new" },
  { range: [1, 2], active: 2, offer: [2, 3], says: "agreed 2" },
  { range: [2, 3], active: 2, offer: [1, 2], says: "agreed 2" },
  { range: [2, 3], active: 3, offer: [1, 2], says: "version_too_old" },
])(
  "a peer must read what is stored: $range at $active answers $offer with $says, a client agrees",
  ({ range, active, offer, says }) => {
    const answer = answerHello(own(...range, active), hello(...offer, "peer"), CLUSTER);
    expect(codeOf(answer)).toBe(says);
    if (!answer.ok) expect(answer.text).toMatch(/; (upgrade|activate) .*version \d/);
    const client = answerHello(own(...range, active), hello(...offer, "client"), CLUSTER);
    expect(client.agreed).toBe(Math.min(range[1], offer[1]));
  },
);

test("another cluster is refused, whatever it offers, and both ids are named", () => {
  const foreign = "ff".repeat(16);
  for (const body of [hello(1, 2), new Uint8Array(0), Uint8Array.of(1, 2, 3)]) {
    const answer = answerHello(own(1, 2), body, foreign);
    expect(codeOf(answer)).toBe("foreign_cluster");
    expect(!answer.ok && answer.text).toMatch(`${CLUSTER}, the offer comes from ${foreign}`);
    expect(!answer.ok && answer.text).toContain("reads wire versions 1 to 2");
  }
});

test.for([
  { hex: "", code: "missing_range", why: "an empty body" },
  { hex: "0100040001000000", code: "missing_range", why: "no maximum" },
  { hex: "0200040001000000", code: "missing_range", why: "no minimum" },
  { hex: "01000400", code: "malformed", why: "an item that is cut off" },
  { hex: "010000000200040001000000", code: "malformed", why: "a minimum of no bytes" },
  { hex: "ff800000", code: "unknown_critical", why: "a critical item nobody knows" },
])("a body of $hex is refused as $code: $why", ({ hex, code }) => {
  const answer = answerHello(own(1, 2), Buffer.from(hex, "hex"), CLUSTER);
  expect(codeOf(answer)).toBe(code);
  expect(!answer.ok && answer.text).toContain("reads wire versions 1 to 2");
});

test("random bodies are answered, never thrown at", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (body) => {
      expect(answerHello(own(1, 2), body, CLUSTER).ok).toBe(false);
    }),
  );
});
