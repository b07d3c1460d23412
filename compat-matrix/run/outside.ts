/** Programs outside of any release as participants: each a process, behind the same pool as releases. */
import {
  type AnswerTo,
  askOutside,
  type HostCrash,
  type HostRequest,
  type Outcome,
  type OutsideDescription,
  type Participant,
  participantOf,
  sendPlain,
  withOutsideGolden,
} from "../index.ts";
import { type HostCommand, type HostPatience, HostProcess, PATIENCE } from "./host-process.ts";
import { ParticipantError } from "./participants.ts";
import type { ThreadPool } from "./thread-pool.ts";

interface Reached {
  readonly process: HostProcess;
  description: OutsideDescription | undefined;
}

export interface OutsidePool extends ThreadPool {
  /** Asks each program what it is; throws `ParticipantError` for one that cannot take part. */
  load(releases: readonly Participant[]): Promise<Participant[]>;
}

export function outsidePool(
  commands: readonly HostCommand[],
  patience: HostPatience = PATIENCE,
): OutsidePool {
  const hosts = new Map<string, Reached>(
    commands.map((command) => [
      command.name,
      { process: new HostProcess(command, patience), description: undefined },
    ]),
  );
  const pool: OutsidePool = {
    async ask<R extends HostRequest>(name: string, requests: readonly R[]) {
      const host = hosts.get(name);
      if (host === undefined) throw new Error(`Cannot ask "${name}": it is not in the pool`);
      return await Promise.all(requests.map((request) => outcomeOf<R>(host, request)));
    },
    async close() {
      await Promise.all([...hosts.values()].map(({ process }) => process.close()));
    },
    async load(releases) {
      const loaded: Participant[] = [];
      for (const [name, host] of hosts) {
        const description = await describe(name, host);
        host.description = description;
        const participant = await withOutsideGolden(
          outsideParticipant(name, description),
          releases,
          pool,
        );
        if (participant.golden.length === 0) throw nothingShared(name, description);
        loaded.push(participant);
      }
      return loaded;
    },
  };
  return pool;
}

/** Requests to names of the first pool go there, all others to the second. */
export function joinPools(
  first: ThreadPool,
  names: ReadonlySet<string>,
  second: ThreadPool,
): ThreadPool {
  return {
    ask: (name, requests) => (names.has(name) ? first : second).ask(name, requests),
    async close() {
      await Promise.all([first.close(), second.close()]);
    },
  };
}

async function outcomeOf<R extends HostRequest>(
  { process, description }: Reached,
  request: R,
): Promise<Outcome<AnswerTo<R>>> {
  if (description === undefined) return { ok: false, crash: "has not described itself" };
  try {
    const value = await askOutside(request, description, process.send);
    return { ok: true, value: value as AnswerTo<R> };
  } catch (error) {
    return { ok: false, crash: (error as HostCrash).message };
  }
}

async function describe(name: string, { process }: Reached): Promise<OutsideDescription> {
  try {
    return await sendPlain(process.send, "describe");
  } catch (error) {
    const why = (error as HostCrash).message;
    throw new ParticipantError(`Cannot use host "${name}": it ${why}`);
  }
}

function outsideParticipant(name: string, description: OutsideDescription): Participant {
  const { versions, capabilities, name: program } = description;
  const numbers = versions.map(({ version }) => version);
  const [min, max] = [numbers[0] ?? 0, numbers.at(-1) ?? 0];
  const host = {
    release: name,
    range: { min, max },
    writes: { before: min, after: max },
    versions,
  };
  return { ...participantOf(host, [], name), outside: { ...capabilities, program } };
}

function nothingShared(name: string, { versions }: OutsideDescription): ParticipantError {
  const described = versions.map(({ version, messages }) => {
    const roots = messages.filter(({ surface }) => surface !== "nested");
    return `v${version} ${roots.map((message) => message.name).join(" ")}`;
  });
  const text = described.length === 0 ? "nothing" : described.join("; ");
  return new ParticipantError(
    `Cannot use host "${name}": no release has a message that it describes (${text})`,
  );
}
