/** A rolling upgrade on real processes: carried out from a plan, judged, and shown. */
export { CouldNotRun, type RehearsalOptions, type RehearsalRelease } from "./options.ts";
export { rehearsalPage } from "./page/page.ts";
export { rehearse } from "./rehearse.ts";
export type { RehearsalReport } from "./report.ts";
