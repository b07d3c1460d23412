/**
 * Agrees on the wire version of one connection, on raw integers: a maximum that nobody here knows
 * yet is no error (law 4). Every refusal names the own range and what would help.
 */
import { type Hello, HelloError, readHello, type VersionRange } from "./hello.ts";

export interface Own {
  readonly clusterId: string;
  readonly range: VersionRange;
  readonly release: string;
  /** What the cluster may write now; a peer must be able to read it. */
  readonly activeVersion: number;
}

export type Negotiation =
  | { readonly agreed: number; readonly hello: Hello }
  | { readonly agreed: 0; readonly code: string; readonly text: string };

/** Answers the body of a Hello. `offeredClusterId` is the one in the header of its frame. */
export function answerHello(own: Own, body: Uint8Array, offeredClusterId: string): Negotiation {
  const mine = `this node (release ${own.release}) reads wire versions ${own.range.min} to ${own.range.max}`;
  if (offeredClusterId !== own.clusterId) {
    return refuse(
      "foreign_cluster",
      `Cannot connect: this is cluster ${own.clusterId}, the offer comes from ${offeredClusterId}; correct the address or the cluster id; ${mine}`,
    );
  }
  let hello: Hello;
  try {
    hello = readHello(body);
  } catch (error) {
    if (error instanceof HelloError) return refuse(error.code, `${error.message}; ${mine}`);
    throw error;
  }
  return agree(own, hello, mine);
}

function agree(own: Own, hello: Hello, mine: string): Negotiation {
  const { min, max } = hello.range;
  if (min > max || max === 0) {
    return refuse(
      "inverted_range",
      `Cannot agree on a version: the offer ${min} to ${max} is empty; ${mine}`,
    );
  }
  const offer = `Cannot agree on a version: ${mine}, release ${hello.release || "unknown"} offers ${min} to ${max}`;
  if (max < own.range.min) {
    return refuse(
      "version_too_old",
      `${offer}; upgrade it to a release that reads version ${own.range.min} (one release at a time)`,
    );
  }
  if (min > own.range.max) {
    return refuse(
      "version_too_new",
      `${offer}; upgrade this node first to a release that reads version ${min} (one release at a time)`,
    );
  }
  if (hello.role === "peer" && max < own.activeVersion) {
    return refuse(
      "version_too_old",
      `${offer}, and the cluster writes version ${own.activeVersion}; upgrade it to a release that reads version ${own.activeVersion}`,
    );
  }
  if (hello.role === "peer" && min > own.activeVersion) {
    return refuse(
      "version_too_new",
      `${offer}, and the cluster still writes version ${own.activeVersion}; activate version ${min} first`,
    );
  }
  return { agreed: Math.min(max, own.range.max), hello };
}

function refuse(code: string, text: string): Negotiation {
  return { agreed: 0, code, text };
}
