/**
 * What a node promises to others must stand on its disk when the promise leaves it: a vote and its
 * term, the entries it acknowledges (Raft figure 2: "updated on stable storage before responding").
 */
import { FrameKind } from "../raft/wire/index.ts";
import type { Codecs } from "./build.ts";
import type { LogLedger } from "./log-ledger.ts";

interface Vote {
  readonly term: number;
  /** 0: for nobody in this term. */
  readonly vote: number;
}

const HEADER_BYTES = 68;
const KIND_OFFSET = 6;
const VERSION_OFFSET = 8;
const ADDRESSEE_OFFSET = 40;

/** What is wrong with the first frame of a send, or undefined. */
export function brokenPromise(
  bytes: Uint8Array,
  { sender, ledger, codecs }: { sender: number; ledger: LogLedger; codecs: Codecs },
): string | undefined {
  if (bytes.length < HEADER_BYTES) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, HEADER_BYTES);
  const open = (message: string): unknown =>
    codecs.open(message, view.getUint32(VERSION_OFFSET, true)).decode(bytes.subarray(HEADER_BYTES));
  switch (view.getUint16(KIND_OFFSET, true)) {
    case FrameKind.appendResponse:
      return unsaved(open("AppendResponse") as Acknowledgement, ledger);
    case FrameKind.voteRequest: {
      const { term, preVote } = open("VoteRequest") as { term: number; preVote: boolean };
      return preVote ? undefined : unsworn({ term, vote: sender }, ledger);
    }
    case FrameKind.voteResponse: {
      const { term, granted, preVote } = open("VoteResponse") as Grant;
      const vote = Number(view.getBigUint64(ADDRESSEE_OFFSET, true));
      return granted && !preVote ? unsworn({ term, vote }, ledger) : undefined;
    }
    default:
      return undefined;
  }
}

interface Acknowledgement {
  readonly term: number;
  readonly index: number;
  readonly reject: boolean;
}

interface Grant {
  readonly term: number;
  readonly granted: boolean;
  readonly preVote: boolean;
}

function unsaved({ term, index, reject }: Acknowledgement, ledger: LogLedger): string | undefined {
  // What was acknowledged to a former leader may be replaced in the same write.
  if (reject || ledger.durableVote()?.term !== term || ledger.isDurableTo(index)) return undefined;
  return `acknowledges entry ${index} in term ${term} before it is durable`;
}

function unsworn({ term, vote }: Vote, ledger: LogLedger): string | undefined {
  const stored = ledger.durableVote() ?? { term: 0, vote: 0 };
  if (stored.term > term || (stored.term === term && stored.vote === vote)) return undefined;
  return `votes for node ${vote} in term ${term}, durable is its vote for ${stored.vote} in term ${stored.term}`;
}
