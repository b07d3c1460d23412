/** What runs on a node: a release, as its frozen bundles offer it. */
import type { Program } from "./world/index.ts";

export interface Codec {
  encode(value: unknown): Uint8Array;
  decode(bytes: Uint8Array): unknown;
}

export interface Build {
  readonly name: string;
  /** SHA-256 of its files. */
  readonly digest: string;
  readonly range: { readonly min: number; readonly max: number };
  readonly createReplica: Program["createReplica"];
  readonly openCodec: (message: string, version: number) => Codec;
}

/** The codecs of all builds, each version by the newest build that reads it. */
export class Codecs {
  private readonly builds: readonly Build[];
  private readonly opened: Map<string, Codec> = new Map();
  readonly range: { readonly min: number; readonly max: number };

  constructor(builds: readonly Build[]) {
    this.builds = builds;
    this.range = {
      min: Math.min(...builds.map(({ range }) => range.min)),
      max: Math.max(...builds.map(({ range }) => range.max)),
    };
  }

  open(message: string, version: number): Codec {
    const name = `${message} ${version}`;
    const known = this.opened.get(name);
    if (known) return known;
    const build = this.builds.findLast(({ range }) => range.min <= version && version <= range.max);
    if (!build)
      throw new RangeError(`Cannot read ${message}: no release here has version ${version}`);
    const codec = build.openCodec(message, version);
    this.opened.set(name, codec);
    return codec;
  }
}
