/** Every sample by its full name; throws on a line that is none of the format. */
export function readExposition(text: string): Map<string, number> {
  const samples = new Map<string, number>();
  for (const line of text.split("\n").filter((each) => each !== "" && !each.startsWith("#"))) {
    const [, name, value] = /^([a-zA-Z_:][\w:]*(?:\{.*\})?) ([-+.\deEInfNa]+)$/.exec(line) ?? [];
    if (name === undefined) throw new Error(`no sample: ${line}`);
    samples.set(name, Number(value));
  }
  return samples;
}
