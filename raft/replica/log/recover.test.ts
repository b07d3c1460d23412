/**
 * What is read back after every kind of end of a write. The log is written by the real writer onto a
 * virtual disk; then its files are cut or spoilt at every byte.
 */

import { describe, expect, test } from "vitest";
import { SeededChance, VirtualDisk, VirtualTime } from "../../../sim/world/index.ts";
import type { Entry, HardState } from "../../core/index.ts";
import { EntryKindNumber, sealEntry } from "../../wire/index.ts";
import { readRecord, recordBytes } from "../record.ts";
import { DirectoryRefused } from "../refusal.ts";
import { READABLE } from "../stored.ts";
import { LogRecordKind } from "./log-records.ts";
import { type RecoveredLog, recoverLog } from "./recover.ts";
import { SEGMENT_HEADER_BYTES, segmentPath } from "./segment.ts";
import { WriteAheadLog } from "./write-ahead-log.ts";

const FIRST = segmentPath(1);
const VERSION = READABLE.min;

class Desk {
  readonly time: VirtualTime = new VirtualTime();
  readonly disk: VirtualDisk = new VirtualDisk(this.time, new SeededChance(7));
  log: WriteAheadLog = this.open();
  last = { index: 0, term: 0 };

  constructor() {
    const hardState = { term: 1, vote: 1, commit: 0 };
    this.wait((done) =>
      this.log.restart({ anchor: this.last, hardState, entries: [], version: VERSION }, done),
    );
  }

  open(): WriteAheadLog {
    return new WriteAheadLog(this.disk.port(), recoverLog(this.disk.port()), (error) => {
      throw new Error(error.message);
    });
  }

  wait(work: (done: () => void) => void): void {
    let isDone = false;
    work(() => {
      isDone = true;
    });
    for (let round = 0; !isDone; round++) {
      if (round > 100) throw new Error("never done");
      this.time.advance(10);
    }
  }

  /** One batch: `count` entries behind `after`, then a hard state. */
  write(
    count: number,
    {
      after = this.last,
      term = 1,
      sync = true,
    }: Partial<{ after: { index: number; term: number }; term: number; sync: boolean }> = {},
  ): readonly Entry[] {
    const entries = Array.from({ length: count }, (_, place) =>
      entry(after.index + 1 + place, term),
    );
    const hardState: HardState = { term, vote: 1, commit: after.index };
    this.wait((done) =>
      this.log.write({ entries, hardState, previous: after, sync, version: VERSION }, done),
    );
    this.last = { index: after.index + count, term: count > 0 ? term : after.term };
    return entries;
  }

  recover(): RecoveredLog {
    return recoverLog(this.disk.port());
  }
}

function entry(index: number, term: number): Entry {
  const body = new TextEncoder().encode(`entry ${index} of term ${term}`);
  const data = sealEntry({ kind: EntryKindNumber.command, version: VERSION, critical: true, body });
  return { index, term, type: "normal", data };
}

function indices({ entries }: RecoveredLog): string {
  return entries.map(({ index, term }) => `${index}/${term}`).join(" ");
}

describe("what was written is read back", () => {
  test("entries and the last hard state", () => {
    const desk = new Desk();
    const written = [...desk.write(3), ...desk.write(2, { term: 2 })];
    const recovered = desk.recover();
    expect(recovered.entries).toEqual(written);
    expect(recovered.hardState).toEqual({ term: 2, vote: 1, commit: 3 });
    expect(recovered.tornBytes).toBe(0);
    expect(recovered.content.map(({ version }) => version)).toEqual([VERSION]);
  });

  test("entries that took the place of others", () => {
    const desk = new Desk();
    desk.write(5);
    desk.write(1, { after: { index: 2, term: 1 }, term: 3 });
    expect(indices(desk.recover())).toBe("1/1 2/1 3/3");
  });

  test("over several files, whose names stay unique after a truncation", () => {
    const desk = new Desk();
    desk.log.bytesPerSegmentMax = 400;
    for (let round = 0; round < 6; round++) desk.write(3);
    desk.write(2, { after: { index: 4, term: 1 }, term: 2 });
    for (let round = 0; round < 8; round++) desk.write(3, { term: 2 });
    const recovered = desk.recover();
    expect(recovered.segments.length).toBeGreaterThan(3);
    const expected = Array.from({ length: 30 }, (_, place) => `${place + 1}/${place < 4 ? 1 : 2}`);
    expect(indices(recovered)).toBe(expected.join(" "));
    desk.log = desk.open();
    desk.write(1, { term: 4 });
    expect(indices(desk.recover())).toBe([...expected, "31/4"].join(" "));
  });

  test("a log that begins anew holds nothing of what was before", () => {
    const desk = new Desk();
    const entries = desk.write(5).slice(3);
    const start = { anchor: { index: 3, term: 1 }, hardState: { term: 9, vote: 2, commit: 4 } };
    desk.wait((done) => desk.log.restart({ ...start, entries, version: VERSION }, done));
    expect([...desk.disk.files.keys()]).toEqual([segmentPath(4)]);
    const recovered = desk.recover();
    expect(recovered).toMatchObject(start);
    expect(indices(recovered)).toBe("4/1 5/1");
  });

  test("files before a rewrite that a crash kept are leftovers, whatever their names", () => {
    const desk = new Desk();
    desk.log.bytesPerSegmentMax = 200;
    for (let round = 0; round < 4; round++) desk.write(2);
    const before = new Map([...desk.disk.files].map(([path, { bytes }]) => [path, bytes]));
    const entries = desk.recover().entries.slice(2);
    desk.wait((done) =>
      desk.log.restart(
        {
          anchor: { index: 2, term: 1 },
          hardState: { term: 1, vote: 1, commit: 8 },
          entries,
          version: VERSION,
        },
        done,
      ),
    );
    desk.write(1, { term: 5 });
    for (const [path, bytes] of before) if (path !== segmentPath(3)) desk.disk.put(path, bytes);
    const recovered = desk.recover();
    expect(recovered.leftovers.length).toBeGreaterThan(1);
    expect(indices(recovered)).toBe("3/1 4/1 5/1 6/1 7/1 8/1 9/5");
  });
});

