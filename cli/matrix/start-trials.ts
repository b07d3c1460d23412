/**
 * Starts the node of each release on a copy of each frozen data directory and tells what happened;
 * the matrix judges it. A few at a time, each in a folder of its own; `close` kills what still runs.
 */
import { createHash } from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { StartOutcome, StartTrial } from "../../compat-matrix/index.ts";
import {
  ConfiguredNode,
  type DirectoryCase,
  freeAddresses,
  type NodeExit,
  type Release,
} from "../../release/index.ts";

/** Two cores, and a node mostly waits. */
const AT_ONCE = 3;
const TICK_MS = 10;
const READY_TIMEOUT_MS = 10_000;
const APPLY_TIMEOUT_MS = 8000;
const POLL_MS = 20;
const DIRECTORY_FOLDER = "directories";

interface Plan {
  readonly writer: Release;
  readonly reader: Release;
  readonly directory: DirectoryCase;
}

export class StartTrials {
  readonly #work: string = mkdtempSync(join(tmpdir(), "wirespan-start-"));
  readonly #running: Set<ConfiguredNode> = new Set();
  #isClosed = false;
  #lanes: Promise<unknown> = Promise.resolve();

  /** In the order of writers, readers and directories, however long each takes. */
  async run(
    releases: { readonly writers: readonly Release[]; readonly readers: readonly Release[] },
    onTrial: (done: number, total: number) => void,
  ): Promise<StartTrial[]> {
    const plans = planTrials(releases);
    const trials: StartTrial[] = [];
    let next = 0;
    let done = 0;
    const lane = async (): Promise<void> => {
      for (let place = next++; place < plans.length && !this.#isClosed; place = next++) {
        const plan = plans[place];
        if (plan === undefined) return;
        trials[place] = await this.#attempt(plan, join(this.#work, String(place)));
        onTrial(++done, plans.length);
      }
    };
    this.#lanes = Promise.all(Array.from({ length: AT_ONCE }, lane));
    await this.#lanes;
    return trials;
  }

  /** Kills what runs and removes every copy. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all([...this.#running].map((node) => node.close()));
    await this.#lanes.catch(() => {});
    rmSync(this.#work, { recursive: true, force: true });
  }

  async #attempt(plan: Plan, folder: string): Promise<StartTrial> {
    const { writer, reader, directory } = plan;
    const copy = join(folder, "data");
    cpSync(join(writer.directory, DIRECTORY_FOLDER, directory.name), copy, { recursive: true });
    const before = digestsOf(copy);
    const outcome = await this.#start(plan, folder, copy, before);
    rmSync(folder, { recursive: true, force: true });
    const { applied: index, digestVersion: version, digest: value } = directory;
    return {
      writer: writer.name,
      reader: reader.name,
      directory: directory.name,
      contentVersions: directory.contentVersions,
      activeVersion: activeVersionIn(join(writer.directory, DIRECTORY_FOLDER, directory.name)),
      written: { index, version, value },
      outcome,
    };
  }

  async #start(
    { reader, directory }: Plan,
    folder: string,
    copy: string,
    before: ReadonlyMap<string, string>,
  ): Promise<StartOutcome> {
    const [peer = "", client = "", admin = ""] = await freeAddresses(3);
    if (this.#isClosed) return { end: "hung", why: "the run was stopped" };
    const { clusterId, nodeId, founders } = directory;
    const configuration = {
      clusterId,
      nodeId,
      founders,
      ...(founders.length === 0 ? { join: true } : {}),
      dataDirectory: copy,
      peer,
      client,
      admin,
      tickMs: TICK_MS,
    };
    const node = ConfiguredNode.spawn(join(reader.directory, "node.mjs"), configuration, folder);
    this.#running.add(node);
    try {
      if (!(await within(READY_TIMEOUT_MS, node.ready(), "neither ready nor ended"))) {
        return exitOutcome(await node.exited, changedFiles(before, digestsOf(copy)));
      }
      const digest = await this.#watch(node, directory);
      const exit = await node.stop();
      return exit.code === 0
        ? { end: "ran", ...(digest && { digest }) }
        : exitOutcome(exit, changedFiles(before, digestsOf(copy)));
    } catch (error) {
      return { end: "hung", why: error instanceof Error ? error.message : String(error) };
    } finally {
      await node.close();
      this.#running.delete(node);
    }
  }

  /** Waits until the node has applied what the writer had; its digest there, if it still knows it. */
  async #watch(
    node: ConfiguredNode,
    { applied, needsPeers }: DirectoryCase,
  ): Promise<{ index: number; version: number; value: string } | undefined> {
    const deadline = Date.now() + APPLY_TIMEOUT_MS;
    for (;;) {
      const status = await node.get<Status>("/status");
      if (needsPeers) return undefined;
      if (status.applied >= applied) {
        const found = await node.get<{ digest?: string }>(`/digest?index=${applied}`);
        return found.digest === undefined
          ? undefined
          : { index: applied, version: status.digest.version, value: found.digest };
      }
      if (Date.now() > deadline) {
        throw new Error(
          `applied ${status.applied} of ${applied} entries within ${APPLY_TIMEOUT_MS} ms`,
        );
      }
      await new Promise((wake) => setTimeout(wake, POLL_MS));
    }
  }
}

interface Status {
  readonly applied: number;
  readonly digest: { readonly version: number };
}

function planTrials({
  writers,
  readers,
}: {
  readonly writers: readonly Release[];
  readonly readers: readonly Release[];
}): Plan[] {
  return writers.flatMap((writer) =>
    directoriesOf(writer).flatMap((directory) =>
      readers.map((reader) => ({ writer, reader, directory })),
    ),
  );
}

/** The working tree has none: it is not frozen. */
function directoriesOf({ directory }: Release): DirectoryCase[] {
  const file = join(directory, DIRECTORY_FOLDER, "cases.json");
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as DirectoryCase[]) : [];
}

function activeVersionIn(directory: string): number {
  const manifest = JSON.parse(readFileSync(join(directory, "manifest.json"), "utf8")) as {
    activeVersion: number;
  };
  return manifest.activeVersion;
}

function exitOutcome({ code, lastLine }: NodeExit, changed: readonly string[]): StartOutcome {
  return { end: "exited", code, refusal: readRefusal(lastLine), changedFiles: changed };
}

function readRefusal(line: string): { code: string; message: string } | undefined {
  try {
    const { code, message } = JSON.parse(line) as { code?: unknown; message?: unknown };
    return typeof code === "string" && typeof message === "string" ? { code, message } : undefined;
  } catch {
    return undefined;
  }
}

function digestsOf(folder: string): ReadonlyMap<string, string> {
  const paths = readdirSync(folder, { recursive: true, encoding: "utf8" });
  return new Map(
    paths
      .filter((path) => statSync(join(folder, path)).isFile())
      .sort()
      .map((path) => [
        path,
        createHash("sha256")
          .update(readFileSync(join(folder, path)))
          .digest("hex"),
      ]),
  );
}

function changedFiles(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): string[] {
  return [...new Set([...before.keys(), ...after.keys()])].filter(
    (path) => before.get(path) !== after.get(path),
  );
}

async function within<T>(ms: number, work: Promise<T>, otherwise: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${otherwise} within ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
