/** Wire version 3: Bilrost; packed entries, checksummed snapshot chunks, joint configurations. */
import { bilrost, type WireVersion } from "../../../codecs/index.ts";
import type { Rules } from "./rules.ts";
import { v2 } from "./v2.ts";

const rules: Rules = { ...v2.rules, jointConfigurations: true };

export const v3: WireVersion & { readonly rules: Rules } = {
  version: 3,
  format: bilrost,
  rules,
  limits: { depthMax: 16, lengthMax: 16 * 1024 * 1024, countMax: 1_000_000 },
};
