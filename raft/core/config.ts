import { ConfigError } from "./errors.ts";
import { isLocalTarget } from "./message.ts";
import type { Trace } from "./trace.ts";
import { type ConfChangeV2, type Entry, NONE, type NodeId, type Storage } from "./types.ts";

export type ReadOnlyOption = "safe" | "leaseBased";

/**
 * Behaviour that other nodes can notice. A cluster activates it together with a wire version, so
 * it may change while the node runs (`RawNode.setRules`).
 */
export interface Rules {
  /** Ticks without word from a leader until a follower campaigns. More than `heartbeatTick`. */
  readonly electionTick: number;
  /** Ticks between two heartbeats of a leader. */
  readonly heartbeatTick: number;
  /** A leader that does not hear from a quorum within an election timeout steps down. */
  readonly checkQuorum: boolean;
  /** Ask before raising the term, so that a node coming back does not disturb (Raft thesis §9.6). */
  readonly preVote: boolean;
  /** `leaseBased` trusts clocks not to drift apart and needs `checkQuorum`. */
  readonly readOnlyOption: ReadOnlyOption;
}

export interface Config extends Rules {
  readonly id: NodeId;
  readonly storage: Storage;
  /** The last applied entry, when restarting; entries up to it are not handed out again. */
  readonly applied?: number;
  /** Bytes of entries in one append message; 0 means one entry per message. Default: no limit. */
  readonly maxSizePerMsg?: number;
  /** Bytes of committed entries handed out and not yet applied. Default: `maxSizePerMsg`. */
  readonly maxCommittedSizePerReady?: number;
  /** Payload bytes a leader takes beyond the commit index before it drops proposals. Default: no limit. */
  readonly maxUncommittedEntriesSize?: number;
  /** Append messages under way to one follower. */
  readonly maxInflightMsgs: number;
  /** Bytes of append messages under way to one follower. Default: no limit. */
  readonly maxInflightBytes?: number;
  /** Ready carries MsgStorageAppend and MsgStorageApply; `advance` is not used. */
  readonly asyncStorageWrites?: boolean;
  /** A follower drops proposals instead of sending them to the leader. */
  readonly disableProposalForwarding?: boolean;
  /** Lets conf changes enter the log unchecked; whoever sets this checks them elsewhere. */
  readonly disableConfChangeValidation?: boolean;
  /** A leader that is removed or made a learner steps down at once. */
  readonly stepDownOnRemoval?: boolean;
  /** Uniform integer in 0 … limit - 1; spreads the election timeouts. */
  readonly random: (limit: number) => number;
  /** Decodes an entry of type `confChange` or `confChangeV2`. Empty data means: leave the joint configuration. */
  readonly confChangeOf: (entry: Entry) => ConfChangeV2;
  /** Is told every transition, for a judge from outside (`trace.ts`); it must not step the node. */
  readonly trace?: Trace | undefined;
}

export type Settings = Required<Config>;

export function settingsOf(config: Config): Settings {
  const maxSizePerMsg = config.maxSizePerMsg ?? Number.POSITIVE_INFINITY;
  const settings: Settings = {
    applied: 0,
    asyncStorageWrites: false,
    disableProposalForwarding: false,
    disableConfChangeValidation: false,
    stepDownOnRemoval: false,
    trace: undefined,
    ...config,
    maxSizePerMsg,
    maxCommittedSizePerReady: config.maxCommittedSizePerReady || maxSizePerMsg,
    maxUncommittedEntriesSize: config.maxUncommittedEntriesSize || Number.POSITIVE_INFINITY,
    maxInflightBytes: config.maxInflightBytes || Number.POSITIVE_INFINITY,
  };
  const wrong = problemOfNode(settings) ?? problemOfRules(settings);
  if (wrong !== undefined) throw new ConfigError(`Cannot start a Raft node: ${wrong}`);
  return settings;
}

function problemOfNode(settings: Settings): string | undefined {
  if (settings.id === NONE) return "its id is 0, which means no node";
  if (isLocalTarget(settings.id)) return `its id ${settings.id} is kept for a local thread`;
  if (settings.maxInflightMsgs <= 0) return "maxInflightMsgs must be greater than 0";
  const tooFew = settings.maxInflightBytes < settings.maxSizePerMsg;
  return tooFew ? "maxInflightBytes must be at least maxSizePerMsg" : undefined;
}

export function problemOfRules(rules: Rules): string | undefined {
  if (rules.heartbeatTick <= 0) return "heartbeatTick must be greater than 0";
  if (rules.electionTick <= rules.heartbeatTick)
    return "electionTick must be greater than heartbeatTick";
  const unsafe = rules.readOnlyOption === "leaseBased" && !rules.checkQuorum;
  return unsafe ? "readOnlyOption leaseBased needs checkQuorum" : undefined;
}
