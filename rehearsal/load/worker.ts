/** The thread of the clients: each calls, waits for the answer, pauses, and calls again. */
import { setTimeout as pause } from "node:timers/promises";
import { parentPort, workerData } from "node:worker_threads";
import type { KeyValueInput, KeyValueOutput } from "../../sim/checkers/index.ts";
import {
  type LoadOptions,
  nowMicroseconds,
  ownKey,
  type ToClients,
  type ToRunner,
} from "./messages.ts";
import { openService, type Service } from "./service.ts";
import { Workload } from "./workload.ts";

const options = workerData as LoadOptions;
let isStopping = false;
let calls = 0;

/** The client that reads everything at the end. */
const READER = 0;
const READ_TRIES = 5;

function tell(message: ToRunner): void {
  parentPort?.postMessage(message);
}

/** Undefined when the answer did not come. */
async function call(
  service: Service,
  client: number,
  input: KeyValueInput,
): Promise<KeyValueOutput | undefined> {
  const id = calls++;
  tell({ kind: "call", id, client, input, at: nowMicroseconds() });
  const outcome = await service.call(input);
  if (outcome.kind === "done") {
    tell({ kind: "return", id, output: outcome.value, at: nowMicroseconds() });
    return outcome.value;
  }
  tell({ kind: outcome.kind, id, problem: `${outcome.code}: ${outcome.message}` });
  return undefined;
}

async function runClient(client: number): Promise<void> {
  const service = await openService(options);
  const { generation, sharedKeys, pauseMs, seed } = options;
  const workload = new Workload({
    name: `${generation}-${client}`,
    ownKey: ownKey(generation, client),
    sharedKeys,
    seed: seed + client * 65_537 + generation * 257,
  });
  while (!isStopping) {
    const input = workload.next();
    const output = await call(service, client, input);
    if (output !== undefined) workload.onOutcome(input, output);
    await pause(pauseMs);
  }
  await service.close();
}

async function read(keys: readonly string[]): Promise<void> {
  const service = await openService(options);
  for (const key of keys) {
    let output: KeyValueOutput | undefined;
    for (let tries = 0; output === undefined && tries < READ_TRIES; tries++)
      output = await call(service, READER, { kind: "get", key });
    if (output !== undefined) tell({ kind: "read", key, value: output.value ?? null });
  }
  await service.close();
}

const clients = Array.from({ length: options.clients }, (_, index) => runClient(index + 1));
tell({ kind: "started" });

parentPort?.on("message", (message: ToClients) => {
  if (message.kind === "read") void read(message.keys).then(() => tell({ kind: "readDone" }));
  isStopping = true;
  if (message.kind === "stop") void Promise.all(clients).then(() => tell({ kind: "stopped" }));
});
