/**
 * The configuration of a node: a JSON file, checked as a whole before anything is opened. A key
 * that nobody reads is refused by its name, because a misspelt `readLease` must not go unnoticed.
 */
import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { Ajv, type ErrorObject } from "ajv";
import type { MemberAddress } from "../replica/index.ts";
import { readAddress } from "./address.ts";
import { StartRefused } from "./refusal.ts";

export interface NodeConfiguration {
  /** 32 hex digits. */
  readonly clusterId: string;
  readonly nodeId: number;
  readonly dataDirectory: string;
  /** `host:port` to listen on and to be known by; port 0 lets the system choose, for one node alone. */
  readonly peer: string;
  readonly client: string;
  readonly admin: string;
  /** Empty: the node joins an existing cluster. */
  readonly founders: readonly MemberAddress[];
  readonly tickMs: number;
  readonly readLease: boolean;
  readonly tls?: TlsFiles;
  readonly capture?: CaptureTarget;
  /** Entries applied since the last snapshot after which the node takes one by itself. */
  readonly snapshotEvery: number;
}

/** PEM files of the peer side: own key and certificate, and the authority that signed every member's. */
export interface TlsFiles {
  readonly key: string;
  readonly certificate: string;
  readonly authority: string;
}

export interface CaptureTarget {
  readonly file: string;
  readonly bytesMax: number;
}

const POSITIVE = { type: "integer", minimum: 1, maximum: Number.MAX_SAFE_INTEGER } as const;
const TEXT = { type: "string", minLength: 1 } as const;
const ADDRESS = { type: "string", format: "address" } as const;

const SCHEMA = {
  type: "object",
  additionalProperties: false,
  required: ["clusterId", "nodeId", "dataDirectory", "peer", "client", "admin"],
  properties: {
    clusterId: { type: "string", pattern: "^[0-9a-fA-F]{32}$" },
    nodeId: POSITIVE,
    dataDirectory: TEXT,
    peer: ADDRESS,
    client: ADDRESS,
    admin: ADDRESS,
    founders: {
      type: "array",
      items: {
        type: "object",
        additionalProperties: false,
        required: ["id", "peerAddress", "clientAddress"],
        properties: { id: POSITIVE, peerAddress: ADDRESS, clientAddress: ADDRESS },
      },
    },
    join: { type: "boolean" },
    tickMs: { type: "integer", minimum: 1, maximum: 60_000, default: 50 },
    readLease: { type: "boolean", default: false },
    tls: {
      type: "object",
      additionalProperties: false,
      required: ["key", "certificate", "authority"],
      properties: { key: TEXT, certificate: TEXT, authority: TEXT },
    },
    capture: {
      type: "object",
      additionalProperties: false,
      required: ["file", "bytesMax"],
      properties: { file: TEXT, bytesMax: POSITIVE },
    },
    snapshotEvery: { ...POSITIVE, default: 10_000 },
  },
} as const;

/** The file as written: `founders` and `join` are two ways to say where the cluster comes from. */
interface WrittenConfiguration extends Omit<NodeConfiguration, "founders"> {
  readonly founders?: readonly MemberAddress[];
  readonly join?: boolean;
}

/** Throws `StartRefused`. Relative paths in the file count from its own folder. */
export function loadConfiguration(file: string): NodeConfiguration {
  const written = readJson(file);
  const ajv = new Ajv({ useDefaults: true });
  ajv.addFormat("address", (text: string) => readAddress(text) !== undefined);
  const isValid = ajv.compile<WrittenConfiguration>(SCHEMA);
  if (!isValid(written)) throw refusal(file, problemOf(isValid.errors?.[0]));
  const { join, founders = [], ...rest } = written;
  const problem = problemOfFounders(written);
  if (problem !== undefined) throw refusal(file, problem);
  return resolvePaths(
    { ...rest, founders, clusterId: rest.clusterId.toLowerCase() },
    dirname(resolve(file)),
  );
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw refusal(file, error instanceof Error ? error.message : String(error));
  }
}

function problemOfFounders({
  join,
  founders = [],
  nodeId,
}: WrittenConfiguration): string | undefined {
  if (join === true)
    return founders.length > 0 ? 'both "founders" and "join" are given, one is needed' : undefined;
  if (founders.length === 0) return '"founders" or "join": true is needed';
  const ids = founders.map(({ id }) => id);
  if (new Set(ids).size < ids.length) return `"founders" names an id twice (${ids.join(", ")})`;
  if (!ids.includes(nodeId)) return `"founders" (${ids.join(", ")}) must name this node, ${nodeId}`;
  return undefined;
}

function resolvePaths(configuration: NodeConfiguration, folder: string): NodeConfiguration {
  const { dataDirectory, tls, capture } = configuration;
  return {
    ...configuration,
    dataDirectory: resolve(folder, dataDirectory),
    ...(tls && {
      tls: {
        key: resolve(folder, tls.key),
        certificate: resolve(folder, tls.certificate),
        authority: resolve(folder, tls.authority),
      },
    }),
    ...(capture && { capture: { ...capture, file: resolve(folder, capture.file) } }),
  };
}

/** `/founders/0/id` of the checker is `founders.0.id` to a reader. */
function problemOf(error: ErrorObject | undefined): string {
  if (error === undefined) return "it is not valid";
  const place = error.instancePath.slice(1).replaceAll("/", ".");
  const within = place === "" ? "" : ` in "${place}"`;
  const { additionalProperty, missingProperty } = error.params;
  if (error.keyword === "additionalProperties")
    return `unknown key "${additionalProperty}"${within}`;
  if (error.keyword === "required") return `key "${missingProperty}" is missing${within}`;
  if (error.keyword === "format") return `"${place}" must be host:port`;
  if (error.keyword === "pattern") return `"${place}" must be 32 hex digits`;
  return `${place === "" ? "it" : `"${place}"`} ${error.message}`;
}

function refusal(file: string, problem: string): StartRefused {
  return new StartRefused("bad_configuration", `Cannot read the configuration ${file}: ${problem}`);
}
