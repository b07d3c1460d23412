/**
 * What a node counts, as Prometheus text. The replica names its counters itself (`ReplicaEvent`);
 * the server adds its own, and reads gauges from the status when somebody looks.
 */
import { Counter, Gauge, Histogram, Registry } from "prom-client";
import type { ReplicaEvent, ReplicaStatus } from "../replica/index.ts";
import type { LinkFailure, Side } from "./link.ts";

type CountEvent = Extract<ReplicaEvent, { kind: "count" }>;

const NAME = /^[a-z_][a-z0-9_]*$/i;
const LABEL_LENGTH_MAX = 100;
const SYNC_SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1];

/** Read from the status at each look. */
const GAUGES: readonly (readonly [
  name: string,
  help: string,
  read: (status: ReplicaStatus) => number,
])[] = [
  ["wirespan_term", "Raft term.", ({ term }) => term],
  ["wirespan_commit_index", "Highest committed index.", ({ commit }) => commit],
  ["wirespan_applied_index", "Highest applied index.", ({ applied }) => applied],
  ["wirespan_last_index", "Index of the last entry of the log.", ({ lastIndex }) => lastIndex],
  [
    "wirespan_snapshot_index",
    "Index of the newest snapshot.",
    ({ snapshotIndex }) => snapshotIndex,
  ],
  ["wirespan_is_leader", "1 while this node leads.", ({ role }) => (role === "leader" ? 1 : 0)],
  ["wirespan_leader", "Id of the leader, 0 when none is known.", ({ leader }) => leader],
  [
    "wirespan_active_version",
    "Wire version the cluster may write.",
    (status) => status.activeVersion,
  ],
  ["wirespan_version_min", "Lowest wire version this build reads.", ({ range }) => range.min],
  ["wirespan_version_max", "Highest wire version this build reads.", ({ range }) => range.max],
  ["wirespan_members", "Voters and learners.", ({ members }) => members.length],
  [
    "wirespan_peers_connected",
    "Members with a negotiated connection.",
    ({ peers }) => peers.filter(({ connected }) => connected).length,
  ],
];

export class Metrics {
  readonly #registry: Registry = new Registry();
  /** Label names of a counter are fixed by its first event. */
  readonly #counters: Map<string, { counter: Counter; labels: readonly string[] }> = new Map();
  readonly #bytes: Counter;
  readonly #failures: Counter;
  readonly #syncs: Histogram;
  readonly #bytesSeen = {
    received: { peer: 0, client: 0 },
    sent: { peer: 0, client: 0 },
  };
  #refresh: () => void = () => {};

  constructor() {
    const registers = [this.#registry];
    this.#bytes = new Counter({
      name: "wirespan_link_bytes_total",
      help: "Bytes over the connections of this node.",
      labelNames: ["direction", "side"],
      registers,
    });
    this.#failures = new Counter({
      name: "wirespan_link_failures_total",
      help: "Connections that failed, by reason.",
      labelNames: ["side", "reason"],
      registers,
    });
    this.#syncs = new Histogram({
      name: "wirespan_disk_sync_seconds",
      help: "Time until a file was synced.",
      buckets: SYNC_SECONDS,
      registers,
    });
    this.#addProcessGauges();
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  /** From now on each look shows this status as gauges. */
  showStatus(read: () => ReplicaStatus): void {
    const registers = [this.#registry];
    const gauges = GAUGES.map(([name, help, measure]) => ({
      gauge: new Gauge({ name, help, registers }),
      measure,
    }));
    this.#refresh = () => {
      const status = read();
      for (const { gauge, measure } of gauges) gauge.set(measure(status));
    };
  }

  /** Never throws: a counter that contradicts its first event is counted as such instead. */
  count({ name, labels = {}, by = 1 }: CountEvent): void {
    const known = this.#counters.get(name) ?? this.#makeCounter(name, Object.keys(labels));
    const fits =
      Object.keys(labels).length === known.labels.length &&
      known.labels.every((label) => labels[label] !== undefined) &&
      by >= 0;
    if (fits) known.counter.inc(shortened(labels), by);
    else this.count({ kind: "count", name: "wirespan_metrics_misused_total", labels: { name } });
  }

  /** For every frame: only added up here, and told when somebody looks. */
  countBytes(direction: "received" | "sent", side: Side, count: number): void {
    this.#bytesSeen[direction][side] += count;
  }

  countFailure({ side, reason }: LinkFailure): void {
    this.#failures.inc({ side, reason });
  }

  observeSync(durationMs: number): void {
    this.#syncs.observe(durationMs / 1000);
  }

  async text(): Promise<string> {
    this.#refresh();
    this.#tellBytes();
    return await this.#registry.metrics();
  }

  #tellBytes(): void {
    for (const direction of ["received", "sent"] as const)
      for (const side of ["peer", "client"] as const) {
        const count = this.#bytesSeen[direction][side];
        this.#bytesSeen[direction][side] = 0;
        if (count > 0) this.#bytes.inc({ direction, side }, count);
      }
  }

  #makeCounter(
    name: string,
    labels: readonly string[],
  ): { counter: Counter; labels: readonly string[] } {
    const usable = NAME.test(name) && labels.every((label) => NAME.test(label));
    const made = {
      labels,
      counter: new Counter({
        name: usable ? name : `wirespan_unnamed_${this.#counters.size}_total`,
        help: helpOf(name),
        labelNames: usable ? labels : [],
        registers: [this.#registry],
      }),
    };
    this.#counters.set(name, made);
    return made;
  }

  #addProcessGauges(): void {
    const registers = [this.#registry];
    new Gauge({
      name: "process_resident_memory_bytes",
      help: "Resident memory size in bytes.",
      registers,
      collect() {
        this.set(process.memoryUsage.rss());
      },
    });
    new Gauge({
      name: "process_start_time_seconds",
      help: "Start time of the process since unix epoch in seconds.",
      registers,
    }).set(Math.round(performance.timeOrigin / 1000));
  }
}

/** `wirespan_frames_refused_total` says what it is. */
function helpOf(name: string): string {
  const words = name
    .replace(/^wirespan_/, "")
    .replace(/_total$/, "")
    .replaceAll("_", " ");
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}, counted since the start.`;
}

/** A label is a reason or a kind; anything long stems from bytes we refused, and must not fill the memory. */
function shortened(labels: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(labels).map(([name, value]) => [name, value.slice(0, LABEL_LENGTH_MAX)]),
  );
}
