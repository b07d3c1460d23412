/** Smaller bytes that still show the fault: runs left out, then bytes made zero. */
const ATTEMPTS_MAX = 3000;

export function shrink(bytes: Uint8Array, isSame: (bytes: Uint8Array) => boolean): Uint8Array {
  let least = bytes;
  let attempts = 0;
  const attempt = (candidate: Uint8Array): boolean => {
    attempts += 1;
    if (attempts > ATTEMPTS_MAX || !isSame(candidate)) return false;
    least = candidate;
    return true;
  };
  for (let run = least.length >> 1; run > 0; run >>= 1) {
    for (let at = 0; at < least.length; ) {
      const rest = Uint8Array.from([...least.subarray(0, at), ...least.subarray(at + run)]);
      if (!attempt(rest)) at += run;
    }
  }
  for (let at = 0; at < least.length; at++) if (least[at] !== 0) attempt(least.with(at, 0));
  return least;
}
