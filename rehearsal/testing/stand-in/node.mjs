/**
 * A node without Raft, to judge the runner: it keeps the contract of a frozen release (command line,
 * ready line, admin protocol, exit codes), and each of its bugs breaks one promise of it on purpose.
 * The "replicated log" is one file that all nodes append to, so consensus is free. `release.json`
 * beside this file holds name, range and bugs.
 */
import { createHash } from "node:crypto";
import {
  appendFileSync,
  closeSync,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:http";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const { release, min, max, bugs } = JSON.parse(
  readFileSync(join(dirname(fileURLToPath(import.meta.url)), "release.json"), "utf8"),
);
const configuration = JSON.parse(
  readFileSync(process.argv[process.argv.indexOf("--config") + 1], "utf8"),
);
const { nodeId, dataDirectory } = configuration;
const has = (bug) => bugs.includes(bug);

const shared = join(dataDirectory, "../../shared");
const logFile = join(shared, "log.jsonl");
const contentFile = join(dataDirectory, "content.json");
const incarnationFile = join(dataDirectory, "incarnation");

const state = new Map();
const results = new Map();
const digests = new Map();
let applied = 0;
let activeVersion = 0;
let read = 0;
let sequence = 0;
let digest = "";
/** Calls by kind: a bug strikes at every fourth of its kind. */
const calls = { get: 0, append: 0 };

function refuse(code, message) {
  process.stderr.write(`${JSON.stringify({ code, message })}\n`);
  process.exit(1);
}

function apply(line) {
  const { id, activate, op } = JSON.parse(line);
  applied++;
  if (activate !== undefined) activeVersion = Math.max(activeVersion, activate);
  if (op !== undefined && !results.has(id)) results.set(id, perform(op));
  const salt = has("diverges") && nodeId === 2 ? "another" : "";
  digest = createHash("sha256")
    .update(digest + line + salt)
    .digest("hex");
  digests.set(applied, digest);
}

function perform({ kind, key, value, expected }) {
  const before = state.get(key);
  if (kind === "get") return { value: before };
  if (kind === "delete") return { value: state.delete(key) };
  if (kind === "compareAndSwap" && before !== expected) return { value: false };
  state.set(key, kind === "append" ? (before ?? "") + value : value);
  return { value: kind === "compareAndSwap" ? true : undefined };
}

function catchUp() {
  if (!existsSync(logFile)) return;
  const file = openSync(logFile);
  const bytes = Buffer.alloc(fstatSync(file).size - read);
  readSync(file, bytes, 0, bytes.length, read);
  closeSync(file);
  const end = bytes.lastIndexOf("\n") + 1;
  read += end;
  for (const line of bytes.toString("utf8", 0, end).split("\n")) if (line !== "") apply(line);
}

function propose(entry) {
  appendFileSync(logFile, `${JSON.stringify(entry)}\n`);
  catchUp();
}

function serve(request) {
  const { kind } = request.op;
  if (kind in calls) calls[kind]++;
  const strikes = (bug, struck) => has(bug) && kind === struck && calls[kind] % 4 === 0;
  if (strikes("losesWrites", "append")) return {};
  if (strikes("readsStale", "get")) return { value: undefined };
  if (strikes("appliesTwice", "append")) propose({ ...request, id: `${request.id} again` });
  propose(request);
  return results.get(request.id);
}

function rows() {
  return readdirSync(shared)
    .filter((name) => name.startsWith("node-"))
    .map((name) => JSON.parse(readFileSync(join(shared, name), "utf8")));
}

function tell() {
  if (has("hidesFromPeers")) return;
  const row = {
    id: nodeId,
    min,
    max,
    incarnation,
    sequence: ++sequence,
    applied,
    at: Date.now(),
    release,
  };
  writeFileSync(join(shared, `next-${nodeId}`), JSON.stringify(row));
  renameSync(join(shared, `next-${nodeId}`), join(shared, `node-${nodeId}.json`));
}

const isAlive = ({ at }) => Date.now() - at < 400;

