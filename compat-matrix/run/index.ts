/** Where the matrix meets the machine: a thread per release, and golden bytes from disk. */
export {
  loadParticipants,
  ParticipantError,
  poolOfReleases,
  type ReleaseFolder,
  readGolden,
} from "./participants.ts";
export { type BundleLocation, type ThreadPool, threadPool } from "./thread-pool.ts";
