/** Codec hosts, golden cases, cells and verdicts: what still reads what. */

export { type CapturedFrame, CaptureError, readCapture } from "./bytes/capture-file.ts";
export { findUncovered } from "./cases/coverage.ts";
export { GoldenError, type GoldenFile, type GoldenRecord, makeGolden } from "./cases/golden.ts";
export { judgeMisread } from "./cells/judge-read.ts";
export { type Matrix, type Participant, participantOf } from "./cells/matrix.ts";
export { type StartOutcome, type StartTrial, startCell } from "./cells/start.ts";
export {
  type Canonicity,
  CODEC_HOST_VERSION,
  type CodecHost,
  type DecodeMode,
  type DecodeResult,
  type EncodeResult,
  type EnumerationDescription,
  type FieldDescription,
  type FrameFields,
  type FrameResult,
  type HelloAnswer,
  type HelloState,
  type HostDescription,
  type HostError,
  type MemberDescription,
  type MessageDescription,
  type OneofDescription,
  type Surface,
  type TypeDescription,
  type VersionDescription,
} from "./codec-host.ts";
export {
  type AnswerTo,
  type HostPool,
  type HostRequest,
  type Outcome,
  outcomeOf,
  poolOf,
} from "./host-request.ts";
export { type BrokenCell, type MatrixReport, makeMatrixReport } from "./matrix-report.ts";
export {
  type Call,
  type Capabilities,
  HOST_PROTOCOL,
  type OutsideDescription,
  type Reply,
} from "./outside/calls.ts";
export { asCrash, askOutside, HostCrash, type SendCall, sendPlain } from "./outside/converse.ts";
export { HostFrameError, HostFrameReader, parseBody, writeHostFrame } from "./outside/frames.ts";
export { withOutsideGolden } from "./outside/golden.ts";
export { readReply } from "./outside/replies.ts";
export { refusal, serveBody } from "./outside/serve.ts";
export { matrixPage } from "./page/matrix-page.ts";
export { type CellCounts, countCells, type RunOptions, runCells } from "./run-cells.ts";
export type { Cell, CellKind, Judgement, Side, Verdict, Victim } from "./verdict.ts";
