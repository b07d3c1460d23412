/**
 * Hello cells: what each release answers to offers, those of the other releases among them. The
 * answer is judged by a rule of our own, and its bytes by the layout that never changes.
 */
import { number, readItems } from "../bytes/hello-items.ts";
import type { HelloAnswer } from "../codec-host.ts";
import type { HostRequest, Outcome } from "../host-request.ts";
import { broken, type Cell, EXACT, type Judgement, refused } from "../verdict.ts";
import { judgeCrash } from "./judge-read.ts";
import {
  type CellGroups,
  type Matrix,
  type Participant,
  releasesIn,
  versionsOf,
  victimOf,
} from "./matrix.ts";
import { agreeNaively, type Offer, offersFor, type Role, stateFor } from "./offers.ts";

export async function* helloCells(matrix: Matrix): CellGroups {
  if (matrix.only !== undefined && matrix.only !== "Hello") return;
  for (const reader of releasesIn(matrix)) {
    if (reader.onlyWrites) continue;
    const own = offersFor(reader.host.range).map((offer) => ({ offer, writer: reader }));
    yield await answerAll(matrix, reader, [...own, ...(await realOffers(matrix))]);
  }
}

interface Offered {
  readonly offer: Offer;
  readonly writer: Participant;
}

/** What the releases really send, judged by the range that they describe. */
async function realOffers(matrix: Matrix): Promise<Offered[]> {
  const offered: Offered[] = [];
  for (const writer of releasesIn(matrix)) {
    for (const role of ["peer", "client"] as const) {
      const [outcome] = await matrix.pool.ask(writer.name, [{ ask: "hello" as const, role }]);
      const body = outcome?.ok ? outcome.value : new Uint8Array();
      offered.push({ offer: realOffer(writer, role, body), writer });
    }
  }
  return offered;
}

function realOffer(writer: Participant, role: Role, body: Uint8Array): Offer {
  return {
    name: `hello of ${writer.name} as ${role}`,
    role,
    body,
    range: writer.host.range,
    isForeign: false,
  };
}

async function answerAll(
  matrix: Matrix,
  reader: Participant,
  offered: readonly Offered[],
): Promise<Cell[]> {
  const asked = offered.flatMap((one) =>
    versionsOf(reader).map((activeVersion) => ({ ...one, activeVersion })),
  );
  const requests = asked.map(
    ({ offer, activeVersion }): Extract<HostRequest, { ask: "answerHello" }> => ({
      ask: "answerHello",
      body: offer.body,
      state: stateFor(offer, activeVersion),
    }),
  );
  const outcomes = await matrix.pool.ask(reader.name, requests);
  return asked.map(({ offer, writer, activeVersion }, place) => {
    const outcome = outcomes[place];
    const sides = {
      writer: { release: writer.name, version: 0 },
      reader: { release: reader.name, version: activeVersion },
    };
    return {
      kind: "hello",
      ...sides,
      message: "Hello",
      case: `${offer.name} (${offer.role})`,
      ...judgeHello(reader.host.range, offer, activeVersion, outcome),
      victim: victimOf(matrix, sides.writer, sides.reader),
      bytes: offer.body,
      expected: { agreed: agreeNaively(reader.host.range, offer, activeVersion) },
      actual: outcome?.ok ? { ...outcome.value, body: undefined } : undefined,
      ...(outcome?.ok && { rewritten: outcome.value.body }),
    };
  });
}

export function judgeHello(
  own: { readonly min: number; readonly max: number },
  offer: Offer,
  activeVersion: number,
  outcome: Outcome<HelloAnswer> | undefined,
): Judgement {
  if (!outcome?.ok) return judgeCrash(outcome?.crash ?? "no outcome");
  const expected = agreeNaively(own, offer, activeVersion);
  const answer = outcome.value;
  if (answer.agreed !== expected) {
    const meant = expected === 0 ? "a refusal" : `v${expected}`;
    return broken(
      `answered ${answer.agreed === 0 ? "a refusal" : `v${answer.agreed}`}, expected ${meant}`,
    );
  }
  if (answer.agreed !== 0) {
    const problem = welcomeProblem(own, answer);
    return problem === undefined ? EXACT : broken(problem);
  }
  if (!("text" in answer)) return broken("a refusal without a text");
  const problem = refusalProblem(own, answer);
  return problem === undefined ? refused(answer.text) : broken(problem);
}

type Refusal = Extract<HelloAnswer, { agreed: 0 }>;

const TEXT_BYTES_MAX = 1000;

function refusalProblem(own: { min: number; max: number }, answer: Refusal): string | undefined {
  const missing = [own.min, own.max].find(
    (bound) => !new RegExp(`(?<!\\d)${bound}(?!\\d)`).test(answer.text),
  );
  if (missing !== undefined) return `the refusal does not name its own range: "${answer.text}"`;
  if (answer.code === "") return "the refusal has no code";
  const items = readItems(answer.body);
  const texts = [6, 7].map((type) => textOf(items?.find((item) => item.type === type)?.content));
  if (texts[0] !== answer.code || texts[1] !== answer.text) {
    return "the refusal's bytes do not hold its code and text";
  }
  if (new TextEncoder().encode(answer.text).length > TEXT_BYTES_MAX) {
    return "the refusal's text is too long";
  }
  return boundsProblem(own, items);
}

function welcomeProblem(
  own: { min: number; max: number },
  answer: HelloAnswer,
): string | undefined {
  const items = readItems(answer.body);
  const agreed = items?.find(({ type }) => type === 5)?.content;
  if (agreed?.length !== 4 || number(agreed) !== answer.agreed) {
    return "the welcome's bytes do not hold the agreed version";
  }
  return boundsProblem(own, items);
}

function boundsProblem(
  own: { min: number; max: number },
  items: ReturnType<typeof readItems>,
): string | undefined {
  const bounds = [1, 2].map((type) => {
    const content = items?.find((item) => item.type === type)?.content;
    return content?.length === 4 ? number(content) : undefined;
  });
  if (bounds[0] === own.min && bounds[1] === own.max) return undefined;
  return `the answer's bytes hold the range ${bounds[0]}..${bounds[1]}, expected ${own.min}..${own.max}`;
}

function textOf(content: Uint8Array | undefined): string | undefined {
  return content && new TextDecoder().decode(content);
}
