/** What is read with: a schema, its codec, and messages to damage, all by one seed. */
import fc from "fast-check";
import { type BilrostCodec, compile } from "../../codecs/bilrost/index.ts";
import { shapes, valuesOf } from "../../codecs/contract/arbitrary.ts";
import { everyShape, isDistinguished } from "../../codecs/contract/every-shape.ts";
import { Everything, shapeOf, Tree } from "../../codecs/contract/messages.ts";
import {
  type Codec,
  DEFAULT_LIMITS,
  type Format,
  type FormatName,
  type MessageShape,
  type MessageValue,
  messagepack,
  protobuf,
} from "../../codecs/index.ts";
import { wireProtocol } from "../../raft/wire/index.ts";
import { EVERY_FLOAT, EVERY_TYPE } from "../crate/every-type.ts";
import type { Anatomy } from "./anatomy.ts";
import { bilrostAnatomy, protobufAnatomy } from "./field-anatomy.ts";
import { type Judge, judgeOf, judgeOfTwins, outcomeOf } from "./judge.ts";
import { type Corpus, corpusOf } from "./mutate.ts";
import { packAnatomy } from "./pack-anatomy.ts";

export interface Subject {
  readonly shape: MessageShape;
  readonly values: readonly MessageValue[];
  readonly corpus: Corpus;
  readonly judge: Judge;
  /** Each reads once, or throws nothing at all. */
  readonly readers: readonly ((bytes: Uint8Array) => void)[];
  /** Bilrost only. */
  readonly twins?: readonly [compiled: BilrostCodec, interpreted: BilrostCodec];
}

const MESSAGES = 16;
const ANATOMIES: Readonly<Record<FormatName, Anatomy>> = {
  bilrost: bilrostAnatomy,
  protobuf: protobufAnatomy,
  msgpack: packAnatomy,
};
const COMMON: Readonly<Partial<Record<FormatName, Format>>> = { protobuf, msgpack: messagepack };

/** Schemas by turns: a random one, one of those that are given. */
export function subjectOf(format: FormatName, seed: number): Subject {
  const given = GIVEN[format];
  const shape =
    seed % 2 === 0
      ? randomShape(format, seed)
      : (given[(seed >> 1) % given.length] as MessageShape);
  const values = fc.sample(valuesOf(shape), { seed, numRuns: MESSAGES });
  const common = COMMON[format];
  if (common === undefined) return bilrostSubject(shape, values);
  const codec = common.compile(shape, DEFAULT_LIMITS);
  const corpus = corpusOf(
    ANATOMIES[format],
    values.map((value) => codec.encode(value)),
  );
  return { shape, values, corpus, judge: judgeOf(codec, shape.name), readers: readersOf([codec]) };
}

function randomShape(format: FormatName, seed: number): MessageShape {
  const [shape] = fc.sample(format === "bilrost" ? everyShape : shapes, { seed, numRuns: 1 });
  return shape as MessageShape;
}

function bilrostSubject(shape: MessageShape, values: readonly MessageValue[]): Subject {
  const compiled = compile(shape, { engine: "compiled" });
  const interpreted = compile(shape, { engine: "interpreted" });
  const twins = { compiled, interpreted, name: shape.name, isExact: isDistinguished(shape) };
  const corpus = corpusOf(
    bilrostAnatomy,
    values.map((value) => interpreted.encode(value)),
  );
  return {
    shape,
    values,
    corpus,
    judge: judgeOfTwins(twins),
    twins: [compiled, interpreted],
    readers: readersOf([compiled, interpreted]),
  };
}

function readersOf(codecs: readonly Codec[]): Subject["readers"] {
  return codecs.map((codec) => (bytes) => {
    outcomeOf(() => codec.decode(bytes));
  });
}

/** Of the versions that speak this format, each message. */
function ofProtocol(format: FormatName): MessageShape[] {
  const versions = wireProtocol.describe().filter((one) => one.format === format);
  const definitions = Object.values(wireProtocol.messages).map(({ definition }) => definition);
  return versions.flatMap(({ version }) =>
    definitions.flatMap((definition) => {
      try {
        return [wireProtocol.shapeOf(definition, version)];
      } catch {
        return []; // The message is not in this version.
      }
    }),
  );
}

function givenOf(format: FormatName): readonly MessageShape[] {
  const common = [shapeOf(Everything), shapeOf(Tree), ...ofProtocol(format)];
  return format === "bilrost" ? [EVERY_TYPE, EVERY_FLOAT, ...common] : common;
}

const GIVEN: Readonly<Record<FormatName, readonly MessageShape[]>> = {
  bilrost: givenOf("bilrost"),
  protobuf: givenOf("protobuf"),
  msgpack: givenOf("msgpack"),
};
