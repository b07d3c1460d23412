/** Proves that golden bytes leave nothing out: no message, variant, enumeration or optional field. */
import type { HostDescription, MessageDescription, VersionDescription } from "../codec-host.ts";
import { type SchemaView, viewOf } from "../schema-view.ts";
import { casesOf } from "./cases.ts";
import type { GoldenFile } from "./golden.ts";
import { futureCasesOf, hasFormat } from "./next-schema.ts";
import { sitesOf } from "./sites.ts";

/** What has no golden case, as `v2 Message: what`. An empty list means that all is covered. */
export function findUncovered(host: HostDescription, golden: readonly GoldenFile[]): string[] {
  return host.versions.flatMap((description) => {
    const view = viewOf(description);
    const covered = new Set<string>();
    const missing = view.roots.flatMap((message) => {
      const names = namesIn(golden, view.version, message.name);
      for (const site of sitesOf(message, view)) {
        if (names.has(site.name)) covered.add(site.covers);
      }
      return findMissing(message, view, names);
    });
    const noFuture = hasFormat(view.format)
      ? []
      : [
          `v${view.version}: no unknown fields, because format "${view.format}" is not in this build`,
        ];
    return [...missing, ...noFuture, ...findUnreached(description, covered)];
  });
}

function namesIn(
  golden: readonly GoldenFile[],
  version: number,
  message: string,
): ReadonlySet<string> {
  const file = golden.find((one) => one.version === version && one.message === message);
  return new Set(file?.records.map((record) => record.case));
}

function findMissing(
  message: MessageDescription,
  view: SchemaView,
  names: ReadonlySet<string>,
): string[] {
  return [...casesOf(message, view), ...futureCasesOf(message, view)]
    .filter((wanted) => !names.has(wanted.case))
    .map((wanted) => `v${view.version} ${message.name}: ${wanted.case}`);
}

/** Parts of the schema that no message leads to: they would never be written by any case. */
function findUnreached(
  { version, messages, enumerations }: VersionDescription,
  covered: ReadonlySet<string>,
): string[] {
  const variants = messages.flatMap(({ name, members }) =>
    members.flatMap((member) =>
      member.kind === "oneof"
        ? member.variants.map((variant) => `${name}.${member.name}=${variant.name}`)
        : [],
    ),
  );
  const named = enumerations.flatMap((one) =>
    one.variants.map((variant) => `${one.name}=${variant.name}`),
  );
  return [...variants, ...named]
    .filter((part) => !covered.has(part))
    .map((part) => `v${version} ${part}: no message leads to it`);
}
