/** What takes part: a codec for one message, with the calls it has. */
import type { Form } from "./form.ts";
import type { MessageName } from "./messages.ts";

/** `ours` races the peers; `adapter` is ours around a library; `limit` shows what no codec can beat. */
export type Group = "ours" | "adapter" | "peer" | "limit";

/** `tuned`: the fastest way anybody found. `documented`: what the package's readme tells. */
export type Way = "tuned" | "documented";

/**
 * Every call must be a function of its own text, made anew for each message: what the engine learns
 * about types and targets stays with the text. So peers are modules that are loaded once per message.
 */
export interface Contender {
  readonly name: string;
  readonly group: Group;
  readonly way: Way;
  /** Of its decoded values, and of the values it takes unless `input` says otherwise. */
  readonly form: Form;
  readonly inputForm?: Form;
  /** What the readers of the tables must know: copies payloads, how many bits integers keep … */
  readonly note?: string;
  /** Decodes plain views rather than Buffers where that is faster for it. */
  readonly plainInput?: boolean;
  /** A last change of the encoder's input, for instance into instances of a class. */
  readonly prepare?: (value: object) => object;
  /** The caller may keep the bytes for ever. */
  readonly owned?: Encode;
  /** The bytes are good until the next call. */
  readonly view?: Encode;
  /** Writes to the start of a reused buffer, and gives the number of bytes. */
  readonly into?: (value: never) => number;
  /** Where `into` wrote. */
  readonly target?: () => Uint8Array;
  readonly segments?: (value: never) => readonly Uint8Array[];
  readonly decode?: Decode;
  /** Decodes out of a larger chunk, and reads nothing beyond `end`. */
  readonly range?: (chunk: never, start: number, end: number) => unknown;
  /** Reads every field of what `decode` gives, when that is no object with properties. */
  readonly read?: (decoded: never) => number;
  /** What `decode` gave, as an object with properties, to compare. */
  readonly unwrap?: (decoded: never) => object;
  /** Decodes a batch of entries into columns, and reads every place of them. */
  readonly columns?: (bytes: never) => number;
}

// `never` as the parameter: each peer takes another form, and the loops pass it what `prepare` gave.
export type Encode = (value: never) => Uint8Array;
export type Decode = (bytes: never) => unknown;

/** A peer's file exports one of these. */
export type Contenders = (
  message: MessageName,
  mode: string,
) => readonly Contender[] | Promise<readonly Contender[]>;
