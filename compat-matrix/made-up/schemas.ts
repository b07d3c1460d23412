/** Descriptions of made-up releases: `old` speaks v1, `new` speaks v1 and v2. */
import type {
  EnumerationDescription,
  FieldDescription,
  HostDescription,
  MemberDescription,
  MessageDescription,
  TypeDescription,
  VersionDescription,
} from "../codec-host.ts";

export function integer(bits: number, signed = false): TypeDescription {
  return { kind: "integer", signed, bits, encoding: "varint", as: "number" };
}

export function field(
  name: string,
  number: number,
  type: TypeDescription,
  more: Partial<FieldDescription> = {},
): FieldDescription {
  return { kind: "field", name, number, type, presence: "implicit", ...more };
}

const ROLE: EnumerationDescription = {
  name: "Role",
  open: true,
  variants: [
    { name: "follower", number: 0 },
    { name: "leader", number: 1 },
  ],
};

const LEASE = field("leaseMs", 7, integer(64), {
  presence: "optional",
  loss: "a lease is only an offer",
});

const ENTRY: MessageDescription = {
  name: "Entry",
  surface: "log",
  members: [
    field("index", 1, integer(64)),
    {
      kind: "oneof",
      name: "op",
      variants: [field("put", 2, { kind: "bytes" }), field("remove", 3, { kind: "string" })],
    },
  ],
};

const APPEND: readonly MemberDescription[] = [
  field("term", 1, integer(64)),
  field("role", 2, { kind: "enumeration", name: "Role" }),
  field("entries", 3, { kind: "list", item: { kind: "message", name: "Entry" }, packed: false }),
  field("tags", 4, { kind: "map", key: { kind: "string" }, value: integer(32) }),
  field("note", 5, { kind: "string" }, { presence: "optional" }),
  field("balance", 6, integer(32, true)),
];

function request(members: readonly MemberDescription[]): MessageDescription {
  return { name: "ClientRequest", surface: "client", members };
}

const REQUEST = [field("id", 1, integer(32)), field("text", 2, { kind: "string" })];

export const VERSION_1: VersionDescription = {
  version: 1,
  format: "numbered",
  messages: [{ name: "Append", surface: "connection", members: APPEND }, ENTRY, request(REQUEST)],
  enumerations: [ROLE],
  rules: {},
};

export const VERSION_2: VersionDescription = {
  ...VERSION_1,
  version: 2,
  messages: [
    { name: "Append", surface: "connection", members: [...APPEND, LEASE] },
    ENTRY,
    request([...REQUEST, field("retry", 3, integer(8))]),
    { name: "Vote", surface: "connection", members: [field("term", 1, integer(64))] },
  ],
};

export const OLD: HostDescription = {
  release: "old",
  range: { min: 1, max: 1 },
  writes: { before: 1, after: 1 },
  versions: [VERSION_1],
};

export const NEW: HostDescription = {
  release: "new",
  range: { min: 1, max: 2 },
  writes: { before: 1, after: 2 },
  versions: [VERSION_1, VERSION_2],
};

/** Changes one message of one version; the rest stays as it was. */
export function withMessage(
  host: HostDescription,
  version: number,
  message: string,
  change: (members: readonly MemberDescription[]) => readonly MemberDescription[],
): HostDescription {
  const changeMessage = (one: MessageDescription): MessageDescription =>
    one.name === message ? { ...one, members: change(one.members) } : one;
  return {
    ...host,
    versions: host.versions.map((one) =>
      one.version === version ? { ...one, messages: one.messages.map(changeMessage) } : one,
    ),
  };
}
