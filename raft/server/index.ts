/** The node as a process, with real sockets, files and timers. */
export { type CapturedFile, type CaptureRecord, readCapture } from "./capture-file.ts";
export { runNode } from "./process.ts";
