/** What the reader makes of a larger file, in full: the difference is the review. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { bilrost, DEFAULT_LIMITS } from "../codecs/index.ts";
import { type RustSchemas, readRustFiles } from "../sources/index.ts";
import { describeMessage, describeOneof } from "../sources/rust/testing.ts";

const FOLDER = "fixtures/sources/rust";

test("a ledger, read with its type map", async () => {
  const typeMap = JSON.parse(readFileSync(`${FOLDER}/ledger-types.json`, "utf8"));
  const schemas = await readRustFiles([`${FOLDER}/ledger.rs`], {
    bilrostVersion: "0.1016",
    typeMap,
  });
  await expect(listing(schemas)).toMatchFileSnapshot(`../${FOLDER}/ledger.txt`);
  for (const shape of schemas.messages.values()) {
    const codec = bilrost.compile(shape, DEFAULT_LIMITS);
    expect(codec.encode(codec.decode(new Uint8Array(0)))).toHaveLength(0);
  }
});

function listing(schemas: RustSchemas): string {
  const { messages, enumerations, oneofs, incomplete, unresolved, notes, reservedTags } = schemas;
  const at = (path: string): string => `line ${schemas.locations.get(path)?.line}`;
  const section = (title: string, lines: readonly string[]): string =>
    [title, ...lines.map((line) => `  ${line}`)].join("\n");
  return [
    section(
      "messages",
      [...messages].map(([name, shape]) => `${name} (${at(name)}): ${describeMessage(shape)}`),
    ),
    section(
      "enumerations",
      [...enumerations].map(([name, { variants, order = "number" }]) => {
        const numbers = [...variants].map(([variant, number]) => `${number} ${variant}`);
        return `${name} (${at(name)}): ${numbers.join(", ")}; by ${order}`;
      }),
    ),
    section(
      "oneofs",
      [...oneofs].map(([name, shape]) => `${name} (${at(name)}): ${describeOneof(shape)}`),
    ),
    section(
      "incomplete",
      [...incomplete].map(([name, paths]) => `${name}: ${paths.join(", ")}`),
    ),
    section(
      "unresolved",
      unresolved.map(
        ({ path, location: { line, column }, reason }) => `${line}:${column} ${path}: ${reason}`,
      ),
    ),
    section(
      "notes",
      notes.map(({ path, location: { line }, text }) => `line ${line} ${path}: ${text}`),
    ),
    section(
      "reserved",
      [...reservedTags].map(([name, ranges]) => `${name}: ${JSON.stringify(ranges)}`),
    ),
    "",
  ].join("\n");
}
