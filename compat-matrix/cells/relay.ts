/**
 * Relay cells: a release in the middle reads what another wrote, changes one field, and writes it
 * back; a third reads that. Fields that the middle does not know must arrive (law 8). It also
 * translates to its other versions, as a leader does that reads one version and writes another.
 */
import { fromHex } from "../../codecs/index.ts";
import type { GoldenRecord } from "../cases/golden.ts";
import type { EncodeResult, FieldDescription } from "../codec-host.ts";
import type { HostRequest, Outcome, Survey } from "../host-request.ts";
import type { SchemaView } from "../schema-view.ts";
import { broken, type Cell, type Judgement, lost, refused } from "../verdict.ts";
import { droppedBy, errorText, judgeCrash, judgeRead } from "./judge-read.ts";
import {
  type CellGroups,
  goldenOf,
  keepsUnknown,
  type Matrix,
  messageOf,
  type Participant,
  readersIn,
  reads,
  rewritesTo,
  versionsOf,
  victimOf,
} from "./matrix.ts";

export async function* relayCells(matrix: Matrix): CellGroups {
  for (const writer of matrix.participants) {
    for (const version of versionsOf(writer)) {
      for (const middle of readersIn(matrix)) {
        if (!reads(middle, version)) continue;
        yield await relayThrough(matrix, writer, version, middle);
      }
    }
  }
}

/** One message on its way: what the middle was given, what it made of it, and what that means. */
interface Relayed {
  readonly message: string;
  readonly record: GoldenRecord;
  readonly given: Uint8Array;
  /** Version in which the middle wrote it. */
  readonly to: number;
  readonly written: Outcome<EncodeResult>;
  readonly meaning: unknown;
  readonly unknownFields: number;
  /** Schema that the meaning is written in. */
  readonly view: SchemaView;
}

async function relayThrough(
  matrix: Matrix,
  writer: Participant,
  version: number,
  middle: Participant,
): Promise<Cell[]> {
  const edited = await edit(matrix, writer, version, middle);
  const translated = await translate(matrix, writer, version, middle);
  const relayed = [...edited, ...translated];
  const cells: Cell[] = [];
  for (const reader of readersIn(matrix)) {
    const received = relayed.filter(
      ({ to, message }) => reads(reader, to) && messageOf(reader, to, message) !== undefined,
    );
    cells.push(...(await receive(matrix, { writer, version, middle, reader }, received)));
  }
  return cells;
}

/** Cases worth relaying: all kinds of unknown fields, and one plain value. */
function isRelayed({ case: name, hex }: GoldenRecord): boolean {
  // Without bytes the writer itself has failed, which direct cells show.
  return hex !== "" && (name === "typical" || name.startsWith("unknown "));
}

async function edit(
  matrix: Matrix,
  writer: Participant,
  version: number,
  middle: Participant,
): Promise<Relayed[]> {
  const view = writer.views.get(version);
  if (view === undefined) return [];
  const plans = goldenOf(writer, version, matrix)
    .filter(({ message }) => messageOf(middle, version, message) !== undefined)
    .flatMap(({ message, records }) =>
      records.filter(isRelayed).map((record) => {
        const change = chooseChange(view, message, record.value);
        return { message, record, change, given: fromHex(record.hex) };
      }),
    );
  const requests = plans.map(
    ({ message, change, given }): Extract<HostRequest, { ask: "edit" }> => ({
      ask: "edit",
      message,
      version,
      bytes: given,
      changes: change,
    }),
  );
  const outcomes = await matrix.pool.ask(middle.name, requests);
  return plans.map(({ message, record, change, given }, place) => ({
    message,
    record,
    given,
    to: version,
    written: outcomes[place] ?? { ok: false, crash: "no outcome" },
    meaning: { ...(record.value as object), ...change },
    unknownFields: record.unknownFields ?? 0,
    view,
  }));
}

/** Another value for the first field that can take one; nothing for a message without such a field. */
export function chooseChange(
  view: SchemaView,
  message: string,
  value: unknown,
): Readonly<Record<string, unknown>> {
  for (const member of view.message(message)?.members ?? []) {
    if (member.kind !== "field") continue;
    const changed = otherValue(member, (value as Record<string, unknown>)[member.name]);
    if (changed !== undefined) return { [member.name]: changed };
  }
  return {};
}

function otherValue({ type }: FieldDescription, value: unknown): unknown {
  if (type.kind === "integer") {
    if (type.as === "bigint") return value === "41" ? "42" : "41";
    return value === 41 ? 42 : 41;
  }
  if (type.kind === "bool") return value !== true;
  if (type.kind === "string") return value === "changed" ? "changed twice" : "changed";
  return undefined;
}

