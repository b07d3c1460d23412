import type { Reader, Writer } from "protobufjs/minimal.js";

export interface Type {
  encode(message: unknown, writer?: Writer): Writer;
  decode(reader: Reader | Uint8Array, length?: number): unknown;
}
export const AppendRequest: Type;
export const AppendResponse: Type;
export const VoteRequest: Type;
export const SnapshotChunk: Type;
export const ConfigChange: Type;
