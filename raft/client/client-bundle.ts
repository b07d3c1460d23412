/** Entry of a release's `client.mjs`. */

export { CLIENT_VERSION, createClient } from "./client.ts";
export { shareConnections } from "./connection-source.ts";
