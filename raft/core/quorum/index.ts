export { type JointConfig, jointCommitted, jointIds, jointVote } from "./joint.ts";
export {
  type MajorityConfig,
  majorityCommitted,
  majorityVote,
  type VoteResult,
} from "./majority.ts";
