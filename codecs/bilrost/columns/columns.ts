/**
 * A batch read into columns: the items of one list of a message, each field into a typed array that the
 * next batch uses again, payloads as ranges of the input. For replaying and rewriting a log, where an
 * object per entry would be the dearest part.
 */
import { mayGenerate } from "../../generation/runtime.ts";
import { DEFAULT_LIMITS, type Limits } from "../../limits.ts";
import { checkForm, checkLimits } from "../../schema/check-form.ts";
import { SchemaError } from "../../schema/errors.ts";
import type { MessageDefinition } from "../../schema/message.ts";
import type { FieldShape, ListShape, MessageShape, Shape } from "../../schema/shape.ts";
import { shapeOf } from "../bilrost.ts";
import { linkColumns } from "../compiler/link.ts";
import { canCompile } from "../compiler/message-plan.ts";
import type { ColumnPlan, ColumnReader } from "./batch.ts";
import { InterpretedColumns } from "./interpreted.ts";

export interface ColumnsOptions {
  readonly limits?: Partial<Limits>;
  readonly engine?: "compiled" | "interpreted";
  readonly version?: number;
}

type ItemOf<V> = V extends readonly (infer Item)[] ? Item : never;

/** Members that are lists of messages. */
type ListIn<T> = {
  [M in keyof T & string]: ItemOf<T[M]> extends infer Item
    ? [Item] extends [never]
      ? never
      : [Item] extends [Uint8Array | readonly unknown[] | ReadonlyMap<unknown, unknown>]
        ? never
        : [Item] extends [object]
          ? M
          : never
    : never;
}[keyof T & string];

/**
 * A reader of the list `member`, whose items are messages without oneofs. Throws `SchemaError` when it
 * is something else.
 */
export function columns<T extends object, L extends ListIn<T>>(
  message: MessageDefinition<T>,
  member: L,
  options?: ColumnsOptions,
): ColumnReader<ItemOf<T[L]>, Omit<T, L>>;
export function columns(
  message: MessageShape,
  member: string,
  options?: ColumnsOptions,
): ColumnReader;
export function columns(
  message: MessageDefinition<object> | MessageShape,
  member: string,
  options: ColumnsOptions = {},
): ColumnReader {
  const shape = shapeOf(message, options.version);
  checkForm(shape);
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  checkLimits(limits);
  const plan: ColumnPlan = { shape, limits, ...listOf(shape, member) };
  const isPossible = mayGenerate() && canCompile(shape, limits);
  const interpreted = new InterpretedColumns(plan);
  if (options.engine === "interpreted" || !isPossible) return interpreted;
  return linkColumns(plan, interpreted);
}

function listOf(
  shape: MessageShape,
  name: string,
): { readonly member: FieldShape; readonly item: MessageShape } {
  const member = shape.members.find((one) => one.name === name);
  if (member?.kind !== "field" || member.presence !== "implicit" || !isPlainList(member.type)) {
    throw new SchemaError(
      `Cannot read columns: ${shape.name}.${name} is not a plain list of messages`,
    );
  }
  const item = (member.type.item as Extract<Shape, { kind: "message" }>).message();
  const oneof = item.members.find(({ kind }) => kind === "oneof");
  if (oneof !== undefined) {
    throw new SchemaError(
      `Cannot read columns: ${item.name}.${oneof.name} is a oneof; keep it in a field of its own`,
    );
  }
  return { member, item };
}

function isPlainList(type: Shape): type is ListShape {
  const isList = type.kind === "list" && type.length === undefined && !type.set;
  return isList && type.item.kind === "message";
}
