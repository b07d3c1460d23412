/** The Hello bodies that every release is offered, with what the naive rule expects of each. */
import { CRITICAL, type HelloItem, u32, writeItems } from "../bytes/hello-items.ts";
import type { HelloState } from "../codec-host.ts";

export type Role = "peer" | "client";

export interface Offer {
  /** Name of the case. */
  readonly name: string;
  readonly body: Uint8Array;
  readonly role: Role;
  /** Undefined: the offer must be refused whatever the range. */
  readonly range: { readonly min: number; readonly max: number } | undefined;
  readonly isForeign: boolean;
}

const RELEASE_ITEM = 3;
const ROLE_ITEM = 4;
const UNKNOWN_ITEM = 0x7a7a;
const U32_MAX = 4_294_967_295;

export const CLUSTER_ID = "0123456789abcdef0123456789abcdef";
const FOREIGN_CLUSTER_ID = "ffffffffffffffffffffffffffffffff";

export function offersFor(range: { readonly min: number; readonly max: number }): Offer[] {
  return (["peer", "client"] as const).flatMap((role) => [
    ...rangeOffers(range).map(([min, max]) => plain(role, min, max)),
    { ...plain(role, range.min, range.max), name: "foreign cluster", isForeign: true },
    ...oddOffers(role, range),
  ]);
}

function rangeOffers({ min, max }: { min: number; max: number }): [number, number][] {
  const offers: [number, number][] = [
    [2, 99],
    [4, 9],
    [1, 1],
    [1, U32_MAX],
    [99, 100],
    [min, max],
    [min, min],
    [max, max],
    [max, max + 1],
    [max + 1, max + 1],
    [Math.max(1, min - 1), min],
  ];
  if (min > 1) offers.push([min - 1, min - 1]);
  return [...new Map(offers.map((offer) => [offer.join(), offer])).values()];
}

function plain(role: Role, min: number, max: number): Offer {
  return {
    name: `offer ${min}..${max}`,
    role,
    body: writeItems(items(role, { min, max })),
    range: { min, max },
    isForeign: false,
  };
}

function oddOffers(role: Role, range: { min: number; max: number }): Offer[] {
  const all = items(role, range);
  const isBound = (type: number) => (item: HelloItem) => item.type !== type;
  const unknown = { type: UNKNOWN_ITEM, content: Uint8Array.of(1, 2, 3) };
  const refused = (name: string, body: Uint8Array): Offer => ({
    name,
    role,
    body,
    range: undefined,
    isForeign: false,
  });
  return [
    refused("empty body", new Uint8Array()),
    refused("inverted 9..2", writeItems(items(role, { min: 9, max: 2 }))),
    refused("no minimum", writeItems(all.filter(isBound(1)))),
    refused("no maximum", writeItems(all.filter(isBound(2)))),
    refused("repeated item", writeItems([...all, ...all.slice(0, 1)])),
    refused("cut item", writeItems(all).slice(0, -1)),
    refused(
      "unknown critical item",
      writeItems([...all, { ...unknown, type: UNKNOWN_ITEM | CRITICAL }]),
    ),
    { ...refused("unknown ignorable item", writeItems([...all, unknown])), range },
  ];
}

function items(role: Role, range: { min: number; max: number }): HelloItem[] {
  return [
    { type: 1, content: Uint8Array.from(u32(range.min)) },
    { type: 2, content: Uint8Array.from(u32(range.max)) },
    { type: RELEASE_ITEM, content: new TextEncoder().encode("r-test") },
    { type: ROLE_ITEM, content: Uint8Array.of(role === "peer" ? 1 : 2) },
  ];
}

export function stateFor(offer: Pick<Offer, "isForeign">, activeVersion: number): HelloState {
  return {
    clusterId: CLUSTER_ID,
    nodeId: 1,
    activeVersion,
    offeredClusterId: offer.isForeign ? FOREIGN_CLUSTER_ID : CLUSTER_ID,
  };
}

/** The version that both sides can read, 0 when there is none: the rule of ARCHITECTURE.md, in its own words. */
export function agreeNaively(
  own: { readonly min: number; readonly max: number },
  offer: Pick<Offer, "range" | "isForeign" | "role">,
  activeVersion: number,
): number {
  if (offer.range === undefined || offer.isForeign) return 0;
  const { min, max } = offer.range;
  const agreed = Math.min(own.max, max);
  if (min === 0 || agreed < Math.max(own.min, min)) return 0;
  // Entries come to a peer as they are stored, so it must read what is written now.
  const mustRead = offer.role === "peer" ? activeVersion : agreed;
  return min <= mustRead && mustRead <= max ? agreed : 0;
}
