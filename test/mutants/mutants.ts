// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the mutants replace source text.
/** Changes to what the frozen releases wrote and read, each of which breaks somebody. */
import type { Victim } from "../../compat-matrix/index.ts";
import type { Mutant } from "./mutant.ts";

const READER: Victim = "new reader of old bytes";
const OLD_READER: Victim = "old reader of new bytes";
const BOTH: readonly Victim[] = [READER, OLD_READER];

export const MUTANTS: readonly Mutant[] = [
  {
    name: "a field is renumbered",
    file: "raft/wire/messages/append.ts",
    find: "  index: uint64(2),\n",
    replace: "  index: uint64(12),\n",
    expected: { message: "AppendResponse", victims: BOTH, reason: /index|unknown/ },
  },
  {
    name: "an integer becomes signed",
    file: "raft/wire/messages/append.ts",
    find: "prevTerm: uint64(4)",
    replace: "prevTerm: int64(4)",
    imports: 'import { int64 } from "../../../codecs/index.ts";\n',
    expected: { message: "AppendRequest", victims: BOTH, reason: /prevTerm/ },
  },
  {
    name: "a fixed integer becomes a varint",
    file: "raft/wire/messages/snapshot-transfer.ts",
    find: "optional(fixed32(9))",
    replace: "optional(uint32(9))",
    expected: { message: "SnapshotChunk", victims: BOTH, reason: /crc32c/ },
  },
  {
    name: "a packed list is no longer packed",
    file: "raft/wire/messages/append.ts",
    find: "list(6, LogEntry).packedSince(3)",
    replace: "list(6, LogEntry)",
    expected: {
      message: "AppendRequest",
      victims: BOTH,
      reason: /entries|bytes differ|cannot be read/,
    },
  },
  {
    name: "a status that old peers send is removed",
    file: "raft/wire/messages/client.ts",
    find: "  busy: 4,\n",
    replace: "",
    expected: { message: "ClientResponse", victims: [READER], reason: /unknown\(4\)/ },
  },
  {
    name: "a new entry kind is sent to readers that lack it",
    file: "raft/wire/messages/log-entry.ts",
    find: "closeSession: variant(4).since(4)",
    replace: "closeSession: variant(4).since(3)",
    expected: {
      message: "LogEntry",
      victims: [OLD_READER],
      versions: [3],
      reason: /unknown\(4\)|closeSession/,
    },
  },
  {
    name: "a record field keeps its old number in the new version",
    file: "raft/wire/messages/log-entry.ts",
    find: "version: uint32(4).numbered(3, 2)",
    replace: "version: uint32(4).numbered(3, 9)",
    expected: { message: "LogEntry", victims: BOTH, reason: /version|unknown/ },
  },
  {
    name: "an integer becomes a string",
    file: "raft/wire/messages/append.ts",
    find: "prevIndex: uint64(3)",
    replace: "prevIndex: string(3)",
    imports: 'import { string } from "../../../codecs/index.ts";\n',
    expected: { message: "AppendRequest", victims: BOTH, reason: /prevIndex/ },
  },
  {
    name: "a varint becomes a fixed integer",
    file: "raft/wire/messages/stored.ts",
    find: "commit: uint64(3)",
    replace: "commit: fixed64(3)",
    imports: 'import { fixed64 } from "../../../codecs/index.ts";\n',
    expected: { message: "HardState", victims: BOTH, reason: /cannot be read: DecodeError/ },
  },
  {
    name: "a width that version 4 has widened is narrow again",
    file: "raft/wire/messages/snapshot-transfer.ts",
    find: "offset: uint32(5).as(4, uint64)",
    replace: "offset: uint32(5)",
    expected: {
      message: "SnapshotChunk",
      victims: [READER],
      versions: [4],
      reason: /cannot be read: DecodeError OutOfDomainValue/,
    },
  },
  {
    name: "a variant that old peers send is removed",
    file: "raft/wire/messages/client.ts",
    find: "    delete: field(7, Delete),\n",
    replace: "",
    expected: { message: "ClientRequest", victims: [READER], reason: /delete/ },
  },
  {
    name: "a field is added to a released version",
    file: "raft/wire/messages/vote.ts",
    find: "  lastIndex: uint64(3),\n",
    replace: "  lastIndex: uint64(3),\n  priority: uint64(9),\n",
    expected: {
      message: "VoteRequest",
      victims: [OLD_READER],
      reason: /priority = .* is not known/,
    },
  },
  {
    name: "two numbers of an enumeration are swapped",
    file: "raft/wire/messages/log-entry.ts",
    find: "  command: 1,\n  config: 2,\n",
    replace: "  command: 2,\n  config: 1,\n",
    expected: { message: "LogEntry", victims: BOTH, reason: /kind is "(?:config|command)"/ },
  },
  {
    name: "an optional field becomes implicit",
    file: "raft/wire/messages/client.ts",
    find: "value: optional(bytes(6))",
    replace: "value: bytes(6)",
    expected: { message: "ClientResponse", victims: [READER], reason: /the bytes differ/ },
  },
  {
    name: "an implicit field becomes optional",
    file: "raft/wire/messages/log-entry.ts",
    find: "body: bytes(6)",
    replace: "body: optional(bytes(6))",
    imports: 'import { optional } from "../../../codecs/index.ts";\n',
    expected: { message: "LogEntry", victims: [OLD_READER], reason: /the bytes differ/ },
  },
  {
    name: "unknown fields are dropped when a message is written back",
    file: "codecs/unknown.ts",
    find: "return fits ? unknown : undefined;",
    replace: "return undefined;",
    expected: { message: "AppendRequest", victims: [READER], reason: /bytes differ|unknown/ },
  },
  {
    name: "fields are written although they are empty",
    file: "codecs/generation/presence-code.ts",
    find: 'return `${x} !== ${type.as === "bigint" ? "0n" : "0"} && ${x} !== undefined`',
    replace: "return `${x} !== undefined`",
    expected: { message: "AppendResponse", victims: BOTH, reason: /the bytes differ/ },
  },
  {
    name: "two kinds of entries are swapped in writing only",
    file: "codecs/generation/enumeration-code.ts",
    find: "([name, number]) => `${x} === ${JSON.stringify(name)} ? ${number} : `",
    replace: `([name, number]) => {
      const swapped = { command: "config", config: "command" }[name];
      const written = shape.name === "EntryKind" ? variants.get(swapped ?? name) : number;
      return \`\${x} === \${JSON.stringify(name)} ? \${written} : \`;
    }`,
    expected: { message: "LogEntry", victims: BOTH, reason: /kind is "(?:config|command)"/ },
  },
  {
    name: "a message is deleted from the table of the protocol",
    file: "raft/wire/wire-protocol.ts",
    find: '    NodeStatus: on("connection", NodeStatus),\n',
    replace: "",
    expected: {
      message: "NodeStatus",
      victims: [READER],
      reason: /tree reads v\d but has no NodeStatus there/,
    },
  },
  {
    name: "a message of version 4 appears in version 3",
    file: "raft/wire/wire-protocol.ts",
    find: 'CloseSession: { ...on("log", CloseSession), since: 4 }',
    replace: 'CloseSession: on("log", CloseSession)',
    expected: {
      message: "CloseSession",
      victims: [OLD_READER],
      versions: [3],
      reason: /reads v3 but has no CloseSession there/,
    },
  },
  {
    name: "the hello knows versions from a table",
    file: "raft/wire/negotiate.ts",
    find: "  if (range.max < own.min) {",
    replace:
      "  if (range.max > 4) return { code: 'version_too_new', text: '' };\n  if (range.max < own.min) {",
    expected: {
      message: "Hello",
      victims: [READER],
      kind: "hello",
      reason: /answered a refusal, expected v/,
    },
  },
  {
    name: "a refusal does not name the own range",
    file: "raft/wire/negotiate.ts",
    find: "reads wire versions ${range.min} to ${range.max}`",
    replace: "reads other wire versions`",
    expected: {
      message: "Hello",
      victims: [READER],
      kind: "hello",
      reason: /does not name its own range/,
    },
  },
  {
    name: "the frame's checksum covers the wrong bytes",
    file: "raft/wire/frame.ts",
    find: "writeU32(bytes, 60, crc32c(body));",
    replace: "writeU32(bytes, 60, crc32c(body.subarray(1)));",
    expected: {
      message: "ClientRequest",
      victims: [OLD_READER],
      kind: "client-server",
      reason: /the frame is refused/,
    },
  },
];
