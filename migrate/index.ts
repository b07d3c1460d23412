export {
  canFollow,
  checkPath,
  findPath,
  type PathOutcome,
  type PathRefusalCode,
  type ReleaseRange,
} from "./path.ts";
