/**
 * Whole runs of the simulator, told by `--trace etcd-tla`, are stepped through a twin of etcd's model that
 * shares nothing with the core. It must take every event of a run, and refuse a run that was tampered with.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import type { TraceEvent } from "../raft/core/index.ts";
import { TraceModel } from "../raft/core/testing/trace-model.ts";

const folder = mkdtempSync(join(tmpdir(), "wirespan-trace-"));
afterAll(() => rmSync(folder, { recursive: true }));

function trace(...args: string[]): { status: number | null; text: string } {
  const command = ["tsx", "cli/main.ts", "simulate", ...args];
  const { status, stdout, stderr } = spawnSync("npx", command, { encoding: "utf8" });
  return { status, text: stdout + stderr };
}

function eventsOf(seed: number): TraceEvent[] {
  const file = join(folder, `${seed}.ndjson`);
  const { status, text } = trace("--seed", String(seed), "--trace", "etcd-tla", file);
  expect({ status, text }).toMatchObject({ status: 0, text: expect.stringContaining("pass") });
  expect(existsSync(`${file}.tmp`)).toBe(false);
  return readFileSync(file, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => {
      const { tag, event } = JSON.parse(line);
      expect(tag).toBe("trace");
      return event;
    });
}

/** Place and text of the first event that the model refuses. */
function refusal(events: readonly TraceEvent[]): string | undefined {
  const model = new TraceModel();
  for (const [place, event] of events.entries()) {
    try {
      model.accept(event);
    } catch (error) {
      return `event ${place + 1}: ${(error as Error).message}: ${JSON.stringify(event)}`;
    }
  }
  return undefined;
}

const runs = new Map([3, 8, 17].map((seed) => [seed, eventsOf(seed)]));

test.for([...runs.keys()])("the model takes the whole run of seed %i", (seed) => {
  const events = runs.get(seed) ?? [];
  expect(refusal(events)).toBeUndefined();
  expect(events.length).toBeGreaterThan(5_000);
});

test("the runs hold elections and entries", () => {
  const names = [...runs.values()].flat().map(({ name, nid }) => `${name} ${nid}`);
  const times = (name: string) => names.filter((each) => each.startsWith(name)).length;
  expect(times("BecomeLeader")).toBeGreaterThan(runs.size);
  expect(times("Replicate")).toBeGreaterThan(500);
});

type Tampering = (events: readonly TraceEvent[]) => readonly TraceEvent[];

const TAMPERED: readonly { readonly why: string; readonly tamper: Tampering }[] = [
  {
    why: "a vote that is counted twice",
    tamper: (events) => {
      const isVote = ({ name, msg }: TraceEvent) =>
        name === "ReceiveRequestVoteResponse" && msg?.from !== msg?.to && !msg?.reject;
      const place = events.findIndex(isVote);
      return [...events.slice(0, place + 1), ...events.slice(place)];
    },
  },
  {
    why: "an entry that is committed before a majority has it",
    tamper: (events) => {
      const place = events.findIndex(({ name, state }) => name === "Replicate" && state.commit > 9);
      const { state, ...rest } = events[place] as TraceEvent;
      const log = rest.log + 1;
      const early = { ...rest, name: "Commit" as const, log, state: { ...state, commit: log } };
      return [...events.slice(0, place + 1), early, ...events.slice(place + 1)];
    },
  },
  {
    why: "an acknowledgement of what was not appended",
    tamper: (events) => {
      const place = events.findIndex(({ name, msg, state }) => {
        const isFromOther = msg !== undefined && msg.from !== msg.to;
        return name === "ReceiveAppendEntriesResponse" && isFromOther && state.commit > 9;
      });
      const { msg, ...rest } = events[place] as Required<TraceEvent>;
      const early = { ...rest, msg: { ...msg, type: "MsgAppResp" as const, index: rest.log } };
      return [...events.slice(0, place), early, ...events.slice(place + 1)];
    },
  },
  {
    why: "a leader that nobody elected",
    tamper: (events) => {
      const place = events.findIndex(({ name }) => name === "BecomeCandidate");
      const event = events[place] as TraceEvent;
      const crowned = { ...event, name: "BecomeLeader" as const, role: "StateLeader" };
      return [...events.slice(0, place + 1), crowned, ...events.slice(place + 1)];
    },
  },
];

test.for(TAMPERED)("the model refuses $why", ({ tamper }) => {
  const events = runs.get(3) ?? [];
  expect(tamper(events)).not.toEqual(events);
  expect(refusal(tamper(events))).toContain("The model cannot take this");
});

test.for([
  { why: "without a seed", args: ["--trace", "etcd-tla", "x"], says: "need --seed" },
  { why: "in another form", args: ["--seed", "1", "--trace", "tla", "x"], says: "etcd-tla FILE" },
  {
    why: "of a release that tells nothing",
    args: ["--seed", "1", "--releases", "r3", "--trace", "etcd-tla", join(folder, "r3.ndjson")],
    says: "tells no transitions",
  },
])("no trace $why", ({ args, says }) => {
  const { status, text } = trace(...args);
  expect(status).toBe(2);
  expect(text).toContain(says);
  expect(existsSync(join(folder, "r3.ndjson"))).toBe(false);
});
