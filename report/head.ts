/**
 * The head that the JSON of every run begins with, whatever made it. Each kind of run adds its own
 * members beside these; readers ignore members they do not know, and none is ever removed.
 */
export const REPORT_SCHEMA_NAME = "wirespan-report/1";

export type ReportVerdict = "pass" | "fail" | "unknown";

export interface ReportHead {
  readonly schema: typeof REPORT_SCHEMA_NAME;
  /** What was run: `matrix`, `rehearsal` … */
  readonly kind: string;
  /** `unknown`: the run ended without being able to tell. It is never a pass. */
  readonly verdict: ReportVerdict;
  readonly counts: Readonly<Record<string, number>>;
  readonly durationMs: number;
  /** The command line that runs the same again. */
  readonly command: string;
  readonly seed?: number;
  /** What took part, each pinned by the digest of its files. */
  readonly releases: readonly ReportRelease[];
}

export interface ReportRelease {
  readonly name: string;
  /** SHA-256 in hex. */
  readonly digest: string;
}
