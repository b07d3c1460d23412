/**
 * msgpackr in its three modes: maps that anybody can read, records (names in front of each message), and
 * structures shared beforehand. Version 2 has no random access any more. It leaves a DataView on each
 * buffer it reads, so that reading the same few again flatters it a little.
 */
import { Packr, RESET_BUFFER_MODE, REUSE_BUFFER_MODE } from "msgpackr";
import type { Contender } from "../contender.ts";
import { type Form, OUR_FORM } from "../form.ts";
import type { MessageName } from "../messages.ts";

const FORM: Form = { ...OUR_FORM, enumeration: "number", absent: "omitted" };
/** Without records an object is what a map becomes; with them, an object would be a record per set of keys. */
const formOf = (mode: string): Form => (mode === "maps" ? { ...FORM, map: "object" } : FORM);
const IN_PLACE = REUSE_BUFFER_MODE | RESET_BUFFER_MODE;

type Options = NonNullable<ConstructorParameters<typeof Packr>[0]>;
/** In place, `pack` gives its whole buffer, and says on it where the bytes are. */
type Buffered = Buffer & { readonly start: number; readonly end: number };

const MODES: Readonly<Record<string, Options>> = {
  maps: { useRecords: false, int64AsType: "number" },
  records: { int64AsType: "number" },
  shared: { structures: [], int64AsType: "number" },
};

export function contenders(_message: MessageName, mode: string): Contender[] {
  const name = `msgpackr ${mode}`;
  const form = formOf(mode);
  const options = MODES[mode];
  return [tuned(name, form, new Packr(options)), documented(name, form, new Packr(options))];
}

function tuned(name: string, form: Form, packr: Packr): Contender {
  let last: Buffered | undefined;
  return {
    name,
    group: "peer",
    way: "tuned",
    form,
    note: "numbers, rounded above 2^53; payloads are views; no schema",
    owned: (value) => packr.pack(value),
    view: (value) => packr.pack(value, RESET_BUFFER_MODE),
    into: (value) => {
      last = packr.pack(value, IN_PLACE) as Buffered;
      return last.end - last.start;
    },
    target: () => last?.subarray(last.start) ?? Buffer.alloc(0),
    decode: (bytes: Buffer) => packr.unpack(bytes),
    range: (chunk: Buffer, start, end) => packr.unpack(chunk, { start, end }),
  };
}

function documented(name: string, form: Form, packr: Packr): Contender {
  return {
    name,
    group: "peer",
    way: "documented",
    form,
    owned: (value) => packr.pack(value),
    decode: (bytes: Buffer) => packr.unpack(bytes),
  };
}