describe("the end of an interrupted write", () => {
  test("cut at every byte: what was safe before is there, the rest is counted and cut off", () => {
    const desk = new Desk();
    desk.write(2);
    const safe = desk.disk.bytes(FIRST).length;
    desk.write(3);
    const whole = desk.disk.bytes(FIRST);
    for (let length = safe; length < whole.length; length++) {
      const disk = desk.disk.copy();
      disk.put(FIRST, whole.slice(0, length));
      const recovered = recoverLog(disk.port());
      const count = recovered.entries.length;
      expect(count, `cut at ${length}`).toBeGreaterThanOrEqual(2);
      expect(recovered.tornBytes).toBe(length - (recovered.segments.at(-1)?.length ?? 0));
      expect(count).toBeLessThanOrEqual(5);
    }
  });

  test("spoilt anywhere in the last write: nothing safe is lost and nothing is refused", () => {
    const desk = new Desk();
    desk.write(2);
    const safe = desk.disk.bytes(FIRST).length;
    desk.write(3);
    const whole = desk.disk.bytes(FIRST);
    for (let place = safe; place < whole.length; place++) {
      const disk = desk.disk.copy();
      disk.put(FIRST, flipped(whole, place));
      const recovered = recoverLog(disk.port());
      expect(indices(recovered), `spoilt at ${place}`).toMatch(/^1\/1 2\/1/);
      expect(recovered.tornBytes).toBeGreaterThan(0);
    }
  });

  test("a torn tail is cut off at the start, and the log goes on behind it", () => {
    const desk = new Desk();
    desk.write(2);
    desk.write(1);
    const whole = desk.disk.bytes(FIRST);
    desk.disk.put(FIRST, whole.slice(0, whole.length - 50));
    desk.log = desk.open();
    desk.wait((done) => desk.log.repair(done));
    desk.last = { index: 2, term: 1 };
    desk.write(2, { term: 6 });
    const recovered = desk.recover();
    expect(indices(recovered)).toBe("1/1 2/1 3/6 4/6");
    expect(recovered.tornBytes).toBe(0);
  });
});

