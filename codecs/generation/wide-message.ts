/** A message for tests with more members than a short MessagePack head counts, and names of all lengths. */
import { enumeration } from "../schema/enumeration.ts";
import * as s from "../schema/field.ts";
import { type MessageDefinition, message, oneof } from "../schema/message.ts";

const Many = enumeration(
  "Many",
  Object.fromEntries(Array.from({ length: 20 }, (_, at) => [`variant${at}`, at * 15])),
);
const longName = "aNameOfAFieldThatIsLongerThanThirtyTwoLetters";
const part = {
  one: s.uint8(1),
  two: s.int16(2),
  three: s.optional(s.int64(3)),
  four: s.bytes(4),
  five: s.list(5, s.float32),
  six: s.map(6, s.bytes, s.bytes),
};
const Part = message("Part", part);

export const wide: MessageDefinition<object> = message("Wide", {
  ...part,
  seven: s.field(7, Part),
  eight: s.list(8, Part),
  nine: s.map(9, s.string, Part),
  ten: s.field(10, Many),
  eleven: s.packed(11, Many),
  twelve: s.map(12, Many, s.bool),
  thirteen: s.bigInt64(13),
  fourteen: s.list(14, s.bigUint64),
  [longName]: s.string(15),
  sixteen: s.packed(3000, s.int64),
  seventeen: s.map(70_000, s.int64, s.bigInt64),
  pick: oneof({ inner: s.field(18, Part), [`${longName}Too`]: s.uint16(19) }),
});
