/**
 * Looks at every node all the time: status rows feed the health board and the timeline, digests at
 * an equal index are compared, and counters of undecodable frames are kept before they die with
 * their process.
 */
import type { Evidence } from "../evidence.ts";
import { nowMicroseconds } from "../load/messages.ts";
import { compareDigests, type DigestReading } from "../oracles/digests.ts";
import { isDecodeError, readMetrics } from "../oracles/metrics.ts";
import type { Cluster } from "./cluster.ts";
import { HealthBoard } from "./health.ts";
import type { NodeStatus } from "./status.ts";

const LOOK_EVERY_MS = 100;
const CHECK_EVERY_LOOKS = 8;
/** Microseconds without a look at a leader after which its span ends. */
const SPAN_PAUSE_MAX = 1_000_000;

export class Observer {
  readonly board = new HealthBoard();
  readonly #cluster: Cluster;
  readonly #evidence: Evidence;
  #isClosed = false;
  #running: Promise<void> = Promise.resolve();

  constructor(cluster: Cluster, evidence: Evidence) {
    this.#cluster = cluster;
    this.#evidence = evidence;
  }

  open(): void {
    this.#running = this.#loop();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#running;
  }

  /** Asks all running nodes now. */
  async look(): Promise<readonly NodeStatus[]> {
    const rows = await Promise.all(
      this.#cluster.running.map((node) => this.#cluster.admin(node).status()),
    );
    const known = rows.filter((row) => row !== undefined);
    for (const row of known) this.#onRow(row);
    return known;
  }

  /** The leader that the running nodes agree on, if there is one. */
  async leader(): Promise<number | undefined> {
    const rows = await this.look();
    const leaders = new Set(rows.map(({ leader }) => leader));
    const [leader = 0] = leaders;
    return leaders.size === 1 && this.#cluster.running.includes(leader) ? leader : undefined;
  }

  /** Digests of all running nodes at the highest index that all have applied. */
  async compareDigests(): Promise<number> {
    const rows = await this.look();
    const index = Math.min(...rows.map(({ applied }) => applied));
    if (rows.length < 2 || index === 0) return 0;
    const readings = await Promise.all(
      rows.map(async ({ nodeId, digest }): Promise<DigestReading[]> => {
        const value = await this.#cluster.admin(nodeId).digest(index);
        return value === undefined ? [] : [{ node: nodeId, index, version: digest.version, value }];
      }),
    );
    const comparison = compareDigests(readings.flat());
    this.#evidence.addDigests(comparison);
    return comparison.compared;
  }

  async readCounters(): Promise<void> {
    await Promise.all(
      this.#cluster.running.map(async (node) => {
        const text = await this.#cluster.admin(node).metrics();
        const life = this.board.row(node)?.incarnation ?? 0;
        for (const sample of readMetrics(text ?? "").filter(isDecodeError)) {
          const labels = Object.entries(sample.labels).map(([name, value]) => `${name}="${value}"`);
          const key = `node ${node}, start ${life}: ${sample.name}{${labels.join(",")}}`;
          this.#evidence.decodeErrors.set(key, sample.value);
        }
      }),
    );
  }

  async #loop(): Promise<void> {
    for (let looks = 0; !this.#isClosed; looks++) {
      await this.look();
      if (looks % CHECK_EVERY_LOOKS === 0) {
        await this.compareDigests();
        await this.readCounters();
      }
      await new Promise((wake) => setTimeout(wake, LOOK_EVERY_MS));
    }
  }

  #onRow(row: NodeStatus): void {
    this.#evidence.statusRows++;
    if (!this.board.onStatus(row)) {
      this.#evidence.staleRows++;
      return;
    }
    if (row.role !== "leader") return;
    const { leaders } = this.#evidence;
    const at = nowMicroseconds();
    const last = leaders.findLast(({ node, term }) => node === row.nodeId && term === row.term);
    if (last === undefined || at - last.until > SPAN_PAUSE_MAX)
      leaders.push({ node: row.nodeId, term: row.term, from: at, until: at });
    else last.until = at;
  }
}
