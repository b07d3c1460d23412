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
const LINES_PER_WINDOW_MAX = 5;
const MESSAGES_MAX = 200;

interface Window {
  startMs: number;
  lines: number;
}

export function makeLog({ write, nowMs, always = {} }: LogOptions): Log {
  const windows = new Map<string, Window>();
  return (level, message, fields = {}) => {
    const now = nowMs();
    if (windows.size > MESSAGES_MAX) windows.clear();
    const window = windows.get(message) ?? { startMs: now, lines: 0 };
    windows.set(message, window);
    const leftOut = window.lines - LINES_PER_WINDOW_MAX;
    if (now - window.startMs >= WINDOW_MS) Object.assign(window, { startMs: now, lines: 0 });
    window.lines++;
    if (window.lines > LINES_PER_WINDOW_MAX) return;
    const repeated = window.lines === 1 && leftOut > 0 ? { leftOut } : {};
    write(logLine(level, message, { ...always, ...fields, ...repeated }));
  };
}

export function logLine(level: LogLevel, message: string, fields: LogFields): string {
  return `${JSON.stringify({ time: new Date().toISOString(), level, message, ...fields })}\n`;
}
