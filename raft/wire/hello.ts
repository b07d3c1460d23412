/**
 * Hello, Welcome and Refusal: bodies whose layout never changes. A list of items (type u16 with the
 * critical bit on top, length u16, content); an item nobody knows is skipped unless it is critical.
 */

export interface VersionRange {
  readonly min: number;
  readonly max: number;
}

export type Role = "peer" | "client";

export interface Hello {
  readonly range: VersionRange;
  /** At most 64 bytes of UTF-8. */
  readonly release: string;
  readonly role: Role;
}

export interface Welcome {
  readonly range: VersionRange;
  readonly release: string;
  readonly agreed: number;
}

export interface Refusal {
  readonly range: VersionRange;
  readonly release: string;
  readonly code: string;
  /** What would allow it. */
  readonly text: string;
}

const CRITICAL = 0x8000;
const Item = { min: 1, max: 2, release: 3, role: 4, agreed: 5, code: 6, text: 7 } as const;
/** Of a release and of a code. */
const NAME_BYTES_MAX = 64;
const TEXT_BYTES_MAX = 1000;
const ROLES: readonly Role[] = ["peer", "client"];

/** Thrown for a body that is no list of items, lacks one, or asks for what nobody here knows. */
export class HelloError extends Error {
  override readonly name = "HelloError";
  readonly code: "malformed" | "missing_range" | "unknown_critical";
  constructor(code: HelloError["code"], message: string) {
    super(message);
    this.code = code;
  }
}

export function writeHello({ range, release, role }: Hello): Uint8Array {
  return writeItems([
    ...rangeItems(range),
    [Item.release, text(release, NAME_BYTES_MAX)],
    [Item.role, Uint8Array.of(ROLES.indexOf(role) + 1)],
  ]);
}

export function writeWelcome({ range, release, agreed }: Welcome): Uint8Array {
  return writeItems([
    ...rangeItems(range),
    [Item.release, text(release, NAME_BYTES_MAX)],
    [Item.agreed, u32(agreed)],
  ]);
}

export function writeRefusal(refusal: Refusal): Uint8Array {
  return writeItems([
    ...rangeItems(refusal.range),
    [Item.release, text(refusal.release, NAME_BYTES_MAX)],
    [Item.code, text(refusal.code, NAME_BYTES_MAX)],
    [Item.text, text(refusal.text, TEXT_BYTES_MAX)],
  ]);
}

/** Throws `HelloError`. */
export function readHello(body: Uint8Array): Hello {
  const items = readItems(body);
  const role = items.get(Item.role);
  return {
    range: readRange(items),
    release: readText(items.get(Item.release), NAME_BYTES_MAX),
    role: role === undefined ? "peer" : readRole(role),
  };
}

/** Throws `HelloError`. */
export function readWelcome(body: Uint8Array): Welcome {
  const items = readItems(body);
  const agreed = items.get(Item.agreed);
  if (!agreed)
    throw new HelloError("malformed", "Cannot read a welcome: it names no agreed version");
  return {
    range: readRange(items),
    release: readText(items.get(Item.release), NAME_BYTES_MAX),
    agreed: readU32(agreed),
  };
}

/** Throws `HelloError`. */
export function readRefusal(body: Uint8Array): Refusal {
  const items = readItems(body);
  return {
    range: readRange(items),
    release: readText(items.get(Item.release), NAME_BYTES_MAX),
    code: readText(items.get(Item.code), NAME_BYTES_MAX),
    text: readText(items.get(Item.text), TEXT_BYTES_MAX),
  };
}

function rangeItems({ min, max }: VersionRange): [number, Uint8Array][] {
  return [
    [Item.min, u32(min)],
    [Item.max, u32(max)],
  ];
}

function writeItems(items: readonly (readonly [number, Uint8Array])[]): Uint8Array {
  const length = items.reduce((sum, [, content]) => sum + 4 + content.length, 0);
  const bytes = new Uint8Array(length);
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const [type, content] of items) {
    view.setUint16(at, type, true);
    view.setUint16(at + 2, content.length, true);
    bytes.set(content, at + 4);
    at += 4 + content.length;
  }
  return bytes;
}

const KNOWN: ReadonlySet<number> = new Set(Object.values(Item));

function readItems(body: Uint8Array): ReadonlyMap<number, Uint8Array> {
  const view = new DataView(body.buffer, body.byteOffset, body.length);
  const items = new Map<number, Uint8Array>();
  for (let at = 0; at < body.length; ) {
    if (body.length - at < 4)
      throw new HelloError("malformed", `Cannot read an item of a hello at byte ${at}: cut off`);
    const type = view.getUint16(at, true);
    const length = view.getUint16(at + 2, true);
    if (length > body.length - at - 4) {
      throw new HelloError(
        "malformed",
        `Cannot read an item of a hello at byte ${at}: ${length} bytes announced`,
      );
    }
    const number = type & ~CRITICAL;
    if (!KNOWN.has(number) && (type & CRITICAL) !== 0) {
      throw new HelloError(
        "unknown_critical",
        `Cannot go on: the hello has the critical item ${number}, which this release does not know`,
      );
    }
    if (items.has(number))
      throw new HelloError("malformed", `Cannot read a hello: item ${number} stands twice`);
    items.set(number, body.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return items;
}

function readRange(items: ReadonlyMap<number, Uint8Array>): VersionRange {
  const [min, max] = [items.get(Item.min), items.get(Item.max)];
  if (min && max) return { min: readU32(min), max: readU32(max) };
  throw new HelloError(
    "missing_range",
    `Cannot agree on a version: the offer has no ${min ? "maximum" : "minimum"}`,
  );
}

function readRole(content: Uint8Array): Role {
  const role = ROLES[(content[0] ?? 0) - 1];
  if (role && content.length === 1) return role;
  throw new HelloError("malformed", "Cannot read a hello: its role is neither peer nor client");
}

function u32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value, true);
  return bytes;
}

function readU32(content: Uint8Array): number {
  if (content.length !== 4)
    throw new HelloError("malformed", "Cannot read a version: 4 bytes are needed");
  return new DataView(content.buffer, content.byteOffset, 4).getUint32(0, true);
}

function text(value: string, bytesMax: number): Uint8Array {
  return cut(new TextEncoder().encode(value), bytesMax);
}

/** For people only, so that what is not UTF-8 is shown as well as it can be. */
function readText(content: Uint8Array | undefined, bytesMax: number): string {
  if (content === undefined) return "";
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(cut(content, bytesMax));
}

/** Between two characters, never in the middle of one. */
function cut(bytes: Uint8Array, bytesMax: number): Uint8Array {
  if (bytes.length <= bytesMax) return bytes;
  let end = bytesMax;
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end--;
  return bytes.subarray(0, end);
}
