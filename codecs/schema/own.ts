/**
 * Members by their names. A schema that was read from elsewhere may call one `constructor`, which every
 * object has: of those only an own one counts.
 */
export function isOnEveryObject(name: string): boolean {
  return name in Object.prototype;
}

export function ownMember(value: object, name: string): unknown {
  if (isOnEveryObject(name) && !Object.hasOwn(value, name)) return undefined;
  return (value as Readonly<Record<string, unknown>>)[name];
}

/** For a name that is asked for often. */
export function memberReader(name: string): (value: object) => unknown {
  if (isOnEveryObject(name)) return (value) => ownMember(value, name);
  return (value) => (value as Readonly<Record<string, unknown>>)[name];
}
