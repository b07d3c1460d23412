/** Replays interaction scripts: a cluster whose every message and Ready is written out. */
import {
  CompactedError,
  type Config,
  EMPTY_CONF_STATE,
  isLocalTarget,
  type Message,
  message,
  type StepRefusal,
} from "../../../raft/core/index.ts";
import { SuiteFileError } from "../tally.ts";
import {
  describeEntry,
  describeMessage,
  describeProgress,
  describeReady,
  encodeConfChange,
  parseConfChanges,
  STATES,
} from "./describe.ts";
import { ELECTION_TICK, HEARTBEAT_TICK, Member } from "./member.ts";
import { argument, type Command, numbersOf, parseDirective } from "./script.ts";

const ERRORS: Readonly<Record<StepRefusal["code"], string>> = {
  ProposalDropped: "raft proposal dropped",
  LocalMessage: "raft: cannot step raft local message",
  PeerNotFound: "raft: cannot step as peer not found",
};

/** What etcd's harness writes as the last line of a command that went wrong, also when it is quiet. */
class ScriptError extends Error {
  override readonly name = "ScriptError";
}

const QUIET = "none";
const LEVELS = ["debug", "info", "warn", "error", "fatal", QUIET];

type Handler = (script: InteractionScript, command: Command) => void;

const HANDLERS: Readonly<Record<string, Handler>> = {
  /** A place to stop at in a debugger. */
  _breakpoint: () => {},
  "add-nodes": (script, command) => script.addNodes(command),
  campaign: (script, command) => script.first(command).node.campaign(),
  compact: (script, command) => script.compact(command),
  "deliver-msgs": (script, command) => script.deliverCommand(command),
  "forget-leader": (script, command) => script.must(script.first(command).node.forgetLeader()),
  "log-level": (script, command) => script.setLogLevel(command.args[0]?.key),
  "process-append-thread": (script, command) =>
    script.forEach(command, "processing append thread", (member) => script.runAppend(member)),
  "process-apply-thread": (script, command) =>
    script.forEach(command, "processing apply thread", (member) => script.runApply(member)),
  "process-ready": (script, command) =>
    script.forEach(command, "handling Ready", (member) => script.processReady(member)),
  propose: (script, command) => script.propose(command),
  "propose-conf-change": (script, command) => script.proposeConfChange(command),
  "raft-log": (script, command) => script.raftLog(script.first(command)),
  "raft-state": (script) => script.raftState(),
  "report-unreachable": (script, command) =>
    script.first(command).node.reportUnreachable(numbersOf(command)[1] ?? 0),
  "send-snapshot": (script, command) => script.sendSnapshot(command),
  "set-randomized-election-timeout": (script, command) =>
    script.first(command).setElectionTimeout(Number(argument(command, "timeout")?.[0])),
  stabilize: (script, command) => script.stabilizeCommand(command),
  status: (script, command) => script.status(script.first(command)),
  "tick-election": (script, command) => script.tick(command, ELECTION_TICK),
  "tick-heartbeat": (script, command) => script.tick(command, HEARTBEAT_TICK),
  "transfer-leadership": (script, command) => script.transferLeadership(command),
};

export class InteractionScript {
  readonly #members: Member[] = [];
  #network: Message[] = [];
  #output: string[] = [];
  #isQuiet = false;

  run(command: Command): readonly string[] {
    this.#output = [];
    // Lines of input are commands of their own, except where the command takes them.
    const more = command.name === "propose-conf-change" ? [] : command.input;
    const error = this.#runOne(command) ?? this.#runMore(command, more);
    if (error !== undefined && this.#isQuiet) return [error];
    return this.#output.length > 0 ? this.#output : ["ok"];
  }

  /** An error is a line among others; only when nothing is written it ends the stanza. */
  #runMore(command: Command, lines: readonly string[]): string | undefined {
    for (const text of lines) {
      const error = this.#runOne({ ...command, ...parseDirective(text) });
      if (error !== undefined && this.#isQuiet) return error;
    }
    return undefined;
  }

  /** The error it ended with, which is written here unless everything is quiet. */
  #runOne(command: Command): string | undefined {
    const handler = HANDLERS[command.name];
    if (!handler) throw new SuiteFileError(`unknown command ${command.name}`);
    const before = this.#output.length;
    try {
      handler(this, command);
    } catch (error) {
      if (!(error instanceof ScriptError)) throw error;
      if (!this.#isQuiet) this.#output.push(error.message);
      return error.message;
    } finally {
      if (this.#isQuiet) this.#output.length = before;
    }
    return undefined;
  }

  first(command: Command): Member {
    return this.#member(numbersOf(command)[0] ?? 0);
  }

  #member(id: number): Member {
    const member = this.#members[id - 1];
    if (!member) throw new SuiteFileError(`there is no node ${id}`);
    return member;
  }

  #selected(command: Command): readonly Member[] {
    return numbersOf(command).map((id) => this.#member(id));
  }

  #indented(write: () => void): void {
    const outer = this.#output;
    this.#output = [];
    write();
    this.#output = [...outer, ...this.#output.map((line) => `  ${line}`)];
  }

