/**
 * No acknowledged write is lost or duplicated, judged on keys that only one client appends to: their
 * last value must be that client's tokens in order, each acknowledged one exactly once, each
 * unanswered one at most once, and nothing else. This needs no search, so it decides however long
 * the run was.
 */
export interface Append {
  readonly key: string;
  /** Ends with `;` and occurs in no other token. */
  readonly token: string;
  readonly isAcknowledged: boolean;
}

/** `appends` in the order of their calls; `values` as read at the end. One line for each problem. */
export function judgeAppends(
  appends: readonly Append[],
  values: ReadonlyMap<string, string | null>,
): string[] {
  const byKey = Map.groupBy(appends, ({ key }) => key);
  return [...byKey].flatMap(([key, ofKey]) => {
    if (!values.has(key)) return [`key "${key}" could not be read at the end`];
    return judgeKey(key, ofKey, (values.get(key) ?? "").split(";").filter(Boolean));
  });
}

function judgeKey(key: string, appends: readonly Append[], found: readonly string[]): string[] {
  const names = appends.map(({ token }) => token.slice(0, -1));
  const position = new Map(names.map((name, index) => [name, index]));
  const counts = new Map<string, number>();
  for (const name of found) counts.set(name, (counts.get(name) ?? 0) + 1);
  const lost = appends.filter(
    ({ isAcknowledged }, index) => isAcknowledged && !counts.has(names[index] ?? ""),
  );
  const foreign = found.filter((name) => !position.has(name));
  const twice = [...counts].filter(([, count]) => count > 1).map(([name]) => name);
  // An unanswered write may still be under way when the next one is called, so it has no place of its own.
  const answered = (name: string): boolean =>
    appends[position.get(name) ?? -1]?.isAcknowledged ?? false;
  const order = found.filter(answered).map((name) => position.get(name) ?? 0);
  const isSwapped = order.some((place, index) => place < (order[index - 1] ?? -1));
  return [
    ...tell(
      key,
      "lost although acknowledged",
      lost.map(({ token }) => token),
    ),
    ...tell(key, "applied twice", twice),
    ...tell(key, "never written by its client", foreign),
    ...(isSwapped ? [`key "${key}": the appends of one client are out of order`] : []),
  ];
}

const SHOWN_MAX = 5;

function tell(key: string, what: string, tokens: readonly string[]): string[] {
  if (tokens.length === 0) return [];
  const more = tokens.length > SHOWN_MAX ? ` and ${tokens.length - SHOWN_MAX} more` : "";
  return [`key "${key}": ${tokens.length} ${what}: ${tokens.slice(0, SHOWN_MAX).join(" ")}${more}`];
}
