/**
 * The client against a server on a real socket that misbehaves as a script says. What it must get
 * right is what it concludes: sent again with the same number, sent elsewhere, or not known.
 */
import { createServer, type Server, type Socket } from "node:net";
import { afterEach, expect, test } from "vitest";
import {
  ClientRequest,
  ClientResponse,
  type Frame,
  FrameKind,
  FrameParser,
  wireProtocol,
  writeFrame,
  writeRefusal,
  writeWelcome,
} from "../wire/index.ts";
import { type Client, createClient } from "./client.ts";

const CLUSTER = "00112233445566778899aabbccddeeff";
/** The lowest version of the tree; nothing here depends on which. */
const VERSION = wireProtocol.range.min;
const RANGE = { min: VERSION, max: VERSION };
const SESSION = 77;

type Answer = Partial<ClientResponse> | "close" | "silence" | "rubbish";

/** Welcomes everybody, opens sessions, and then takes its answers from the script, one per request. */
class ScriptedServer {
  readonly requests: string[] = [];
  readonly script: Answer[];
  greeting: "welcome" | "refuse" = "welcome";
  address = "";
  readonly #server: Server = createServer((socket) => this.#onSocket(socket));
  readonly #sockets: Set<Socket> = new Set();

  constructor(script: Answer[]) {
    this.script = script;
  }

  async listen(): Promise<this> {
    await new Promise<void>((done) => this.#server.listen(0, "127.0.0.1", done));
    const address = this.#server.address();
    this.address = `127.0.0.1:${address !== null && typeof address === "object" ? address.port : 0}`;
    return this;
  }

  close(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
  }

  #onSocket(socket: Socket): void {
    const parser = new FrameParser(1_000_000);
    this.#sockets.add(socket);
    socket.on("error", () => {});
    socket.on("data", (bytes) => {
      for (const frame of parser.push(bytes)) this.#onFrame(socket, frame);
    });
  }

  #onFrame(socket: Socket, { header, body }: Frame): void {
    const answer = (kind: number, wireVersion: number, bytes: Uint8Array): void => {
      const ends = { clusterId: CLUSTER, sender: 9, addressee: header.sender, incarnation: 1 };
      const parts = writeFrame({ kind, flags: 0, wireVersion, ...ends }, bytes);
      for (const part of parts) socket.write(part);
    };
    if (header.kind === FrameKind.hello) {
      if (this.greeting === "welcome") answer(FrameKind.welcome, 0, writeWelcome(WELCOME));
      else answer(FrameKind.refusal, 0, writeRefusal(REFUSAL));
      return;
    }
    const { session, sequence, op } = wireProtocol.decode(ClientRequest, VERSION, body);
    this.requests.push(`${op?.case} ${session}/${sequence}`);
    const opening = op?.case === "openSession" ? { session: SESSION } : undefined;
    const next = opening ?? this.script.shift() ?? "silence";
    if (next === "close") socket.destroy();
    else if (next === "rubbish") socket.write(new Uint8Array(100));
    else if (next !== "silence") {
      const response = { ...EMPTY, session, sequence, ...next };
      answer(
        FrameKind.clientResponse,
        VERSION,
        wireProtocol.encode(ClientResponse, VERSION, response).bytes,
      );
    }
  }
}

const WELCOME = { range: RANGE, release: "scripted", agreed: VERSION };
const REFUSAL = {
  range: { min: VERSION + 20, max: VERSION + 21 },
  release: "scripted",
  code: "version_too_old",
  text: "upgrade",
};
const EMPTY: ClientResponse = {
  session: 0,
  sequence: 0,
  status: "ok",
  leader: 0,
  leaderAddress: "",
  value: undefined,
  index: 5,
};

const opened: { close(): unknown }[] = [];
afterEach(async () => {
  for (const each of opened.splice(0)) await each.close();
});

async function serve(...script: Answer[]): Promise<ScriptedServer> {
  const server = await new ScriptedServer(script).listen();
  opened.push(server);
  return server;
}

function connect(addresses: readonly string[], timeoutMs = 2_000): Client {
  const client = createClient({
    addresses,
    clusterId: CLUSTER,
    clientId: addresses.length * 1000,
    timeoutMs,
    attemptTimeoutMs: 100,
  });
  opened.unshift(client);
  return client;
}

test("a write opens a session once, numbers rise, and the server is known", async () => {
  const server = await serve({}, {}, { status: "notFound" }, { value: Uint8Array.of(7), index: 9 });
  const client = connect([server.address]);
  expect(await client.put("a", "1")).toEqual({ kind: "done", value: undefined, index: 5 });
  expect(await client.append("a", "2")).toMatchObject({ kind: "done" });
  expect(await client.delete("b")).toEqual({ kind: "done", value: false, index: 5 });
  expect(await client.get("a")).toEqual({ kind: "done", value: Uint8Array.of(7), index: 9 });
  expect(server.requests).toEqual([
    "openSession 0/1",
    "put 77/1",
    "append 77/2",
    "delete 77/3",
    "get 0/2",
  ]);
  expect(client.agreedVersion).toBe(VERSION);
  expect(client.lastServer).toMatchObject({ nodeId: 9, release: "scripted", agreed: VERSION });
});

test.for<{ first: Answer; why: string }>([
  { first: "close", why: "the connection breaks" },
  { first: "silence", why: "no answer comes in time" },
  { first: "rubbish", why: "what comes is no frame" },
  { first: { status: "unavailable" }, why: "the leader changed meanwhile" },
  { first: { status: "busy" }, why: "the server is busy" },
  { first: { status: "notLeader" }, why: "nobody leads at the moment" },
  { first: { sequence: 12 }, why: "the answer is to another request" },
])("a write is sent again with the same number when $why", async ({ first }) => {
  const server = await serve(first, {});
  const outcome = await connect([server.address]).put("a", "1");
  expect(outcome.kind).toBe("done");
  expect(server.requests).toEqual(["openSession 0/1", "put 77/1", "put 77/1"]);
});

