/** What we use of packages that bring no types. */
declare module "pbf/compile" {
  export function compile(schema: unknown): Record<string, (...args: unknown[]) => unknown>;
}

declare module "resolve-protobuf-schema" {
  const resolveProto: { sync(file: string): unknown };
  // biome-ignore lint/style/noDefaultExport: the package is CommonJS.
  export default resolveProto;
}
