/** The value of a constant expression: numbers, other constants, and arithmetic between them. */
import { unresolved } from "./errors.ts";
import type { Scope } from "./items.ts";
import type { Names } from "./names.ts";
import { integerOf, type Token, TokenCursor, textOf } from "./tokens.ts";

export interface ConstantPlace {
  readonly scope: Scope;
  /** Constant parameters of the item that is being read. */
  readonly parameters?: ReadonlyMap<string, bigint>;
}

const DEPTH_MAX = 32;

/** Throws `UnresolvedError` for what only a compiler can know. */
export function constantOf(
  expression: readonly Token[],
  place: ConstantPlace,
  names: Names,
): bigint {
  return new Evaluation(names, place, 0).whole(expression);
}

type Operator = (left: bigint, right: bigint) => bigint;

/** Lowest precedence first. */
const LEVELS: readonly ReadonlyMap<string, Operator>[] = [
  new Map([["|", (left, right) => left | right]]),
  new Map([["^", (left, right) => left ^ right]]),
  new Map([["&", (left, right) => left & right]]),
  new Map([
    ["<<", (left, right) => left << (right & 63n)],
    [">>", (left, right) => left >> (right & 63n)],
  ]),
  new Map([
    ["+", (left, right) => left + right],
    ["-", (left, right) => left - right],
  ]),
  new Map([
    ["*", (left, right) => left * right],
    [
      "/",
      (left, right) => (right === 0n ? unresolved("a constant divides by zero") : left / right),
    ],
    [
      "%",
      (left, right) => (right === 0n ? unresolved("a constant divides by zero") : left % right),
    ],
  ]),
];

class Evaluation {
  readonly #names: Names;
  readonly #place: ConstantPlace;
  readonly #depth: number;

  constructor(names: Names, place: ConstantPlace, depth: number) {
    this.#names = names;
    this.#place = place;
    this.#depth = depth;
  }

  whole(expression: readonly Token[]): bigint {
    if (this.#depth > DEPTH_MAX) unresolved("a constant is defined by too many others");
    const cursor = new TokenCursor(expression);
    const value = this.#level(cursor, 0, 0);
    return cursor.atEnd ? value : notConstant(expression);
  }

  #level(cursor: TokenCursor, level: number, brackets: number): bigint {
    const operators = LEVELS[level];
    if (operators === undefined) return this.#operand(cursor, brackets);
    let value = this.#level(cursor, level + 1, brackets);
    for (
      let sign = operatorAt(cursor, operators);
      sign !== undefined;
      sign = operatorAt(cursor, operators)
    ) {
      for (const _ of sign) cursor.next();
      const right = this.#level(cursor, level + 1, brackets);
      value = bounded((operators.get(sign) as Operator)(value, right));
    }
    return value;
  }

  #operand(cursor: TokenCursor, brackets: number): bigint {
    if (brackets > DEPTH_MAX) unresolved("a constant is nested too deeply");
    const value = this.#atom(cursor, brackets);
    // A cast to an integer of any width keeps what fits, and what does not fit is no tag and no length.
    while (cursor.take("as")) cursor.next();
    return value;
  }

  #atom(cursor: TokenCursor, brackets: number): bigint {
    if (cursor.take("-")) return -this.#operand(cursor, brackets + 1);
    if (cursor.take("(") || cursor.take("{")) {
      const value = this.#level(cursor, 0, brackets + 1);
      if (!cursor.take(")") && !cursor.take("}"))
        unresolved("a constant has a bracket without an end");
      return value;
    }
    const token = cursor.next();
    if (token?.kind === "integer") return integerOf(token);
    if (token?.kind !== "name") return notConstant(token === undefined ? [] : [token]);
    return this.#named(token, cursor);
  }

  #named(first: Token, cursor: TokenCursor): bigint {
    const path = [first.text];
    while (cursor.take("::")) path.push(cursor.next()?.text ?? "");
    if (cursor.sees("(") || cursor.sees("!") || path.includes("<")) return notConstant([first]);
    const parameter = this.#place.parameters?.get(path.join("::"));
    if (parameter !== undefined) return parameter;
    const maximum = maximumOf(path);
    if (maximum !== undefined) return maximum;
    const found = this.#names.resolve(path, this.#place.scope);
    if (found.kind !== "item" || found.item.kind !== "const") {
      return unresolved(`the constant "${path.join("::")}" is not in the sources read`);
    }
    const { expression, scope, attributes } = found.item;
    if (attributes.cfg !== true)
      unresolved(`the constant "${path.join("::")}" depends on cfg(${attributes.cfg})`);
    return new Evaluation(this.#names, { scope }, this.#depth + 1).whole(expression);
  }
}

function operatorAt(
  cursor: TokenCursor,
  operators: ReadonlyMap<string, Operator>,
): string | undefined {
  for (const sign of operators.keys()) {
    if ([...sign].every((part, at) => cursor.sees(part, at))) return sign;
  }
  return undefined;
}

function bounded(value: bigint): bigint {
  return value > 2n ** 128n || value < -(2n ** 128n)
    ? unresolved("a constant is out of range")
    : value;
}

function maximumOf(path: readonly string[]): bigint | undefined {
  const [, bits] = /^u(8|16|32|64)::MAX$/.exec(path.join("::")) ?? [];
  return bits === undefined ? undefined : 2n ** BigInt(bits) - 1n;
}

function notConstant(tokens: readonly Token[]): never {
  return unresolved(`"${textOf(tokens)}" is no constant that can be known without compiling`);
}
