/** What stands above the tree: what the bytes are taken for, and on what grounds. */
import type { FormatGuess } from "../../codecs/index.ts";
import type { Input } from "./input.ts";
import type { Findings } from "./inspect-input.ts";
import { FORMAT_NAMES } from "./read-message.ts";
import type { Paint } from "./render.ts";

const CONTAINERS = {
  frames: "frames of the reference protocol",
  capture: "frames that a node captured",
  stream: "a stream of messages",
} as const;

export function summaryLines(
  input: Input,
  findings: Findings,
  release: string | undefined,
  paint: Paint,
): string[] {
  const { length } = input.bytes;
  const size = length === 1 ? "1 byte" : `${length} bytes`;
  const from = input.name === "hex" ? "" : `${input.name}, `;
  const hex = input.wasHex && input.name !== "hex" ? " (as hex digits)" : "";
  const lines = [row("input", `${from}${size}${hex}`, paint)];
  const { container, format, guesses, asStream, message, wireVersion, verdict } = findings;
  if (container) lines.push(row("is", CONTAINERS[container], paint));
  if (format && !guesses) lines.push(row("format", FORMAT_NAMES[format], paint));
  if (guesses) lines.push(...guessLines(guesses, paint));
  if (asStream) lines.push(row("", streamText(asStream), paint));
  if (message) lines.push(row("message", `${message}, wire version ${wireVersion}`, paint));
  if (verdict) lines.push(row("verdict", verdict, paint));
  if (format && !message && format !== "msgpack") lines.push(row("names", NO_SCHEMA, paint));
  if (container && container !== "stream") lines.push(row("names", namesText(release), paint));
  return [...lines, ""];
}

function streamText({ format, reason }: FormatGuess): string {
  return `or a stream of ${FORMAT_NAMES[format]}: ${reason} (--stream)`;
}

const NO_SCHEMA = 'none: what has a "?" only a schema can tell (--message NAME --release NAME)';

function namesText(release: string | undefined): string {
  if (release !== undefined) return `from ${release}`;
  return "none: --release tree, or a frozen one, gives them; bodies are guesses";
}

/** The guess with its reason, then the other formats: what else fits, and what is ruled out by what. */
function guessLines([best, ...others]: readonly FormatGuess[], paint: Paint): string[] {
  if (!best) return [];
  const name = paint.strong(FORMAT_NAMES[best.format]);
  const doubt = best.isWhole ? "" : ", but no format reads all bytes";
  const lines = [row("guess", `${name}${doubt}: ${best.reason}`, paint)];
  for (const { format, isWhole, reason } of others) {
    const text = isWhole
      ? `or ${FORMAT_NAMES[format]}: ${reason} (--format ${format})`
      : `not ${FORMAT_NAMES[format]}: ${reason}`;
    lines.push(row("", paint.dim(text), paint));
  }
  return lines;
}

function row(name: string, text: string, paint: Paint): string {
  return `${paint.dim(name.padEnd(8))} ${text}`;
}
