/** Replays configuration change scripts on the pure changer. */
import {
  type Changed,
  ConfChangeError,
  enterJoint,
  leaveJoint,
  simpleChange,
} from "../../../raft/core/membership/index.ts";
import {
  EMPTY_TRACKER_CONFIG,
  type Progress,
  Tracker,
  type TrackerConfig,
} from "../../../raft/core/tracker/index.ts";
import { describeProgress, parseConfChanges } from "./describe.ts";
import { argument, type Command } from "./script.ts";

export class ConfChangeScript {
  #current: Changed = { config: EMPTY_TRACKER_CONFIG, progress: new Map() };
  /** Rises with each command, so that the progress of a new node tells when it came. */
  #lastIndex = 0;

  run(command: Command): readonly string[] {
    try {
      this.#current = this.#change(command);
      return describeChanged(this.#current);
    } catch (error) {
      if (error instanceof ConfChangeError) return [error.message];
      throw error;
    } finally {
      this.#lastIndex++;
    }
  }

  #change(command: Command): Changed {
    const input = {
      ...this.#current,
      lastIndex: this.#lastIndex,
      newInflights: () => new Tracker(10, 0).newInflights(),
    };
    const changes = parseConfChanges(command.input);
    if (command.name === "simple") return simpleChange(input, changes);
    if (command.name === "leave-joint") {
      if (changes.length > 0) throw new ConfChangeError("this command takes no input");
      return leaveJoint(input);
    }
    if (command.name !== "enter-joint") throw new ConfChangeError("unknown command");
    return enterJoint(input, argument(command, "autoleave")?.[0] === "true", changes);
  }
}

function describeChanged({ config, progress }: Changed): readonly string[] {
  const ids = [...progress.keys()].sort((a, b) => a - b);
  return [
    describeConfig(config),
    ...ids.map((id) => describeProgress(viewOf(id, progress.get(id) as Progress))),
  ];
}

function viewOf(id: number, progress: Progress): Parameters<typeof describeProgress>[0] {
  return {
    id,
    match: progress.match,
    next: progress.next,
    state: progress.state,
    pendingSnapshot: progress.pendingSnapshot,
    recentActive: progress.recentActive,
    paused: progress.isPaused(),
    inflight: progress.inflights.count,
    inflightFull: progress.inflights.full(),
    isLearner: progress.isLearner,
  };
}

function describeConfig(config: TrackerConfig): string {
  const { incoming, outgoing, learners, learnersNext, autoLeave } = config;
  const list = (ids: ReadonlySet<number>) => `(${[...ids].sort((a, b) => a - b).join(" ")})`;
  return [
    `voters=${list(incoming)}${outgoing.size > 0 ? `&&${list(outgoing)}` : ""}`,
    learners.size > 0 ? ` learners=${list(learners)}` : "",
    learnersNext.size > 0 ? ` learners_next=${list(learnersNext)}` : "",
    autoLeave ? " autoleave" : "",
  ].join("");
}
