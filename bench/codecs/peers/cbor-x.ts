/** cbor-x with maps that anybody can read, and with structures shared beforehand. */
import { Encoder } from "cbor-x";
import type { Contender } from "../contender.ts";
import { type Form, OUR_FORM } from "../form.ts";
import type { MessageName } from "../messages.ts";

const FORM: Form = { ...OUR_FORM, enumeration: "number", absent: "omitted" };
/** Without records an object is what a map becomes; with them, an object would be a record per set of keys. */
const formOf = (mode: string): Form => (mode === "maps" ? { ...FORM, map: "object" } : FORM);
/** Its constants for msgpackr's modes, which its types leave out. */
const RESET_BUFFER_MODE = 1024;
const IN_PLACE = 512 | RESET_BUFFER_MODE;

interface InPlace {
  encode(value: unknown, mode: number): Buffered;
}
type Buffered = Buffer & { readonly start: number; readonly end: number };

const MODES: Readonly<Record<string, ConstructorParameters<typeof Encoder>[0]>> = {
  // Without the tag, other readers and this one see plain bytes.
  maps: { useRecords: false, tagUint8Array: false },
  shared: { structures: [], tagUint8Array: false },
};

export function contenders(_message: MessageName, mode: string): Contender[] {
  const name = `cbor-x ${mode}`;
  const form = formOf(mode);
  const options = MODES[mode];
  return [tuned(name, form, new Encoder(options)), documented(name, form, new Encoder(options))];
}

function tuned(name: string, form: Form, encoder: Encoder): Contender {
  const inPlace = encoder as unknown as InPlace;
  let last: Buffered | undefined;
  return {
    name,
    group: "peer",
    way: "tuned",
    form,
    note: "numbers, rounded above 2^53; payloads are views; no schema",
    owned: (value) => encoder.encode(value),
    view: (value) => inPlace.encode(value, RESET_BUFFER_MODE),
    into: (value) => {
      last = inPlace.encode(value, IN_PLACE);
      return last.end - last.start;
    },
    target: () => last?.subarray(last.start) ?? Buffer.alloc(0),
    decode: (bytes: Buffer) => encoder.decode(bytes),
  };
}

function documented(name: string, form: Form, encoder: Encoder): Contender {
  return {
    name,
    group: "peer",
    way: "documented",
    form,
    owned: (value) => encoder.encode(value),
    decode: (bytes: Buffer) => encoder.decode(bytes),
  };
}
