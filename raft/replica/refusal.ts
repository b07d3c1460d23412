import type { Outcome } from "./ports.ts";

/**
 * Thrown while a data directory is read, before anything is written, and turned into the
 * `StartOutcome` at one place. The text names the file and what would help.
 */
export class DirectoryRefused extends Error {
  override readonly name = "DirectoryRefused";
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** What we must not do now: a normal outcome, whose text says what would allow it. */
export function refuse(code: string, message: string): Outcome {
  return { ok: false, code, message };
}
