/**
 * A planted bug is one patch file: lines of `# name: value`, then a unified diff of one place. The
 * head says what is wrong, who must notice, and what a cluster needs for it to show.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { FAULT_KINDS, type Oracle } from "../../../sim/index.ts";

/** Stands in `releases` for the mutant, or for the working tree where the twin runs. */
export const MUTANT = "MUTANT";

export const AREAS = ["core", "storage", "upgrade"] as const;
export type Area = (typeof AREAS)[number];

/** What a campaign is run with. */
export interface Conditions {
  /** In the order of the roll. */
  readonly releases: readonly string[];
  readonly nodes: { readonly min: number; readonly max: number };
  /** Only these kinds; absent: all. */
  readonly faults?: readonly string[];
  readonly readLease?: true;
  readonly largeValues?: true;
}

export interface PlantedBug {
  readonly id: string;
  readonly name: string;
  readonly area: Area;
  /** S safety, L liveness, D durability, U upgrade. */
  readonly class: string;
  /** Any of these finds it: the expected one, and those that would see it earlier. */
  readonly oracles: readonly Oracle[];
  readonly needs: string;
  /** One sentence. */
  readonly wrong: string;
  readonly conditions: Conditions;
  /** The patch file. */
  readonly path: string;
  readonly text: string;
}

export class BugFileError extends Error {
  override readonly name = "BugFileError";
}

const ORACLES: readonly string[] =
  "ES LM LC SM CQ MONO DUR WIRE HASH ALIVE LIVE TERM LIN FLOOR".split(" ");
const REQUIRED = ["class", "oracles", "needs", "wrong"];
const OPTIONAL = ["releases", "nodes", "faults", "lease", "values"];
const FILE_NAME = /^([A-Z]+\d+[a-z]?)-([a-z0-9-]+)\.patch$/;

/** All of them, or those with these ids. */
export function readBugs(root: string, ids: readonly string[] = []): readonly PlantedBug[] {
  const bugs = AREAS.filter((area) => existsSync(join(root, area)))
    .flatMap((area) =>
      readdirSync(join(root, area))
        .filter((file) => file.endsWith(".patch"))
        .map((file) => readBug(area, file, readFileSync(join(root, area, file), "utf8"))),
    )
    .sort(byId);
  const unknown = ids.filter((id) => !bugs.some((bug) => bug.id === id));
  if (unknown.length > 0) {
    const known = bugs.map(({ id }) => id).join(", ");
    throw new BugFileError(`Cannot find ${unknown.join(", ")}: known are ${known}`);
  }
  return ids.length === 0 ? bugs : bugs.filter(({ id }) => ids.includes(id));
}

export function readBug(area: Area, file: string, text: string): PlantedBug {
  const path = `${area}/${file}`;
  const [, id = "", name = ""] = FILE_NAME.exec(file) ?? [];
  if (id === "") throw new BugFileError(`Cannot read ${path}: its name is not <id>-<words>.patch`);
  const head = readHead(path, text);
  const oracles = head.get("oracles")?.split(/[ ,]+/) ?? [];
  const strange = oracles.find((oracle) => !ORACLES.includes(oracle));
  if (strange !== undefined)
    throw new BugFileError(`Cannot read ${path}: "${strange}" is no oracle of the simulator`);
  return {
    id,
    name: name.replaceAll("-", " "),
    area,
    class: head.get("class") ?? "",
    oracles: oracles as Oracle[],
    needs: head.get("needs") ?? "",
    wrong: head.get("wrong") ?? "",
    conditions: {
      releases: (head.get("releases") ?? MUTANT).split(","),
      nodes: rangeOf(path, head.get("nodes") ?? "3"),
      ...faultsOf(path, head.get("faults")),
      ...(head.get("values") === "large" && { largeValues: true }),
      ...(head.get("lease") === "read" && { readLease: true }),
    },
    path,
    text,
  };
}

function readHead(path: string, text: string): ReadonlyMap<string, string> {
  const lines = text.slice(0, text.indexOf("\ndiff ")).split("\n");
  const head = new Map(
    lines.map((line): [string, string] => {
      const [, name = "", value = ""] = /^# ([a-z]+): (.+)$/.exec(line) ?? [];
      if (![...REQUIRED, ...OPTIONAL].includes(name))
        throw new BugFileError(`Cannot read ${path}: "${line}" is no line of its head`);
      return [name, value.trim()];
    }),
  );
  const missing = REQUIRED.find((name) => !head.has(name));
  if (missing !== undefined)
    throw new BugFileError(`Cannot read ${path}: its head has no line "# ${missing}: …"`);
  return head;
}

function faultsOf(path: string, text: string | undefined): Pick<Conditions, "faults"> {
  if (text === undefined) return {};
  const faults = text.split(",");
  const strange = faults.find((kind) => !FAULT_KINDS.includes(kind));
  if (strange === undefined) return { faults };
  throw new BugFileError(`Cannot read ${path}: the simulator has no fault "${strange}"`);
}

function rangeOf(path: string, text: string): Conditions["nodes"] {
  const [, min = "", max = min] = /^([1-9])(?:\.\.([1-9]))?$/.exec(text) ?? [];
  if (min === "") throw new BugFileError(`Cannot read ${path}: "${text}" is no count as 3 or 3..7`);
  return { min: Number(min), max: Number(max) };
}

/** B2 before B10, and before U1. */
export function byId(
  { id: one }: { readonly id: string },
  { id: other }: { readonly id: string },
): number {
  return one.localeCompare(other, "en", { numeric: true });
}
