import type { DescMessage } from "@bufbuild/protobuf";

export const AppendRequestSchema: DescMessage;
export const AppendResponseSchema: DescMessage;
export const VoteRequestSchema: DescMessage;
export const SnapshotChunkSchema: DescMessage;
export const ConfigChangeSchema: DescMessage;
