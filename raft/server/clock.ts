import type { Clock } from "../replica/index.ts";

/** Never goes back, whatever happens to the time of day. */
export const monotonicClock: Clock = { nowMs: () => performance.now() };
