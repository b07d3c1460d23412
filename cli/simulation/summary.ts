/** The report of `wirespan simulate` for people. */
import type { SimulationReport } from "../../sim/campaign/index.ts";

export function summary({
  verdict,
  counts,
  failures,
  durationMs,
  releases,
  shrunk,
  ...rest
}: SimulationReport): string {
  const found = failures.flatMap(({ seed, oracle, message, atMs, story, trace, command }) => [
    `  seed ${seed}: ${oracle} at ${atMs} ms: ${message}`,
    ...story.map((line) => `      ${line}`),
    `    trace ${trace}`,
    `    again: ${command}`,
  ]);
  const digests = releases.map(({ name, digest }) => `${name} ${digest.slice(0, 12)}`);
  return [
    `simulation: ${verdict} (${counts.seeds} of ${counts.seedsAsked} seeds, ${counts.failed} failed, ${(durationMs / 1000).toFixed(1)} s)`,
    ...(counts.plans ? [`  there are ${counts.plans} plans of this hop`] : []),
    `  ${counts.events} events, ${counts.eventsPerSecond} per second, ${counts.seedsPerMinute} seeds per minute, ${counts.virtualPerRealTime} times as fast as real time`,
    `  ${counts.operations} operations, ${counts.faults} faults, ${counts.starts} starts, ${counts.digestsCompared} digests compared, ${counts.repeated} seeds run twice`,
    ...rest.unrepeatable.map((seed) => `  seed ${seed}: the second run was another one`),
    ...describeCoverage(rest.coverage, counts),
    ...found,
    ...(shrunk ? describeShrunk(shrunk) : []),
    `  releases: ${digests.join(", ")}`,
    `  again: ${rest.command}`,
    "",
  ].join("\n");
}

const ENDS = {
  smallest: "nothing more can be left out",
  runs: "the bound of runs was reached",
  time: "the time was over",
  interrupted: "interrupted",
} as const;

function describeShrunk(shrunk: NonNullable<SimulationReport["shrunk"]>): readonly string[] {
  const { seed, nodes, clients, faults, rollSteps, runs, durationMs, end, story } = shrunk;
  return [
    `  seed ${seed}, made small: ${nodes} nodes, ${clients} clients, ${faults} faults, ${rollSteps} steps (${runs} runs, ${(durationMs / 1000).toFixed(1)} s, ${ENDS[end]})`,
    `    ${shrunk.oracle} at ${shrunk.atMs} ms: ${shrunk.message}`,
    ...story.map((line) => `      ${line}`),
    `    trace ${shrunk.trace}`,
    `    again: ${shrunk.command}`,
  ];
}

/** What was never there is listed: it is what the campaign says nothing about. */
function describeCoverage(
  { faults, faultsNever, cellsNever }: SimulationReport["coverage"],
  { cellsVisited = 0, cellsBesides = 0 }: SimulationReport["counts"],
): readonly string[] {
  const counts = Object.entries(faults).map(([kind, count]) => `${kind} ${count}`);
  return [
    `  faults: ${counts.join(", ") || "none"}`,
    ...(faultsNever.length > 0 ? [`  never: ${faultsNever.join(", ")}`] : []),
    ...(cellsVisited + cellsNever.length > 0
      ? [
          `  situations of an upgrade: ${cellsVisited} of ${cellsVisited + cellsNever.length} were visited, and ${cellsBesides} besides`,
        ]
      : []),
    ...cellsNever.map((cell) => `    never: ${cell}`),
  ];
}
