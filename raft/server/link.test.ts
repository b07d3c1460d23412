/** Two links on loopback, as two nodes have them; with TLS, certificates of a real authority. */
import { mkdtempSync, rmSync } from "node:fs";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect as connectTls } from "node:tls";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type Address, writeAddress } from "./address.ts";
import type { TlsFiles } from "./configuration.ts";
import { type LinkFailure, TcpLink } from "./link.ts";
import { Authority } from "./testing/certificates.ts";
import { loadTls } from "./tls.ts";

/** A link that writes down what happens to it. */
class Witness {
  readonly events: string[] = [];
  readonly failures: LinkFailure[] = [];
  received = 0;
  readonly link: TcpLink;

  constructor(tls?: TlsFiles, connectionsMax?: number) {
    this.link = new TcpLink({
      ...(tls && { tls: loadTls(tls) }),
      ...(connectionsMax && { connectionsMax }),
      observe: { bytes: () => {}, failure: (failure) => this.failures.push(failure) },
    });
    this.link.serve({
      onAccept: (id, side) => this.events.push(`accept ${id} ${side}`),
      onOpen: (id) => this.events.push(`open ${id}`),
      onBytes: (id, bytes) => {
        this.received += bytes.length;
        this.events.push(`bytes ${id} ${Buffer.from(bytes).toString("latin1").slice(0, 20)}`);
      },
      onClose: (id) => this.events.push(`close ${id}`),
    });
    opened.push(this);
  }

  async listen(): Promise<string> {
    return writeAddress(await this.link.listen("peer", LOOPBACK));
  }

  async sees(event: string): Promise<void> {
    await expect.poll(() => this.events, { interval: 5 }).toContain(event);
  }

  reasons(): string[] {
    return this.failures.map(({ reason }) => reason);
  }
}

const LOOPBACK: Address = { host: "127.0.0.1", port: 0 };
const opened: Witness[] = [];
afterEach(async () => {
  for (const { link } of opened.splice(0)) await link.closeAll();
});
const text = (value: string): Uint8Array => Buffer.from(value, "latin1");

test("bytes go both ways in order, and a close reaches both ends", async () => {
  const [one, two] = [new Witness(), new Witness()];
  const id = one.link.dial(await two.listen());
  expect(one.events).toEqual([]);
  await one.sees(`open ${id}`);
  await two.sees("accept 1 peer");
  one.link.send(id, [text("he"), text("llo")]);
  one.link.send(id, [text("!")]);
  await two.sees("bytes 1 hello!");
  two.link.send(1, [text("bye")]);
  two.link.close(1);
  await one.sees(`bytes ${id} bye`);
  await Promise.all([one.sees(`close ${id}`), two.sees("close 1")]);
  expect([one.failures, two.failures]).toEqual([[], []]);
});

test.for([
  { address: "127.0.0.1:1", reason: "ECONNREFUSED", why: "nobody listens" },
  { address: "nowhere", reason: "bad_address", why: "it is no address" },
  { address: "no.such.host.invalid:80", reason: "ENOTFOUND", why: "there is no such host" },
])("dial() ends in onClose when $why", async ({ address, reason }) => {
  const one = new Witness();
  const id = one.link.dial(address);
  expect(one.events).toEqual([]);
  await expect.poll(() => one.events, { timeout: 5_000 }).toEqual([`close ${id}`]);
  if (reason !== "ENOTFOUND") expect(one.reasons()).toEqual([reason]);
});

test("send() says when the other side is slow, and gives up one that never reads", async () => {
  const sockets: Socket[] = [];
  const deaf = createServer((socket) => {
    sockets.push(socket.pause().on("error", () => {}));
  });
  await new Promise<void>((done) => deaf.listen(0, "127.0.0.1", done));
  try {
    const one = new Witness();
    const address = deaf.address();
    const id = one.link.dial(
      `127.0.0.1:${address !== null && typeof address === "object" ? address.port : 0}`,
    );
    await one.sees(`open ${id}`);
    const part = new Uint8Array(1024 * 1024);
    expect(one.link.send(id, [part])).toBe(true);
    let isBelow = true;
    for (let count = 0; count < 20 && isBelow; count++) isBelow = one.link.send(id, [part]);
    expect(isBelow).toBe(false);
    for (let count = 0; count < 100; count++) one.link.send(id, [part]);
    await one.sees(`close ${id}`);
    expect(one.reasons()).toEqual(["slow_reader"]);
  } finally {
    for (const socket of sockets) socket.destroy();
    deaf.close();
  }
});

