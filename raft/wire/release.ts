/** What this build calls itself, and which version it writes before and after activation. */
import { wireProtocol } from "./wire-protocol.ts";

/** Put in by the bundler when a release is frozen. */
declare const WIRESPAN_RELEASE: string | undefined;

export const RELEASE: string = typeof WIRESPAN_RELEASE === "string" ? WIRESPAN_RELEASE : "tree";

export const WRITES: { readonly before: number; readonly after: number } = {
  before: wireProtocol.range.min,
  after: wireProtocol.range.max,
};
