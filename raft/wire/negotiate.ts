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

/** Sent and counted by these names, so they never change. */
export type RefusalCode =
  | "foreign_cluster"
  | "inverted_range"
  | "version_too_old"
  | "version_too_new"
  | HelloError["code"];

export type Negotiation =
  | { readonly ok: true; readonly agreed: number; readonly hello: Hello }
  | {
      readonly ok: false;
      readonly agreed: 0;
      readonly code: RefusalCode;
      readonly text: string;
    };

/** Answers the body of a Hello, whatever it holds. `offeredClusterId` is the one in the header of its frame. */
export function answerHello(own: Own, body: Uint8Array, offeredClusterId: string): Negotiation {
  if (offeredClusterId !== own.clusterId) {
    return refuse(
      "foreign_cluster",
      `Cannot connect: this is cluster ${own.clusterId}, the offer comes from ${offeredClusterId}; correct the address or the cluster id; ${ownText(own)}`,
    );
  }
  try {
    return agree(own, readHello(body));
  } catch (error) {
    if (!(error instanceof HelloError)) throw error;
    return refuse(error.code, `${error.message}; ${ownText(own)}`);
  }
}

/** Ends every text of a refusal, so that whoever reads it knows what would be understood here. */
export function ownText({ release, range }: Pick<Own, "release" | "range">): string {
  return `this node (release ${release}) reads wire versions ${range.min} to ${range.max}`;
}

function agree(own: Own, hello: Hello): Negotiation {
  const { min, max } = hello.range;
  if (min > max || min === 0) {
    return refuse(
      "inverted_range",
      `Cannot agree on a version: ${min} to ${max} is no range, the minimum must be at least 1 and not above the maximum; ${ownText(own)}`,
    );
  }
  const obstacle = obstacleBetween(own.range, hello) ?? obstacleOfPeer(own, hello);
  if (!obstacle) return { ok: true, agreed: Math.min(max, own.range.max), hello };
  const offer = `release ${hello.release || "unknown"} offers ${min} to ${max}`;
  return refuse(
    obstacle.code,
    `Cannot agree on a version: ${ownText(own)}, ${offer}${obstacle.text}`,
  );
}

interface Obstacle {
  readonly code: "version_too_old" | "version_too_new";
  readonly text: string;
}

function obstacleBetween(own: VersionRange, { range }: Hello): Obstacle | undefined {
  if (range.max < own.min) {
    return {
      code: "version_too_old",
      text: `; upgrade it to a release that reads version ${own.min}, one release at a time`,
    };
  }
  if (range.min > own.max) {
    return {
      code: "version_too_new",
      text: `; upgrade this node first to a release that reads version ${range.min}, one release at a time`,
    };
  }
  return undefined;
}

/**
 * A peer gets entries as they are stored, so it must read the version that is active now: one that
 * is too new for that would have to stop at the first of them. A client gets what was agreed.
 */
function obstacleOfPeer({ activeVersion }: Own, { range, role }: Hello): Obstacle | undefined {
  if (role !== "peer") return undefined;
  if (range.max < activeVersion) {
    return {
      code: "version_too_old",
      text: `, and the cluster writes version ${activeVersion}; upgrade it to a release that reads version ${activeVersion}`,
    };
  }
  if (range.min > activeVersion) {
    return {
      code: "version_too_new",
      text: `, and the cluster still writes version ${activeVersion}; activate version ${range.min} first, or start a release that reads version ${activeVersion}`,
    };
  }
  return undefined;
}

function refuse(code: RefusalCode, text: string): Negotiation {
  return { ok: false, agreed: 0, code, text };
}
