/** The arrays behind a batch; they grow and stay. */
import type { MessageValue } from "../../format.ts";
import type { MessageShape } from "../../schema/shape.ts";
import { type Batch, type Column, isValue, type Values, valuesFor } from "./batch.ts";

const CAPACITY_MIN = 64;

export class ColumnStorage implements Column {
  readonly kind: "values" | "ranges";
  values: Values;
  start: Uint32Array;
  end: Uint32Array;
  present: Uint8Array;
  readonly #make: (capacity: number) => Values;
  readonly #isOptional: boolean;

  constructor(kind: Column["kind"], make: (capacity: number) => Values, isOptional: boolean) {
    this.kind = kind;
    this.#make = make;
    this.#isOptional = isOptional;
    const ranges = kind === "ranges" ? CAPACITY_MIN : 0;
    this.values = make(kind === "values" ? CAPACITY_MIN : 0);
    this.start = new Uint32Array(ranges);
    this.end = new Uint32Array(ranges);
    this.present = new Uint8Array(isOptional ? CAPACITY_MIN : 0);
  }

  grow(capacity: number): void {
    if (this.kind === "values") {
      const values = this.#make(capacity);
      (values as Uint8Array).set(this.values as Uint8Array);
      this.values = values;
    } else {
      this.start = grown(this.start, capacity);
      this.end = grown(this.end, capacity);
    }
    if (!this.#isOptional) return;
    const present = new Uint8Array(capacity);
    present.set(this.present);
    this.present = present;
  }
}

function grown(before: Uint32Array, capacity: number): Uint32Array {
  const after = new Uint32Array(capacity);
  after.set(before);
  return after;
}

export class BatchStorage implements Batch {
  count = 0;
  head: MessageValue = {};
  itemsWithUnknown = 0;
  capacity: number = CAPACITY_MIN;
  readonly columns: Readonly<Record<string, ColumnStorage>>;
  readonly items: ColumnStorage;

  constructor(item: MessageShape) {
    const columns: Record<string, ColumnStorage> = {};
    for (const member of item.members) {
      if (member.kind === "oneof") continue;
      const { name, type, presence } = member;
      const kind = isValue(type) ? "values" : "ranges";
      const make = (capacity: number) => valuesFor(type, capacity);
      columns[name] = new ColumnStorage(kind, make, presence === "optional");
    }
    this.columns = columns;
    this.items = new ColumnStorage("ranges", () => new Uint8Array(0), false);
  }

  grow(): void {
    this.capacity *= 2;
    for (const column of [...Object.values(this.columns), this.items]) column.grow(this.capacity);
  }
}
