/** Every format by each of its engines: what holds for one must hold for all. */
import { compile } from "../bilrost/index.ts";
import type { Codec } from "../format.ts";
import { DEFAULT_LIMITS } from "../limits.ts";
import * as pack from "../messagepack/format.ts";
import * as proto from "../protobuf/format.ts";
import type { MessageShape } from "../schema/shape.ts";

export interface Engine {
  readonly name: string;
  compile(shape: MessageShape): Codec;
}

export const ENGINES: readonly Engine[] = [
  { name: "bilrost compiled", compile: (shape) => compile(shape, { engine: "compiled" }) },
  { name: "bilrost interpreted", compile: (shape) => compile(shape, { engine: "interpreted" }) },
  {
    name: "protobuf compiled",
    compile: (shape) => proto.protobuf.compile(shape, DEFAULT_LIMITS),
  },
  { name: "protobuf interpreted", compile: (shape) => proto.interpreterOf(shape, DEFAULT_LIMITS) },
  { name: "msgpack compiled", compile: (shape) => pack.messagepack.compile(shape, DEFAULT_LIMITS) },
  { name: "msgpack interpreted", compile: (shape) => pack.interpreterOf(shape, DEFAULT_LIMITS) },
];
