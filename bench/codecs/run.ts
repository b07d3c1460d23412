/** Puts our codecs of every wire version beside the peers and measures them on the same values. */
import { cpus } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { CodecHost, HostDescription, VersionDescription } from "../../compat-matrix/index.ts";
import { listReleases, loadRelease, TREE } from "../../release/index.ts";
import { type BenchCase, benchCases, fitsVersion } from "./corpus.ts";
import { type Contender, measure } from "./measure.ts";
import { makePeers, type Peer } from "./peers.ts";
import type { BenchReport, BenchRow } from "./report.ts";

/** What a codec bundle offers beside the host: codecs on native values, without the detour over JSON. */
interface CodecBundle {
  createCodecHost(): CodecHost;
  openCodec(
    message: string,
    version: number,
  ): {
    fromJson(value: unknown): unknown;
    encode(value: unknown): Uint8Array;
    decode(bytes: Uint8Array): unknown;
  };
}

interface OwnVersion {
  readonly description: VersionDescription;
  readonly bundle: CodecBundle;
}

export interface BenchOptions {
  readonly rounds: number;
  readonly sliceMs: number;
  readonly only?: string;
  readonly onRow?: (row: BenchRow) => void;
}

const REFERENCE = "protobufjs";

export async function benchCodecs(options: BenchOptions): Promise<BenchReport> {
  const { versions, newestHost, close } = await loadVersions();
  const newest = newestHost.describe();
  try {
    const cases = benchCases(newestHost).filter(({ name }) => name.includes(options.only ?? ""));
    if (cases.length === 0)
      throw new Error(`Cannot measure: no case has "${options.only}" in its name`);
    const rows = cases.map((entry) => {
      const row = benchCase(entry, newest, versions, options);
      options.onRow?.(row);
      return row;
    });
    return {
      schema: "wirespan/bench-codecs/1",
      command: ["npm run bench --", ...process.argv.slice(2)].join(" "),
      node: process.versions.node,
      cpu: `${cpus().length} × ${cpus()[0]?.model ?? "unknown"}`,
      rounds: options.rounds,
      sliceMs: options.sliceMs,
      reference: REFERENCE,
      rows,
    };
  } finally {
    close();
  }
}

/** The codecs of the oldest release that has a version are the ones that measure it. */
async function loadVersions(): Promise<{
  versions: OwnVersion[];
  newestHost: CodecHost;
  close: () => void;
}> {
  const versions = new Map<number, OwnVersion>();
  const closers: (() => void)[] = [];
  let newestHost: CodecHost | undefined;
  for (const name of [TREE, ...listReleases().reverse()]) {
    const release = await loadRelease(name);
    closers.push(release.close);
    const url = pathToFileURL(join(release.directory, "codecs.mjs")).href;
    const bundle = (await import(url)) as CodecBundle;
    const host = bundle.createCodecHost();
    newestHost ??= host;
    for (const description of host.describe().versions) {
      if (!versions.has(description.version))
        versions.set(description.version, { description, bundle });
    }
  }
  if (!newestHost) throw new Error("Cannot measure: no release and no working tree");
  const sorted = [...versions.values()].sort(
    (a, b) => a.description.version - b.description.version,
  );
  return { versions: sorted, newestHost, close: () => closers.forEach((close) => void close()) };
}

interface Prepared {
  readonly name: string;
  readonly values: readonly unknown[];
  readonly bytes: readonly Uint8Array[];
  encode(value: unknown): Uint8Array;
  decode(bytes: Uint8Array): unknown;
}

function benchCase(
  entry: BenchCase,
  newest: HostDescription,
  versions: readonly OwnVersion[],
  options: BenchOptions,
): BenchRow {
  const left: Record<string, string> = {};
  const prepared: Prepared[] = [];
  const description = newest.versions.at(-1) as VersionDescription;
  for (const peer of [
    ...versions.flatMap((own) => ownPeer(own, entry)),
    ...makePeers(description, entry.message),
  ]) {
    try {
      prepared.push(prepare(peer, entry));
    } catch (error) {
      left[peer.name] =
        (error instanceof Error ? error.message : String(error)).split("\n")[0] ?? "";
    }
  }
  const settings = { rounds: options.rounds, sliceMs: options.sliceMs, reference: REFERENCE };
  const contenders = (work: (codec: Prepared) => Contender["run"]): Contender[] =>
    prepared.map((codec) => ({ name: codec.name, run: work(codec) }));
  return {
    case: entry.name,
    message: entry.message,
    sizes: Object.fromEntries(prepared.map(({ name, bytes }) => [name, medianLength(bytes)])),
    encode: measure(
      contenders(
        ({ values, encode }) =>
          (variant) =>
            encode(values[variant % values.length]),
      ),
      settings,
    ),
    decode: measure(
      contenders(
        ({ bytes, decode }) =>
          (variant) =>
            decode(bytes[variant % bytes.length] as Uint8Array),
      ),
      settings,
    ),
    left,
  };
}

function ownPeer({ description, bundle }: OwnVersion, entry: BenchCase): Peer[] {
  if (!description.messages.some(({ name }) => name === entry.message)) return [];
  const codec = bundle.openCodec(entry.message, description.version);
  return [
    {
      name: `wirespan v${description.version} ${description.format}`,
      prepare: (value) => codec.fromJson(fitsVersion(description, entry.message, value)),
      encode: (value) => codec.encode(value),
      decode: (bytes) => codec.decode(bytes),
    },
  ];
}

/** Encodes and decodes every variant once, so that a contender that cannot do it is left out before the clock runs. */
function prepare(peer: Peer, entry: BenchCase): Prepared {
  const values = entry.variants.map((value) => peer.prepare(value));
  const bytes = values.map((value) => Uint8Array.from(peer.encode(value)));
  for (const encoded of bytes) peer.decode(encoded);
  const { name } = peer;
  return { name, values, bytes, encode: (v) => peer.encode(v), decode: (b) => peer.decode(b) };
}

function medianLength(bytes: readonly Uint8Array[]): number {
  const lengths = bytes.map(({ length }) => length).sort((a, b) => a - b);
  return lengths[lengths.length >> 1] ?? 0;
}
