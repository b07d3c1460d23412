/** Seeds over worker threads, and the report of them. */
export { type CampaignOptions, type CampaignResult, runCampaign } from "./campaign.ts";
export { type BuildSource, loadBuilds } from "./load-builds.ts";
export {
  makeFailure,
  makeSimulationReport,
  type ShrunkFailure,
  type SimulationReport,
} from "./report.ts";
export { type ShrinkOptions, type ShrinkResult, shrinkSchedule } from "./shrink-schedule.ts";
