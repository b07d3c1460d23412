export { Inflights } from "./inflights.ts";
export { Progress, type ProgressState } from "./progress.ts";
export {
  EMPTY_TRACKER_CONFIG,
  type ProgressMap,
  sorted,
  Tracker,
  type TrackerConfig,
} from "./tracker.ts";
