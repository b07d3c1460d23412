/**
 * One run of one schedule: a safety phase under faults, then everything heals and every operation must
 * be answered, then a quiet phase in which nothing may change.
 */
import type { ReplicaStatus } from "../raft/replica/index.ts";
import { type Build, Codecs } from "./build.ts";
import { checkLinearizable, keyValueModel, type WindowOperation } from "./checkers/index.ts";
import { Coverage } from "./coverage.ts";
import { Injector } from "./inject.ts";
import { hasDefect } from "./known-defects.ts";
import { founderOptions, Machine } from "./machine.ts";
import { Roll } from "./roll.ts";
import { LIVE_MS, type Schedule } from "./schedule.ts";
import { contradiction } from "./sight.ts";
import { type Oracle, Violation } from "./violation.ts";
import { Watch } from "./watch.ts";
import { SimulatedWeather } from "./weather.ts";
import { Workload } from "./workload.ts";
import { SeededChance, type Speech, VirtualCluster } from "./world/index.ts";

const QUIET_MS = 2_000;
const SLICE_MS = 100;
const LINEARIZABLE_STEPS_MAX = 2_000_000;

export interface RunResult {
  readonly seed: number;
  readonly verdict: "pass" | "fail" | "unknown";
  readonly oracle?: Oracle;
  readonly message?: string;
  readonly atMs: number;
  readonly events: number;
  readonly trace: string;
  readonly operations: number;
  readonly answered: number;
  readonly starts: number;
  readonly digestsCompared: number;
  readonly diskScans: number;
  readonly faults: number;
  /** How many faults of each kind, and which situations of an upgrade. */
  readonly coverage: {
    readonly faults: Readonly<Record<string, number>>;
    readonly cells: readonly string[];
  };
  /** The operations that have no valid order, for a picture. Only of `LIN`. */
  readonly disorder?: { readonly part: string; readonly window: readonly WindowOperation[] };
  /** What was done until then. Only of a run that failed. */
  readonly story?: readonly string[];
  /** What the nodes say at the end, when it was asked for. */
  readonly dump?: readonly unknown[];
}

export interface RunOptions {
  /** Ends there and shows all nodes. */
  readonly stopAtMs?: number;
  /** Is given the transitions of all cores, as the trace port tells them. Older releases have none. */
  readonly onTraceLine?: (line: string) => void;
}

export function simulate(
  schedule: Schedule,
  builds: readonly Build[],
  options: RunOptions = {},
): RunResult {
  return new Simulation(schedule, builds).run(options);
}

class Simulation {
  private readonly schedule: Schedule;
  private readonly cluster: VirtualCluster;
  private readonly watch: Watch;
  private readonly machine: Machine;
  private readonly injector: Injector;
  private readonly roll: Roll;
  private readonly coverage: Coverage;
  private readonly workload: Workload;
  private stopAtMs = Number.POSITIVE_INFINITY;

  constructor(schedule: Schedule, builds: readonly Build[]) {
    this.schedule = schedule;
    const codecs = new Codecs(builds);
    const cluster = new VirtualCluster(schedule.seed);
    this.cluster = cluster;
    this.watch = new Watch(cluster, codecs);
    cluster.network.onSend = (sender, bytes) => this.watch.lookAtSend(sender, bytes);
    const named = new Map(builds.map((build) => [build.name, build]));
    this.machine = new Machine({ cluster, schedule, builds: named, watch: this.watch });
    const chance = new SeededChance(schedule.seed ^ 0x5eed);
    const weather = new SimulatedWeather(cluster.time, cluster.network, chance);
    cluster.network.weather = weather;
    weather.jitterMs = schedule.networkJitterMs ?? 0;
    const ordered = schedule.releases.flatMap((name) => named.get(name) ?? []);
    this.coverage = new Coverage(cluster, this.machine, ordered);
    weather.onSnapshotSent = (from, to) => {
      this.coverage.onSnapshotSent(nodeNumber(from), nodeNumber(to));
      this.injector.onSnapshotSent(nodeNumber(from), nodeNumber(to));
    };
    this.injector = new Injector(cluster, this.machine, weather);
    const { story } = this.injector;
    const inject = this.injector.inject.bind(this.injector);
    this.roll = new Roll(cluster, this.machine, { steps: schedule.roll, story, inject });
    const speech = speechOf(codecs);
    const clients = Array.from({ length: schedule.clients }, () => cluster.client(speech));
    for (const client of clients)
      client.onUnreadable = (error) => {
        if (!cluster.network.taking?.isSpoilt)
          this.watch.fail("WIRE", `a client can not read what it was sent: ${String(error)}`);
      };
    const { seed, operationsMax = Number.POSITIVE_INFINITY } = schedule;
    this.workload = new Workload(clients, {
      ...{ time: cluster.time, seed, operationsMax },
      addresses: () => this.machine.listening(),
      largeValueBytes: schedule.largeValueBytes ?? 0,
      closesSessions: !schedule.releases.some((name) => hasDefect(name, "closeSessionHalts")),
    });
  }

  run({ stopAtMs = Number.POSITIVE_INFINITY, onTraceLine }: RunOptions): RunResult {
    this.stopAtMs = stopAtMs;
    this.cluster.onTraceLine = onTraceLine;
    try {
      this.safetyPhase();
      this.liveness();
      this.quietPhase();
      return this.judgeHistory();
    } catch (error) {
      if (error instanceof Stopped) return this.result("unknown");
      if (!(error instanceof Violation)) throw error;
      return this.result("fail", error);
    }
  }

