/** The codecs of a release, for names, types, and its own verdict on the bytes. */
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { CodecHost, HostDescription, VersionDescription } from "../../compat-matrix/index.ts";
import { bundleTree, loadRelease, TREE } from "../../release/index.ts";
import { Cleanup } from "../matrix/cleanup.ts";
import { InputError } from "./input.ts";

export class OpenRelease {
  readonly name: string;
  readonly #host: CodecHost;
  readonly #description: HostDescription;

  constructor(name: string, host: CodecHost) {
    this.name = name;
    this.#host = host;
    this.#description = host.describe();
  }

  get range(): { readonly min: number; readonly max: number } {
    return this.#description.range;
  }

  version(wireVersion: number): VersionDescription | undefined {
    return this.#description.versions.find(({ version }) => version === wireVersion);
  }

  /** The version of that number, the newest when none is asked for. Throws `InputError`. */
  versionAsked(wireVersion: number = this.range.max): VersionDescription {
    const found = this.version(wireVersion);
    if (found) return found;
    const { min, max } = this.range;
    const text = `Cannot use wire version ${wireVersion}: ${this.name} reads ${min} to ${max}`;
    throw new InputError(text, true);
  }

  /** What the release itself says of the bytes. */
  decode(message: string, version: number, bytes: Uint8Array): ReturnType<CodecHost["decode"]> {
    return this.#host.decode(message, version, bytes);
  }
}

/** What was bundled for it is gone when this returns: a loaded module needs its file no more. */
export async function openRelease(name: string, releasesDir?: string): Promise<OpenRelease> {
  const cleanup = new Cleanup();
  const loading =
    name === TREE
      ? bundleTree({ only: ["codecs.mjs"] })
      : loadRelease(name, releasesDir === undefined ? {} : { releasesDir });
  cleanup.add(() =>
    loading.then(
      (loaded) => loaded.close(),
      () => {},
    ),
  );
  try {
    const url = pathToFileURL(join((await loading).directory, "codecs.mjs")).href;
    const { createCodecHost } = (await import(url)) as { createCodecHost(): CodecHost };
    return new OpenRelease(name, createCodecHost());
  } finally {
    await cleanup.run();
  }
}

/** Throws `InputError` that lists what there is. */
export function refuseUnknownMessage(version: VersionDescription, message: string): void {
  if (version.messages.some(({ name }) => name === message)) return;
  const known = version.messages.map(({ name }) => name).join(", ");
  const text = `Cannot find message "${message}" in wire version ${version.version}: known are ${known}`;
  throw new InputError(text, true);
}
