/** A whole cluster, of one release or of several, in one thread, from one seed. */
export type { Build } from "./build.ts";
export { cellsOf } from "./coverage.ts";
export { type DrawOptions, drawSchedule } from "./draw-schedule.ts";
export { enumerateHop } from "./enumerate.ts";
export { withinModel } from "./model-schedule.ts";
export { asModelTrace } from "./model-trace.ts";
export {
  FAULT_KINDS,
  readSchedule,
  SCHEDULE_SCHEMA,
  ScheduleError,
  type ScheduleFile,
} from "./read-schedule.ts";
export {
  describeFault,
  describeRollStep,
  type Fault,
  type FaultKind,
  type RollStep,
  type Schedule,
} from "./schedule.ts";
export { kindOfFailure, shrink } from "./shrink.ts";
export { type RunOptions, type RunResult, simulate } from "./simulate.ts";
export type { Oracle } from "./violation.ts";
export { problemOfRoll, type RollRelease } from "./walk-roll.ts";
