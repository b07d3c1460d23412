/** `wirespan codec-host`: the codecs of a release on stdin and stdout, for programs in other languages. */
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Command } from "commander";
import {
  type CodecHost,
  HostFrameError,
  HostFrameReader,
  refusal,
  serveBody,
  writeHostFrame,
} from "../../compat-matrix/index.ts";
import { bundleTree, loadRelease, ReleaseError, TREE } from "../../release/index.ts";
import { EXIT } from "../exit.ts";
import { Cleanup } from "../matrix/cleanup.ts";

interface Options {
  readonly release: string;
  readonly releasesDir?: string;
}

export function register(program: Command): void {
  program
    .command("codec-host")
    .description("answer encode and decode calls on stdin and stdout, for programs outside")
    .option("--release <name>", `whose codecs: a frozen release or ${TREE}`, TREE)
    .option("--releases-dir <dir>", "read frozen releases from elsewhere")
    .action(async (options: Options) => {
      process.exitCode = await codecHost(options);
    });
}

async function codecHost(options: Options): Promise<number> {
  const restore = keepForFrames();
  // Whoever talked to us has gone: there is nobody left to tell, and nothing left to do.
  process.stdout.on("error", () => process.exit(EXIT.fine));
  const cleanup = new Cleanup();
  try {
    const host = await openHost(options, cleanup);
    if (process.stdin.isTTY) {
      process.stderr.write(
        "wirespan: waiting for frames on stdin (docs/reference/codec-host.md)\n",
      );
    }
    return await converse(host);
  } catch (error) {
    process.stderr.write(`wirespan: ${error instanceof Error ? error.message : String(error)}\n`);
    const isUsage = error instanceof ReleaseError && error.code === "UnknownRelease";
    return isUsage ? EXIT.usage : EXIT.couldNotRun;
  } finally {
    restore();
    await cleanup.run();
  }
}

const writeOut: typeof process.stdout.write = process.stdout.write.bind(process.stdout);

/** What the code of a release prints would stand among the frames: it goes to stderr, and is told once. */
function keepForFrames(): () => void {
  let isTold = false;
  const elsewhere = (...printed: Parameters<typeof process.stdout.write>): boolean => {
    if (!isTold) {
      process.stderr.write("wirespan: stdout belongs to the frames; what is printed goes here:\n");
    }
    isTold = true;
    return process.stderr.write(...printed);
  };
  process.stdout.write = elsewhere as typeof process.stdout.write;
  return () => {
    process.stdout.write = writeOut;
  };
}

async function openHost({ release, releasesDir }: Options, cleanup: Cleanup): Promise<CodecHost> {
  const loading =
    release === TREE
      ? bundleTree({ only: ["codecs.mjs"] })
      : loadRelease(release, releasesDir === undefined ? {} : { releasesDir });
  cleanup.add(() =>
    loading.then(
      (loaded) => loaded.close(),
      () => {},
    ),
  );
  const url = pathToFileURL(join((await loading).directory, "codecs.mjs")).href;
  return ((await import(url)) as { createCodecHost(): CodecHost }).createCodecHost();
}

/** Until the input ends or somebody says bye. */
async function converse(host: CodecHost): Promise<number> {
  const reader = new HostFrameReader();
  try {
    for await (const chunk of process.stdin) {
      for (const body of reader.push(chunk as Uint8Array)) {
        const { reply, isLast } = serveBody(host, body);
        await send(writeHostFrame(reply));
        if (isLast) return EXIT.fine;
      }
    }
    reader.end();
    return EXIT.fine;
  } catch (error) {
    if (!(error instanceof HostFrameError)) throw error;
    await send(writeHostFrame(refusal(null, "BadCall", error)));
    throw error;
  }
}

/** Waits while the other side does not read, so that replies do not pile up here. */
function send(frame: Uint8Array): Promise<void> {
  return new Promise((done, fail) => {
    writeOut(frame, (error) => (error ? fail(error) : done()));
  });
}
