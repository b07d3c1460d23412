/**
 * Makes a failing schedule small: whatever can be left out, or made shorter, without losing the
 * failure is left out. It only proposes; the caller runs each proposal and says whether it fails
 * the same way. So the order of proposals is a function of the answers, and a bound is the caller's.
 */
import { LIVE_MS, type Schedule } from "./schedule.ts";

/** Proposes schedules, is told whether each one still fails, and returns the smallest that does. */
export type Shrinking = Generator<Schedule, Schedule, boolean>;

export interface ShrinkRules {
  /** When the failure was found: what comes later has no part in it. */
  readonly failedAtMs: number;
  /** Proposals that no cluster could carry out are not made. */
  readonly isSound: (schedule: Schedule) => boolean;
}

/** Fields that name one node. */
const NODE_FIELDS = ["node", "from", "to", "newcomer"];
/** Below this nothing is gained by making it shorter. */
const SHORT_MS = 16;
/** While a stuck run is made small, it is waited for so long instead of the whole time. */
const SHORT_LIVE_MS = 15_000;

export function* shrink(schedule: Schedule, { failedAtMs, isSound }: ShrinkRules): Shrinking {
  let best = schedule;
  const tried = new Set<string>();
  const attempt = function* (proposal: Schedule): Generator<Schedule, boolean, boolean> {
    if (!isSound(proposal) || weightOf(proposal) >= weightOf(best)) return false;
    // A run costs seconds, and a later round proposes much of what an earlier one did.
    const text = JSON.stringify(proposal);
    if (tried.has(text)) return false;
    tried.add(text);
    if (!(yield proposal)) return false;
    best = proposal;
    return true;
  };
  // Waiting for what never comes is most of a run that is stuck.
  yield* attempt({ ...best, liveMs: Math.min(best.liveMs ?? LIVE_MS, SHORT_LIVE_MS) });
  const faults = schedule.faults.filter(({ atMs }) => atMs <= failedAtMs);
  yield* attempt({ ...best, faults, durationMs: Math.min(best.durationMs, failedAtMs + 1) });
  for (let before = Number.POSITIVE_INFINITY; weightOf(best) < before; ) {
    before = weightOf(best);
    yield* leaveOut(
      () => best.faults,
      (faults) => attempt({ ...best, faults }),
    );
    yield* leaveOut(
      () => best.roll,
      (roll) => attempt({ ...best, roll }),
    );
    for (let id = best.nodes; id >= 1; id--) if (best.nodes > 1) yield* attempt(without(best, id));
    while (best.clients > 1 && (yield* attempt({ ...best, clients: best.clients - 1 })));
    yield* shorten(() => best, attempt);
  }
  const { liveMs, ...patient } = best;
  if (liveMs === undefined || liveMs === schedule.liveMs) return best;
  // Slow is not stuck: it should fail with all the time there is.
  const whole = { ...patient, ...(schedule.liveMs !== undefined && { liveMs: schedule.liveMs }) };
  return (yield whole) ? whole : best;
}

type Attempt = (proposal: Schedule) => Generator<Schedule, boolean, boolean>;

/** Half of the items, then quarters, down to single ones (Zeller's delta debugging, complements only). */
function* leaveOut<T>(
  items: () => readonly T[],
  attempt: (left: readonly T[]) => Generator<Schedule, boolean, boolean>,
): Generator<Schedule, void, boolean> {
  for (let size = items().length; size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2))
    // From the end: what comes last is most often of no consequence.
    for (let end = items().length; end > 0; end -= size) {
      const start = Math.max(0, end - size);
      yield* attempt([...items().slice(0, start), ...items().slice(end)]);
    }
}

/** Without one founder; the ids behind it move up. */
function without(schedule: Schedule, gone: number): Schedule {
  const renumber = <T>(items: readonly T[]): T[] =>
    items.flatMap((item) => (names(item, gone) ? [] : [moved(item, gone) as T]));
  const { nodes, faults, roll } = schedule;
  return { ...schedule, nodes: nodes - 1, faults: renumber(faults), roll: renumber(roll) };
}

/** Whether this can not be said without naming the node. */
function names(item: unknown, gone: number): boolean {
  return Object.entries(item as object).some(
    ([name, value]) =>
      (NODE_FIELDS.includes(name) && value === gone) || (name === "fault" && names(value, gone)),
  );
}

function moved(value: unknown, gone: number, name = ""): unknown {
  const next = (id: number): number => (id > gone ? id - 1 : id);
  if (NODE_FIELDS.includes(name)) return next(value as number);
  if (name === "side" && Array.isArray(value))
    return (value as number[]).filter((id) => id !== gone).map(next);
  // One for each founder, in their order.
  if (name === "releases") return (value as string[]).filter((_, place) => place !== gone - 1);
  if (name === "changes")
    return (value as object[])
      .filter((each) => !names(each, gone))
      .map((each) => moved(each, gone));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([each, part]) => [each, moved(part, gone, each)]),
  );
}

/** Halves times and counts as long as that goes well. */
function* shorten(best: () => Schedule, attempt: Attempt): Generator<Schedule, void, boolean> {
  while (best().durationMs > SHORT_MS)
    if (!(yield* attempt({ ...best(), durationMs: best().durationMs >> 1 }))) break;
  const { operationsMax = 64 } = best();
  for (let count = operationsMax; count > 0; count >>= 1)
    if (!(yield* attempt({ ...best(), operationsMax: count }))) break;
  for (const list of ["faults", "roll"] as const)
    for (const place of best()[list].keys()) while (yield* attempt(halved(best(), list, place)));
}

function halved(schedule: Schedule, list: "faults" | "roll", place: number): Schedule {
  const items = schedule[list].map((item, each) =>
    each === place && "forMs" in item && item.forMs > SHORT_MS
      ? { ...item, forMs: item.forMs >> 1 }
      : item,
  );
  return { ...schedule, [list]: items };
}

/** Every proposal weighs less than what it came from, so there is an end. */
function weightOf(schedule: Schedule): number {
  const { faults, roll, nodes, clients, durationMs, operationsMax, liveMs = LIVE_MS } = schedule;
  const spans = [...faults, ...roll].reduce(
    (sum, item) => sum + ("forMs" in item ? Math.log2(1 + item.forMs) : 0),
    0,
  );
  return (
    1_000 * (faults.length + roll.length + 10 * nodes + clients) +
    spans +
    Math.log2(1 + durationMs) +
    Math.log2(1 + liveMs) +
    Math.log2(1 + (operationsMax ?? 2 ** 30))
  );
}

/** What makes two failures the same one: the oracle, and where it tells of a code, the code. */
export function kindOfFailure({
  verdict,
  oracle = "",
  message = "",
}: {
  readonly verdict: string;
  readonly oracle?: string;
  readonly message?: string;
}): string {
  if (verdict !== "fail") return verdict;
  const [, code = ""] = /: ([a-z_]+): /.exec(message) ?? [];
  return `${oracle} ${code}`.trim();
}
