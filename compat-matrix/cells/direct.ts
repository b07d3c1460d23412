/**
 * Direct cells: a release's golden bytes at each of its versions, given to every release, which
 * reads them and writes them back at each of *its* versions. One cell is (writer release, version)
 * × (reader release, version) × message × case.
 */

import { fromHex } from "../../codecs/index.ts";
import { isSameBytes } from "../bytes/same-bytes.ts";
import type { GoldenFile, GoldenRecord } from "../cases/golden.ts";
import type { EncodeResult } from "../codec-host.ts";
import type { HostRequest, Outcome, Rewrite, Survey } from "../host-request.ts";
import { broken, type Cell, EXACT, type Judgement, lost, refused } from "../verdict.ts";
import {
  droppedBy,
  errorText,
  judgeCanonicity,
  judgeCrash,
  judgeForeignVersion,
  judgeMissingMessage,
  judgeRead,
} from "./judge-read.ts";
import { judgeRewrite, judgeRewriteSame } from "./judge-rewrite.ts";
import {
  type CellGroups,
  goldenOf,
  keepsUnknown,
  type Matrix,
  meets,
  messageOf,
  type Participant,
  readersIn,
  reads,
  rewritesTo,
  versionsOf,
  victimOf,
} from "./matrix.ts";

export async function* directCells(matrix: Matrix): CellGroups {
  for (const writer of matrix.participants) {
    for (const version of versionsOf(writer)) {
      const given = givenBy(writer, version, matrix);
      const fresh = await writeFreshly(matrix, writer, version, given);
      for (const reader of readersIn(matrix)) {
        const isMet = given.map(({ message }) => meets(writer, reader, version, message));
        yield await readAll(matrix, {
          writer,
          version,
          reader,
          given: given.filter((_, place) => isMet[place]),
          fresh: fresh.filter((_, place) => isMet[place]),
        });
      }
    }
  }
}

/** One case's bytes, ready to be handed to readers. */
interface Given {
  readonly message: string;
  readonly record: GoldenRecord;
  readonly bytes: Uint8Array;
}

interface Encounter {
  readonly writer: Participant;
  readonly version: number;
  readonly reader: Participant;
  readonly given: readonly Given[];
  /** Does the writer still write its own golden bytes? By place in `given`. */
  readonly fresh: readonly Judgement[];
}

function givenBy(writer: Participant, version: number, matrix: Matrix): Given[] {
  return goldenOf(writer, version, matrix).flatMap(({ message, records }: GoldenFile) =>
    records.map((record) => ({ message, record, bytes: fromHex(record.hex) })),
  );
}

async function writeFreshly(
  matrix: Matrix,
  writer: Participant,
  version: number,
  given: readonly Given[],
): Promise<Judgement[]> {
  const outcomes = await matrix.pool.ask(
    writer.name,
    given.map(({ message, record }) => ({
      ask: "encode" as const,
      message,
      version,
      value: record.value,
    })),
  );
  return given.map((one, place) => judgeFresh(one, outcomes[place]));
}

/** A release must write today what it wrote when it was frozen. */
export function judgeFresh(
  { record, bytes }: Pick<Given, "record" | "bytes">,
  outcome: Outcome<EncodeResult> | undefined,
): Judgement {
  if (!outcome?.ok) return broken(`the writer crashed: ${outcome?.crash ?? "no outcome"}`);
  const written = outcome.value;
  if (!written.ok) return broken(`the writer refuses its own value: ${errorText(written.error)}`);
  // Bytes of a made-up next schema cannot be written from a value that lacks its fields.
  if (record.unknownFields !== undefined || isSameBytes(bytes, written.bytes)) return EXACT;
  return broken("the writer does not write its own golden bytes any more");
}

async function readAll(matrix: Matrix, encounter: Encounter): Promise<Cell[]> {
  const { reader, version, given } = encounter;
  const requests = given.map(
    ({ message, bytes }): Extract<HostRequest, { ask: "survey" }> => ({
      ask: "survey",
      message,
      version,
      bytes,
      rewriteTo: reads(reader, version) ? rewritesTo(reader, message, version) : [],
    }),
  );
  const outcomes = await matrix.pool.ask(reader.name, requests);
  return given.flatMap((one, place) => {
    const fresh = encounter.fresh[place] ?? EXACT;
    return rewritesTo(reader, one.message, version).map((to) =>
      makeCell(matrix, encounter, one, to, fresh, outcomes[place]),
    );
  });
}

