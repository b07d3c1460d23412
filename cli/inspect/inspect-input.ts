/** From bytes and options to one tree, and what was found out on the way. */
import {
  type FormatGuess,
  guessFormat,
  type InspectNode,
  type InspectProblem,
  inspect,
} from "../../codecs/index.ts";
import { beginsAs, type FrameBody, FrameInspector } from "./frames.ts";
import type { OpenRelease } from "./open-release.ts";
import { FORMAT_NAMES, type FormatName, MessageReader } from "./read-message.ts";

export interface Request {
  readonly bytes: Uint8Array;
  readonly format: FormatName | undefined;
  readonly release: OpenRelease | undefined;
  readonly message: string | undefined;
  readonly wireVersion: number | undefined;
  readonly isStream: boolean;
  readonly nodesMax: number;
}

export interface Findings {
  readonly root: InspectNode;
  /** In the order of the bytes. */
  readonly problems: readonly InspectProblem[];
  /** Missing for frames, each of which has its own. */
  readonly format?: FormatName;
  readonly container?: "frames" | "capture" | "stream";
  /** Best first, when the format was not given. */
  readonly guesses?: readonly FormatGuess[];
  /** When no format reads the bytes as one message: the one that reads them as a stream. */
  readonly asStream?: FormatGuess;
  readonly message?: string;
  readonly wireVersion?: number;
  /** What the release itself says of the bytes. */
  readonly verdict?: string;
}

export function inspectInput(request: Request): Findings {
  const { message, format, release } = request;
  const container = beginsAs(request.bytes);
  const isTold = message !== undefined || format !== undefined || request.isStream;
  const findings =
    container !== undefined && !isTold
      ? inspectFrames(request, container)
      : release && message !== undefined
        ? inspectKnown(request, release, message)
        : inspectUnknown(request);
  return { ...findings, problems: findings.problems.toSorted((a, b) => a.offset - b.offset) };
}

function inspectKnown(request: Request, release: OpenRelease, message: string): Findings {
  const { bytes, isStream, nodesMax } = request;
  const version = release.versionAsked(request.wireVersion);
  const format = version.format as FormatName;
  const reader = new MessageReader(bytes, release);
  const named = { format, message, wireVersion: version.version };
  if (!isStream) {
    const place = { message, version, start: 0, end: bytes.length };
    const { node, problems, verdict } = reader.read(place, nodesMax);
    return { ...named, root: node, problems, verdict };
  }
  const schema = { version, message };
  const inspection = inspect(bytes, { format, schema, isStream, nodesMax });
  const opened = reader.openEntries(inspection.root, nodesMax - inspection.nodeCount);
  const problems = [...inspection.problems, ...opened.problems];
  return { ...named, root: opened.node, problems, container: "stream" };
}

function inspectUnknown({ bytes, format: told, isStream, nodesMax }: Request): Findings {
  const guesses = told === undefined ? guessFormat(bytes, isStream) : undefined;
  const format = told ?? (guesses?.[0]?.format as FormatName);
  const { root, problems } = inspect(bytes, { format, isStream, nodesMax });
  const isLost = guesses?.every(({ isWhole }) => !isWhole) && !isStream;
  const asStream = isLost ? guessFormat(bytes, true).find(isLikelyStream) : undefined;
  return {
    ...(asStream && { asStream }),
    root,
    problems,
    format,
    ...(isStream && { container: "stream" }),
    ...(guesses && { guesses }),
  };
}

/** Nearly any bytes are a stream of small numbers in MessagePack, or of messages with scattered tags. */
function isLikelyStream({ isWhole, score }: FormatGuess): boolean {
  return isWhole && score > 0.6;
}

function inspectFrames(request: Request, container: "frames" | "capture"): Findings {
  const { bytes, nodesMax, release } = request;
  const reader = release && new MessageReader(bytes, release);
  const inspector = new FrameInspector(bytes, nodesMax, (body, left) => {
    const { message, wireVersion, start, end } = body;
    const version = release?.version(wireVersion);
    const isKnown = version?.messages.some(({ name }) => name === message);
    if (!reader || !version || !isKnown) return readUnknownBody(request, body, left);
    const { node, problems, verdict } = reader.read({ message, version, start, end }, left);
    const notes = [FORMAT_NAMES[version.format as FormatName], verdict];
    return { node: { ...node, notes: [...node.notes, ...notes] }, problems };
  });
  const { root, problems } = container === "frames" ? inspector.frames() : inspector.capture();
  return { root, problems, container };
}

function readUnknownBody(
  { bytes, release }: Request,
  { message, wireVersion, start, end }: FrameBody,
  nodesMax: number,
): { node: InspectNode; problems: readonly InspectProblem[] } {
  const version = release?.version(wireVersion);
  const guess = version ? undefined : guessFormat(bytes.subarray(start, end))[0];
  const format = (version?.format ?? guess?.format) as FormatName;
  const { root, problems } = inspect(bytes, { format, start, end, nodesMax });
  const notes = [...root.notes, `${FORMAT_NAMES[format]}${guess ? ", a guess" : ""}`];
  if (release) {
    notes.push(
      version
        ? `${release.name} has no message ${message}`
        : `${release.name} does not read wire version ${wireVersion}`,
    );
  }
  return { node: { ...root, notes }, problems };
}
