/**
 * One connection and what was agreed on it. The version belongs to the connection and dies with it
 * (law 4). Whoever dialled says Hello first; frames may then go both ways, so a node that nobody
 * told it addresses (one that joins) answers where it was asked.
 */
import type { Entry } from "../../core/index.ts";
import { FrameParser, type VersionRange } from "../../wire/index.ts";
import type { ConnectionId } from "../ports.ts";
import { bodyVersionOf } from "../stored.ts";

export interface Conversation {
  readonly connection: ConnectionId;
  readonly side: "peer" | "client";
  /** The member that we dialled, 0 when the other side did. */
  readonly dialled: number;
  readonly address: string;
  readonly parser: FrameParser;
  stage: "opening" | "greeting" | "open" | "closed";
  /** Who is at the other end, known from its hello or welcome. */
  node: number;
  incarnation: number;
  agreed: number;
  range: VersionRange;
  release: string;
}

export function newConversation(
  connection: ConnectionId,
  side: "peer" | "client",
  frameBytesMax: number,
): Conversation {
  return {
    connection,
    side,
    dialled: 0,
    address: "",
    parser: new FrameParser(frameBytesMax),
    stage: "greeting",
    node: 0,
    incarnation: 0,
    agreed: 0,
    range: { min: 0, max: 0 },
    release: "",
  };
}

/**
 * What we write on it: the active version, as far as the other side reads it. A node that does not
 * know the active version yet writes the lowest one that both read.
 */
export function writeVersion(
  { agreed, range }: Conversation,
  activeVersion: number | undefined,
  lowest: number,
): number {
  return Math.max(Math.min(agreed, activeVersion ?? lowest), range.min);
}

/**
 * A new leader may hold entries of a version whose activation it has not applied yet. They go out at
 * their own version, which whoever was there at the activation reads; else they would never be committed.
 */
export function raisedFor(entries: readonly Entry[], version: number, agreed: number): number {
  if (version >= agreed) return version;
  return Math.min(agreed, Math.max(version, ...entries.map(bodyVersionOf)));
}
