/** Taking bytes apart that nobody explained. */
export { type FormatGuess, guessFormat } from "./guess-format.ts";
export { type InspectOptions, inspect, NODES_MAX } from "./inspect.ts";
export {
  type Inspection,
  type InspectNode,
  type InspectProblem,
  type NodeRole,
  piece,
  piecesOf,
  type Reading,
  type WireName,
} from "./tree.ts";
