/** Where the matrix meets the machine: a thread per release, a process per program outside, golden bytes from disk. */
export { type HostCommand, type HostPatience, HostProcess, PATIENCE } from "./host-process.ts";
export { joinPools, type OutsidePool, outsidePool } from "./outside.ts";
export {
  loadParticipants,
  ParticipantError,
  poolOfReleases,
  type ReleaseFolder,
  readGolden,
} from "./participants.ts";
export { type BundleLocation, type ThreadPool, threadPool } from "./thread-pool.ts";
