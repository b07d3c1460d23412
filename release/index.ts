/** Releases: freezing the present one, finding frozen ones, and the working tree as one of them. */
export { BUNDLE_NAMES, type BundleName, bundleRelease, packageRoot } from "./bundle.ts";
export { ConfiguredNode, freeAddresses, type NodeConfiguration } from "./configured-node.ts";
export type { DirectoryCase, DirectoryName } from "./directories/index.ts";
export { ReleaseError } from "./errors.ts";
export { type FreezeOptions, type FrozenRelease, freeze } from "./freeze.ts";
export {
  type BundledTree,
  bundleTree,
  type LocateOptions,
  listReleases,
  loadRelease,
  type Release,
  releasesDirectory,
} from "./locate.ts";
export type { ReleaseManifest } from "./manifest.ts";
export { type NodeExit, NodeProcess } from "./node-process.ts";
export { compareReleases, isReleaseName, TREE, withdrawnBy } from "./order.ts";
