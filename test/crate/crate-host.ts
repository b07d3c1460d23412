/** The example host with the real Rust crate: built where cargo is installed, and said aloud where it is not. */
import { spawnSync } from "node:child_process";
import { resolve } from "node:path";

const FOLDER = "examples/codec-hosts/rust";
/** As its `.cargo/config.toml` says. */
export const CRATE_HOST: string = resolve(".wirespan/codec-host-rust/release/bilrost-codec-host");
export const BUILD_MS = 600_000;

/** A test that cannot run says so where nobody can miss it. */
export function isInstalled(program: string, what: string): boolean {
  if (spawnSync(program, ["--version"]).status === 0) return true;
  process.stderr.write(`\nNOT RUN: ${what}, because ${program} is not installed here\n`);
  return false;
}

/** Throws with the compiler's words. */
export function buildCrateHost(): void {
  const build = spawnSync("cargo", ["build", "--release", "--locked"], {
    cwd: FOLDER,
    encoding: "utf8",
  });
  if (build.status !== 0) throw new Error(`Cannot build ${FOLDER}: ${build.stderr}`);
}
