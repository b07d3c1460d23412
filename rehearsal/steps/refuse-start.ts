/**
 * A release that skips one is tried where it must not run: it refuses, in words, and harms nothing.
 * On a copy of a member's directory it ends with exit code 1. As a new member it is either refused
 * as a member, or its hello is refused by the others and it never gets anything to apply.
 */
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { NodeProcess } from "../../release/index.ts";
import { Admin } from "../cluster/admin.ts";
import { describeExit, takeAddresses, within } from "../cluster/cluster.ts";
import { StepFailed } from "../options.ts";
import type { Action } from "../plan/index.ts";
import { eventually, isTransient, pause, type StepContext } from "./context.ts";

type RefuseStart = Extract<Action, { kind: "refuseStart" }>;

const REFUSED_WITHIN_MS = 15_000;
const WATCHED_MS = 1_500;
const MEMBERSHIP_WITHIN_MS = 10_000;

export async function refuseStart(context: StepContext, step: RefuseStart): Promise<string> {
  return step.as === "copy" ? await refuseCopy(context, step) : await refuseJoiner(context, step);
}

async function refuseCopy(context: StepContext, { node, release }: RefuseStart): Promise<string> {
  const { cluster } = context;
  const folder = makeFolder(context, `copy-of-${node}`);
  const dataDirectory = join(folder, "data");
  cpSync(cluster.dataDirectory(node), dataDirectory, { recursive: true });
  const before = digestFolder(dataDirectory);
  const file = join(folder, "configuration.json");
  cluster.writeConfiguration(file, node, cluster.addresses(node), {
    dataDirectory,
    founders: cluster.founders,
  });
  const reason = await refusalOf(spawn(context, release, file), release);
  const harm = difference(before, digestFolder(dataDirectory));
  if (harm.length > 0) throw new StepFailed(`${release} refused but changed ${harm.join(", ")}`);
  return reason;
}

/** The reason in the last line; fails when the node runs, dies otherwise, or gives none. */
async function refusalOf(child: NodeProcess, release: string): Promise<string> {
  const isReady = await within(REFUSED_WITHIN_MS, child.ready);
  if (isReady !== false) {
    child.kill("SIGKILL", "the runner, because it had to refuse");
    await child.exited;
    throw new StepFailed(
      `${release} ${isReady ? "runs" : "neither runs nor refuses"}, a refusal is needed`,
    );
  }
  const exit = await child.exited;
  const { code, message } = readRefusal(exit.lastLine);
  if (exit.code !== 1 || code === "" || message === "")
    throw new StepFailed(
      `${release} ended with ${describeExit(exit)}, exit code 1 with code and message is needed`,
    );
  return `${code}: ${message}`;
}

async function refuseJoiner(context: StepContext, { node, release }: RefuseStart): Promise<string> {
  const { cluster } = context;
  const folder = makeFolder(context, `joiner-${node}`);
  const [addresses] = await takeAddresses(1);
  if (addresses === undefined) throw new StepFailed("no free addresses");
  const file = join(folder, "configuration.json");
  const dataDirectory = join(folder, "data");
  cluster.writeConfiguration(file, node, addresses, { dataDirectory, join: true });
  const child = spawn(context, release, file);
  try {
    if ((await within(REFUSED_WITHIN_MS, child.ready)) !== true)
      return await refusalOf(child, release);
    const member = { id: node, peerAddress: addresses.peer, clientAddress: addresses.client };
    const refusal = await changeMembers(context, { kind: "addLearner", member });
    if (refusal !== undefined) return `refused as a member: ${refusal}`;
    const seen = await watchJoiner(context, new Admin(addresses.admin), child, node);
    await changeMembers(context, { kind: "remove", id: node });
    return seen;
  } finally {
    child.kill("SIGKILL", "the end of the trial");
    await child.exited;
  }
}

/** It may run and wait, but must get nothing: no common version, no entry. */
async function watchJoiner(
  context: StepContext,
  admin: Admin,
  child: NodeProcess,
  node: number,
): Promise<string> {
  await pause(context, WATCHED_MS);
  const status = await admin.status();
  if (status === undefined) {
    const exit = await within(REFUSED_WITHIN_MS, child.exited);
    if (exit?.code === 1) return readRefusal(exit.lastLine).message;
    throw new StepFailed(
      `the joiner is gone: ${exit === undefined ? "no answer" : describeExit(exit)}`,
    );
  }
  const views = (await context.observer.look()).flatMap(({ peers }) =>
    peers.filter(({ id }) => id === node),
  );
  if (status.applied > 0)
    throw new StepFailed(`the joiner applied ${status.applied} entries it cannot read`);
  const agreed = views.find(({ negotiated }) => negotiated > 0);
  if (agreed !== undefined)
    throw new StepFailed(`a member agreed on version ${agreed.negotiated} with the joiner`);
  return "its hello was refused, it got nothing to apply";
}

/** The refusal, or undefined when the change was made. */
async function changeMembers(context: StepContext, change: object): Promise<string | undefined> {
  const { observer, cluster } = context;
  let refusal: string | undefined;
  await eventually(context, MEMBERSHIP_WITHIN_MS, async () => {
    const leader = await observer.leader();
    if (leader === undefined) return { missing: "the nodes do not agree on a leader" };
    const { ok, code = "", message = "" } = await cluster.admin(leader).command("/members", change);
    if (!ok && isTransient(code)) return { missing: `${code}: ${message}` };
    refusal = ok ? undefined : `${code}: ${message}`;
    return { seen: "answered" };
  });
  return refusal;
}

function spawn({ workspace, releases }: StepContext, release: string, file: string): NodeProcess {
  return workspace.spawn(join(releases.get(release)?.directory ?? "", "node.mjs"), file);
}

function makeFolder({ workspace }: StepContext, name: string): string {
  const folder = join(workspace.folder, name);
  mkdirSync(folder, { recursive: true });
  return folder;
}

function readRefusal(line: string): { readonly code: string; readonly message: string } {
  try {
    const { code, message } = JSON.parse(line) as { code?: unknown; message?: unknown };
    return { code: String(code ?? ""), message: String(message ?? "") };
  } catch {
    return { code: "", message: "" };
  }
}

/** SHA-256 of each file, by path. */
function digestFolder(folder: string): Map<string, string> {
  if (!existsSync(folder)) return new Map();
  const paths = readdirSync(folder, { recursive: true, encoding: "utf8" }).sort();
  return new Map(
    paths
      .filter((path) => statSync(join(folder, path)).isFile())
      .map((path) => [
        path,
        createHash("sha256")
          .update(readFileSync(join(folder, path)))
          .digest("hex"),
      ]),
  );
}

function difference(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): string[] {
  return [...new Set([...before.keys(), ...after.keys()])].filter(
    (path) => before.get(path) !== after.get(path),
  );
}
