/** Entry of `replica.mjs`: what the simulator loads of a frozen release. */
export { createReplica } from "./create-replica.ts";
export { PORTS_VERSION } from "./ports.ts";
