/** One message by the schema of a release: our tree, and the release's own verdict, which has the last word. */
import {
  type InspectNode,
  type InspectOptions,
  type InspectProblem,
  inspect,
} from "../../codecs/index.ts";
import type { VersionDescription } from "../../compat-matrix/index.ts";
import { messageOfEntry } from "./entry-body.ts";
import type { OpenRelease } from "./open-release.ts";

export type FormatName = InspectOptions["format"];

export const FORMAT_NAMES: Readonly<Record<FormatName, string>> = {
  bilrost: "Bilrost",
  protobuf: "protobuf",
  msgpack: "MessagePack",
};

export interface MessagePlace {
  readonly message: string;
  readonly version: VersionDescription;
  readonly start: number;
  readonly end: number;
}

export interface ReadMessage {
  readonly node: InspectNode;
  readonly problems: readonly InspectProblem[];
  readonly nodeCount: number;
  readonly verdict: string;
}

export class MessageReader {
  readonly #bytes: Uint8Array;
  readonly #release: OpenRelease;

  constructor(bytes: Uint8Array, release: OpenRelease) {
    this.#bytes = bytes;
    this.#release = release;
  }

  read({ message, version, start, end }: MessagePlace, nodesMax: number): ReadMessage {
    const format = version.format as FormatName;
    const schema = { version, message };
    const inspection = inspect(this.#bytes, { format, schema, start, end, nodesMax });
    const opened = this.openEntries(inspection.root, nodesMax - inspection.nodeCount);
    const found = [...inspection.problems, ...opened.problems];
    const nodeCount = inspection.nodeCount + opened.nodeCount;
    const { verdict, problem } = this.#ask({ message, version, start, end });
    if (!problem || inspection.problems.length > 0) {
      return { node: opened.node, problems: found, nodeCount, verdict };
    }
    return { node: { ...opened.node, problem }, problems: [problem, ...found], nodeCount, verdict };
  }

  /** Log entries hold a message of their own, at the version that the entry names. */
  openEntries(node: InspectNode, nodesMax: number): Omit<ReadMessage, "verdict"> {
    const children = node.readings[0]?.children;
    if (!children || nodesMax <= 0) return { node, problems: [], nodeCount: 0 };
    const body = messageOfEntry(node);
    const problems: InspectProblem[] = [];
    let nodeCount = 0;
    const opened = children.map((child) => {
      const left = nodesMax - nodeCount;
      const read =
        body && child === body.node
          ? this.#openBody(child, body, left)
          : this.openEntries(child, left);
      problems.push(...read.problems);
      nodeCount += read.nodeCount;
      return read.node;
    });
    const [best, ...others] = node.readings;
    const readings = [{ as: best?.as ?? "message", ...best, children: opened }, ...others];
    return { node: { ...node, readings }, problems, nodeCount };
  }

  #openBody(
    node: InspectNode,
    { message, wireVersion }: { readonly message: string; readonly wireVersion: number },
    nodesMax: number,
  ): Omit<ReadMessage, "verdict"> {
    const version = this.#release.version(wireVersion);
    if (!version?.messages.some(({ name }) => name === message) || nodesMax <= 0) {
      return { node, problems: [], nodeCount: 0 };
    }
    const place = { message, version, start: node.bodyStart, end: node.end };
    // To the entry its body is just bytes: other ones are no damage of what is read here.
    if (this.#ask(place).problem) {
      const note = `not the ${message} that its kind says`;
      return { node: { ...node, notes: [...node.notes, note] }, problems: [], nodeCount: 0 };
    }
    const read = this.read(place, nodesMax);
    const name = `${FORMAT_NAMES[version.format as FormatName]}, wire version ${wireVersion}`;
    const child = { ...read.node, notes: [...read.node.notes, name] };
    const readings = [{ as: "message", children: [child] }];
    return { ...read, node: { ...node, readings } };
  }

  #ask({ message, version, start, end }: MessagePlace): {
    verdict: string;
    problem?: InspectProblem;
  } {
    const { name } = this.#release;
    const result = this.#release.decode(message, version.version, this.#bytes.subarray(start, end));
    if (result.ok) {
      const { unknownFields: count } = result;
      const fields = count === 1 ? "1 field" : `${count} fields`;
      const kept = count === 0 ? "" : `, ${fields} it does not know are kept`;
      return { verdict: `${name} reads it${kept}` };
    }
    const { code, message: text, path, offset = 0 } = result.error;
    const problem: InspectProblem = {
      code: code as InspectProblem["code"],
      problem: bare(text, path, offset),
      offset: offset + start,
      path,
    };
    return { verdict: `${name} refuses it: ${code}`, problem };
  }
}

/** The text of an error without its path and place, which are shown beside it. */
function bare(text: string, path: readonly string[], offset: number): string {
  const before = path.length > 0 ? `${path.join(".")}: ` : "";
  const after = ` (byte ${offset})`;
  const begun = text.startsWith(before) ? text.slice(before.length) : text;
  return begun.endsWith(after) ? begun.slice(0, -after.length) : begun;
}
