/** `--host` and `--hosts` of the matrix: which programs take part beside the releases, and how they are started. */
import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { HostCommand } from "../../compat-matrix/run/index.ts";

/** The options do not say how to start a host. */
export class HostOptionError extends Error {
  override readonly name = "HostOptionError";
}

const NAME = /^[a-z][a-z0-9.-]*$/i;

/** `taken`: names of releases, which a host must not have. */
export function hostsFrom(
  options: { readonly host?: readonly string[]; readonly hosts?: string },
  taken: readonly string[],
): HostCommand[] {
  const named = (options.host ?? []).map(parseHost);
  const listed = options.hosts === undefined ? [] : readHosts(options.hosts);
  const seen = new Set(taken);
  for (const { name, command } of [...named, ...listed]) {
    if (!NAME.test(name))
      throw wrong(`host name "${name}": letters, digits, "-" and "." are needed`);
    if (seen.has(name)) throw wrong(`host name "${name}": it is taken`);
    if (command.length === 0) throw wrong(`host "${name}": it has no command`);
    seen.add(name);
  }
  return [...named, ...listed];
}

/** `name=program argument 'argument with spaces'`; no shell is involved. */
function parseHost(text: string): HostCommand {
  const at = text.indexOf("=");
  if (at < 1) throw wrong(`--host "${text}": name=command is needed`);
  return { name: text.slice(0, at), command: splitWords(text.slice(at + 1)) };
}

export function splitWords(text: string): string[] {
  const words: string[] = [];
  const pattern = /\s*((?:[^\s'"]+|'[^']*'|"[^"]*")+)/gy;
  let at = 0;
  for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
    at = pattern.lastIndex;
    words.push((match[1] ?? "").replaceAll(/'([^']*)'|"([^"]*)"/g, "$1$2"));
  }
  if (text.slice(at).trim() === "") return words;
  throw wrong(`command "${text}": a quotation mark is not closed`);
}

/** `[{ "name": "rust", "command": ["target/release/host"] }]`; commands run in the folder of the file. */
function readHosts(file: string): HostCommand[] {
  try {
    const hosts: unknown = JSON.parse(readFileSync(file, "utf8"));
    if (!Array.isArray(hosts)) throw new Error("an array is needed");
    return hosts.map((host: { name?: unknown; command?: unknown }) => {
      const { name, command } = host;
      const isCommand = Array.isArray(command) && command.every((word) => typeof word === "string");
      if (typeof name !== "string" || !isCommand) {
        throw new Error('{ "name": text, "command": [text, …] } is needed');
      }
      return { name, command, folder: resolve(dirname(file)) };
    });
  } catch (error) {
    throw wrong(`hosts file ${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function wrong(text: string): HostOptionError {
  return new HostOptionError(`Cannot use ${text}`);
}
