/** Exit codes of every command; the same in CI scripts and in `docs/`. */
export const EXIT = { fine: 0, findings: 100, couldNotRun: 1, usage: 2 } as const;
