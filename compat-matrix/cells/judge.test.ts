/** The judgements that need no matrix around them: misread bytes, starts, and the naive hello rule. */
import { expect, test } from "vitest";
import type { DecodeResult } from "../codec-host.ts";
import { NEW, OLD } from "../made-up/schemas.ts";
import { judgeMisread } from "./judge-read.ts";
import { participantOf } from "./matrix.ts";
import { agreeNaively } from "./offers.ts";
import { judgeStart, type StartTrial } from "./start.ts";

const WRITTEN = { version: 3, value: { records: [{ body: { hex: "ab" } }] } };
const refusal: DecodeResult = {
  ok: false,
  error: { kind: "DecodeError", code: "WrongWireType", message: "field 1", path: [] },
};

test.for<{ read: DecodeResult; verdict: string; reason: RegExp; why: string }>([
  {
    read: refusal,
    verdict: "clean-refusal",
    reason: /WrongWireType/,
    why: "a typed error is the good end",
  },
  {
    read: { ok: true, value: { records: [{}] }, unknownFields: 0 },
    verdict: "broken",
    reason: /v3 bytes were read as v2 without any error: \{"records":\[\{\}\]\} instead of/,
    why: "another value",
  },
  {
    read: { ok: true, value: {}, unknownFields: 2 },
    verdict: "broken",
    reason: /with 2 unknown fields/,
    why: "nothing but unknown fields",
  },
  {
    read: { ok: true, value: WRITTEN.value, unknownFields: 0 },
    verdict: "broken",
    reason: /without any error/,
    why: "the value looks right by luck, and the label is still wrong",
  },
])("judgeMisread() says $verdict: $why", ({ read, verdict, reason }) => {
  const judgement = judgeMisread(WRITTEN, 2, read);
  expect(judgement.verdict).toBe(verdict);
  expect(judgement.reason).toMatch(reason);
});

const READER = participantOf(OLD, []);
const TRIAL: StartTrial = {
  writer: "new",
  reader: "old",
  directory: "log-only",
  contentVersions: [1],
  activeVersion: 1,
  written: { index: 9, version: 1, value: "aa" },
  outcome: { end: "ran", digest: { index: 9, version: 1, value: "aa" } },
};
const exited = (code: number, changedFiles: string[] = []) => ({
  end: "exited" as const,
  code,
  refusal: { code: "UnreadableContent", message: "v2 is stored" },
  changedFiles,
});

test.for<{ trial: Partial<StartTrial>; verdict: string; reason: RegExp; why: string }>([
  { trial: {}, verdict: "exact", reason: /^$/, why: "it runs and has the same state" },
  {
    trial: { outcome: { end: "ran", digest: { index: 9, version: 1, value: "bb" } } },
    verdict: "broken",
    reason: /another digest/,
    why: "the state differs",
  },
  {
    trial: { outcome: { end: "ran", digest: { index: 9, version: 2, value: "bb" } } },
    verdict: "exact",
    reason: /^$/,
    why: "digests of different definitions cannot be compared",
  },
  {
    trial: { contentVersions: [1, 2] },
    verdict: "broken",
    reason: /does not read v2/,
    why: "it runs on what it cannot read",
  },
  {
    trial: { activeVersion: 2 },
    verdict: "broken",
    reason: /does not read v2/,
    why: "it may write v1 only",
  },
  {
    trial: { contentVersions: [1, 2], outcome: exited(1) },
    verdict: "clean-refusal",
    reason: /UnreadableContent: v2 is stored/,
    why: "it says why and changes nothing",
  },
  {
    trial: { contentVersions: [2], outcome: exited(1, ["manifest.json"]) },
    verdict: "broken",
    reason: /changed manifest.json/,
    why: "a refusal leaves every byte",
  },
  {
    trial: { contentVersions: [2], outcome: exited(70) },
    verdict: "broken",
    reason: /code 70/,
    why: "a halt is no refusal",
  },
  {
    trial: { contentVersions: [2], outcome: { ...exited(1), refusal: undefined } },
    verdict: "broken",
    reason: /no typed reason/,
    why: "a stack trace is no refusal",
  },
  {
    trial: { outcome: exited(1) },
    verdict: "broken",
    reason: /although it reads every/,
    why: "it could have run",
  },
  {
    trial: { outcome: { end: "hung", why: "no answer" } },
    verdict: "broken",
    reason: /hung/,
    why: "neither",
  },
])("judgeStart() says $verdict: $why", ({ trial, verdict, reason }) => {
  const judgement = judgeStart({ ...TRIAL, ...trial }, READER);
  expect(judgement).toMatchObject({ verdict });
  expect(judgement.reason).toMatch(reason);
});

test.for([
  {
    offer: [2, 99],
    active: 2,
    role: "peer",
    agreed: 2,
    why: "versions nobody knows yet are no error",
  },
  { offer: [2, 99], active: 1, role: "peer", agreed: 0, why: "entries still come at v1" },
  { offer: [2, 99], active: 1, role: "client", agreed: 2, why: "a client gets what was agreed" },
  { offer: [0, 9], active: 1, role: "client", agreed: 0, why: "0 is no version" },
  { offer: [1, 1], active: 1, role: "peer", agreed: 1, why: "the lower maximum" },
  { offer: [1, 1], active: 2, role: "peer", agreed: 0, why: "a peer must read the active version" },
  { offer: [1, 1], active: 2, role: "client", agreed: 1, why: "a client need not" },
  { offer: [3, 9], active: 1, role: "peer", agreed: 0, why: "no version in common" },
  { offer: [2, 1], active: 1, role: "client", agreed: 0, why: "an inverted range" },
] as const)("agreeNaively() gives $agreed for $offer: $why", ({ offer, active, role, agreed }) => {
  const [min, max] = offer;
  expect(agreeNaively(NEW.range, { range: { min, max }, role, isForeign: false }, active)).toBe(
    agreed,
  );
});
