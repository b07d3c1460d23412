export {
  type ContentVerdict,
  contentSummary,
  judgeContent,
  readerFloor,
  type StoredVersion,
} from "./content.ts";
export {
  canFollow,
  checkPath,
  findPath,
  type PathOutcome,
  type PathRefusalCode,
  type ReleaseRange,
} from "./path.ts";
