/** Seeds over worker threads, and the report of them. */
export { type CampaignOptions, type CampaignResult, runCampaign } from "./campaign.ts";
export { type BuildSource, loadBuilds } from "./load-builds.ts";
export { makeSimulationReport, type SimulationReport } from "./report.ts";
