/**
 * Client × server cells: the version comes from a real hello between the two, the messages go
 * through real frames in both directions. Where the ranges do not meet, the hello must refuse, and
 * every message of the pair is a clean refusal.
 */
import { fromHex } from "../../codecs/index.ts";
import type { GoldenRecord } from "../cases/golden.ts";
import type { FrameFields, FrameResult } from "../codec-host.ts";
import type { Outcome, Survey } from "../host-request.ts";
import { broken, type Cell, type Judgement } from "../verdict.ts";
import { judgeHello } from "./hello.ts";
import { judgeCrash, judgeMissingMessage, judgeRead } from "./judge-read.ts";
import {
  type CellGroups,
  goldenOf,
  type Matrix,
  messageOf,
  type Participant,
  releasesIn,
  victimOf,
} from "./matrix.ts";
import { CLUSTER_ID, stateFor } from "./offers.ts";

/** Numbers in the frame header of the messages between client and server (ARCHITECTURE.md). */
const KINDS: Readonly<Record<string, number>> = { ClientRequest: 32, ClientResponse: 33 };
const CLIENT_ID = 7001;
const SERVER_ID = 1;

export async function* clientServerCells(matrix: Matrix): CellGroups {
  for (const client of releasesIn(matrix)) {
    for (const server of releasesIn(matrix))
      if (!server.onlyWrites) yield await converse(matrix, client, server);
  }
}

async function converse(matrix: Matrix, client: Participant, server: Participant): Promise<Cell[]> {
  const { agreed, judgement } = await greet(matrix, client, server);
  if (agreed === 0) return refusedCells(matrix, client, server, judgement);
  return [
    ...(await send(matrix, client, server, agreed, "ClientRequest")),
    ...(await send(matrix, server, client, agreed, "ClientResponse")),
  ];
}

async function greet(
  matrix: Matrix,
  client: Participant,
  server: Participant,
): Promise<{ readonly agreed: number; readonly judgement: Judgement }> {
  const [hello] = await matrix.pool.ask(client.name, [
    { ask: "hello" as const, role: "client" as const },
  ]);
  if (!hello?.ok) return { agreed: 0, judgement: broken(`the client crashed: ${hello?.crash}`) };
  const offer = {
    name: "",
    role: "client" as const,
    body: hello.value,
    range: client.host.range,
    isForeign: false,
  };
  const activeVersion = server.host.writes.after;
  const [answer] = await matrix.pool.ask(server.name, [
    { ask: "answerHello" as const, body: hello.value, state: stateFor(offer, activeVersion) },
  ]);
  const judgement = judgeHello(server.host.range, offer, activeVersion, answer);
  const agreed = answer?.ok && judgement.verdict === "exact" ? answer.value.agreed : 0;
  return { agreed, judgement };
}

/** One cell for each message and case that the client's latest version has: none of them can be sent. */
function refusedCells(
  matrix: Matrix,
  client: Participant,
  server: Participant,
  judgement: Judgement,
): Cell[] {
  const version = client.host.range.max;
  return recordsOf(matrix, client, version, "ClientRequest").map(({ record, message }) => ({
    kind: "client-server",
    writer: { release: client.name, version },
    reader: { release: server.name, version: server.host.range.max },
    message,
    case: record.case,
    ...judgement,
    victim: victimOf(matrix, { release: client.name, version }, { release: server.name, version }),
    bytes: fromHex(record.hex),
    expected: record.value,
    actual: undefined,
  }));
}

function recordsOf(
  matrix: Matrix,
  writer: Participant,
  version: number,
  message: string,
): { readonly message: string; readonly record: GoldenRecord }[] {
  return goldenOf(writer, version, matrix)
    .filter((file) => file.message === message)
    .flatMap(({ records }) => records.map((record) => ({ message, record })));
}