  /** Several nodes get a headline each, a single one does not. */
  forEach(command: Command, doing: string, work: (member: Member) => void): void {
    const members = this.#selected(command);
    for (const member of members) {
      if (members.length === 1) work(member);
      else this.#headed(member, doing, () => work(member));
    }
  }

  #headed(member: Member, doing: string, work: () => void): void {
    this.#output.push(`> ${member.id} ${doing}`);
    this.#indented(work);
  }

  /** A command that is refused ends; a message that is refused on delivery is only a line. */
  must(refusal: StepRefusal | undefined): void {
    if (refusal) throw new ScriptError(ERRORS[refusal.code]);
  }

  setLogLevel(name = ""): void {
    const level = name.toLowerCase();
    if (!LEVELS.includes(level)) {
      const known = LEVELS.map((each) => each.toUpperCase()).join(" ");
      throw new ScriptError(`log levels must be either of [${known}]`);
    }
    this.#isQuiet = level === QUIET;
  }

  compact(command: Command): void {
    const member = this.first(command);
    try {
      member.storage.compact(numbersOf(command)[1] ?? 0);
    } catch (error) {
      if (!(error instanceof CompactedError)) throw error;
      throw new ScriptError("requested index is unavailable due to compaction");
    }
    this.raftLog(member);
  }

  addNodes(command: Command): void {
    const [count = 0] = numbersOf(command);
    const ids = (key: string) => (argument(command, key) ?? []).map(Number);
    const confState = { ...EMPTY_CONF_STATE, voters: ids("voters"), learners: ids("learners") };
    const [index = 0] = ids("index");
    const [readOnly = "safe"] = argument(command, "read-only") ?? [];
    if (readOnly !== "safe" && readOnly !== "lease-based") {
      throw new ScriptError(`invalid read-only option "${readOnly}"`);
    }
    const isFounder = index > 0 || confState.voters.length + confState.learners.length > 0;
    if (isFounder && index <= 1) {
      throw new ScriptError("index must be specified as > 1 due to bootstrap");
    }
    const options = configOf(command);
    for (let made = 0; made < count; made++) {
      this.#members.push(
        new Member({ ...options, id: this.#members.length + 1, index, confState }),
      );
    }
  }

  tick(command: Command, ticks: number): void {
    const { node } = this.first(command);
    for (let done = 0; done < ticks; done++) node.tick();
  }

  transferLeadership(command: Command): void {
    const [from, to] = ["from", "to"].map((key) => Number(argument(command, key)?.[0]));
    this.#member(from ?? 0).node.transferLeader(to ?? 0);
  }

  propose(command: Command): void {
    const text = command.args[1]?.key ?? "";
    this.must(this.first(command).node.propose(new TextEncoder().encode(text)));
  }

  proposeConfChange(command: Command): void {
    const transitions = { auto: "auto", implicit: "jointImplicit", explicit: "jointExplicit" };
    const wanted = (argument(command, "transition")?.[0] ?? "auto") as "auto";
    const transition = transitions[wanted] as "auto" | undefined;
    if (transition === undefined) throw new ScriptError(`unknown transition ${wanted}`);
    const changes = parseConfChanges(command.input);
    const change = { transition, changes, context: new Uint8Array(0) };
    const type = argument(command, "v1")?.[0] === "true" ? "confChange" : "confChangeV2";
    if (type === "confChange" && (changes.length > 1 || transition !== "auto")) {
      throw new ScriptError("v1 conf change can only have one operation and no transition");
    }
    const data = encodeConfChange(change);
    this.must(this.first(command).node.proposeConfChange(data, change, type));
  }

  sendSnapshot(command: Command): void {
    const [from = 0, to = 0] = numbersOf(command);
    const member = this.#member(from);
    const { term } = member.node.status();
    const snapshot = member.storage.snapshot();
    const sent = message({ type: "MsgSnap", from, to, term, snapshot });
    this.#network.push(sent);
    this.#output.push(...linesOf(sent));
  }

  raftLog({ storage }: Member): void {
    const [first, last] = [storage.firstIndex(), storage.lastIndex()];
    if (last < first) {
      this.#output.push(`log is empty: first index=${first}, last index=${last}`);
      return;
    }
    const entries = storage.entries(first, last + 1, Number.POSITIVE_INFINITY);
    this.#output.push(...entries.map(describeEntry));
  }

  raftState(): void {
    for (const { id, node } of this.#members) {
      const { raftState, confState, term, lead } = node.status();
      const isVoter = [...confState.voters, ...confState.votersOutgoing].includes(id);
      const role = `${STATES[raftState]} (${isVoter ? "Voter" : "Non-Voter"})`;
      this.#output.push(`${id}: ${role} Term:${term} Lead:${lead}`);
    }
  }

  status({ node }: Member): void {
    this.#output.push(...node.status().progress.map(describeProgress));
  }

  processReady(member: Member): void {
    const ready = member.node.ready();
    this.#output.push(...describeReady(ready));
    if (!member.isAsync) {
      member.append(ready.hardState, ready.entries, ready.snapshot);
      member.apply(ready.committedEntries);
    }
    for (const sent of ready.messages) {
      if (sent.type === "MsgStorageAppend") member.appendWork.push(sent);
      else if (sent.type === "MsgStorageApply") member.applyWork.push(sent);
      else this.#network.push(sent);
    }
    if (!member.isAsync) member.node.advance(ready);
  }

  runAppend(member: Member): void {
    const work = member.appendWork.shift();
    if (!work) {
      this.#output.push("no append work to perform");
      return;
    }
    const { term, vote, commit, entries, snapshot } = work;
    const isEmpty = term === 0 && vote === 0 && commit === 0;
    this.#showWork(work);
    member.append(isEmpty ? undefined : { term, vote, commit }, entries, snapshot);
    this.#answer(work);
  }

  runApply(member: Member): void {
    const work = member.applyWork.shift();
    if (!work) {
      this.#output.push("no apply work to perform");
      return;
    }
    this.#showWork(work);
    member.apply(work.entries);
    this.#answer(work);
  }

  #showWork(work: Message): void {
    this.#output.push("Processing:", ...linesOf({ ...work, responses: [] }));
  }

  #answer({ responses }: Message): void {
    this.#output.push("Responses:", ...responses.flatMap(linesOf));
    this.#network.push(...responses);
  }

  deliverCommand(command: Command): void {
    const [type] = argument(command, "type") ?? [];
    let handled = 0;
    for (const { key, values } of command.args) {
      if (values.length === 0) handled += this.#deliver(Number(key), { isDropped: false, type });
      if (key !== "drop") continue;
      for (const id of values) handled += this.#deliver(Number(id), { isDropped: true, type });
    }
    if (handled === 0) this.#output.push("no messages");
  }

  #deliver(to: number, how: { isDropped: boolean; type?: string | undefined }): number {
    const isDue = (sent: Message) =>
      sent.to === to &&
      !(how.isDropped && isLocal(sent)) &&
      (how.type === undefined || sent.type === how.type);
    const due = this.#network.filter(isDue);
    this.#network = this.#network.filter((sent) => !isDue(sent));
    for (const sent of due) {
      const [head = "", ...rest] = linesOf(sent);
      this.#output.push(`${how.isDropped ? "dropped: " : ""}${head}`, ...rest);
      if (how.isDropped) continue;
      const refusal = this.#member(to).node.step(sent);
      if (refusal) this.#output.push(ERRORS[refusal.code]);
    }
    return due.length;
  }

  stabilizeCommand(command: Command): void {
    const chosen = this.#selected(command);
    const members = chosen.length > 0 ? chosen : this.#members;
    const level = argument(command, "log-level")?.[0];
    if (level === undefined) {
      while (this.#stabilizeOnce(members));
      return;
    }
    const [wasQuiet, before] = [this.#isQuiet, this.#output.length];
    this.setLogLevel(level);
    while (this.#stabilizeOnce(members));
    if (this.#isQuiet) this.#output.length = before;
    this.#isQuiet = wasQuiet;
  }

  #stabilizeOnce(members: readonly Member[]): boolean {
    const before = this.#output.length;
    for (const member of members) {
      if (!member.node.hasReady()) continue;
      this.#headed(member, "handling Ready", () => this.processReady(member));
    }
    for (const member of members) {
      const isDue = this.#network.some(({ to }) => to === member.id);
      const deliver = () => this.#deliver(member.id, { isDropped: false });
      if (isDue) this.#headed(member, "receiving messages", deliver);
    }
    for (const member of members) this.#drain(member, "append");
    for (const member of members) this.#drain(member, "apply");
    return this.#output.length > before;
  }

  #drain(member: Member, thread: "append" | "apply"): void {
    const isAppend = thread === "append";
    const waiting = () => (isAppend ? member.appendWork : member.applyWork).length > 0;
    if (!waiting()) return;
    this.#output.push(`> ${member.id} processing ${thread} thread`);
    while (waiting()) {
      this.#indented(() => (isAppend ? this.runAppend(member) : this.runApply(member)));
    }
  }
}

function linesOf(sent: Message): readonly string[] {
  return describeMessage(sent).split("\n");
}

/** Local messages need reliable delivery, so a script cannot drop them. */
function isLocal({ from, to }: Message): boolean {
  return from === to || isLocalTarget(from) || isLocalTarget(to);
}

function configOf(command: Command): Partial<Config> {
  const given = (key: string) => argument(command, key)?.[0];
  const inflight = given("inflight");
  const committedSize = given("max-committed-size-per-ready");
  return {
    asyncStorageWrites: given("async-storage-writes") === "true",
    preVote: given("prevote") === "true",
    checkQuorum: given("checkquorum") === "true",
    stepDownOnRemoval: given("step-down-on-removal") === "true",
    disableConfChangeValidation: given("disable-conf-change-validation") === "true",
    readOnlyOption: given("read-only") === "lease-based" ? "leaseBased" : "safe",
    ...(inflight === undefined ? {} : { maxInflightMsgs: Number(inflight) }),
    ...(committedSize === undefined ? {} : { maxCommittedSizePerReady: Number(committedSize) }),
  };
}
