/**
 * The Bilrost format. `decode` is the relaxed mode, which takes anything that can be read; the
 * distinguished mode says beside the value how canonical its bytes were, and a minimum turns the first
 * thing below it into an error (§7 of the specification).
 */
import type { Format, MessageValue } from "../format.ts";
import { mayGenerate } from "../generation/runtime.ts";
import { DEFAULT_LIMITS, type Limits } from "../limits.ts";
import { checkForm, checkLimits } from "../schema/check-form.ts";
import { checkShape } from "../schema/check-shape.ts";
import { MessageDefinition } from "../schema/message.ts";
import { Resolver } from "../schema/resolve.ts";
import type { MessageShape } from "../schema/shape.ts";
import type { BilrostCodec } from "./codec.ts";
import { Compiled } from "./compiler/codec.ts";
import { linkerOf } from "./compiler/link.ts";
import { canCompile } from "./compiler/message-plan.ts";
import { Interpreter } from "./interpreter/codec.ts";

export interface BilrostFormat extends Format {
  readonly name: "bilrost";
  compile(shape: MessageShape, limits: Limits): BilrostCodec;
}

export const bilrost: BilrostFormat = {
  name: "bilrost",
  compile(shape, limits) {
    checkForm(shape);
    return compileShape(shape, limits);
  },
};

export interface CompileOptions {
  readonly limits?: Partial<Limits>;
  /** Default: generated code where the runtime allows it. Both engines do the same. */
  readonly engine?: "compiled" | "interpreted";
  /** Wire version whose form of the message is meant. Default: today's. */
  readonly version?: number;
}

/** A codec for one message. Throws `SchemaError` for a schema that cannot be right. */
export function compile<T extends object>(
  definition: MessageDefinition<T>,
  options?: CompileOptions,
): BilrostCodec<T>;
export function compile(shape: MessageShape, options?: CompileOptions): BilrostCodec;
export function compile(
  message: MessageDefinition<object> | MessageShape,
  options: CompileOptions = {},
): BilrostCodec<MessageValue> {
  const shape = shapeOf(message, options.version);
  checkForm(shape);
  checkShape(shape);
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  return compileShape(shape, limits, options.engine);
}

/** Today's form unless a version is asked for; that of a bare shape is its own. */
export function shapeOf(
  message: MessageDefinition<object> | MessageShape,
  version = Number.MAX_SAFE_INTEGER,
): MessageShape {
  if (!(message instanceof MessageDefinition)) return message;
  return new Resolver(version).message(message);
}

function compileShape(
  shape: MessageShape,
  limits: Limits,
  engine?: CompileOptions["engine"],
): BilrostCodec {
  checkLimits(limits);
  const isPossible = mayGenerate() && canCompile(shape, limits);
  if (engine === "interpreted" || !isPossible) return new Interpreter(shape, limits);
  return new Compiled(shape, limits, linkerOf(shape, limits));
}
