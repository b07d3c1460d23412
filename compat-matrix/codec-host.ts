/**
 * One side of a matrix cell: the codecs of one release, behind values that any language can make.
 * A frozen `codecs.mjs` and the working tree look like this; a program on stdin and stdout says the
 * same over a protocol (`outside/`).
 *
 * Value JSON follows from the schema: bool, number (integers up to 2^53 - 1; floats that JSON lacks are
 * the strings "NaN", "Infinity", "-Infinity" and "-0"), decimal string (bigint), string, `{ "hex": … }` (bytes), variant name or `unknown(7)` (enumeration), array
 * (list), array of [key, value] in canonical key order (map), object with every implicit field
 * (message; an absent optional is left out), `{ "case": …, "value": … }` or null (oneof).
 *
 * A value has the form of its message *at the version it is given with*: the members that
 * `describe()` lists there. A decoded one may show members which that version lacks, if they are
 * empty; an implicit member left out of a value to encode counts as empty.
 */
import type { Canonicity, VersionDescription } from "../codecs/index.ts";

export type {
  Canonicity,
  EnumerationDescription,
  FieldDescription,
  MemberDescription,
  MessageDescription,
  OneofDescription,
  Surface,
  TypeDescription,
  VersionDescription,
} from "../codecs/index.ts";

export const CODEC_HOST_VERSION = 1;

export interface CodecHost {
  describe(): HostDescription;
  /** Refuses with the typed error's parts instead of throwing; anything thrown is a crash, and a broken cell. */
  encode(message: string, version: number, value: unknown): EncodeResult;
  /** `unknownFields` counts what was kept unread, at any depth. */
  decode(message: string, version: number, bytes: Uint8Array, mode?: DecodeMode): DecodeResult;
  /**
   * Read at `from`, written back at `to`, as a relay or a rewritten log does. Fields that the release
   * does not know survive at the same version; at another one, where their numbers may mean
   * something else, they are dropped and reported as a loss.
   */
  rewrite(message: string, from: number, bytes: Uint8Array, to: number): EncodeResult;
  /**
   * Read, some top-level members replaced by the given ones, written back at the same version: the
   * read-modify-write in which fields the release does not know must survive (law 8).
   */
  edit(
    message: string,
    version: number,
    bytes: Uint8Array,
    changes: Readonly<Record<string, unknown>>,
  ): EncodeResult;
  /** What the release answers to a Hello body, with its state as given. */
  answerHello(body: Uint8Array, state: HelloState): HelloAnswer;
  /** The Hello body this release sends. */
  hello(role: "peer" | "client"): Uint8Array;
  /** Wraps and opens a frame; `openFrame` checks everything a node checks before it looks at the body. */
  frame(header: FrameFields, body: Uint8Array): Uint8Array;
  openFrame(
    bytes: Uint8Array,
    expected: { readonly clusterId: string; readonly nodeId: number },
  ): FrameResult;
}

export interface HostDescription {
  readonly release: string;
  readonly range: { readonly min: number; readonly max: number };
  /** Version written before and after activation; equal when the release knows one version. */
  readonly writes: { readonly before: number; readonly after: number };
  readonly versions: readonly VersionDescription[];
  /** Modes of `decode` at versions whose format has canonical bytes (Bilrost); only `relaxed` where left out. */
  readonly modes?: readonly DecodeMode[];
}

export interface HostError {
  readonly kind: "EncodeError" | "DecodeError";
  readonly code: string;
  readonly message: string;
  readonly path: readonly string[];
  readonly offset?: number;
}

export type EncodeResult =
  | {
      readonly ok: true;
      readonly bytes: Uint8Array;
      /** Declared reasons of what was dropped. The path is as in the value: `entries[3].kind`. */
      readonly losses: readonly { readonly path: string; readonly reason: string }[];
    }
  | { readonly ok: false; readonly error: HostError };

/**
 * How strictly bytes are judged, in formats that have canonical bytes: `distinguished` reads what
 * `relaxed` reads and says how canonical it was, `canonical` refuses all that is not.
 */
export type DecodeMode = "relaxed" | "distinguished" | "canonical";

export type DecodeResult =
  | {
      readonly ok: true;
      readonly value: unknown;
      readonly unknownFields: number;
      /** Where it was judged, by a mode other than the relaxed one. */
      readonly canonicity?: Canonicity;
    }
  | { readonly ok: false; readonly error: HostError };

export interface HelloState {
  readonly clusterId: string;
  readonly nodeId: number;
  readonly activeVersion: number;
  /** Cluster id in the header of the incoming frame. */
  readonly offeredClusterId: string;
}

export type HelloAnswer =
  | { readonly agreed: number; readonly body: Uint8Array }
  | { readonly agreed: 0; readonly code: string; readonly text: string; readonly body: Uint8Array };

export interface FrameFields {
  readonly kind: number;
  readonly flags: number;
  readonly wireVersion: number;
  readonly clusterId: string;
  readonly sender: number;
  readonly addressee: number;
  readonly incarnation: number;
}

export type FrameResult =
  | { readonly ok: true; readonly header: FrameFields; readonly body: Uint8Array }
  | { readonly ok: false; readonly code: string; readonly message: string };