test("close() ends a connection whose other side goes on sending", async () => {
  const one = new Witness();
  const address = await one.listen();
  const socket = connect({
    host: "127.0.0.1",
    port: Number(address.split(":")[1]),
    allowHalfOpen: true,
  });
  socket.on("error", () => {});
  const flood = setInterval(() => socket.write("more"), 5);
  try {
    await one.sees("accept 1 peer");
    one.link.close(1);
    await expect.poll(() => one.events, { timeout: 3_000 }).toContain("close 1");
    expect(one.link.send(1, [text("late")])).toBe(true);
  } finally {
    clearInterval(flood);
    socket.destroy();
  }
});

test("connections above the limit are turned away and counted", async () => {
  const [one, two] = [new Witness(), new Witness(undefined, 2)];
  const address = await two.listen();
  for (let count = 0; count < 3; count++) one.link.dial(address);
  await one.sees("close 3");
  expect(two.reasons()).toEqual(["too_many_connections"]);
  expect(two.events.filter((event) => event.startsWith("accept"))).toHaveLength(2);
});

test("listen() says that an address is in use", async () => {
  const [one, two] = [new Witness(), new Witness()];
  const [, port] = (await one.listen()).split(":");
  const taken = { host: "127.0.0.1", port: Number(port) };
  await expect(two.link.listen("peer", taken)).rejects.toThrow("the address is in use");
});

let folder = "";
let member: TlsFiles;
let stranger: TlsFiles;
let expired: TlsFiles;
let elsewhere: TlsFiles;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "wirespan-tls-"));
  const [ours, theirs] = await Promise.all([Authority.create(), Authority.create()]);
  member = await ours.issue({ folder, name: "member" });
  stranger = await theirs.issue({ folder, name: "stranger" });
  expired = await ours.issue({ folder, name: "expired", daysLeft: -1 });
  elsewhere = await ours.issue({ folder, name: "elsewhere", addresses: ["127.0.0.9"] });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("members of one authority talk over mutual TLS", async () => {
  const [one, two] = [new Witness(member), new Witness(member)];
  const id = one.link.dial(await two.listen());
  await one.sees(`open ${id}`);
  await two.sees("accept 1 peer");
  one.link.send(id, [text("secret")]);
  await two.sees("bytes 1 secret");
  two.link.send(1, [text("reply")]);
  await one.sees(`bytes ${id} reply`);
});

test.for([
  {
    dialler: () => stranger,
    listener: () => member,
    at: "dialler",
    reason: "unknown_authority",
    why: "another authority signed the listener's",
  },
  {
    dialler: () => ({ ...stranger, authority: member.authority }),
    listener: () => member,
    at: "listener",
    reason: "unknown_authority",
    why: "another authority signed the dialler's",
  },
  {
    dialler: () => undefined,
    listener: () => member,
    at: "listener",
    reason: "no_tls",
    why: "it speaks no TLS",
  },
  {
    dialler: () => member,
    listener: () => expired,
    at: "dialler",
    reason: "expired",
    why: "the listener's has expired",
  },
  {
    dialler: () => expired,
    listener: () => member,
    at: "listener",
    reason: "expired",
    why: "the dialler's has expired",
  },
  {
    dialler: () => member,
    listener: () => elsewhere,
    at: "dialler",
    reason: "wrong_host",
    why: "it names another host",
  },
])(
  "a peer is turned away with a clear reason when $why",
  async ({ dialler, listener, at, reason }) => {
    const [one, two] = [new Witness(dialler()), new Witness(listener())];
    const id = one.link.dial(await two.listen());
    // The dialler may see itself connected before the listener has judged it.
    if (dialler() === undefined) {
      await one.sees(`open ${id}`);
      one.link.send(id, [text("WSF1 no TLS here")]);
    }
    await one.sees(`close ${id}`);
    const judge = at === "dialler" ? one : two;
    await expect.poll(() => judge.reasons()).toContain(reason);
    expect(two.events.filter((event) => event.startsWith("bytes"))).toEqual([]);
  },
);

test("a peer without a certificate is turned away with a clear reason", async () => {
  const two = new Witness(member);
  const [, port] = (await two.listen()).split(":");
  const socket = connectTls({ host: "127.0.0.1", port: Number(port), rejectUnauthorized: false });
  socket.on("error", () => {});
  await expect.poll(() => two.reasons()).toEqual(["no_certificate"]);
  socket.destroy();
  expect(two.events).toEqual([]);
});

test("loadTls() refuses a key that does not belong to the certificate, and a missing file", () => {
  expect(() => loadTls({ ...member, key: stranger.key })).toThrow("Cannot use the certificate");
  expect(() => loadTls({ ...member, authority: join(folder, "none") })).toThrow(
    'Cannot read the authority of "tls"',
  );
});
