/**
 * Replicas that applied the same log are equal. A digest has a version, which says how it is
 * computed: digests of different versions are not comparable, which is neither equal nor diverged.
 */
export interface DigestReading {
  readonly node: number;
  readonly index: number;
  readonly version: number;
  readonly value: string;
}

export interface DigestComparison {
  readonly compared: number;
  readonly notComparable: number;
  readonly diverged: readonly string[];
}

/** Compares every two readings at the same index. */
export function compareDigests(readings: readonly DigestReading[]): DigestComparison {
  let compared = 0;
  let notComparable = 0;
  const diverged: string[] = [];
  readings.forEach((one, position) => {
    for (const other of readings.slice(position + 1)) {
      if (one.index !== other.index || one.node === other.node) continue;
      if (one.version !== other.version) notComparable++;
      else if (one.value === other.value) compared++;
      else {
        compared++;
        diverged.push(
          `nodes ${one.node} and ${other.node} differ at index ${one.index}: ${one.value} and ${other.value}`,
        );
      }
    }
  });
  return { compared, notComparable, diverged };
}
