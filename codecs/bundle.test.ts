/**
 * A release bundles only the formats it speaks: the first one must hold no protobuf and no Bilrost.
 * So importing one format by the front door must not pull in another.
 */
import { build } from "esbuild";
import { expect, test } from "vitest";

async function inputsOf(imports: string): Promise<string[]> {
  const { metafile } = await build({
    stdin: {
      contents: `import { ${imports} } from "./index.ts"; globalThis.kept = [${imports}];`,
      resolveDir: import.meta.dirname,
      loader: "ts",
    },
    bundle: true,
    write: false,
    metafile: true,
    treeShaking: true,
    format: "esm",
    platform: "neutral",
    mainFields: ["module", "main"],
    target: "node22",
    logLevel: "silent",
  });
  const [output] = Object.values(metafile.outputs);
  return Object.entries(output?.inputs ?? {})
    .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
    .map(([path]) => path);
}

const TRACES = {
  messagepack: /codecs\/messagepack\/|@msgpack\//,
  protobuf: /codecs\/protobuf\/|protobufjs\//,
  bilrost: /codecs\/bilrost\//,
};

test.for(["messagepack", "protobuf", "bilrost"] as const)(
  "a bundle with %s holds that format and no other",
  async (format) => {
    const inputs = await inputsOf(`${format}, message, uint64, protocol`);
    for (const [name, trace] of Object.entries(TRACES)) {
      const found = inputs.filter((path) => trace.test(path));
      if (name === format) expect(found.length).toBeGreaterThan(0);
      else expect(found).toEqual([]);
    }
  },
);

test("the schema language alone needs no format at all", async () => {
  const inputs = await inputsOf("message, uint64, enumeration");
  expect(inputs.filter((path) => Object.values(TRACES).some((trace) => trace.test(path)))).toEqual(
    [],
  );
});
