import type { PbfReader, PbfWriter } from "pbf";

export function readAppendRequest(pbf: PbfReader, end?: number): unknown;
export function readAppendResponse(pbf: PbfReader, end?: number): unknown;
export function readVoteRequest(pbf: PbfReader, end?: number): unknown;
export function readSnapshotChunk(pbf: PbfReader, end?: number): unknown;
export function readConfigChange(pbf: PbfReader, end?: number): unknown;
export function writeAppendRequest(value: unknown, pbf: PbfWriter): void;
export function writeAppendResponse(value: unknown, pbf: PbfWriter): void;
export function writeVoteRequest(value: unknown, pbf: PbfWriter): void;
export function writeSnapshotChunk(value: unknown, pbf: PbfWriter): void;
export function writeConfigChange(value: unknown, pbf: PbfWriter): void;
