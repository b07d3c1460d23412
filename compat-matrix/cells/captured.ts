/**
 * Captured cells: frames that real nodes received in a real run, given to every release that reads
 * their version. Nobody wrote down what they mean, so the releases judge each other: each must
 * open the frame, know every field, and write the same bytes back; all must see the same value.
 */

import { bodyOf, type CapturedFrame } from "../bytes/capture-file.ts";
import { isSameBytes } from "../bytes/same-bytes.ts";
import type { FrameResult } from "../codec-host.ts";
import type { HostRequest, Outcome, Survey } from "../host-request.ts";
import { compareMessages } from "../values/compare.ts";
import { broken, type Cell, EXACT, type Judgement, refused } from "../verdict.ts";
import {
  differenceText,
  errorText,
  judgeCrash,
  judgeForeignMessage,
  judgeMissingMessage,
} from "./judge-read.ts";
import { judgeRewriteSame } from "./judge-rewrite.ts";
import {
  type CellGroups,
  type Matrix,
  messageOf,
  type Participant,
  readersIn,
  reads,
  victimOf,
} from "./matrix.ts";

export async function* capturedCells(matrix: Matrix, frames: readonly CapturedFrame[]): CellGroups {
  const wanted = frames.filter(
    ({ message }) => matrix.only === undefined || message === matrix.only,
  );
  if (wanted.length === 0) return;
  const reference = new Map<CapturedFrame, { readonly by: Participant; readonly value: unknown }>();
  for (const reader of readersIn(matrix)) {
    // A program outside has no frames: it gets the bodies of the messages that it describes.
    const given = reader.outside
      ? wanted.filter(({ wireVersion, message }) => messageOf(reader, wireVersion, message))
      : wanted;
    const openings = reader.outside ? [] : await openAll(matrix, reader, given);
    const outcomes = await surveyAll(matrix, reader, given);
    yield given.map((frame, place) => {
      const outcome = outcomes[place];
      const opening = reader.outside ? undefined : judgeOpening(frame, reader, openings[place]);
      const judgement =
        opening ?? judgeCaptured(matrix, frame, reader, outcome, reference.get(frame));
      const read = outcome?.ok && outcome.value.read.ok ? outcome.value.read : undefined;
      if (read && judgement.verdict === "exact" && !reference.has(frame)) {
        reference.set(frame, { by: reader, value: read.value });
      }
      return makeCell(matrix, frame, reader, judgement, read?.value, reference.get(frame));
    });
  }
}

async function openAll(
  matrix: Matrix,
  reader: Participant,
  frames: readonly CapturedFrame[],
): Promise<Outcome<FrameResult>[]> {
  return await matrix.pool.ask(
    reader.name,
    frames.map(({ frame, clusterId, addressee }) => ({
      ask: "openFrame" as const,
      bytes: frame,
      expected: { clusterId, nodeId: addressee },
    })),
  );
}

/** Undefined when the frame was opened, or need not be. */
function judgeOpening(
  frame: CapturedFrame,
  reader: Participant,
  outcome: Outcome<FrameResult> | undefined,
): Judgement | undefined {
  if (!outcome?.ok) return judgeCrash(outcome?.crash ?? "no outcome");
  if (!reads(reader, frame.wireVersion)) return undefined;
  if (!outcome.value.ok) return broken(`the frame is refused: ${outcome.value.message}`);
  if (isSameBytes(outcome.value.body, bodyOf(frame))) return undefined;
  return broken("the frame was opened to another body");
}

async function surveyAll(
  matrix: Matrix,
  reader: Participant,
  frames: readonly CapturedFrame[],
): Promise<Outcome<Survey>[]> {
  return await matrix.pool.ask(
    reader.name,
    frames.map(
      (frame): Extract<HostRequest, { ask: "survey" }> => ({
        ask: "survey",
        message: frame.message,
        version: frame.wireVersion,
        bytes: bodyOf(frame),
        rewriteTo: reads(reader, frame.wireVersion) ? [frame.wireVersion] : [],
      }),
    ),
  );
}

function judgeCaptured(
  matrix: Matrix,
  frame: CapturedFrame,
  reader: Participant,
  outcome: Outcome<Survey> | undefined,
  reference: { readonly by: Participant; readonly value: unknown } | undefined,
): Judgement {
  if (!outcome?.ok) return judgeCrash(outcome?.crash ?? "no outcome");
  const { message, wireVersion } = frame;
  const { read, rewrites } = outcome.value;
  if (!reads(reader, wireVersion)) {
    return read.ok
      ? broken(`read although it does not support v${wireVersion}`)
      : refused(read.error.message);
  }
  if (!messageOf(reader, wireVersion, message)) {
    const isKnown = matrix.participants.some((one) => messageOf(one, wireVersion, message));
    return isKnown
      ? judgeMissingMessage(reader.name, wireVersion, message)
      : judgeForeignMessage(read);
  }
  if (!read.ok) return broken(`cannot be read: ${errorText(read.error)}`);
  if (read.unknownFields > 0)
    return broken(`the reader does not know ${read.unknownFields} fields`);
  const view = reader.views.get(wireVersion);
  const other = reference?.by.views.get(wireVersion);
  if (view && other) {
    const sides = { writer: other, reader: view, byNumber: view.format !== "msgpack" };
    const [difference] = compareMessages(message, reference?.value, read.value, sides);
    if (difference)
      return broken(`${differenceText(difference)} by ${reference?.by.name}`, difference.path);
  }
  const [rewrite] = rewrites;
  if (rewrite === undefined) return EXACT;
  const before = {
    message,
    bytes: bodyOf(frame),
    value: read.value,
    unknownFields: 0,
    reasons: reader.reasons,
  };
  return judgeRewriteSame(before, rewrite.written);
}

function makeCell(
  matrix: Matrix,
  frame: CapturedFrame,
  reader: Participant,
  judgement: Judgement,
  actual: unknown,
  reference: { readonly by: Participant; readonly value: unknown } | undefined,
): Cell {
  const version = frame.wireVersion;
  const release = frame.sender ?? reference?.by.name ?? reader.name;
  const sides = { writer: { release, version }, reader: { release: reader.name, version } };
  return {
    kind: "captured",
    ...sides,
    message: frame.message,
    case: frame.name,
    ...judgement,
    victim: victimOf(matrix, sides.writer, sides.reader),
    bytes: bodyOf(frame),
    expected: reference?.value,
    actual,
  };
}
