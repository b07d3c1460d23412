/** Who takes part in what: loads the contenders of a message, and the rows they can run in. */
import type { Contender, Contenders } from "./contender.ts";
import type { MessageName } from "./messages.ts";

/** Files with contenders, in the order of the tables. */
export const FILES = [
  "own",
  "peers/protobufjs",
  "peers/pbf",
  "peers/bebop",
  "peers/bebop-float64",
  "peers/json",
  "peers/memcpy",
] as const;

/**
 * Loaded once per message, under an address of its own: then every function in it is a text of its
 * own to the engine, and learns from one message only.
 */
export async function loadContenders(
  message: MessageName,
  wanted: (contender: Contender) => boolean = () => true,
): Promise<Contender[]> {
  const loaded = await Promise.all(
    FILES.map(async (file) => {
      const address = new URL(`${file}.ts?${message}`, import.meta.url).href;
      const module = (await import(address)) as { contenders: Contenders };
      return module.contenders(message);
    }),
  );
  return loaded.flat().filter(wanted);
}
