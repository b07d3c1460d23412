/** Set when a release is bundled; the working tree goes by the name `tree`. */
declare const WIRESPAN_RELEASE: string | undefined;

export const RELEASE: string = typeof WIRESPAN_RELEASE === "undefined" ? "tree" : WIRESPAN_RELEASE;
