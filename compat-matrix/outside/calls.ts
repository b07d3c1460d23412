/**
 * What is said inside the frames (version 1 of the protocol, docs/reference/codec-host.md). A call
 * has an id; its reply has the same id and either `answer` or `error`. Replies come in the order
 * of the calls.
 */
import type { Canonicity, DecodeMode, HostError, VersionDescription } from "../codec-host.ts";

export const HOST_PROTOCOL = 1;

export type Call =
  | { readonly ask: "hello"; readonly protocol: number }
  | { readonly ask: "describe" }
  | {
      readonly ask: "encode";
      readonly message: string;
      readonly version: number;
      readonly value: unknown;
    }
  | {
      readonly ask: "decode";
      readonly message: string;
      readonly version: number;
      readonly bytes: string;
      readonly mode: DecodeMode;
    }
  | {
      readonly ask: "rewrite";
      readonly message: string;
      readonly from: number;
      readonly to: number;
      readonly bytes: string;
    }
  | {
      readonly ask: "edit";
      readonly message: string;
      readonly version: number;
      readonly bytes: string;
      readonly changes: Readonly<Record<string, unknown>>;
    }
  | { readonly ask: "bye" };

/** What each call is answered with when all is well. */
export interface CallAnswers {
  readonly hello: { readonly protocol: number; readonly name: string };
  readonly describe: OutsideDescription;
  readonly encode: Written;
  readonly decode: {
    readonly value: unknown;
    /** Needed of hosts that keep unknown fields. */
    readonly unknownFields?: number;
    /** Needed in every mode but the relaxed one. */
    readonly canonicity?: Canonicity;
  };
  readonly rewrite: Written;
  readonly edit: Written;
  readonly bye: Readonly<Record<string, never>>;
}

interface Written {
  /** In hex. */
  readonly bytes: string;
  readonly losses?: readonly { readonly path: string; readonly reason: string }[];
}

export interface OutsideDescription {
  /** Program and version, for people. */
  readonly name: string;
  readonly versions: readonly OutsideVersion[];
  readonly capabilities: Capabilities;
}

export interface OutsideVersion extends VersionDescription {
  /** Only `relaxed` where left out. */
  readonly modes?: readonly DecodeMode[];
}

export interface Capabilities {
  readonly rewrite: boolean;
  readonly edit: boolean;
  /** What becomes of fields that the host does not know when it reads and writes back. */
  readonly unknownFields: "kept" | "dropped";
}

/**
 * `EncodeError` blames the value and `DecodeError` the bytes: normal outcomes. `HostError` blames the
 * call, or is a defect of the host itself (`Internal`).
 */
export type ReplyError =
  | HostError
  | {
      readonly kind: "HostError";
      readonly code: HostErrorCode;
      readonly message: string;
      readonly path: readonly string[];
    };

export type HostErrorCode = "BadCall" | "UnsupportedProtocol" | "UnsupportedCall" | "Internal";

export type Reply =
  | { readonly id: number | null; readonly answer: CallAnswers[Call["ask"]] }
  | { readonly id: number | null; readonly error: ReplyError };