test("the leader is followed to an address that was not given", async () => {
  const leader = await serve({}, {});
  const other = await serve({ status: "notLeader", leader: 9, leaderAddress: leader.address });
  const client = connect([other.address]);
  expect((await client.put("a", "1")).kind).toBe("done");
  expect((await client.put("a", "2")).kind).toBe("done");
  expect(leader.requests).toEqual(["put 77/1", "put 77/2"]);
});

test("two servers that name each other as leader are not asked without pause", async () => {
  const [one, two] = [await serve(), await serve()];
  one.script.push(...Array<Answer>(500).fill({ status: "notLeader", leaderAddress: two.address }));
  two.script.push(...Array<Answer>(500).fill({ status: "notLeader", leaderAddress: one.address }));
  const outcome = await connect([one.address], 400).put("a", "1");
  // On a busy machine the last attempt may be cut by its deadline, which leaves a write unknown.
  expect(outcome.kind).not.toBe("done");
  expect(one.requests.length + two.requests.length).toBeLessThan(40);
});

test("another address is tried when one does not answer, or refuses the versions", async () => {
  const refusing = await serve();
  refusing.greeting = "refuse";
  const gone = await serve();
  gone.close();
  const good = await serve({});
  const client = connect([refusing.address, gone.address, good.address]);
  expect((await client.put("a", "1")).kind).toBe("done");
});

test.for<{ script: Answer[]; kind: string; code: string; why: string }>([
  { script: [], kind: "unknown", code: "no_answer", why: "it was sent and never answered" },
  {
    script: Array<Answer>(50).fill({ status: "unavailable" }),
    kind: "unknown",
    code: "unavailable",
    why: "the servers do not know either",
  },
  {
    script: Array<Answer>(50).fill({ status: "busy" }),
    kind: "failed",
    code: "busy",
    why: "nobody ever took it",
  },
  {
    script: ["close", { status: "unknownSession" }],
    kind: "unknown",
    code: "session_lost",
    why: "it may have been applied before the session was forgotten",
  },
  { script: [{ status: "malformed" }], kind: "failed", code: "malformed", why: "it was refused" },
  {
    script: ["close", { status: "staleSequence" }],
    kind: "unknown",
    code: "staleSequence",
    why: "the session went on",
  },
])("a write ends as $kind ($code) when $why", async ({ script, kind, code }) => {
  const server = await serve(...script);
  const outcome = await connect([server.address], 350).put("a", "1");
  expect(outcome).toMatchObject({ kind, code });
});

test("a read without an answer failed: it has no effect that could be unknown", async () => {
  const server = await serve();
  expect(await connect([server.address], 250).get("a")).toMatchObject({ kind: "failed" });
});

test("a forgotten session is opened anew when nothing was sent in it", async () => {
  const server = await serve({ status: "unknownSession" }, {});
  expect((await connect([server.address]).put("a", "1")).kind).toBe("done");
  expect(server.requests).toEqual(["openSession 0/1", "put 77/1", "openSession 0/2", "put 77/1"]);
});

test("after a write of unknown outcome the next one has the next number", async () => {
  const server = await serve();
  const client = connect([server.address], 150);
  expect((await client.put("a", "1")).kind).toBe("unknown");
  server.script.push({});
  expect((await client.put("a", "2")).kind).toBe("done");
  expect(server.requests.at(-1)).toBe("put 77/2");
});

test("a refusal at the hello is the result when nobody else is there", async () => {
  const server = await serve();
  server.greeting = "refuse";
  const outcome = await connect([server.address], 150).put("a", "1");
  expect(outcome).toMatchObject({ kind: "failed", code: "version_too_old" });
});

test("operations wait their turn; a buffer may change after the call", async () => {
  const server = await serve({}, {}, {});
  const client = connect([server.address]);
  const key = Uint8Array.of(1);
  const all = [client.put(key, "1"), client.put(key, "2"), client.get(key)];
  key[0] = 9;
  expect((await Promise.all(all)).map(({ kind }) => kind)).toEqual(["done", "done", "done"]);
  expect(server.requests).toEqual(["openSession 0/1", "put 77/1", "put 77/2", "get 0/2"]);
});

test("close() ends what is under way", async () => {
  const server = await serve();
  const client = connect([server.address]);
  const write = client.put("a", "1");
  await expect.poll(() => server.requests.length).toBe(2);
  await client.close();
  expect(await write).toMatchObject({ kind: "unknown", code: "closed" });
  expect(await client.get("a")).toMatchObject({ kind: "failed", code: "closed" });
});

test("a value that no version can hold is refused, not sent", async () => {
  const server = await serve();
  const client = connect([server.address]);
  const tooLong = new Uint8Array(20 * 1024 * 1024);
  expect(await client.put("a", tooLong)).toMatchObject({ kind: "failed", code: "malformed" });
});

test.for([
  { options: { addresses: [] }, text: "an address is needed", why: "nowhere to go" },
  { options: { clusterId: "xyz" }, text: '32 hex digits, not "xyz"', why: "no cluster id" },
  { options: { clientId: 0 }, text: "its id must be 1 to 2^53 - 1", why: "0 means nobody" },
])("createClient() throws on options that can not work: $why", ({ options, text }) => {
  const good = { addresses: ["127.0.0.1:1"], clusterId: CLUSTER };
  expect(() => createClient({ ...good, ...options })).toThrow(text);
});
