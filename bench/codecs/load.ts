/** Who takes part in what: loads the contenders of a message, and the rows they can run in. */
import type { Contender, Contenders } from "./contender.ts";
import type { MessageName } from "./messages.ts";

/** Files with contenders, and which of their modes, in the order of the tables. */
export const SOURCES: readonly (readonly [file: string, mode: string])[] = [
  ["own", ""],
  ["peers/protobufjs", ""],
  ["peers/pbf", ""],
  ["peers/protobuf-es", ""],
  ["peers/protons", ""],
  ["peers/avsc", ""],
  ["peers/bebop", ""],
  ["peers/bebop-float64", ""],
  ["peers/msgpackr", "maps"],
  ["peers/msgpackr", "records"],
  ["peers/msgpackr", "shared"],
  ["peers/msgpack", ""],
  ["peers/cbor-x", "maps"],
  ["peers/cbor-x", "shared"],
  ["peers/flatbuffers", ""],
  ["peers/json", ""],
  ["peers/v8", ""],
  ["peers/fixed-layout", ""],
  ["peers/memcpy", ""],
];

/**
 * Loaded once per message and mode, under an address of its own: then every function in it is a text of its
 * own to the engine, and learns from one message only.
 */
export async function loadContenders(
  message: MessageName,
  wanted: (contender: Contender) => boolean = () => true,
): Promise<Contender[]> {
  const loaded = await Promise.all(
    SOURCES.map(async ([file, mode]) => {
      const address = new URL(`${file}.ts?${message}-${mode}`, import.meta.url).href;
      const module = (await import(address)) as { contenders: Contenders };
      return module.contenders(message, mode);
    }),
  );
  return loaded.flat().filter(wanted);
}
