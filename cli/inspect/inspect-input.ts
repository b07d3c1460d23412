/** From bytes and options to one tree and what was found out on the way. */
import {
  type FormatGuess,
  guessFormat,
  type InspectNode,
  type InspectProblem,
  inspect,
} from "../../codecs/index.ts";
import { beginsAs, type FrameBody, FrameInspector } from "./frames.ts";
import type { OpenRelease } from "./open-release.ts";

type FormatName = FormatGuess["format"];

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
  readonly problems: readonly InspectProblem[];
  /** Undefined for frames, each of which has its own. */
  readonly format: FormatName | undefined;
  readonly container: "frames" | "capture" | "stream" | undefined;
  /** Best first, when the format was not given. */
  readonly guesses: readonly FormatGuess[] | undefined;
  readonly message: string | undefined;
  readonly wireVersion: number | undefined;
  /** What the release itself says of the bytes. */
  readonly verdict: string | undefined;
}

export function inspectInput(request: Request): Findings {
  const container = beginsAs(request.bytes);
  if (container !== undefined && request.message === undefined && request.format === undefined) {
    return inspectFrames(request, container);
  }
  const { bytes, release, message, isStream, nodesMax } = request;
  const version = message === undefined ? undefined : release?.versionAsked(request.wireVersion);
  const given = request.format ?? (version?.format as FormatName | undefined);
  const guesses = given === undefined ? guessFormat(bytes, isStream) : undefined;
  const format = given ?? (guesses?.[0]?.format as FormatName);
  const schema = version && message !== undefined ? { version, message } : undefined;
  const inspection = inspect(bytes, { format, isStream, nodesMax, ...(schema && { schema }) });
  const judged =
    schema && !isStream ? judge(request, schema.message, version, inspection) : undefined;
  return {
    root: inspection.root,
    problems: judged?.problems ?? inspection.problems,
    format,
    container: isStream ? "stream" : undefined,
    guesses,
    message,
    wireVersion: version?.version,
    verdict: judged?.verdict,
  };
}

function judge(
  { bytes, release }: Request,
  message: string,
  version: { readonly version: number } | undefined,
  { problems }: { readonly problems: readonly InspectProblem[] },
): { verdict: string; problems: readonly InspectProblem[] } | undefined {
  if (!release || !version) return undefined;
  const { verdict, problem } = askRelease(release, message, version.version, bytes);
  return { verdict, problems: problem && problems.length === 0 ? [problem] : problems };
}

/** The release's own decoder has the last word; our tree only shows where things are. */
function askRelease(
  release: OpenRelease,
  message: string,
  wireVersion: number,
  bytes: Uint8Array,
): { verdict: string; problem?: InspectProblem } {
  const result = release.decode(message, wireVersion, bytes);
  if (result.ok) {
    const { unknownFields: count } = result;
    const fields = count === 1 ? "1 field" : `${count} fields`;
    const kept = count === 0 ? "" : `, ${fields} it does not know are kept`;
    return { verdict: `${release.name} reads it${kept}` };
  }
  const { code, message: text, path, offset = 0 } = result.error;
  const problem = { code: code as InspectProblem["code"], problem: text, offset, path };
  return { verdict: `${release.name} refuses it: ${code}: ${text}`, problem };
}

function inspectFrames(request: Request, container: "frames" | "capture"): Findings {
  let left = request.nodesMax;
  const inspector = new FrameInspector(request.bytes, request.nodesMax, (body) => {
    const read = readFrameBody(request, body, left);
    left = Math.max(0, left - read.nodeCount);
    return read;
  });
  const { root, problems } = container === "frames" ? inspector.frames() : inspector.capture();
  return {
    root,
    problems,
    container,
    format: undefined,
    guesses: undefined,
    message: undefined,
    wireVersion: undefined,
    verdict: undefined,
  };
}

function readFrameBody(
  { bytes, release }: Request,
  { message, wireVersion, start, end }: FrameBody,
  nodesMax: number,
): { node: InspectNode; problems: readonly InspectProblem[]; nodeCount: number } {
  const version = release?.version(wireVersion);
  const isKnown = version?.messages.some(({ name }) => name === message);
  const body = bytes.subarray(start, end);
  const guess = version ? undefined : guessFormat(body, false)[0];
  const format = (version?.format ?? guess?.format) as FormatName;
  const { root, problems, nodeCount } = inspect(bytes, {
    format,
    start,
    end,
    nodesMax,
    ...(version && isKnown && { schema: { version, message } }),
  });
  const notes = [guess ? `${format}, a guess` : format, ...root.notes];
  if (release && !version) notes.push(`${release.name} does not read wire version ${wireVersion}`);
  if (!release || !version || !isKnown) {
    return { node: { ...root, notes }, problems, nodeCount };
  }
  const { verdict, problem } = askRelease(release, message, wireVersion, body);
  notes.push(verdict);
  if (!problem || problems.length > 0) return { node: { ...root, notes }, problems, nodeCount };
  const moved = { ...problem, offset: problem.offset + start };
  return { node: { ...root, notes, problem: moved }, problems: [moved], nodeCount };
}
