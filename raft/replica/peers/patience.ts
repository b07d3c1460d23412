/**
 * How long a connection may say nothing. Counted in ticks of our own: a node that was paused itself
 * must not blame the others for the time in which it did not listen.
 *
 * A peer tells each member its status every second, so silence means that it is gone without a word
 * (its machine, or the way to it): TCP alone would find out after many minutes, and what is sent
 * until then is lost. Clients may be silent for as long as they like, once they said hello.
 */
import type { Conversation } from "./conversation.ts";

const GREETING_MS = 5_000;
const SILENCE_MS = 10_000;

export interface Impatience {
  readonly code: string;
  readonly text: string;
}

/** To be called once per tick; gives the conversations that lasted too long. */
export function losePatience(
  conversations: Iterable<Conversation>,
  tickMs: number,
): readonly (readonly [Conversation, Impatience])[] {
  const all = [...conversations];
  for (const conversation of all) conversation.quietTicks++;
  const silenceTicks = SILENCE_MS / tickMs;
  const greetingTicks = GREETING_MS / tickMs;
  const isHeard = (node: number): boolean =>
    all.some((each) => isOpenPeer(each) && each.node === node && each.quietTicks <= silenceTicks);
  return all.flatMap((conversation) => {
    if (conversation.stage !== "open")
      return conversation.quietTicks > greetingTicks ? [[conversation, NO_GREETING] as const] : [];
    if (!isOpenPeer(conversation) || conversation.quietTicks <= silenceTicks) return [];
    // What we dialled is for our own words: the other side speaks over its own, when it has one.
    const isHeardElsewhere = conversation.dialled !== 0 && isHeard(conversation.node);
    return isHeardElsewhere ? [] : [[conversation, silenceOf(conversation)] as const];
  });
}

const NO_GREETING: Impatience = {
  code: "hello_timeout",
  text: `no greeting within ${GREETING_MS} ms`,
};

function silenceOf({ node }: Conversation): Impatience {
  return { code: "silent", text: `node ${node} said nothing for ${SILENCE_MS} ms` };
}

function isOpenPeer({ side, stage }: Conversation): boolean {
  return side === "peer" && stage === "open";
}
