/**
 * The verdict over the evidence. Every oracle says what it looked at, because one that saw nothing
 * must not pass.
 */
import { checkLinearizable, keyValueModel } from "../sim/checkers/index.ts";
import type { Evidence, Finding } from "./evidence.ts";
import { type Append, judgeAppends } from "./oracles/appends.ts";
import type { Plan } from "./plan/index.ts";

export interface OracleResult {
  readonly oracle: string;
  readonly verdict: "pass" | "fail" | "unknown";
  /** What it looked at, or what it found. */
  readonly detail: string;
  readonly lines: readonly string[];
}

const STEPS_MAX = 20_000_000;
const TIME_MAX_MS = 20_000;

export function judge(plan: Plan, evidence: Evidence): OracleResult[] {
  return [
    judgeSteps(plan, evidence),
    judgeProcesses(evidence),
    judgeOwnKeys(evidence),
    judgeLinearizability(evidence),
    judgeDigests(plan, evidence),
    judgeDecoding(evidence),
    judgeLoad(evidence),
  ];
}

function judgeSteps(plan: Plan, evidence: Evidence): OracleResult {
  const done = evidence.steps.filter(({ outcome }) => outcome === "ok").length;
  const lines = textsOf(evidence.findings, "step");
  const detail = `${done} of ${plan.steps.length} steps went as planned`;
  return result(
    "plan carried out",
    lines.length === 0 && done === plan.steps.length,
    detail,
    lines,
  );
}

function judgeProcesses(evidence: Evidence): OracleResult {
  const ended = evidence.lives.filter(({ exit }) => exit !== undefined).length;
  const lines = textsOf(evidence.findings, "processes");
  return result(
    "no process ends by itself",
    lines.length === 0 && evidence.lives.length > 0,
    `${evidence.lives.length} starts, ${ended} ends, ${evidence.randomKills} random kills`,
    lines,
  );
}

function judgeOwnKeys(evidence: Evidence): OracleResult {
  const appends = evidence.operations.flatMap(({ input, outcome }): Append[] =>
    input.kind === "append" && input.key.startsWith("own/")
      ? [{ key: input.key, token: input.value, isAcknowledged: outcome !== undefined }]
      : [],
  );
  const oracle = "no acknowledged write lost or applied twice";
  const acknowledged = appends.filter(({ isAcknowledged }) => isAcknowledged).length;
  const detail = `${acknowledged} acknowledged and ${appends.length - acknowledged} unanswered appends`;
  const isRead = ({ key }: Append): boolean => evidence.finalValues.has(key);
  const lines = judgeAppends(appends.filter(isRead), evidence.finalValues);
  const unread = new Set(appends.filter((append) => !isRead(append)).map(({ key }) => key));
  if (lines.length === 0 && unread.size > 0)
    return {
      oracle,
      verdict: "unknown",
      detail,
      lines: [`not read at the end: ${[...unread].join(", ")}`],
    };
  return result(oracle, lines.length === 0 && acknowledged > 0, detail, lines);
}

function judgeLinearizability(evidence: Evidence): OracleResult {
  const oracle = "history is linearizable";
  const startedAt = performance.now();
  const found = checkLinearizable(keyValueModel(null), evidence.operations, {
    stepsMax: STEPS_MAX,
    isOver: () => performance.now() - startedAt > TIME_MAX_MS,
  });
  const detail = `${found.operations} operations, ${found.steps} steps of the search`;
  if (found.verdict === "unknown")
    return { oracle, verdict: "unknown", detail, lines: [`undecided: ${found.parts.join(", ")}`] };
  const lines =
    found.verdict === "bad" ? [`key "${found.part}" has no valid order:`, ...found.excerpt] : [];
  return result(oracle, found.verdict === "ok" && found.operations > 0, detail, lines);
}

function judgeDigests(plan: Plan, { digests }: Evidence): OracleResult {
  const { compared, notComparable, diverged } = digests;
  const detail = `${compared} pairs compared, ${notComparable} not comparable`;
  const sawEnough = compared > 0 || plan.nodes === 1;
  return result(
    "state digests equal at equal index",
    diverged.length === 0 && sawEnough,
    detail,
    diverged,
  );
}

function judgeDecoding(evidence: Evidence): OracleResult {
  const lines = [...evidence.decodeErrors].map(([counter, value]) => `${counter}: ${value}`);
  const undecoded = [...evidence.clientProblems].filter(([problem]) => /Decode/i.test(problem));
  lines.push(...undecoded.map(([problem, count]) => `clients, ${count} times: ${problem}`));
  const detail = `counters of ${evidence.lives.length} lives, ${evidence.statusRows} status rows`;
  return result(
    "no decode error between releases",
    lines.length === 0 && evidence.statusRows > 0,
    detail,
    lines,
  );
}

function judgeLoad(evidence: Evidence): OracleResult {
  const answered = evidence.operations.filter(({ outcome }) => outcome !== undefined).length;
  const lines = textsOf(evidence.findings, "load");
  const detail = `${answered} of ${evidence.operations.length} calls answered`;
  return result("clients are served", lines.length === 0 && answered > 0, detail, lines);
}

function textsOf(findings: readonly Finding[], oracle: string): string[] {
  return findings.filter((finding) => finding.oracle === oracle).map(({ text }) => text);
}

function result(
  oracle: string,
  passes: boolean,
  detail: string,
  lines: readonly string[],
): OracleResult {
  return { oracle, verdict: passes ? "pass" : "fail", detail, lines };
}
