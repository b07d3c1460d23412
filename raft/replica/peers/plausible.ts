/**
 * A message may be well-formed and still say what no correct member says. The core trusts its peers
 * and stops on a broken invariant, so such a message must not reach it (law 2).
 */
import type { Message } from "../../core/index.ts";

export interface LogView {
  readonly term: number;
  /** Whether this node leads in that term. */
  readonly leads: boolean;
  readonly commit: number;
  readonly lastIndex: number;
  /** Undefined: not in the log any more, or not yet. */
  readonly termAt: (index: number) => number | undefined;
}

/** What is wrong with it, or undefined. */
export function implausible(message: Message, log: LogView): string | undefined {
  switch (message.type) {
    case "MsgApp":
      return implausibleAppend(message, log);
    case "MsgHeartbeat":
      return message.term >= log.term && message.commit > log.lastIndex
        ? `a heartbeat commits ${message.commit}, the log ends at ${log.lastIndex}`
        : undefined;
    case "MsgAppResp":
      // A leader that crashed in its term may get answers for entries that it lost; it leads no more.
      return log.leads &&
        !message.reject &&
        message.term === log.term &&
        message.index > log.lastIndex
        ? `an acknowledgement of entry ${message.index}, the log ends at ${log.lastIndex}`
        : undefined;
    default:
      return undefined;
  }
}

function implausibleAppend(
  { index, logTerm, term, entries }: Message,
  log: LogView,
): string | undefined {
  let before = { index, term: logTerm };
  for (const entry of entries) {
    if (entry.index !== before.index + 1 || entry.term < before.term || entry.term > term)
      return `entry ${entry.index} of term ${entry.term} follows entry ${before.index} of term ${before.term} in term ${term}`;
    before = entry;
    // What a former leader sent may come late; the core answers it with the newer term.
    const isNow = term >= log.term && entry.index <= log.commit;
    const known = isNow ? log.termAt(entry.index) : undefined;
    if (known !== undefined && known !== entry.term)
      return `entry ${entry.index} of term ${entry.term} would replace a committed one of term ${known}`;
  }
  return undefined;
}
