/** The virtual disk loses, tears, spoils, delays and fails as its faults say, and in no other way. */
import { expect, test } from "vitest";
import type { DiskError } from "../../raft/replica/index.ts";
import { VirtualDisk } from "./virtual-disk.ts";
import { SeededChance, VirtualTime } from "./virtual-time.ts";

const PATH = "log/a";

interface Machine {
  readonly time: VirtualTime;
  readonly disk: VirtualDisk;
  readonly port: ReturnType<VirtualDisk["port"]>;
}

function machine(seed = 1): Machine {
  const time = new VirtualTime();
  const disk = new VirtualDisk(time, new SeededChance(seed), 1);
  return { time, disk, port: disk.port() };
}

function bytes(length: number, value = 7): Uint8Array {
  return new Uint8Array(length).fill(value);
}

function append({ time, port }: Machine, path: string, part: Uint8Array, sync: boolean): void {
  port.append(path, [part], () => {});
  if (sync) port.sync(path, () => {});
  time.advance(100);
}

/** What is left of 40 synced and 40 unsynced bytes after a power cut, for many lots. */
function leftovers(end: (disk: VirtualDisk) => void): readonly Uint8Array[] {
  return Array.from({ length: 200 }, (_, seed) => {
    const made = machine(seed);
    append(made, PATH, bytes(40), true);
    append(made, PATH, bytes(40), false);
    end(made.disk);
    return made.disk.bytes(PATH);
  });
}

test("a power cut keeps all that was synced, and of the rest nothing, a part or all", () => {
  const left = leftovers((disk) => disk.crash());
  for (const each of left) expect(each.subarray(0, 40)).toEqual(bytes(40));
  const lengths = new Set(left.map(({ length }) => length));
  expect(Math.min(...lengths)).toBe(40);
  expect(Math.max(...lengths)).toBe(80);
  expect(lengths.size).toBeGreaterThan(20);
});

test("what it keeps of the rest is sometimes spoilt in one byte, which makes it a torn write", () => {
  const left = leftovers((disk) => disk.crash());
  const spoilt = left.map((each) => each.filter((byte) => byte !== 7).length);
  expect(new Set(spoilt)).toEqual(new Set([0, 1]));
});

test("the end of a process alone takes nothing", () => {
  for (const each of leftovers((disk) => disk.kill())) expect(each).toEqual(bytes(80));
});

test("after an end nothing that was under way completes", () => {
  for (const end of ["crash", "kill"] as const) {
    const { time, disk, port } = machine();
    let done = 0;
    port.append(PATH, [bytes(8)], () => done++);
    port.sync(PATH, () => done++);
    port.replace("b", bytes(8), () => done++);
    disk[end]();
    time.advance(100);
    expect({ end, done, replaced: disk.files.has("b") }).toEqual({ end, done: 0, replaced: false });
  }
});

test.for([
  { cutAt: "beforeSync", durable: [0, 0] },
  { cutAt: "inSync", durable: [0, 16] },
  { cutAt: "afterSync", durable: [16, 16] },
] as const)(
  "a cut $cutAt leaves between $durable bytes durable, and the sync unanswered",
  (row) => {
    const seen = new Set<number>();
    for (let seed = 0; seed < 300; seed++) {
      const { time, disk, port } = machine(seed);
      let isAnswered = false;
      disk.cutAt = row.cutAt;
      disk.powerCut = () => {
        seen.add(disk.files.get(PATH)?.durable ?? -1);
        disk.crash();
      };
      port.append(PATH, [bytes(16)], () => {});
      port.sync(PATH, () => {
        isAnswered = true;
      });
      time.advance(100);
      expect(isAnswered).toBe(false);
    }
    expect([Math.min(...seen), Math.max(...seen)]).toEqual(row.durable);
  },
);

test.for([
  { cutAt: "beforeReplace", old: true, renamed: false },
  { cutAt: "afterReplace", old: false, renamed: true },
] as const)("a cut $cutAt leaves one of two files whole, and passes syncs over", (row) => {
  for (const isRename of [false, true]) {
    const { time, disk, port } = machine();
    let answers = 0;
    port.replace("b", bytes(4), () => answers++);
    port.append(PATH, [bytes(16)], () => answers++);
    time.advance(100);
    disk.cutAt = row.cutAt;
    disk.powerCut = () => disk.crash();
    port.sync(PATH, () => answers++);
    time.advance(100);
    if (isRename) port.rename(PATH, "b", () => answers++);
    else port.replace("b", bytes(16), () => answers++);
    time.advance(100);
    expect(answers).toBe(3);
    expect(disk.files.get("b")?.length).toBe(row.old ? 4 : 16);
    expect(disk.files.has(PATH)).toBe(!(isRename && row.renamed));
  }
});

