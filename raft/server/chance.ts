import { getRandomValues } from "node:crypto";
import type { Chance } from "../replica/index.ts";

/** From the system, because nodes that start together must not choose the same election timeouts. */
export const systemChance: Chance = {
  uint32(): number {
    return getRandomValues(new Uint32Array(1))[0] as number;
  },
};
