/** Wire version 3: Bilrost; packed entries, checksummed snapshot chunks, joint configurations. */
import { bilrost, type WireVersion } from "../../../codecs/index.ts";
import type { Rules } from "./rules.ts";

const rules: Rules = {
  electionTicks: 10,
  heartbeatTicks: 2,
  checkQuorum: true,
  preVote: true,
  frameBytesMax: 16 * 1024 * 1024,
  entriesBytesPerAppendMax: 1024 * 1024,
  inflightAppendsMax: 64,
  snapshotChunkBytes: 256 * 1024,
  segmentBytesMax: 16 * 1024 * 1024,
  keyBytesMax: 4096,
  valueBytesMax: 1024 * 1024,
  sessionsMax: 10_000,
  jointConfigurations: true,
  readLease: false,
  handOver: false,
};

export const v3: WireVersion & { readonly rules: Rules } = {
  version: 3,
  format: bilrost,
  rules,
  limits: { depthMax: 16, lengthMax: 16 * 1024 * 1024, countMax: 1_000_000 },
};
