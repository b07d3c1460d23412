/** Entry of a release's `node.mjs`. */
import { runNodeCommand } from "./process.ts";

await runNodeCommand(process.argv.slice(2));
