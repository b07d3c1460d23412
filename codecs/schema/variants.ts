/** Enumeration values between their two forms: name (or `unknown(7)`) and number. */
import { EncodeError } from "../errors.ts";
import { unknownNumber } from "./enumeration.ts";
import type { EnumerationShape } from "./shape.ts";

/** Of a name, its number. Throws `EncodeError` for what is no variant. */
export function numbersOf({ name, variants, open }: EnumerationShape): (value: unknown) => number {
  return (value) => {
    const known = variants.get(value as string);
    if (known !== undefined) return known;
    const number = open && typeof value === "string" ? unknownNumber(value) : undefined;
    if (number !== undefined) return number;
    const shown = typeof value === "string" ? JSON.stringify(value.slice(0, 40)) : typeof value;
    throw new EncodeError(
      "OutOfDomainValue",
      `Cannot encode ${shown}: a variant of ${name} needed`,
    );
  };
}

/** Of a number, its name; undefined for a number that a closed enumeration does not declare. */
export function namesOf({
  variants,
  open,
}: EnumerationShape): (number: number) => string | undefined {
  const names = new Map([...variants].map(([name, number]) => [number, name]));
  return (number) => names.get(number) ?? (open ? `unknown(${number})` : undefined);
}
