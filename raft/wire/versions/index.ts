/** The wire versions of this build, oldest first. They are only ever appended. */
import type { WireVersion } from "../../../codecs/index.ts";
import { v2 } from "./v2.ts";
import { v3 } from "./v3.ts";

export const VERSIONS: readonly WireVersion[] = [v2, v3];