/** Frames each case on one side, opens the frame on the other, and reads what was in it. */
async function send(
  matrix: Matrix,
  writer: Participant,
  reader: Participant,
  version: number,
  name: string,
): Promise<Cell[]> {
  const records = recordsOf(matrix, writer, version, name);
  const header = headerFor(name, version);
  const frames = await matrix.pool.ask(
    writer.name,
    records.map(({ record }) => ({ ask: "frame" as const, header, body: fromHex(record.hex) })),
  );
  const expected = { clusterId: CLUSTER_ID, nodeId: header.addressee };
  const opened = await matrix.pool.ask(
    reader.name,
    frames.map((frame) => ({
      ask: "openFrame" as const,
      bytes: frame.ok ? frame.value : new Uint8Array(),
      expected,
    })),
  );
  const surveys = await matrix.pool.ask(
    reader.name,
    opened.map((outcome) => ({
      ask: "survey" as const,
      message: name,
      version,
      bytes: outcome.ok && outcome.value.ok ? outcome.value.body : new Uint8Array(),
      rewriteTo: [],
    })),
  );
  const hasMessage = messageOf(reader, version, name) !== undefined;
  const sides = {
    writer: { release: writer.name, version },
    reader: { release: reader.name, version },
  };
  return records.map(({ record, message }, place): Cell => {
    const [frame, opening, survey] = [frames[place], opened[place], surveys[place]];
    const read = survey?.ok ? survey.value.read : undefined;
    const judgement = !hasMessage
      ? judgeMissingMessage(reader.name, version, message)
      : (judgeFrames(header, frame, opening) ??
        judgeBody({ matrix, writer, reader, version, message, record }, survey));
    return {
      kind: "client-server",
      ...sides,
      message,
      case: record.case,
      ...judgement,
      victim: victimOf(matrix, sides.writer, sides.reader),
      bytes: frame?.ok ? frame.value : fromHex(record.hex),
      expected: record.value,
      actual: read?.ok ? read.value : undefined,
    };
  });
}

function headerFor(message: string, wireVersion: number): FrameFields {
  const isRequest = message === "ClientRequest";
  return {
    kind: KINDS[message] ?? 0,
    flags: 0,
    wireVersion,
    clusterId: CLUSTER_ID,
    sender: isRequest ? CLIENT_ID : SERVER_ID,
    addressee: isRequest ? SERVER_ID : CLIENT_ID,
    incarnation: 3,
  };
}

/** Undefined when the frame arrived as it was sent. */
function judgeFrames(
  header: FrameFields,
  frame: Outcome<Uint8Array> | undefined,
  opened: Outcome<FrameResult> | undefined,
): Judgement | undefined {
  if (!frame?.ok) return broken(`the writer crashed on a frame: ${frame?.crash}`);
  if (!opened?.ok) return judgeCrash(opened?.crash ?? "no outcome");
  if (!opened.value.ok) return broken(`the frame is refused: ${opened.value.message}`);
  const seen: Partial<Record<string, unknown>> = { ...opened.value.header };
  const wrong = Object.entries(header).find(([name, value]) => seen[name] !== value);
  return (
    wrong && broken(`the frame's ${wrong[0]} is ${String(seen[wrong[0]])}, expected ${wrong[1]}`)
  );
}

function judgeBody(
  {
    writer,
    reader,
    version,
    message,
    record,
  }: {
    readonly matrix: Matrix;
    readonly writer: Participant;
    readonly reader: Participant;
    readonly version: number;
    readonly message: string;
    readonly record: GoldenRecord;
  },
  survey: Outcome<Survey> | undefined,
): Judgement {
  if (!survey?.ok) return judgeCrash(survey?.crash ?? "no outcome");
  const [own, foreign] = [writer.views.get(version), reader.views.get(version)];
  if (!own || !foreign) return broken(`v${version} was agreed but is not described`);
  const meaning = { message, value: record.value, unknownFields: record.unknownFields ?? 0 };
  const sides = { writer: own, reader: foreign, byNumber: own.format !== "msgpack" };
  return judgeRead(meaning, survey.value.read, sides);
}