function makeCell(
  matrix: Matrix,
  encounter: Encounter,
  one: Given,
  to: number,
  fresh: Judgement,
  outcome: Outcome<Survey> | undefined,
): Cell {
  const { writer, reader, version } = encounter;
  const survey = outcome?.ok ? outcome.value : undefined;
  const read = judgeReading(encounter, one, outcome);
  const rewrite = survey?.rewrites.find((candidate) => candidate.to === to);
  const isReadable = fresh.verdict === "exact" && read.verdict === "exact";
  const rewritten = isReadable ? judgeWriting(encounter, one, survey, rewrite) : EXACT;
  const sides = {
    writer: { release: writer.name, version },
    reader: { release: reader.name, version: to },
  };
  return {
    kind: "direct",
    ...sides,
    message: one.message,
    case: one.record.case,
    ...worstOf([fresh, read, rewritten]),
    victim: victimOf(
      matrix,
      sides.writer,
      sides.reader,
      isReadable ? { from: version, to } : undefined,
    ),
    bytes: one.bytes,
    expected: one.record.value,
    actual: survey?.read.ok ? survey.read.value : undefined,
    ...(rewrite?.written.ok && { rewritten: rewrite.written.bytes }),
  };
}

function judgeReading(
  { writer, reader, version }: Encounter,
  { message, record }: Given,
  outcome: Outcome<Survey> | undefined,
): Judgement {
  if (!outcome?.ok) return judgeCrash(outcome?.crash ?? "no outcome");
  const { read } = outcome.value;
  if (!reads(reader, version)) return judgeForeignVersion(version, read);
  const [own, foreign] = [writer.views.get(version), reader.views.get(version)];
  if (!own || !foreign || !messageOf(reader, version, message)) {
    return judgeMissingMessage(reader.name, version, message);
  }
  const unknownFields = record.unknownFields ?? 0;
  const sides = { writer: own, reader: foreign, byNumber: own.format !== "msgpack" };
  if (unknownFields > 0 && !keepsUnknown(reader)) {
    const blind = { message, value: record.value, unknownFields: read.ok ? read.unknownFields : 0 };
    const judged = judgeRead(blind, read, sides);
    const dropped = judged.verdict === "exact" ? lost(droppedBy(reader.name)) : judged;
    return worstOf([dropped, judgeCanonicity(unknownFields, read)]);
  }
  const judged = judgeRead({ message, value: record.value, unknownFields }, read, sides);
  return worstOf([judged, judgeCanonicity(unknownFields, read)]);
}

function judgeWriting(
  { reader, version }: Encounter,
  { message, bytes }: Given,
  survey: Survey | undefined,
  rewrite: Rewrite | undefined,
): Judgement {
  const from = reader.views.get(version);
  const to = rewrite && reader.views.get(rewrite.to);
  if (!survey?.read.ok || !rewrite || !from || !to) return broken("the reader rewrote nothing");
  const { value, unknownFields } = survey.read;
  const before = { message, bytes, value, unknownFields, reasons: reader.reasons };
  if (rewrite.to === version) return judgeRewriteSame(before, rewrite.written);
  if (messageOf(reader, rewrite.to, message) === undefined) {
    return rewrite.written.ok
      ? broken(`rewritten at v${rewrite.to}, which has no such message`)
      : refused(rewrite.written.error.message);
  }
  return judgeRewrite(before, rewrite, from, to);
}

const RANK = ["exact", "declared-loss", "clean-refusal", "broken"];

/** The worst decides; among equals the first, because later steps built on it. */
export function worstOf(judgements: readonly Judgement[]): Judgement {
  return judgements.reduce((worst, next) =>
    RANK.indexOf(next.verdict) > RANK.indexOf(worst.verdict) ? next : worst,
  );
}
