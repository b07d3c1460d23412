/** `wirespan generate <module>`: codecs as TypeScript, made when a program is built. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, relative, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { type Command, InvalidArgumentError } from "commander";
import { generatedModule, MessageDefinition } from "../../codecs/index.ts";
import { EXIT } from "../exit.ts";

interface Options {
  readonly out?: string;
  readonly message?: readonly string[];
  readonly wireVersion?: number;
  readonly library: string;
  readonly check?: true;
}

export function register(program: Command): void {
  program
    .command("generate")
    .description("write the Bilrost codecs of a module's messages as a TypeScript file")
    .argument("<module>", "a module that exports messages, such as ./messages.ts")
    .option("--out <file>", "the file to write (default: <module>.codecs.ts beside it)")
    .option("--message <name...>", "only these exports (default: every exported message)")
    .option("--wire-version <n>", "the form of this wire version (default: the present one)", whole)
    .option("--library <specifier>", "where the file imports from", "wirespan/bilrost")
    .option("--check", "write nothing; exit 100 when the file is not what would be written")
    .action(generate);
}

async function generate(module: string, options: Options): Promise<void> {
  const source = resolve(module);
  const out = resolve(options.out ?? source.replace(/\.[cm]?[jt]s$/, "").concat(".codecs.ts"));
  const text = generatedModule(await definitionsOf(source, options.message), {
    from: specifierOf(dirname(out), source),
    library: options.library,
    ...(options.wireVersion === undefined ? {} : { version: options.wireVersion }),
  });
  const shown = relative(process.cwd(), out) || basename(out);
  if (options.check) check(out, shown, text);
  else write(out, shown, text);
}

function check(out: string, shown: string, text: string): void {
  const before = existsSync(out) ? readFileSync(out, "utf8") : undefined;
  if (before === text) {
    process.stdout.write(`${shown}: up to date\n`);
    return;
  }
  const state = before === undefined ? "there is no such file" : "not up to date";
  process.stdout.write(`${shown}: ${state}; "${commandWithoutCheck()}" writes it\n`);
  process.exitCode = EXIT.findings;
}

/** As it was given, so that it can be copied. */
function commandWithoutCheck(): string {
  const words = process.argv.slice(2).filter((word) => word !== "--check");
  return ["wirespan", ...words.map(quoted)].join(" ");
}

function quoted(word: string): string {
  return /^[\w./:@=+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

function write(out: string, shown: string, text: string): void {
  refuseForeign(out, shown);
  const folder = dirname(out);
  if (!existsSync(folder)) {
    throw new Error(
      `Cannot write ${shown}: there is no folder ${relative(process.cwd(), folder)}; make it or give another --out`,
    );
  }
  writeFileSync(out, text);
  process.stdout.write(`${shown}: ${text.length} characters\n`);
}

/** With an `--out` mistyped, a schema or somebody's program would be gone. */
function refuseForeign(out: string, shown: string): void {
  if (!existsSync(out)) return;
  const before = readFileSync(out, "utf8").trim();
  if (before === "" || before.startsWith('// Made by "wirespan generate".')) return;
  throw new Error(
    `Cannot write ${shown}: it was not made by "wirespan generate"; remove it or give another --out`,
  );
}

async function definitionsOf(
  source: string,
  wanted: readonly string[] | undefined,
): Promise<Record<string, MessageDefinition<object>>> {
  if (!existsSync(source)) throw new Error(`Cannot generate: there is no file ${source}`);
  const exported = Object.entries((await load(source)) as Record<string, unknown>);
  const found = exported.filter(
    (entry): entry is [string, MessageDefinition<object>] => entry[1] instanceof MessageDefinition,
  );
  const names = found.map(([name]) => name).sort();
  if (names.length === 0) throw noMessage(source, exported);
  const missing = wanted?.find((name) => !names.includes(name));
  if (missing !== undefined) {
    throw new Error(
      `Cannot generate ${missing}: ${source} exports the messages ${names.join(", ")}`,
    );
  }
  return Object.fromEntries(found.filter(([name]) => wanted?.includes(name) ?? true));
}

function noMessage(source: string, exported: readonly (readonly [string, unknown])[]): Error {
  const foreign = exported.find(([, one]) => Object(one).kind === "message");
  const why =
    foreign === undefined
      ? 'it exports no message; export what message("Name", { … }) gives'
      : `${foreign[0]} comes from another copy of wirespan than this command; install it once, and run that one`;
  return new Error(`Cannot generate from ${source}: ${why}`);
}

/** Node's exit code when nothing is left to do, and a top-level `await` is still open. */
const UNSETTLED = 13;

async function load(source: string): Promise<unknown> {
  const tellEnd = (code: number): void => {
    const problem =
      code === UNSETTLED
        ? "it waits for something that never comes"
        : `it ended the process with code ${code} while it was loaded; only definitions belong there`;
    process.stderr.write(`wirespan: Cannot load ${source}: ${problem}\n`);
    process.exitCode = EXIT.couldNotRun;
  };
  process.once("exit", tellEnd);
  try {
    return await import(pathToFileURL(source).href);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const isOld = /unknown file extension/i.test(reason);
    const remedy = isOld ? "; this Node does not read TypeScript: give the compiled .js file" : "";
    throw new Error(`Cannot load ${source}: ${reason}${remedy}`);
  } finally {
    process.off("exit", tellEnd);
  }
}

function specifierOf(folder: string, source: string): string {
  const path = relative(folder, source).replaceAll("\\", "/");
  return path.startsWith(".") ? path : `./${path}`;
}

function whole(text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new InvalidArgumentError("a whole number from 1 on is needed");
}
