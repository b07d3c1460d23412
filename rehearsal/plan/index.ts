export { makePlan, type PlanOptions } from "./make.ts";
export { printPlan } from "./print.ts";
export { PlanError, readPlan } from "./read.ts";
export {
  type Action,
  describeStep,
  type Load,
  PLAN_SCHEMA,
  type Plan,
  type PlanRelease,
  type Signal,
  type StartReason,
  type Step,
  type StepKind,
} from "./steps.ts";
