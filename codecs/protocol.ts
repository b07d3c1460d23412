/**
 * A protocol: for each wire version the format it uses and, by lineage, the schema of every message
 * there. Encoding refuses or reports what a version cannot hold; decoding gives today's form.
 */

import { describeMessages } from "./describe.ts";
import type { Surface, VersionDescription } from "./description.ts";
import { DecodeError, EncodeError, located } from "./errors.ts";
import type { Codec, DecodeOptions, Format, MessageValue } from "./format.ts";
import { DEFAULT_LIMITS, type Limits } from "./limits.ts";
import { checkShape } from "./schema/check-shape.ts";
import { SchemaError } from "./schema/errors.ts";
import { type Lift, Lifter } from "./schema/lift.ts";
import type { MessageDefinition } from "./schema/message.ts";
import { type Journey, type Loss, Projector } from "./schema/project.ts";
import { Resolver } from "./schema/resolve.ts";
import type { MessageShape } from "./schema/shape.ts";
import { type JsonObject, messageFromJson, messageToJson } from "./value-json.ts";

export interface WireVersion {
  readonly version: number;
  readonly format: Format;
  /** Defaults and limits that change with the version, never with the binary (law 13). */
  readonly rules: Readonly<Record<string, number | boolean>>;
  readonly limits?: Partial<Limits>;
}

export interface ProtocolMessage {
  readonly definition: MessageDefinition<object>;
  readonly surface: Surface;
  /** First version that has the message; nobody can read it before. */
  readonly since?: number;
}

export interface Encoded {
  readonly bytes: Uint8Array;
  /** What was dropped for this version, with the reason that the schema declares. */
  readonly losses: readonly Loss[];
}

/** The codec of one message at one version. */
interface Compiled {
  readonly shape: MessageShape;
  readonly codec: Codec;
  readonly project: ((value: unknown, journey: Journey) => unknown) | undefined;
  readonly lift: Lift;
}

interface CompiledVersion {
  readonly of: WireVersion;
  readonly limits: Limits;
  readonly resolver: Resolver;
  readonly projector: Projector;
  readonly lifter: Lifter;
  readonly messages: Map<MessageDefinition<object>, Compiled>;
}

const NO_LOSSES: readonly Loss[] = [];
/** Above every version: resolves to today's form. */
const NEWEST = Number.MAX_SAFE_INTEGER;

export class Protocol {
  readonly name: string;
  readonly range: { readonly min: number; readonly max: number };
  readonly messages: Readonly<Record<string, ProtocolMessage>>;
  readonly #versions = new Map<number, CompiledVersion>();
  readonly #since = new Map<MessageDefinition<object>, number>();

  constructor(
    name: string,
    versions: readonly WireVersion[],
    messages: Readonly<Record<string, ProtocolMessage>>,
  ) {
    this.name = name;
    this.messages = messages;
    const numbers = versions.map(({ version }) => version);
    const [min, max] = [numbers[0] ?? 0, numbers.at(-1) ?? 0];
    if (numbers.length === 0 || numbers.some((version, place) => version !== min + place)) {
      throw new SchemaError(
        `Cannot define protocol ${name}: versions ${numbers.join(", ")} are not a run without gaps`,
      );
    }
    this.range = { min, max };
    const newest = new Resolver(NEWEST);
    for (const of of versions) this.#versions.set(of.version, prepareVersion(of, newest));
    // A schema that is wrong at some version is found now, not when the first message is sent.
    for (const [key, { definition, since = 1 }] of Object.entries(messages)) {
      if (key !== definition.name) {
        throw new SchemaError(
          `Cannot define protocol ${name}: ${definition.name} stands as ${key}`,
        );
      }
      this.#since.set(definition, since);
      for (const version of numbers) if (version >= since) this.#compiled(definition, version);
    }
  }

  /** Throws `EncodeError`; `VersionMismatch` names needed and actual version. */
  encode<T extends object>(definition: MessageDefinition<T>, version: number, value: T): Encoded {
    const { codec, project } = this.#compiled(definition, version);
    if (!project) return { bytes: codec.encode(value as MessageValue), losses: NO_LOSSES };
    const losses: Loss[] = [];
    const projected = projectAs(definition, project, value, losses);
    return { bytes: codec.encode(projected as MessageValue), losses };
  }

  /** Throws `DecodeError` and nothing else, whatever the bytes. */
  decode<T extends object>(
    definition: MessageDefinition<T>,
    version: number,
    bytes: Uint8Array,
    options?: DecodeOptions,
  ): T {
    this.#refuseUnreadable(definition, version);
    const { codec, lift } = this.#compiled(definition, version);
    const value = codec.decode(bytes, options);
    return (lift ? liftAs(definition, lift, value) : value) as T;
  }

