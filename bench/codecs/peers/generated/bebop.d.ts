export interface Type {
  encode(record: unknown): Uint8Array;
  encodeInto(record: unknown, view: object): void;
  decode(buffer: Uint8Array): unknown;
  readFrom(view: object): unknown;
}
export const AppendRequest: Type;
export const AppendResponse: Type;
export const VoteRequest: Type;
export const SnapshotChunk: Type;
export const ConfigChange: Type;
