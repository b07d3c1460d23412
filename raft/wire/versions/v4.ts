/** Wire version 4: Bilrost; read leases, closed sessions, snapshots beyond 4 GiB, leaving nodes. */
import { bilrost, type WireVersion } from "../../../codecs/index.ts";
import type { Rules } from "./rules.ts";
import { v3 } from "./v3.ts";

const rules: Rules = { ...v3.rules, readLease: true, handOver: true };

export const v4: WireVersion & { readonly rules: Rules } = {
  version: 4,
  format: bilrost,
  rules,
  limits: { depthMax: 16, lengthMax: 16 * 1024 * 1024, countMax: 1_000_000 },
};
