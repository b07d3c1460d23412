/** The one time axis that the drawings of a page share, so that they can be read below each other. */
export const WIDTH = 1200;
export const GUTTER = 64;
const RIGHT = 12;

export interface TimeScale {
  readonly durationMs: number;
  x(ms: number): number;
}

export function timeScale(durationMs: number): TimeScale {
  const span = Math.max(1, durationMs);
  const room = WIDTH - GUTTER - RIGHT;
  return { durationMs, x: (ms) => round(GUTTER + (Math.min(Math.max(ms, 0), span) / span) * room) };
}

/** Moments for the axis: at most about twelve, at round seconds. */
export function ticks({ durationMs }: TimeScale): number[] {
  const seconds = durationMs / 1000;
  const stepSeconds =
    [1, 2, 5, 10, 20, 30, 60, 120, 300].find((step) => seconds / step <= 12) ?? 600;
  return Array.from(
    { length: Math.floor(seconds / stepSeconds) + 1 },
    (_, index) => index * stepSeconds * 1000,
  );
}

export function round(value: number): number {
  return Math.round(value * 10) / 10;
}
