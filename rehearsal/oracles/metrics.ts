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

/** Words by which releases name what they could not read: error codes of frames and of the formats. */
const DECODE = new RegExp(
  [
    "decode|malformed|truncated|crc|checksum|corrupt|magic|bad_body|bad_welcome",
    "varint|tag_?overflow|wire_?type|out_?of_?domain|invalid_?value|repeated|conflicting|canonical",
    "recursion|limit_?exceeded|header_version|unknown_(flag|kind|field)|reserved_bytes|too_(large|long)",
    "^unsupported_?version$",
  ].join("|"),
  "i",
);

/** A counter of bytes that could not be read, above zero. Between releases that fit together there is none. */
export function isDecodeError({ name, labels, value }: Sample): boolean {
  if (value === 0 || !name.endsWith("_total")) return false;
  return [name, ...Object.values(labels)].some((text) => DECODE.test(text));
}
