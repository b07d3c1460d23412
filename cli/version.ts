/** What `wirespan --version` prints. */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";

/** The package around us: one folder up in a checkout, two when it was compiled to `dist`. */
const PLACES = ["../package.json", "../../package.json"];

export function versionLine(): string {
  const place = PLACES.map((path) => new URL(path, import.meta.url)).find((url) => existsSync(url));
  if (place === undefined) return "wirespan (version unknown, commit unknown)";
  const { name, version } = JSON.parse(readFileSync(place, "utf8")) as Record<string, string>;
  return `${name} ${version} (commit ${commitOf(new URL(".", place))})`;
}

/** Known in a checkout only; an installed package does not say. */
function commitOf(folder: URL): string {
  if (!existsSync(new URL(".git", folder))) return "unknown";
  const git = spawnSync("git", ["rev-parse", "--short", "HEAD"], { cwd: folder, encoding: "utf8" });
  return git.status === 0 ? git.stdout.trim() : "unknown";
}
