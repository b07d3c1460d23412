/**
 * A codec host made of descriptions alone, for tests of the matrix: `faults` replaces single
 * answers, so that each kind of defect can be planted and must be found.
 */

import {
  CRITICAL,
  type HelloItem,
  number,
  readItems,
  u32,
  writeItems,
} from "../bytes/hello-items.ts";
import type {
  CodecHost,
  EncodeResult,
  HelloAnswer,
  HelloState,
  HostDescription,
  MessageDescription,
} from "../codec-host.ts";
import { isInRange, type SchemaView, viewsOf } from "../schema-view.ts";
import { findObstacles } from "../values/capacity.ts";
import { openToyFrame, toyFrame } from "./frame.ts";
import { hostError, readNumbered, writeNumbered } from "./numbered.ts";

export type Faults = (honest: CodecHost) => Partial<CodecHost>;

export function madeUpHost(description: HostDescription, faults: Faults = () => ({})): CodecHost {
  const views = viewsOf(description);
  const find = (message: string, version: number) => {
    const view = views.get(version);
    const found = view?.message(message);
    return view && found ? { view, message: found } : undefined;
  };
  const honest: CodecHost = {
    describe: () => description,
    encode: (message, version, value) => encodeAt(find(message, version), value, version),
    decode(message, version, bytes) {
      if (!isInRange(description, version)) {
        const text = `v${version} is not among v${description.range.min} to v${description.range.max}`;
        return { ok: false, error: hostError("DecodeError", "UnsupportedVersion", text) };
      }
      const found = find(message, version);
      if (!found)
        return { ok: false, error: hostError("DecodeError", "Malformed", `no ${message}`) };
      const { raw: _, ...result } = readNumbered(found.message, found.view, bytes) as {
        raw?: unknown;
      };
      return result as ReturnType<CodecHost["decode"]>;
    },
    rewrite: (message, from, bytes, to) =>
      rewriteAt(find(message, from), find(message, to), message, bytes),
    edit(message, version, bytes, changes) {
      const found = find(message, version);
      const read = found && readNumbered(found.message, found.view, bytes);
      if (!read?.ok)
        return { ok: false, error: hostError("DecodeError", "Malformed", "unreadable") };
      return encodeAt(found, { ...(read.raw as object), ...changes }, version);
    },
    hello: (role) => helloBody(description, role),
    answerHello: (body, state) => answer(description, body, state),
    frame: toyFrame,
    openFrame: openToyFrame,
  };
  return { ...honest, ...faults(honest) };
}

interface Found {
  readonly view: SchemaView;
  readonly message: MessageDescription;
}

function encodeAt(found: Found | undefined, value: unknown, version: number): EncodeResult {
  if (!found) {
    return { ok: false, error: hostError("EncodeError", "UnknownMessage", `not in v${version}`) };
  }
  try {
    return { ok: true, bytes: writeNumbered(found.message, found.view, value), losses: [] };
  } catch (error) {
    return { ok: false, error: hostError("EncodeError", "VersionMismatch", String(error)) };
  }
}

function rewriteAt(
  from: Found | undefined,
  to: Found | undefined,
  name: string,
  bytes: Uint8Array,
): EncodeResult {
  const read = from && readNumbered(from.message, from.view, bytes);
  if (!from || !read?.ok)
    return { ok: false, error: hostError("DecodeError", "Malformed", "unreadable") };
  if (!to) return { ok: false, error: hostError("EncodeError", "UnknownMessage", `no ${name}`) };
  const obstacles = findObstacles(name, read.value, from.view, to.view);
  const losses = obstacles.map((path) => ({ path, reason: lossOf(from.message, path) }));
  const undeclared = losses.find(({ reason }) => reason === undefined);
  if (undeclared) {
    const text = `${undeclared.path} needs v${from.view.version}, not v${to.view.version}`;
    return { ok: false, error: hostError("EncodeError", "VersionMismatch", text) };
  }
  return {
    ok: true,
    bytes: writeNumbered(to.message, to.view, read.raw),
    losses: losses.map(({ path, reason = "" }) => ({ path, reason })),
  };
}

function lossOf(message: MessageDescription, path: string): string | undefined {
  const member = message.members.find(({ name }) => name === path);
  return member?.kind === "field" ? member.loss : undefined;
}

function helloBody({ range, release }: HostDescription, role: "peer" | "client"): Uint8Array {
  return writeItems([
    { type: 1, content: Uint8Array.from(u32(range.min)) },
    { type: 2, content: Uint8Array.from(u32(range.max)) },
    { type: 3, content: new TextEncoder().encode(release) },
    { type: 4, content: Uint8Array.of(role === "peer" ? 1 : 2) },
  ]);
}

function answer(host: HostDescription, body: Uint8Array, state: HelloState): HelloAnswer {
  const problem = helloProblem(readItems(body), state);
  const { min, max } = host.range;
  const refuse = (code: string, why: string): HelloAnswer => {
    const text = `${why}: ${host.release} reads v${min} to v${max}, upgrade by way of a release that reads both`;
    const content = [code, text].map((one) => new TextEncoder().encode(one));
    const items = [
      ...bounds(min, max),
      ...content.map((one, at) => ({ type: 6 + at, content: one })),
    ];
    return { agreed: 0, code, text, body: writeItems(items) };
  };
  if (problem !== undefined) return refuse("BadHello", problem);
  const value = (type: number): number =>
    number(readItems(body)?.find((item) => item.type === type)?.content ?? new Uint8Array());
  const agreed = Math.min(max, value(2));
  const floor = Math.max(min, value(1), value(4) === 1 ? state.activeVersion : 0);
  if (agreed < floor || (value(4) === 1 && value(1) > state.activeVersion))
    return refuse("NoCommonVersion", `Cannot talk to v${value(1)} to v${value(2)}`);
  const items = [...bounds(min, max), { type: 5, content: Uint8Array.from(u32(agreed)) }];
  return { agreed, body: writeItems(items) };
}

function bounds(min: number, max: number): HelloItem[] {
  return [min, max].map((bound, at) => ({ type: 1 + at, content: Uint8Array.from(u32(bound)) }));
}

const KNOWN_ITEMS = [1, 2, 3, 4];

function helloProblem(items: HelloItem[] | undefined, state: HelloState): string | undefined {
  if (state.clusterId !== state.offeredClusterId) return "another cluster";
  if (items === undefined) return "not a list of items";
  const types = items.map(({ type }) => type);
  if (new Set(types).size < types.length) return "an item is repeated";
  if (types.some((type) => type >= CRITICAL && !KNOWN_ITEMS.includes(type)))
    return "unknown critical item";
  const [min, max] = [1, 2].map((type) => items.find((item) => item.type === type)?.content);
  if (!min || !max) return "a bound is missing";
  return number(min) > number(max) ? "inverted range" : undefined;
}