test("a sync covers what was appended before it and nothing that came later", () => {
  const { time, disk, port } = machine();
  port.append(PATH, [bytes(16)], () => {});
  port.sync(PATH, () => {});
  port.append(PATH, [bytes(16)], () => {});
  time.advance(100);
  expect(disk.files.get(PATH)).toMatchObject({ length: 32, durable: 16 });
});

test("a sync that fails makes nothing durable, says why, and only once", () => {
  const { time, disk, port } = machine();
  const errors: (DiskError | undefined)[] = [];
  disk.failNextSync = { code: "EIO", message: "no" };
  port.append(PATH, [bytes(16)], () => {});
  port.sync(PATH, (error) => errors.push(error));
  time.advance(100);
  expect(disk.files.get(PATH)?.durable).toBe(0);
  port.sync(PATH, (error) => errors.push(error));
  time.advance(100);
  expect(errors).toEqual([{ code: "EIO", message: "no" }, undefined]);
  expect(disk.files.get(PATH)?.durable).toBe(16);
});

test("a full disk takes no bytes and says so", () => {
  const { time, disk, port } = machine();
  let code: string | undefined;
  append({ time, disk, port }, PATH, bytes(8), true);
  disk.isFull = true;
  port.append(PATH, [bytes(8)], (error) => {
    code = error?.code;
  });
  time.advance(100);
  expect({ code, length: disk.bytes(PATH).length }).toEqual({ code: "ENOSPC", length: 8 });
});

test("a rotten bit changes one bit of one read below its folder, and not the file", () => {
  const made = machine(3);
  const { disk, port } = made;
  append(made, PATH, bytes(900), true);
  append(made, PATH, bytes(100), true);
  append(made, "snapshot/a", bytes(1_000), true);
  disk.rotsBelow = "log/";
  expect(port.read("snapshot/a")).toEqual(bytes(1_000));
  const read = port.read(PATH) ?? bytes(0);
  const wrong = [...read].filter((byte) => byte !== 7);
  expect(wrong).toHaveLength(1);
  expect(((wrong[0] ?? 0) ^ 7).toString(2).replaceAll("0", "")).toBe("1");
  expect(disk.rotten).toBe(1);
  expect(port.read(PATH)).toEqual(bytes(1_000));
});

test("a replacement is whole and durable, or it never was", () => {
  const made = machine();
  const { time, disk, port } = made;
  append(made, PATH, bytes(8, 1), true);
  port.replace(PATH, bytes(8, 2), () => {});
  expect(disk.bytes(PATH)).toEqual(bytes(8, 1));
  disk.crash();
  time.advance(100);
  expect(disk.bytes(PATH)).toEqual(bytes(8, 1));
  const again = disk.port();
  again.replace(PATH, bytes(8, 2), () => {});
  time.advance(100);
  disk.crash();
  expect(disk.bytes(PATH)).toEqual(bytes(8, 2));
});

/** In which order four files and four writes to the first of them are done. */
function completions(disk: VirtualDisk, time: VirtualTime): readonly string[] {
  const order: string[] = [];
  const port = disk.port();
  for (const part of [1, 2, 3, 4]) {
    port.append("one", [bytes(1)], () => order.push(`one ${part}`));
    port.append(`other ${part}`, [bytes(1)], () => order.push(`other ${part}`));
  }
  time.advance(1_000);
  return order;
}

test("what is under way on several files ends in any order, on one file in that of the calls", () => {
  const orders = new Set<string>();
  for (let seed = 0; seed < 50; seed++) {
    const { time, disk } = machine(seed);
    disk.unevenMs = 20;
    const order = completions(disk, time);
    expect(order).toHaveLength(8);
    expect(order.filter((name) => name.startsWith("one"))).toEqual(
      [1, 2, 3, 4].map((n) => `one ${n}`),
    );
    orders.add(order.join());
  }
  expect(orders.size).toBeGreaterThan(20);
});

test("the paces of disks: quick, uneven, and slower than a message on the network", () => {
  const paces = Array.from({ length: 60 }, (_, seed) => {
    const { disk } = machine();
    disk.drawPace(new SeededChance(seed));
    return disk;
  });
  expect(paces.some(({ syncDelayMs }) => syncDelayMs < 1)).toBe(true);
  expect(paces.some(({ syncDelayMs }) => syncDelayMs > 10)).toBe(true);
  expect(paces.some(({ unevenMs }) => unevenMs > 5)).toBe(true);
});
