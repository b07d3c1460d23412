/** Wire version 2: protobuf; pre-vote, and hints in refused appends. */
import { protobuf, type WireVersion } from "../../../codecs/index.ts";
import type { Rules } from "./rules.ts";
import { v1 } from "./v1.ts";

const rules: Rules = { ...v1.rules, preVote: true };

export const v2: WireVersion & { readonly rules: Rules } = {
  version: 2,
  format: protobuf,
  rules,
  limits: { depthMax: 16, lengthMax: 16 * 1024 * 1024, countMax: 1_000_000 },
};
