/** The wire versions of this build, oldest first. They are only ever appended. */
import type { WireVersion } from "../../../codecs/index.ts";
import { v3 } from "./v3.ts";
import { v4 } from "./v4.ts";

export const VERSIONS: readonly WireVersion[] = [v3, v4];
