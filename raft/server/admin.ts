/**
 * What outsiders ask of a node: HTTP/1.1 with JSON. The form is fixed from the first release on,
 * because every later runner must be able to ask every old node; routes and fields are only added.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Outcome, Replica } from "../replica/index.ts";
import type { Address } from "./address.ts";
import { AdminError, readBody, readIndex, readMembershipChange, readNumber } from "./admin-body.ts";
import { closeListener, listenOn } from "./listener.ts";
import type { Metrics } from "./metrics.ts";

export interface AdminOptions {
  readonly metrics: Metrics;
  /** The node is asked to end; it has been answered before. */
  readonly onStop: () => void;
}

interface Answer {
  readonly status: number;
  readonly type?: string;
  readonly body: unknown;
}

interface Question {
  readonly query: URLSearchParams;
  /** Read only where a route wants it. */
  readonly body: () => Promise<unknown>;
}

type Route = (question: Question) => Answer | Promise<Answer>;
type Method = "GET" | "POST";

/** A change that was proposed may wait for a majority that never comes. */
const OUTCOME_TIMEOUT_MS = 30_000;
const REQUEST_TIMEOUT_MS = 10_000;
const CLOSE_TIMEOUT_MS = 500;

export class AdminServer {
  readonly #server: Server;
  readonly #options: AdminOptions;
  #routes: Readonly<Record<string, Partial<Record<Method, Route>>>> = {};

  constructor(options: AdminOptions) {
    this.#options = options;
    this.#server = createServer(
      { requestTimeout: REQUEST_TIMEOUT_MS, headersTimeout: REQUEST_TIMEOUT_MS },
      (request, response) => void this.#onRequest(request, response),
    );
    this.#server.on("clientError", (error: Error & { code?: string }, socket) => {
      this.#count("malformed_request");
      if (socket.writable && error.code !== "ECONNRESET")
        socket.end("HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-length: 0\r\n\r\n");
      else socket.destroy();
    });
  }

  async listen(address: Address): Promise<Address> {
    return await listenOn(this.#server, "admin", address);
  }

  serve(replica: Replica): void {
    const { metrics } = this.#options;
    this.#routes = {
      "/status": { GET: () => ok(replica.status()) },
      "/metrics": { GET: async () => metricsAnswer(metrics) },
      "/digest": { GET: ({ query }) => digestAnswer(replica, query) },
      "/transfer": {
        POST: async ({ body }) => {
          const to = readNumber(await body(), "to");
          return await outcomeOf((done) => replica.transferLeadership(to, done));
        },
      },
      "/snapshot": { POST: () => outcomeOf((done) => replica.takeSnapshot(done)) },
      "/activate": {
        POST: async ({ body }) => {
          const version = readNumber(await body(), "version");
          return await outcomeOf((done) => replica.activate(version, done));
        },
      },
      "/members": {
        POST: async ({ body }) => {
          const change = readMembershipChange(await body());
          return await outcomeOf((done) => replica.changeMembership(change, done));
        },
      },
      "/stop": { POST: () => ok({ ok: true }) },
    };
  }

  /** Answers under way are finished, then every connection is closed. */
  async close(): Promise<void> {
    const closed = closeListener(this.#server);
    this.#server.closeIdleConnections();
    setTimeout(() => this.#server.closeAllConnections(), CLOSE_TIMEOUT_MS).unref();
    await closed;
  }

  async #onRequest(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [pathname = "", query] = (request.url ?? "").split("?", 2);
    const answer = await this.#answer(request, pathname, new URLSearchParams(query));
    const text = answer.type ? String(answer.body) : `${JSON.stringify(answer.body)}\n`;
    const stops = pathname === "/stop" && answer.status === 200;
    response.writeHead(answer.status, {
      "content-type": answer.type ?? "application/json",
      "cache-control": "no-store",
      // What was refused may not have been read to its end, so the connection is of no further use.
      ...((stops || answer.status >= 400) && { connection: "close" }),
    });
    response.end(text);
    if (stops) response.once("close", () => this.#options.onStop());
  }

  async #answer(
    request: IncomingMessage,
    pathname: string,
    query: URLSearchParams,
  ): Promise<Answer> {
    try {
      const route = this.#routeOf(request, pathname);
      return await route({ query, body: () => readBody(request) });
    } catch (error) {
      if (!(error instanceof AdminError)) throw error;
      this.#count(error.code);
      return refused(error.status, error.code, error.message);
    }
  }

  #routeOf(request: IncomingMessage, pathname: string): Route {
    // A page in somebody's browser may post here unasked; no runner sends this header.
    if (request.headers.origin !== undefined)
      throw new AdminError(403, "foreign_origin", "Cannot answer a web page of another origin");
    const methods = this.#routes[pathname];
    if (methods === undefined)
      throw new AdminError(
        404,
        "unknown_route",
        `Cannot find "${pathname}": the routes are ${Object.keys(this.#routes).join(" ")}`,
      );
    const route = methods[request.method as Method];
    if (route !== undefined) return route;
    throw new AdminError(
      405,
      "wrong_method",
      `Cannot ${request.method} "${pathname}": it takes ${Object.keys(methods).join(", ")}`,
    );
  }

  #count(reason: string): void {
    this.#options.metrics.count({
      kind: "count",
      name: "wirespan_admin_refused_total",
      labels: { reason },
    });
  }
}

function ok(body: unknown): Answer {
  return { status: 200, body };
}

function refused(status: number, code: string, message: string): Answer {
  return { status, body: { ok: false, code, message } };
}

async function metricsAnswer(metrics: Metrics): Promise<Answer> {
  return { status: 200, type: metrics.contentType, body: await metrics.text() };
}

function digestAnswer(replica: Replica, query: URLSearchParams): Answer {
  const index = readIndex(query);
  const digest = replica.digestAt(index);
  if (digest !== undefined) return ok({ index, digest });
  return refused(
    404,
    "unknown_index",
    `Cannot tell the digest at ${index}: it is not applied, or too long ago`,
  );
}

async function outcomeOf(start: (done: (outcome: Outcome) => void) => void): Promise<Answer> {
  let timer: NodeJS.Timeout | undefined;
  const outcome = await new Promise<Outcome>((fulfil) => {
    timer = setTimeout(() => fulfil(UNDECIDED), OUTCOME_TIMEOUT_MS).unref();
    start(fulfil);
  });
  clearTimeout(timer);
  return { status: outcome.ok ? 200 : 409, body: outcome };
}

const UNDECIDED: Outcome = {
  ok: false,
  code: "undecided",
  message: `Cannot tell the outcome within ${OUTCOME_TIMEOUT_MS} ms: it may still happen, ask the status`,
};
