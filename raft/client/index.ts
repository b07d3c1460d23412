/** A client of the key-value service. */
export {
  type Bytes,
  CLIENT_VERSION,
  type Client,
  type ClientOptions,
  createClient,
} from "./client.ts";
export type { ServerIdentity } from "./connection.ts";
export { type SharedConnections, shareConnections } from "./connection-source.ts";
export type { Outcome, Problem } from "./outcome.ts";
