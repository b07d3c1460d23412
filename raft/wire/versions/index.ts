/** The wire versions of this build, oldest first. They are only ever appended. */
import type { WireVersion } from "../../../codecs/index.ts";
import { v1 } from "./v1.ts";
import { v2 } from "./v2.ts";

export const VERSIONS: readonly WireVersion[] = [v1, v2];
