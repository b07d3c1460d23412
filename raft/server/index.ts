/** The node as a process, with real sockets, files and timers. */
export { runNode } from "./process.ts";