describe("damage", () => {
  test("any byte spoilt before the last safe write: refused, with file and byte named", () => {
    const desk = new Desk();
    desk.write(2);
    const damaged = desk.disk.bytes(FIRST).length;
    desk.write(1);
    desk.write(1);
    const whole = desk.disk.bytes(FIRST);
    for (let place = 0; place < damaged; place++) {
      const disk = desk.disk.copy();
      disk.put(FIRST, flipped(whole, place));
      const before = disk.picture();
      expect(() => recoverLog(disk.port()), `spoilt at ${place}`).toThrow(DirectoryRefused);
      expect(() => recoverLog(disk.port())).toThrow(new RegExp(`${FIRST}.*byte \\d+`));
      expect(disk.picture()).toBe(before);
    }
  });

  test("after an orderly stop the last write is no exception, and older releases read the mark", () => {
    const desk = new Desk();
    desk.write(2);
    const written = desk.write(3);
    const last = desk.disk.bytes(FIRST).length;
    desk.wait((done) => desk.log.flush(done));
    const whole = desk.disk.bytes(FIRST);
    // The mark is a hard state as any other, behind everything and settled.
    const mark = readRecord(whole, last);
    expect(mark).toMatchObject({ ok: true, next: whole.length });
    expect(mark).toMatchObject({ record: { kind: LogRecordKind.hardState, settled: true } });
    for (let place = 0; place < whole.length; place++) {
      const disk = desk.disk.copy();
      disk.put(FIRST, flipped(whole, place));
      if (place < last)
        expect(() => recoverLog(disk.port()), `at ${place}`).toThrow(DirectoryRefused);
      else expect(recoverLog(disk.port()).entries.slice(2)).toEqual(written);
    }
    for (let length = last + 1; length < whole.length; length++) {
      const disk = desk.disk.copy();
      disk.put(FIRST, whole.slice(0, length));
      expect(recoverLog(disk.port()).entries.slice(2)).toEqual(written);
    }
  });

  test("a log that was begun anew came whole: only its last record can be taken for torn", () => {
    const desk = new Desk();
    const entries = desk.write(4);
    const hardState = { term: 1, vote: 1, commit: 4 };
    desk.wait((done) =>
      desk.log.restart(
        { anchor: { index: 0, term: 0 }, hardState, entries, version: VERSION },
        done,
      ),
    );
    const whole = desk.disk.bytes(FIRST);
    const places = recordPlaces(whole);
    const last = places.at(-1) ?? 0;
    for (let place = places[0] ?? 0; place < last; place++) {
      const disk = desk.disk.copy();
      disk.put(FIRST, flipped(whole, place));
      expect(() => recoverLog(disk.port()), `spoilt at ${place}`).toThrow(DirectoryRefused);
    }
  });

  test("the last write is taken for torn when it is spoilt later: only the others can tell", () => {
    const desk = new Desk();
    desk.write(2);
    const safe = desk.disk.bytes(FIRST).length;
    desk.write(1);
    const spoilt = flipped(desk.disk.bytes(FIRST), safe + 20);
    desk.disk.put(FIRST, spoilt);
    // A known limit: see "What a log can not tell" in docs/reference/node.md.
    expect(indices(desk.recover())).toBe("1/1 2/1");
    expect(desk.recover().tornBytes).toBeGreaterThan(0);
  });

  test("a file in the middle that is cut at any byte, or missing: refused, or nothing is lost", () => {
    const desk = new Desk();
    desk.log.bytesPerSegmentMax = 100;
    for (let round = 0; round < 3; round++) desk.write(2);
    const path = [...desk.disk.files.keys()].sort()[1] ?? "";
    const whole = desk.disk.bytes(path);
    const all = indices(desk.recover());
    let harmless = 0;
    for (let length = 0; length < whole.length; length++) {
      const disk = desk.disk.copy();
      disk.put(path, whole.slice(0, length));
      const read = attempt(disk);
      if (read !== undefined) harmless++;
      expect(read ?? all, `cut at ${length}`).toBe(all);
    }
    // Only the last hard state may be missing, because the next file begins with it again.
    expect(harmless).toBe(1);
    const disk = desk.disk.copy();
    disk.files.delete(path);
    expect(attempt(disk)).toBeUndefined();
  });
});

/** Undefined: refused. */
function attempt(disk: VirtualDisk): string | undefined {
  try {
    return indices(recoverLog(disk.port()));
  } catch (error) {
    expect(error).toBeInstanceOf(DirectoryRefused);
    return undefined;
  }
}

describe("records of unknown kinds", () => {
  const unknown = { kind: 77, settled: false, version: VERSION, body: Uint8Array.of(1, 2, 3) };

  test("critical: refused, with the kind named", () => {
    const desk = new Desk();
    desk.write(1);
    const bytes = desk.disk.bytes(FIRST);
    desk.disk.put(FIRST, joined(bytes, recordBytes({ ...unknown, critical: true })));
    expect(() => desk.recover()).toThrow(/record kind 77 .* critical/);
  });

  test("ignorable: skipped and counted, and what follows is read", () => {
    const desk = new Desk();
    desk.write(1);
    const before = desk.disk.bytes(FIRST).length;
    desk.write(1);
    const bytes = desk.disk.bytes(FIRST);
    const skipped = recordBytes({ ...unknown, critical: false });
    desk.disk.put(FIRST, joined(bytes.slice(0, before), skipped, bytes.slice(before)));
    const recovered = desk.recover();
    expect(recovered.recordsSkipped).toBe(1);
    expect(indices(recovered)).toBe("1/1 2/1");
  });
});

function flipped(bytes: Uint8Array, place: number): Uint8Array {
  const copy = bytes.slice();
  copy[place] = (copy[place] ?? 0) ^ 0x10;
  return copy;
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

/** Where each record of a log file begins. */
function recordPlaces(bytes: Uint8Array): readonly number[] {
  const places: number[] = [];
  let offset = SEGMENT_HEADER_BYTES;
  while (offset < bytes.length) {
    places.push(offset);
    const record = readRecord(bytes, offset);
    if (!record.ok) throw new Error(`no record at ${offset}`);
    offset = record.next;
  }
  return places;
}