async function translate(
  matrix: Matrix,
  writer: Participant,
  version: number,
  middle: Participant,
): Promise<Relayed[]> {
  const plans = goldenOf(writer, version, matrix)
    .filter(({ message }) => messageOf(middle, version, message) !== undefined)
    .flatMap(({ message, records }) =>
      records
        .filter((record) => isRelayed(record) && record.case === "typical")
        .map((record) => ({ message, record, given: fromHex(record.hex) })),
    );
  const others = (message: string) =>
    rewritesTo(middle, message, version).filter((other) => other !== version);
  const translatable = plans.filter(({ message }) => others(message).length > 0);
  const requests = translatable.map(
    ({ message, given }): Extract<HostRequest, { ask: "survey" }> => ({
      ask: "survey",
      message,
      version,
      bytes: given,
      rewriteTo: others(message),
    }),
  );
  const outcomes = await matrix.pool.ask(middle.name, requests);
  return translatable.flatMap((plan, place) => translatedOf(plan, outcomes[place], middle));
}

/** The middle is judged by direct cells; here its own reading is the meaning that must arrive. */
function translatedOf(
  plan: Pick<Relayed, "message" | "record" | "given">,
  outcome: Outcome<Survey> | undefined,
  middle: Participant,
): Relayed[] {
  if (!outcome?.ok) return [];
  return outcome.value.rewrites.flatMap(({ to, written, reread }) => {
    const view = middle.views.get(to);
    if (view === undefined || !reread?.ok) return [];
    return [
      {
        ...plan,
        to,
        written: { ok: true, value: written },
        meaning: reread.value,
        unknownFields: reread.unknownFields,
        view,
      },
    ];
  });
}

interface Route {
  readonly writer: Participant;
  readonly version: number;
  readonly middle: Participant;
  readonly reader: Participant;
}

async function receive(matrix: Matrix, route: Route, relayed: readonly Relayed[]): Promise<Cell[]> {
  const requests = relayed.map(
    ({ message, to, written }): Extract<HostRequest, { ask: "survey" }> => ({
      ask: "survey",
      message,
      version: to,
      bytes: bytesOf(written) ?? new Uint8Array(),
      rewriteTo: [],
    }),
  );
  const outcomes = await matrix.pool.ask(route.reader.name, requests);
  return relayed.map((one, place) => makeCell(matrix, route, one, outcomes[place]));
}

function makeCell(
  matrix: Matrix,
  { writer, version, middle, reader }: Route,
  one: Relayed,
  outcome: Outcome<Survey> | undefined,
): Cell {
  const sides = {
    writer: { release: writer.name, version },
    reader: { release: reader.name, version: one.to },
  };
  const read = outcome?.ok ? outcome.value.read : undefined;
  return {
    kind: "relay",
    ...sides,
    through: { release: middle.name, version: one.to },
    message: one.message,
    case: one.record.case,
    ...judgeRelay(one, outcome, middle, reader),
    victim: victimOf(matrix, { release: middle.name, version: one.to }, sides.reader),
    bytes: bytesOf(one.written) ?? one.given,
    expected: one.meaning,
    actual: read?.ok ? read.value : undefined,
  };
}

function judgeRelay(
  one: Relayed,
  outcome: Outcome<Survey> | undefined,
  middle: Participant,
  reader: Participant,
): Judgement {
  const { written } = one;
  if (!written.ok) return broken(`the release in the middle crashed: ${written.crash}`);
  if (!written.value.ok) {
    const { error } = written.value;
    return broken(`the release in the middle cannot write it back: ${errorText(error)}`);
  }
  if (!outcome?.ok) return judgeCrash(outcome?.crash ?? "no outcome");
  const foreign = reader.views.get(one.to);
  if (foreign === undefined) return refused(`${reader.name} does not read v${one.to}`);
  const { message, meaning: value, view } = one;
  const { read } = outcome.value;
  const dropper = one.unknownFields > 0 && [middle, reader].find((side) => !keepsUnknown(side));
  const unknownFields = dropper && read.ok ? read.unknownFields : one.unknownFields;
  const judged = judgeRead({ message, value, unknownFields }, read, {
    writer: view,
    reader: foreign,
    byNumber: view.format !== "msgpack",
  });
  if (judged.verdict === "exact" && dropper) return lost(droppedBy(dropper.name));
  const [loss] = written.value.losses;
  return judged.verdict === "exact" && loss ? lost(`${loss.path}: ${loss.reason}`) : judged;
}

function bytesOf(written: Outcome<EncodeResult>): Uint8Array | undefined {
  return written.ok && written.value.ok ? written.value.bytes : undefined;
}
