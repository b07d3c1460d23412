/**
 * Damaged inputs by the million: `npm run fuzz -- --minutes 10 [--format bilrost|protobuf|msgpack|all]
 * [--seed S]`. The minutes are for all formats together. Exit 100 with the smallest input and the
 * command that replays it when something is found, 2 for wrong usage, 130 after Ctrl-C.
 */
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import type { FormatName } from "../../codecs/index.ts";
import { Block } from "./block.ts";
import type { Failure } from "./messages.ts";
import { type FuzzReport, fuzz } from "./run.ts";

const FORMATS: readonly FormatName[] = ["bilrost", "protobuf", "msgpack"];
const USAGE = `usage: npm run fuzz -- --minutes <n> [--format ${FORMATS.join("|")}|all] [--seed <n>]
       npm run fuzz -- --format <format> --replay <block>:<turn>[:<hex>]`;
const FOUND = 100;
const WRONG_USAGE = 2;
const INTERRUPTED = 130;

interface Settings {
  readonly formats: readonly FormatName[];
  readonly minutes: number;
  readonly seed: number;
  readonly replay: string | undefined;
}

/** Undefined for wrong usage. */
function settingsOf(args: readonly string[]): Settings | undefined {
  try {
    const text = { type: "string" } as const;
    const { values } = parseArgs({
      args: [...args],
      options: { minutes: text, format: text, seed: text, replay: text },
    });
    const formats = FORMATS.filter((one) => [one, "all"].includes(values.format ?? "all"));
    const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31));
    const minutes = Number(values.minutes);
    const isTimed = values.replay === undefined ? minutes > 0 : values.minutes === undefined;
    const isSound = formats.length > 0 && Number.isSafeInteger(seed) && isTimed;
    return isSound ? { formats, minutes, seed, replay: values.replay } : undefined;
  } catch {
    return undefined;
  }
}

async function main(args: readonly string[]): Promise<number> {
  const settings = settingsOf(args);
  const format = settings?.formats.length === 1 ? settings.formats[0] : undefined;
  if (settings?.replay !== undefined && format) return replay(format, settings.replay);
  if (settings === undefined || settings.replay !== undefined) {
    console.error(USAGE);
    return WRONG_USAGE;
  }
  const interrupt = new AbortController();
  process.once("SIGINT", () => interrupt.abort());
  return runAll(settings, interrupt.signal);
}

async function runAll(settings: Settings, signal: AbortSignal): Promise<number> {
  const { formats, minutes, seed } = settings;
  const threads = Math.max(2, availableParallelism());
  console.log(`seed ${seed}, ${threads} threads, ${minutes} minutes for ${formats.join(", ")}`);
  let hasFailed = false;
  for (const format of formats) {
    if (signal.aborted) break;
    const milliseconds = (minutes * 60_000) / formats.length;
    const report = await fuzz({ format, seed, milliseconds, threads, signal });
    tell(report);
    hasFailed ||= report.failures.length > 0;
  }
  if (hasFailed) return FOUND;
  return signal.aborted ? INTERRUPTED : 0;
}

function tell({ format, inputs, read, hostile, bytes, milliseconds, failures }: FuzzReport): void {
  const seconds = milliseconds / 1000;
  const parts = [
    `${count(inputs)} inputs in ${seconds.toFixed(1)} s (${count(inputs / seconds)} a second)`,
    `${count(bytes / Math.max(1, inputs))} bytes each`,
    `${((100 * read) / Math.max(1, inputs)).toFixed(0)} % could be read`,
    ...(hostile > 0 ? [`${count(hostile)} hostile values`] : []),
    failures.length === 0 ? "nothing found" : `${failures.length} found`,
  ];
  console.log(`${format}: ${parts.join(", ")}`);
  for (const failure of failures) console.log(describe(failure));
}

function count(value: number): string {
  return Math.round(value).toLocaleString("en");
}

function describe({ format, block, turn, fault, hex }: Failure): string {
  const place = hex === undefined ? `${block}:${turn}` : `${block}:${turn}:${hex}`;
  const input = hex === undefined ? "" : `  input:  ${hex}\n`;
  return `  ${fault}\n${input}  replay: npm run fuzz -- --format ${format} --replay ${place}`;
}

function replay(format: FormatName, place: string): number {
  const [, block, turn, hex] = /^(\d+):(\d+)(?::((?:[0-9a-f]{2})*))?$/.exec(place) ?? [];
  if (block === undefined || turn === undefined) {
    console.error(USAGE);
    return WRONG_USAGE;
  }
  const subject = new Block(format, Number(block));
  const at = Number(turn);
  const mutant = subject.mutant(at);
  const given =
    hex === undefined ? mutant : { ...mutant, bytes: Uint8Array.from(Buffer.from(hex, "hex")) };
  const finding =
    subject.judge(given, at).finding ?? (hex === undefined ? subject.findInHostile(at) : undefined);
  if (finding === undefined) {
    console.log(`${format}: nothing found at ${place}`);
    return 0;
  }
  console.log(describe({ kind: "failure", format, block: Number(block), ...finding }));
  return FOUND;
}

process.exitCode = await main(process.argv.slice(2));
