/** `npm run bench -- checker`: how long the checker takes for histories of many clients. */
import { Command } from "commander";
import { checkLinearizable, keyValueModel } from "../../sim/checkers/index.ts";
import { type HistoryPlan, makeHistory } from "./history.ts";

const OPERATIONS = 10_000;
const CLIENTS = 50;
const TARGET_MS = 1000;
const STEPS_MAX = 50_000_000;
const SEEDS = [1, 2, 3];

export const checkerCommand: Command = new Command("checker")
  .description(`${OPERATIONS} operations of ${CLIENTS} clients through the linearizability checker`)
  .action(() => {
    const plans = (["own", "few"] as const).flatMap((values) =>
      [10, 50].flatMap((keys) =>
        [0, 10].flatMap((lostPerMille) =>
          SEEDS.map((seed) => ({ seed, keys, lostPerMille, values })),
        ),
      ),
    );
    const isMet = plans.flatMap((plan) =>
      [false, true].map((isBad) =>
        judge({ ...plan, operations: OPERATIONS, clients: CLIENTS }, isBad),
      ),
    );
    if (isMet.includes(false)) process.exitCode = 1;
  });

/** Whether the verdict is right and came in time. */
function judge(plan: HistoryPlan, isBad: boolean): boolean {
  const history = makeHistory(plan, isBad);
  const startedAt = performance.now();
  const { verdict, steps } = checkLinearizable(keyValueModel(null), history, {
    stepsMax: STEPS_MAX,
    isOver: () => performance.now() - startedAt > 5_000,
  });
  const ms = performance.now() - startedAt;
  const expected = isBad ? "bad" : "ok";
  const isMet = verdict === expected && ms < TARGET_MS;
  const { keys, lostPerMille, seed, values } = plan;
  process.stdout.write(
    `${isMet ? "met" : "NOT MET"}: ${ms.toFixed(0)} ms, ${verdict} (${expected} is right), ${steps} steps: ${keys} keys, ${values} values, ${lostPerMille} ‰ unknown, seed ${seed}\n`,
  );
  return isMet;
}
