/** What the network does to sends while faults of it are under way. */
import type { NoiseKind } from "./schedule.ts";
import type { Passage, SeededChance, VirtualNetwork, VirtualTime, Weather } from "./world/index.ts";

interface Noise {
  readonly noise: NoiseKind;
  readonly percent: number;
}

/** Below this, and from here on, are the frames that only peers send. */
const PEER_KIND_MIN = 16;
const CLIENT_KIND_MIN = 32;
const SNAPSHOT_CHUNK_KIND = 22;
const CALM_MS = 1;

export class SimulatedWeather implements Weather {
  /** A part of a snapshot is sent from one to the other. */
  onSnapshotSent: ((from: string, to: string) => void) | undefined;
  private readonly time: VirtualTime;
  private readonly network: VirtualNetwork;
  private readonly chance: SeededChance;
  /** What each send takes longer, at most. */
  jitterMs = 0;
  private readonly noises: Set<Noise> = new Set();
  /** From one to the other, how often it is cut. */
  private readonly cuts: Map<string, number> = new Map();
  private readonly cloggedUntilMs: Map<string, number> = new Map();

  constructor(time: VirtualTime, network: VirtualNetwork, chance: SeededChance) {
    this.time = time;
    this.network = network;
    this.chance = chance;
  }

  makeNoise(noise: Noise, forMs: number): void {
    this.noises.add(noise);
    this.time.after(forMs, () => this.noises.delete(noise));
  }

  cut(pairs: readonly (readonly [string, string])[], forMs: number): void {
    for (const [from, to] of pairs)
      this.cuts.set(`${from}>${to}`, (this.cuts.get(`${from}>${to}`) ?? 0) + 1);
    this.time.after(forMs, () => {
      for (const [from, to] of pairs) {
        const name = `${from}>${to}`;
        const left = (this.cuts.get(name) ?? 0) - 1;
        if (left > 0) this.cuts.set(name, left);
        else this.cuts.delete(name);
      }
      // Bytes are missing in these streams: they can not go on.
      const isHit = (from: string, to: string): boolean =>
        pairs.some(
          ([one, other]) => (one === from && other === to) || (one === to && other === from),
        );
      this.network.breakBetween(isHit);
    });
  }

  clog(from: string, to: string, forMs: number): void {
    this.cloggedUntilMs.set(`${from}>${to}`, this.time.nowMs() + forMs);
  }

  heal(): void {
    this.noises.clear();
    this.cloggedUntilMs.clear();
  }

  isReachable(from: string, to: string): boolean {
    return !this.cuts.has(`${from}>${to}`);
  }

  pass(
    from: string,
    to: string,
    send: { readonly kind: number; readonly length: number },
  ): Passage {
    if (send.kind === SNAPSHOT_CHUNK_KIND) this.onSnapshotSent?.(from, to);
    if (this.cuts.size > 0 && !this.isReachable(from, to)) return { delays: [] };
    const cloggedMs = (this.cloggedUntilMs.get(`${from}>${to}`) ?? 0) - this.time.nowMs();
    const lotMs = this.jitterMs > 0 ? this.chance.below(this.jitterMs * 8) / 8 : 0;
    const calm = { delays: [Math.max(cloggedMs, CALM_MS + lotMs)] };
    const isPeer = send.kind >= PEER_KIND_MIN && send.kind < CLIENT_KIND_MIN;
    for (const { noise, percent } of this.noises)
      if (this.chance.below(100) < percent) return this.disturbed(noise, send.length, isPeer);
    return calm;
  }

  /** A handshake and a client's stream are ordered, so losing a part of them breaks the connection. */
  private disturbed(noise: NoiseKind, length: number, isPeer: boolean): Passage {
    const { chance } = this;
    switch (noise) {
      case "lose":
        return isPeer ? { delays: [] } : { delays: [], breaks: true };
      case "delay":
        return { delays: [1 + chance.below(200)] };
      case "repeat":
        return { delays: isPeer ? [1, 1 + chance.below(100)] : [1], overtakes: isPeer };
      case "reorder":
        return { delays: [1 + chance.below(100)], overtakes: isPeer };
      case "spoil":
        return { delays: [1], spoiltAt: chance.below(length) };
      case "break":
        return { delays: [], breaks: true };
    }
  }
}