  shapeOf(definition: MessageDefinition<object>, version: number): MessageShape {
    return this.#compiled(definition, version).shape;
  }

  rules(version: number): Readonly<Record<string, number | boolean>> {
    return this.#version(version).of.rules;
  }

  formatOf(version: number): Format {
    return this.#version(version).of.format;
  }

  describe(): VersionDescription[] {
    return [...this.#versions.values()].map(({ of: { version, format, rules } }) => ({
      version,
      format: format.name,
      ...describeMessages(
        Object.values(this.messages).filter(({ since = 1 }) => version >= since),
        version,
      ),
      rules,
    }));
  }

  /** Value JSON in the form the message has at `version`. */
  toJson<T extends object>(
    definition: MessageDefinition<T>,
    version: number,
    value: T,
  ): JsonObject {
    const { shape, project } = this.#compiled(definition, version);
    const projected = project ? projectAs(definition, project, value, []) : value;
    return messageToJson(shape, projected as MessageValue);
  }

  /** From value JSON in the form of `version` to today's form. Throws `EncodeError` naming the place. */
  fromJson<T extends object>(definition: MessageDefinition<T>, version: number, json: unknown): T {
    const { shape, lift } = this.#compiled(definition, version);
    const value = messageFromJson(shape, json);
    return (lift ? lift(value) : value) as T;
  }

  #refuseUnreadable({ name }: MessageDefinition<object>, version: number): void {
    const since = this.messages[name]?.since ?? 1;
    if (this.#versions.has(version) && version >= since) return;
    const { min, max } = this.range;
    const why = version < since ? `exists since ${since}` : `this build reads ${min} to ${max}`;
    throw new DecodeError("UnsupportedVersion", `Cannot read wire version ${version}: ${why}`, 0, [
      name,
    ]);
  }

  #version(version: number): CompiledVersion {
    const found = this.#versions.get(version);
    if (found) return found;
    const { min, max } = this.range;
    throw new EncodeError(
      "VersionMismatch",
      `Cannot write wire version ${version}: this build knows ${min} to ${max}`,
      [],
      { needed: Math.min(Math.max(version, min), max), actual: version },
    );
  }

  #compiled(definition: MessageDefinition<object>, version: number): Compiled {
    const prepared = this.#version(version);
    const known = prepared.messages.get(definition);
    if (known) return known;
    const since = this.#since.get(definition) ?? 1;
    if (version < since) {
      throw new EncodeError(
        "VersionMismatch",
        `Cannot write ${definition.name} at wire version ${version}: it exists since ${since}`,
        [definition.name],
        { needed: since, actual: version },
      );
    }
    const shape = prepared.resolver.message(definition);
    checkShape(shape);
    const compiled: Compiled = {
      shape,
      codec: prepared.of.format.compile(shape, prepared.limits),
      project: prepared.projector.message(definition),
      lift: prepared.lifter.message(definition),
    };
    prepared.messages.set(definition, compiled);
    return compiled;
  }
}

function projectAs(
  { name }: MessageDefinition<object>,
  project: NonNullable<Compiled["project"]>,
  value: unknown,
  losses: Loss[],
): unknown {
  try {
    return project(value, { path: [], losses });
  } catch (error) {
    throw located(error, [name]);
  }
}

/** A user's own `up` may not foresee every value that bytes can hold; then the bytes get the blame. */
function liftAs(
  { name }: MessageDefinition<object>,
  lift: NonNullable<Lift>,
  value: unknown,
): unknown {
  try {
    return lift(value);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const problem = `Cannot bring it to the present form: ${reason}`;
    throw new DecodeError("InvalidValue", problem, 0, [name]);
  }
}

function prepareVersion(of: WireVersion, newest: Resolver): CompiledVersion {
  return {
    of,
    limits: { ...DEFAULT_LIMITS, ...of.limits },
    resolver: new Resolver(of.version),
    projector: new Projector(of.version, newest),
    lifter: new Lifter(of.version, newest),
    messages: new Map(),
  };
}

export interface ProtocolOptions {
  /** Oldest first, without gaps. Versions are only ever appended. */
  readonly versions: readonly WireVersion[];
  readonly messages: Readonly<Record<string, ProtocolMessage>>;
}

/** Joins messages, formats and wire versions. Throws `SchemaError` for a schema that is wrong at some version. */
export function protocol(name: string, { versions, messages }: ProtocolOptions): Protocol {
  return new Protocol(name, versions, messages);
}