  private safetyPhase(): void {
    const { cluster, machine, schedule, watch } = this;
    cluster.time.onEvent = (owner) => {
      if (owner > 0) watch.look(owner);
      watch.endIfFound();
    };
    const founders = founderOptions(schedule.nodes);
    for (let id = 1; id <= schedule.nodes; id++) {
      machine.place(id, schedule.releases[0] ?? "", founders);
      machine.start(id);
    }
    this.workload.start();
    this.injector.plan(schedule.faults);
    this.roll.start();
    this.coverage.start();
    this.advance(schedule.durationMs);
  }

  private liveness(): void {
    const { injector, machine, roll, workload } = this;
    injector.heal();
    this.until("every upgrade and activation is done", () => {
      machine.startAll();
      roll.repair();
      return roll.isDone;
    });
    workload.drain();
    this.until("every operation is answered", () => {
      roll.repair();
      return workload.isIdle;
    });
    this.until("a joint phase is over", () => !this.watch.isJoint);
    this.until("all members have the same state", () => this.isConverged());
    workload.readAll();
    this.until("every key is read", () => workload.isIdle);
    this.until("all members have the same state", () => this.isConverged());
    this.watch.scanDisks();
  }

  private quietPhase(): void {
    const before = this.memberTerm();
    this.advance(QUIET_MS);
    const after = this.memberTerm();
    if (after > before)
      throw new Violation("TERM", `the term grew from ${before} to ${after} in a quiet cluster`);
    if (!this.isConverged())
      throw new Violation("HASH", "the members differ after the quiet phase");
  }

  /** Whoever was removed and never heard of it may campaign for ever, and nobody listens. */
  private memberTerm(): number {
    return Math.max(0, ...this.members().map((row) => row?.term ?? 0));
  }

  /** What the members say, as the leader counts them; undefined for one that is down, nothing without a leader. */
  private members(): readonly (ReplicaStatus | undefined)[] {
    const leader = this.machine.leader();
    // Whoever gave up its address for good may still be a member, if its removal was refused.
    const present = leader?.members.filter(({ id }) => this.machine.places.has(id)) ?? [];
    return present.map(({ id }) => this.cluster.nodes.get(id)?.replica?.status());
  }

  private isConverged(): boolean {
    for (const { id, running } of this.cluster.running()) {
      const problem = contradiction(running);
      if (problem) throw new Violation("MONO", `node ${id} contradicts itself: ${problem}`);
    }
    const [first, ...others] = this.members();
    return (
      first !== undefined &&
      others.every(
        (row) => row?.digest.value === first.digest.value && row.applied === first.applied,
      )
    );
  }

  private judgeHistory(): RunResult {
    const verdict = checkLinearizable(keyValueModel(null), this.workload.history, {
      stepsMax: LINEARIZABLE_STEPS_MAX,
    });
    if (verdict.verdict === "ok") return this.result("pass");
    if (verdict.verdict === "unknown") return this.result("unknown");
    const excerpt = verdict.excerpt.slice(-12).join("; ");
    const { part, window } = verdict;
    const failed = this.result("fail", new Violation("LIN", `key ${part}: ${excerpt}`));
    return { ...failed, disorder: { part, window } };
  }

  private until(what: string, holds: () => boolean): void {
    const { liveMs = LIVE_MS } = this.schedule;
    const deadlineMs = this.cluster.time.nowMs() + liveMs;
    while (!holds()) {
      if (this.cluster.time.nowMs() > deadlineMs) {
        const step = this.roll.present ? `, in step ${JSON.stringify(this.roll.present)}` : "";
        throw new Violation("LIVE", `not within ${liveMs} ms after the last fault: ${what}${step}`);
      }
      this.advance(SLICE_MS);
    }
  }

  private advance(durationMs: number): void {
    const { time } = this.cluster;
    const untilMs = time.nowMs() + durationMs;
    time.advance(Math.min(untilMs, this.stopAtMs) - time.nowMs());
    if (untilMs > this.stopAtMs) throw new Stopped();
  }

  private result(verdict: RunResult["verdict"], violation?: Violation): RunResult {
    const { cluster, machine, watch, workload, injector } = this;
    const { time } = cluster;
    return {
      seed: this.schedule.seed,
      verdict,
      ...(violation && {
        oracle: violation.oracle,
        message: violation.message,
        story: injector.story,
      }),
      atMs: Math.round(time.nowMs()),
      events: time.events,
      trace: time.trace,
      operations: workload.history.length,
      answered: workload.history.filter(({ outcome }) => outcome).length,
      starts: machine.starts,
      digestsCompared: watch.compared,
      diskScans: watch.scans,
      faults: injector.story.length,
      coverage: { faults: Object.fromEntries(injector.counts), cells: [...this.coverage.cells] },
      ...(Number.isFinite(this.stopAtMs) && {
        dump: cluster.running().map(({ running }) => running.status()),
      }),
    };
  }
}

/** The network knows nodes as "node 3". */
function nodeNumber(name: string): number {
  return Number(name.slice(5));
}

/** The run was asked to end here. */
class Stopped extends Error {}

function speechOf(codecs: Codecs): Speech {
  type Response = ReturnType<Speech["response"]>;
  return {
    range: codecs.range,
    request: (version, request) => codecs.open("ClientRequest", version).encode(request),
    response: (version, body) => codecs.open("ClientResponse", version).decode(body) as Response,
  };
}
