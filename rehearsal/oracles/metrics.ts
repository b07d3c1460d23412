/** The Prometheus text format, as far as counters go. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const LINE = /^([A-Za-z_:][\w:]*)(?:\{(.*)\})?\s+(\S+)(?:\s+\d+)?$/;
const LABEL = /([A-Za-z_]\w*)="((?:[^"\\]|\\.)*)"/g;

export function readMetrics(text: string): Sample[] {
  return text.split("\n").flatMap((line): Sample[] => {
    const match = line.startsWith("#") ? null : LINE.exec(line.trim());
    if (match === null) return [];
    const [, name = "", labels = "", value] = match;
    const pairs = [...labels.matchAll(LABEL)].map(([, key = "", content = ""]) => [key, content]);
    return [{ name, labels: Object.fromEntries(pairs), value: Number(value) }];
  });
}

/** Sum of the samples that pass, over one page of metrics. */
export function sumOf(samples: readonly Sample[], passes: (sample: Sample) => boolean): number {
  return samples.filter(passes).reduce((sum, { value }) => sum + value, 0);
}

const DECODE = /decode|malformed|truncated|checksum|crc|corrupt|bad_body/i;

/** A counter of bytes that could not be read, above zero. Between releases that fit together there is none. */
export function isDecodeError({ name, labels, value }: Sample): boolean {
  return (
    value > 0 &&
    name.endsWith("_total") &&
    [name, ...Object.values(labels)].some((text) => DECODE.test(text))
  );
}
