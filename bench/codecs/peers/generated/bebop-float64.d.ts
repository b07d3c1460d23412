export * from "./bebop.js";
