/** `wirespan inspect <file|hex|->`: what are these bytes? An annotated tree, with or without a schema. */
import { type Command, InvalidArgumentError, Option } from "commander";
import pc from "picocolors";
import { ReleaseError, TREE } from "../../release/index.ts";
import { EXIT } from "../exit.ts";
import { problemText } from "../inspect/describe-node.ts";
import { beginsAs } from "../inspect/frames.ts";
import { type Input, InputError, readInput } from "../inspect/input.ts";
import { type Findings, inspectInput, type Request } from "../inspect/inspect-input.ts";
import { inspectJson } from "../inspect/json.ts";
import { type OpenRelease, openRelease, refuseUnknownMessage } from "../inspect/open-release.ts";
import { type Paint, PLAIN_PAINT, renderTree } from "../inspect/render.ts";
import { summaryLines } from "../inspect/summary.ts";

interface Options {
  readonly format?: "bilrost" | "protobuf" | "msgpack";
  readonly message?: string;
  readonly release?: string;
  readonly releasesDir?: string;
  readonly wireVersion?: number;
  readonly stream?: boolean;
  readonly binary?: boolean;
  readonly limit: number;
  readonly json?: boolean;
}

const LIMIT = 2000;

export function register(program: Command): void {
  program
    .command("inspect")
    .description(
      "what are these bytes? A tree of Bilrost, protobuf, MessagePack or captured frames",
    )
    .argument("<input...>", "a file, hex digits, or - for stdin")
    .addOption(
      new Option("--format <name>", "without it the format is guessed").choices([
        "bilrost",
        "protobuf",
        "msgpack",
      ]),
    )
    .option("--message <name>", "read as this message, such as AppendRequest: names and types")
    .option("--release <name>", `whose schema: a frozen release or ${TREE} (default: ${TREE})`)
    .option("--releases-dir <dir>", "read frozen releases from elsewhere")
    .option("--wire-version <n>", "of the message (default: the newest of the release)", count)
    .option("--stream", "messages back to back, each behind its length")
    .option("--binary", "the input holds the bytes themselves, even if they look like hex")
    .option("--limit <n>", "pieces to show before the rest is only counted", count, LIMIT)
    .option("--json", "print only the tree, as JSON (wirespan/inspect/1)")
    .action(async (words: string[], options: Options) => {
      process.exitCode = await inspectCommand(words, options);
    });
}

function count(text: string): number {
  const value = Number(text);
  if (/^\d{1,9}$/.test(text) && value > 0) return value;
  throw new InvalidArgumentError("a number from 1 on is needed.");
}

async function inspectCommand(words: readonly string[], options: Options): Promise<number> {
  // Whoever read us has seen enough, as `head` does.
  process.stdout.on("error", () => process.exit(EXIT.fine));
  try {
    refuseContradictions(options);
    const input = await readInput(words, options.binary === true);
    refuseUnfit(input, options);
    const release = await releaseFor(options);
    const findings = inspectInput(requestOf(input, options, release));
    publish(input, findings, options, release?.name);
    const [first] = findings.problems;
    if (!first) return EXIT.fine;
    process.stderr.write(`wirespan: ${problemText(first)}${andMore(findings)}\n`);
    return EXIT.couldNotRun;
  } catch (error) {
    process.stderr.write(`wirespan: ${error instanceof Error ? error.message : String(error)}\n`);
    const isUsage =
      (error instanceof InputError && error.isUsage) ||
      (error instanceof ReleaseError && error.code === "UnknownRelease");
    return isUsage ? EXIT.usage : EXIT.couldNotRun;
  }
}

function refuseContradictions({ message, wireVersion, format }: Options): void {
  if (wireVersion !== undefined && message === undefined) {
    throw new InputError("Cannot use --wire-version alone: --message is needed", true);
  }
  if (format !== undefined && message !== undefined) {
    throw new InputError(
      "Cannot use --format beside --message: the wire version of the message has its own",
      true,
    );
  }
}

/** Nothing is the empty message in two formats, but more often a mistake before the pipe. */
function refuseUnfit({ name, bytes }: Input, { format, message }: Options): void {
  if (message !== undefined && beginsAs(bytes) !== undefined) {
    throw new InputError(
      "Cannot use --message here: these are frames, and each names its own",
      true,
    );
  }
  if (bytes.length > 0 || message !== undefined) return;
  if (format === "bilrost" || format === "protobuf") return;
  throw new InputError(
    `Cannot inspect ${name}: it is empty (with --format bilrost or protobuf that is the empty message)`,
    false,
  );
}

async function releaseFor(options: Options): Promise<OpenRelease | undefined> {
  const { release, message, releasesDir, wireVersion } = options;
  if (release === undefined && message === undefined) return undefined;
  const open = await openRelease(release ?? TREE, releasesDir);
  if (message !== undefined) refuseUnknownMessage(open.versionAsked(wireVersion), message);
  return open;
}

function requestOf(
  { bytes }: Input,
  { format, message, wireVersion, stream, limit }: Options,
  release: OpenRelease | undefined,
): Request {
  return {
    bytes,
    format,
    release,
    message,
    wireVersion,
    isStream: stream === true,
    nodesMax: limit,
  };
}

function publish(
  input: Input,
  findings: Findings,
  { json }: Options,
  release: string | undefined,
): void {
  if (json) {
    process.stdout.write(`${JSON.stringify(inspectJson(input, findings, release), null, 1)}\n`);
    return;
  }
  const paint = paintFor(process.stdout.isTTY === true);
  const lines = [
    ...summaryLines(input, findings, release, paint),
    ...renderTree(findings.root, input.bytes, paint),
  ];
  process.stdout.write(`${lines.join("\n")}\n`);
}

function paintFor(isTerminal: boolean): Paint {
  if (!isTerminal || !pc.isColorSupported) return PLAIN_PAINT;
  const { bold, dim, cyan, yellow, green, red } = pc;
  return { strong: bold, dim, key: cyan, length: yellow, value: green, bad: red };
}

function andMore({ problems }: Findings): string {
  return problems.length > 1 ? `, and ${problems.length - 1} more` : "";
}
