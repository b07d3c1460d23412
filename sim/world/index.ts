/** Virtual time, disks, network and processes: a cluster of replicas in one thread, from one seed. */
export { addressOf, CLUSTER_ID } from "./addresses.ts";
export { type Program, VirtualCluster, type VirtualNode } from "./cluster.ts";
export { type Speech, TREE_SPEECH, text, VirtualClient } from "./virtual-client.ts";
export { type CutAt, type DiskWatcher, VirtualDisk } from "./virtual-disk.ts";
export { VirtualFile } from "./virtual-file.ts";
export { type Passage, type Passed, VirtualNetwork, type Weather } from "./virtual-network.ts";
export { SeededChance, VirtualTime } from "./virtual-time.ts";
