/**
 * Log lines: JSON on stderr, so that a line never breaks and programs can read the last one.
 * A stranger who sends rubbish must not fill the operator's disk: of one message, a few lines a
 * second are written, and how many were left out stands in the next one.
 */
export type LogLevel = "info" | "warn" | "error";
export type LogFields = Readonly<Record<string, string | number>>;
export type Log = (level: LogLevel, message: string, fields?: LogFields) => void;

export interface LogOptions {
  readonly write: (line: string) => void;
  readonly nowMs: () => number;
  /** Stand in every line. */
  readonly always?: LogFields;
}

const WINDOW_MS = 1_000;
const LINES_PER_MESSAGE_MAX = 5;
/** Of all messages together, errors excepted: texts may hold what a stranger sent, so each may be another one. */
const LINES_MAX = 100;
const MESSAGES_MAX = 200;

/** Counts the lines of the present second. */
class Window {
  private readonly linesMax: number;
  private startMs: number;
  private lines = 0;

  constructor(linesMax: number, startMs: number) {
    this.linesMax = linesMax;
    this.startMs = startMs;
  }

  /** How many were left out before this one; undefined: this one is left out too. */
  take(nowMs: number): number | undefined {
    const leftOut = Math.max(0, this.lines - this.linesMax);
    const isNext = nowMs - this.startMs >= WINDOW_MS;
    if (isNext) {
      this.startMs = nowMs;
      this.lines = 0;
    }
    this.lines++;
    if (this.lines > this.linesMax) return undefined;
    return isNext ? leftOut : 0;
  }
}

export function makeLog({ write, nowMs, always = {} }: LogOptions): Log {
  const windows = new Map<string, Window>();
  const everything = new Window(LINES_MAX, nowMs());
  return (level, message, fields = {}) => {
    const now = nowMs();
    if (windows.size > MESSAGES_MAX) windows.clear();
    const window = windows.get(message) ?? new Window(LINES_PER_MESSAGE_MAX, now);
    windows.set(message, window);
    const ofMessage = window.take(now);
    if (ofMessage === undefined) return;
    const ofAll = level === "error" ? 0 : everything.take(now);
    if (ofAll === undefined) return;
    const leftOut = ofMessage + ofAll;
    write(logLine(level, message, { ...always, ...fields, ...(leftOut > 0 ? { leftOut } : {}) }));
  };
}

export function logLine(level: LogLevel, message: string, fields: LogFields): string {
  return `${JSON.stringify({ time: new Date().toISOString(), level, message, ...fields })}\n`;
}
