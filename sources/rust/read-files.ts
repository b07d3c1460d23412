/** Rust sources from disk: files, and folders with all that is below them. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { SourceError } from "./errors.ts";
import { type RustOptions, type RustSchemas, readRustSources, type SourceFile } from "./read.ts";

const NOT_SOURCES = /^(?:target|node_modules|\..+)$/;
const FILES_MAX = 20_000;

/**
 * Paths are shown relative to the working folder. Crates are known by the `Cargo.toml` files in the
 * folders. Throws `SourceError`.
 */
export function readRustFiles(
  paths: readonly string[],
  options: RustOptions = {},
): Promise<RustSchemas> {
  const found = paths.flatMap((path) => filesBelow(path));
  const sources = found.filter((path) => path.endsWith(".rs"));
  const crates = found.filter((path) => path.endsWith("Cargo.toml")).flatMap(crateNames);
  if (sources.length === 0) {
    throw new SourceError(
      "UnreadableFile",
      `Cannot read Rust sources: no .rs file in ${paths.join(", ")}`,
    );
  }
  const files = sources.map(
    (path): SourceFile => ({
      path: relative("", path),
      text: textOf(path),
    }),
  );
  return readRustSources(files, { ...options, crates: [...(options.crates ?? []), ...crates] });
}

function filesBelow(path: string): string[] {
  try {
    return statSync(path).isDirectory() ? walk(path) : [path];
  } catch (error) {
    return unreadable(path, error);
  }
}

/** In the order of names, so that the result does not depend on the disk. */
function walk(root: string): string[] {
  const files: string[] = [];
  const waiting = [root];
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.isDirectory() && !NOT_SOURCES.test(entry.name)) waiting.push(path);
      if (entry.isFile() && /\.rs$|^Cargo\.toml$/.test(entry.name)) files.push(path);
    }
    if (files.length > FILES_MAX) {
      throw new SourceError("LimitExceeded", `Cannot read ${root}: more than ${FILES_MAX} files`);
    }
  }
  return files.sort();
}

function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    return unreadable(path, error);
  }
}

function unreadable(path: string, error: unknown): never {
  throw new SourceError("UnreadableFile", `Cannot read it: ${(error as Error).message}`, {
    file: path,
  });
}

function crateNames(manifest: string): string[] {
  const [, section = ""] =
    /^\[package\]\s*$([\s\S]*?)(?=^\[|(?![\s\S]))/m.exec(textOf(manifest)) ?? [];
  const [, name] = /^\s*name\s*=\s*"([^"]+)"/m.exec(section) ?? [];
  return name === undefined ? [] : [name];
}