function leader() {
  const alive = rows()
    .filter((row) => isAlive(row) && row.id <= configuration.founders.length)
    .map(({ id }) => id);
  const chosen = existsSync(join(shared, "leader"))
    ? Number(readFileSync(join(shared, "leader"), "utf8"))
    : 0;
  return alive.includes(chosen) ? chosen : Math.min(...alive);
}

function status() {
  if (!isJoiner) catchUp();
  const known = isJoiner ? 0 : leader();
  return {
    clusterId: configuration.clusterId,
    nodeId,
    release,
    range: { min, max },
    activeVersion,
    role: known === nodeId ? "leader" : "follower",
    term: 1,
    leader: known,
    commit: applied,
    applied,
    lastIndex: applied,
    incarnation,
    sequence: ++sequence,
    digest: { version: 1, index: applied, value: digest },
    content: [
      { version: JSON.parse(readFileSync(contentFile, "utf8")).version, place: "content.json" },
    ],
    members: [],
    peers: rows()
      .filter(({ id }) => id !== nodeId)
      .map(({ at, ...row }) => ({
        ...row,
        connected: isAlive({ at }),
        negotiated: 0,
        ageMs: Date.now() - at,
      })),
  };
}

function command(path, body) {
  if (path === "/transfer") writeFileSync(join(shared, "leader"), String(body.to));
  if (path === "/snapshot" && !has("keepsOldContent"))
    writeFileSync(contentFile, JSON.stringify({ version: activeVersion }));
  if (path === "/members" && body.kind === "addLearner")
    return { ok: false, code: "UnsupportedVersion", message: "it cannot read what is active" };
  if (path !== "/activate") return { ok: true };
  const behind = rows().find((row) => row.max < body.version && isAlive(row));
  if (behind !== undefined && !has("activatesEarly"))
    return {
      ok: false,
      code: "NotSupported",
      message: `node ${behind.id} reads up to ${behind.max}`,
    };
  propose({ activate: body.version });
  return { ok: true };
}

function answer(request, body) {
  if (request.url === "/call") return serve(body);
  if (request.url === "/status") return status();
  if (request.method === "POST") return command(request.url, body);
  const index = Number(new URL(request.url, "http://node").searchParams.get("index"));
  return request.url.startsWith("/digest") ? { index, digest: digests.get(index) } : undefined;
}

function listen(address, onListening) {
  const [host, port] = address.split(":");
  createServer((request, response) => {
    let text = "";
    request.on("data", (part) => {
      text += part;
    });
    request.on("end", () => {
      if (request.url === "/metrics")
        return response.end(
          has("failsToDecode") ? 'wirespan_decode_errors_total{kind="1"} 3\n' : "a_total 1\n",
        );
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify(answer(request, text === "" ? {} : JSON.parse(text)) ?? {}));
    });
  }).listen(Number(port), host, onListening);
}

const isJoiner = configuration.join === true;
mkdirSync(shared, { recursive: true });
if (existsSync(contentFile)) {
  const { version } = JSON.parse(readFileSync(contentFile, "utf8"));
  if (has("scribbles")) writeFileSync(join(dataDirectory, "scribble"), release);
  if ((version < min || version > max) && !has("ignoresContent"))
    refuse(
      "UnreadableContent",
      `Cannot start: version ${version} is stored, ${min} to ${max} is readable`,
    );
} else {
  mkdirSync(dataDirectory, { recursive: true });
  writeFileSync(contentFile, JSON.stringify({ version: min }));
}
const incarnation = existsSync(incarnationFile)
  ? Number(readFileSync(incarnationFile, "utf8")) + 1
  : 1;
writeFileSync(incarnationFile, String(incarnation));
activeVersion = isJoiner ? 0 : min;
if (!isJoiner) {
  catchUp();
  tell();
  setInterval(tell, 50);
}
if (has("dies")) setTimeout(() => process.exit(70), 600);
process.on("SIGTERM", () => process.exit(has("stopsBadly") ? 3 : 0));
listen(configuration.client, () => {
  listen(configuration.admin, () => console.log(JSON.stringify({ event: "ready", nodeId })));
});
