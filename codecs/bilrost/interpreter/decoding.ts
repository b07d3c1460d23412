/**
 * What one decoding carries through all levels. Canonicity is the worst thing met so far; when the
 * caller set a minimum, the first thing below it ends the decoding (§7 of the specification).
 */
import type { ByteReader } from "../../byte-reader.ts";
import { DecodeError } from "../../errors.ts";
import type { Limits } from "../../limits.ts";

/** Worst first. `HasExtensions`: the only blemish is unknown fields. `Canonical`: re-encoding gives the same bytes. */
export type Canonicity = "NotCanonical" | "HasExtensions" | "Canonical";

const RANK: Readonly<Record<Canonicity, number>> = {
  NotCanonical: 0,
  HasExtensions: 1,
  Canonical: 2,
};

export class Decoding {
  readonly reader: ByteReader;
  readonly limits: Limits;
  readonly copy: boolean;
  readonly minimum: Canonicity;
  canonicity: Canonicity = "Canonical";
  /** Nested messages around the present position. Invariant: 0 <= depth <= limits.depthMax. */
  #depth = 0;

  /** `depth`: messages entered before, where only a part of a message is read. */
  constructor(
    reader: ByteReader,
    limits: Limits,
    options: { copy: boolean; minimum: Canonicity; depth?: number },
  ) {
    this.reader = reader;
    this.limits = limits;
    this.copy = options.copy;
    this.minimum = options.minimum;
    this.#depth = options.depth ?? 0;
  }

  /** Notes that the bytes are not what an encoder would write, because of `why`. */
  notCanonical(why: string, offset: number): void {
    if (RANK[this.minimum] > RANK.NotCanonical) {
      throw new DecodeError("NotCanonical", `Cannot accept non-canonical bytes: ${why}`, offset);
    }
    this.canonicity = "NotCanonical";
  }

  /** Notes a field that the schema does not know; comes before its body is read. */
  hasExtension(tag: number, offset: number): void {
    if (this.minimum === "Canonical") {
      throw new DecodeError("UnknownField", `Cannot accept unknown field ${tag}`, offset);
    }
    if (this.canonicity === "Canonical") this.canonicity = "HasExtensions";
  }

  enterMessage(): void {
    if (this.#depth >= this.limits.depthMax) {
      const problem = `Cannot read message: it is nested deeper than ${this.limits.depthMax}`;
      throw new DecodeError("RecursionLimitReached", problem, this.reader.offset);
    }
    this.#depth += 1;
  }

  leaveMessage(): void {
    this.#depth -= 1;
  }

  /** Checked item by item, because a claimed count is not to be trusted and there is none on the wire. */
  checkCount(count: number): void {
    if (count < this.limits.countMax) return;
    const problem = `Cannot read more than ${this.limits.countMax} items`;
    throw new DecodeError("LimitExceeded", problem, this.reader.offset);
  }
}
