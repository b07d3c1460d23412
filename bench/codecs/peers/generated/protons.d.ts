import type { Codec } from "protons-runtime";

export interface Type {
  codec(): Codec<unknown>;
  encode(message: unknown): Uint8Array;
  decode(bytes: Uint8Array): unknown;
}
export const AppendRequest: Type;
export const AppendResponse: Type;
export const VoteRequest: Type;
export const SnapshotChunk: Type;
export const ConfigChange: Type;
