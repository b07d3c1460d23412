/**
 * Questions to a codec host as plain data, so that the host can live in a thread of its own. A
 * survey asks at once all that direct cells need of one sequence of bytes.
 */
import { type GoldenFile, makeGolden } from "./cases/golden.ts";
import type {
  CodecHost,
  DecodeResult,
  EncodeResult,
  FrameFields,
  FrameResult,
  HelloAnswer,
  HelloState,
  HostDescription,
} from "./codec-host.ts";

export type HostRequest =
  | { readonly ask: "describe" }
  | { readonly ask: "golden" }
  | {
      readonly ask: "encode";
      readonly message: string;
      readonly version: number;
      readonly value: unknown;
    }
  | {
      readonly ask: "survey";
      readonly message: string;
      readonly version: number;
      readonly bytes: Uint8Array;
      readonly rewriteTo: readonly number[];
    }
  | {
      readonly ask: "edit";
      readonly message: string;
      readonly version: number;
      readonly bytes: Uint8Array;
      readonly changes: Readonly<Record<string, unknown>>;
    }
  | { readonly ask: "hello"; readonly role: "peer" | "client" }
  | { readonly ask: "answerHello"; readonly body: Uint8Array; readonly state: HelloState }
  | { readonly ask: "frame"; readonly header: FrameFields; readonly body: Uint8Array }
  | {
      readonly ask: "openFrame";
      readonly bytes: Uint8Array;
      readonly expected: { readonly clusterId: string; readonly nodeId: number };
    };

export interface Survey {
  readonly read: DecodeResult;
  readonly rewrites: readonly Rewrite[];
}

/** The bytes written at another (or the same) version, read there, and written back to where they came from. */
export interface Rewrite {
  readonly to: number;
  readonly written: EncodeResult;
  readonly reread?: DecodeResult;
  readonly back?: EncodeResult;
}

/** What each request is answered with. */
export interface Answers {
  readonly describe: HostDescription;
  readonly golden: readonly GoldenFile[];
  readonly encode: EncodeResult;
  readonly survey: Survey;
  readonly edit: EncodeResult;
  readonly hello: Uint8Array;
  readonly answerHello: HelloAnswer;
  readonly frame: Uint8Array;
  readonly openFrame: FrameResult;
}

export type AnswerTo<R extends HostRequest> = Answers[R["ask"]];

/** `crash`: the host threw, hung or died, which it must never do (law 2). */
export type Outcome<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly crash: string };

export function answerRequest(host: CodecHost, request: HostRequest): Answers[keyof Answers] {
  switch (request.ask) {
    case "describe":
      return host.describe();
    case "golden":
      return makeGolden(host);
    case "encode":
      return host.encode(request.message, request.version, request.value);
    case "survey":
      return survey(host, request);
    case "edit":
      return host.edit(request.message, request.version, request.bytes, request.changes);
    case "hello":
      return host.hello(request.role);
    case "answerHello":
      return host.answerHello(request.body, request.state);
    case "frame":
      return host.frame(request.header, request.body);
    case "openFrame":
      return host.openFrame(request.bytes, request.expected);
  }
}

function survey(host: CodecHost, request: Extract<HostRequest, { ask: "survey" }>): Survey {
  const { message, version, bytes, rewriteTo } = request;
  const read = host.decode(message, version, bytes);
  if (!read.ok) return { read, rewrites: [] };
  const rewrites = rewriteTo.map((to): Rewrite => {
    const written = host.rewrite(message, version, bytes, to);
    if (!written.ok || to === version) return { to, written };
    const reread = host.decode(message, to, written.bytes);
    return { to, written, reread, back: host.rewrite(message, to, written.bytes, version) };
  });
  return { read, rewrites };
}

/** Runs one request; whatever the host throws becomes part of the outcome. */
export function outcomeOf(host: CodecHost, request: HostRequest): Outcome<unknown> {
  try {
    return { ok: true, value: answerRequest(host, request) };
  } catch (error) {
    const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    return { ok: false, crash: `threw ${text}` };
  }
}

/** Where hosts are reached: worker threads in a real run, the same thread in unit tests. */
export interface HostPool {
  /** Outcomes in the order of the requests. Never rejects for what a host does. */
  ask<R extends HostRequest>(
    release: string,
    requests: readonly R[],
  ): Promise<Outcome<AnswerTo<R>>[]>;
}

/** Hosts in this thread. */
export function poolOf(hosts: ReadonlyMap<string, CodecHost>): HostPool {
  return {
    ask: <R extends HostRequest>(release: string, requests: readonly R[]) =>
      Promise.resolve(
        requests.map((request) => {
          const host = hosts.get(release);
          return host === undefined
            ? { ok: false as const, crash: `there is no release "${release}"` }
            : (outcomeOf(host, request) as Outcome<AnswerTo<R>>);
        }),
      ),
  };
}
