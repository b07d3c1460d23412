/** What one run measures, on whichever cluster. */

export interface Load {
  readonly clients: number;
  readonly connections: number;
  readonly total: number;
  /** Puts before the measured ones, on the same cluster; not counted. */
  readonly warm: number;
  readonly valueBytes: number;
  readonly keySpace: number;
}

export interface Puts {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly serverCpuSeconds: number;
  readonly clientCpuSeconds: number;
}

/** A three-node cluster that was started for one run. */
export interface BenchCluster {
  measure(load: Load): Promise<Puts>;
  close(): Promise<void>;
}

/** One side of the comparison: a fresh cluster each time it is asked. */
export interface Side {
  readonly name: string;
  start(): Promise<BenchCluster>;
}

export class BenchImpossible extends Error {
  override readonly name = "BenchImpossible";
}
