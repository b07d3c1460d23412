/** Builds shapes from items. A message is built after all that was found before it, so that none recurses. */
import type { EnumerationShape, MessageShape, OneofShape } from "../../codecs/index.ts";
import { ONEOF_MEMBER } from "./bilrost-types.ts";
import type { Definition, Findings, MessageBuild, OneofBuild } from "./definitions.ts";
import { type Derived, derivesOf } from "./derives.ts";
import { newEnumeration, readEnumeration } from "./enumerations.ts";
import { unresolved } from "./errors.ts";
import type { EnumItem, Item } from "./items.ts";
import { isWhole, type MemberContext, readMembers } from "./members.ts";
import { newOneof, readOneof } from "./oneofs.ts";
import type { Head, Typed, Types } from "./resolve-type.ts";
import { printType } from "./rust-type.ts";
import type { ScalarOptions } from "./scalar-shapes.ts";
import { refuseName } from "./shape-rules.ts";
import type { TypeMapping } from "./type-map.ts";
import { type Definitions, TypeShapes } from "./type-shapes.ts";
import { needsVersion } from "./version.ts";
import { tagRangesOf, wordMap, wordsOf } from "./words.ts";

const INSTANCES_MAX = 10_000;
const NAME_LENGTH_MAX = 500;
const MESSAGE_WORDS = [
  "distinguished",
  "reserved_tags",
  "borrowed_only",
  "default_per_field",
  "default",
  "name",
  "crate",
];

export interface BuilderOptions {
  readonly types: Types;
  readonly map: TypeMapping;
  readonly scalars: ScalarOptions;
  readonly findings: Findings;
  /** What an item is called in the result: its name, with its module where that is not enough. */
  readonly nameOf: (item: Item) => string;
}

export class Builder implements Definitions {
  readonly definitions: Definition[] = [];
  readonly #options: BuilderOptions;
  readonly #context: MemberContext;
  readonly #known = new Map<string, Definition>();
  readonly #ids = new Map<Item, number>();
  readonly #derived = new Map<Item, Derived>();
  readonly #waiting: MessageBuild[] = [];
  /** Whatever is looked up now, this one leads to. */
  #current: Definition | undefined;

  constructor(options: BuilderOptions) {
    this.#options = options;
    const { types, map, scalars, findings } = options;
    this.#context = {
      types,
      findings,
      version: scalars.version,
      shapes: new TypeShapes(types, map, scalars, this),
      oneof: (typed) => this.#oneofOf(typed),
    };
  }

  derived(item: Item): Derived {
    const before = this.#derived.get(item);
    const derived = before ?? derivesOf(item);
    this.#derived.set(item, derived);
    return derived;
  }

  /** Builds an item for its own sake, and all that it leads to. */
  build(item: Item): void {
    const { derives } = this.derived(item);
    this.#current = undefined;
    if (derives.has("Message")) this.message(item, []);
    if (derives.has("Oneof") && item.kind === "enum") this.#oneof(item, []);
    if (derives.has("Enumeration")) this.enumeration(item);
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      const build = next;
      const at = { path: build.name, location: build.item.location };
      this.#during(build, () => {
        this.#options.findings.attempt(build, at, () => this.#readMessage(build));
      });
    }
  }

  message(item: Item, args: readonly Typed[]): (() => MessageShape) | undefined {
    if (!this.derived(item).derives.has("Message")) return undefined;
    if (item.kind !== "struct" && item.kind !== "enum") return undefined;
    this.#options.types.inside(item, args); // Blames who names it with a wrong number of parameters.
    const build = this.#once("message", item, args, (name): MessageBuild => {
      const shape = { name, members: [] };
      return {
        kind: "message",
        name,
        item,
        args,
        problems: [],
        uses: new Set(),
        reserved: [],
        shape,
      };
    });
    return () => build.shape;
  }

  enumeration(item: Item): EnumerationShape | undefined {
    if (item.kind !== "enum" || !this.derived(item).derives.has("Enumeration")) return undefined;
    const { types, findings } = this.#options;
    const build = this.#once(
      "enumeration",
      item,
      [],
      (name) => newEnumeration(name, item),
      (made) => {
        this.#readAttributes(made, ["name", "crate"]);
        readEnumeration(made, item, { types, findings, place: types.inside(item, []) });
      },
    );
    return build.shape;
  }

  #oneof(item: EnumItem, args: readonly Typed[]): OneofBuild {
    const { types } = this.#options;
    return this.#once(
      "oneof",
      item,
      args,
      (name) => newOneof(name, item),
      (made) => {
        this.#readAttributes(made, MESSAGE_WORDS);
        readOneof(made, item, types.inside(item, args), this.#context);
      },
    );
  }

  /** One definition for each item with its arguments. Oneofs and enumerations are read at once. */
  #once<D extends Definition>(
    kind: D["kind"],
    item: Item,
    args: readonly Typed[],
    make: (name: string) => D,
    read?: (made: D) => void,
  ): D {
    const { types, findings, nameOf } = this.#options;
    const key = `${kind} ${this.#idOf(item)} ${args.map((one) => types.identity(one)).join()}`;
    const suffix =
      args.length === 0
        ? ""
        : `<${args.map((one) => printType(types.bound(one).type)).join(", ")}>`;
    let build = this.#known.get(key) as D | undefined;
    if (build === undefined) {
      if (this.definitions.length >= INSTANCES_MAX || key.length > NAME_LENGTH_MAX * 4) {
        unresolved(`"${item.name}" is instantiated without an end`);
      }
      const made = make(`${nameOf(item)}${suffix}`);
      build = made;
      this.#known.set(key, made);
      this.definitions.push(made);
      findings.locations.set(made.name, item.location);
      const at = { path: made.name, location: item.location };
      if (read !== undefined)
        this.#during(made, () => findings.attempt(made, at, () => read(made)));
      else this.#waiting.push(made as MessageBuild);
    }
    this.#current?.uses.add(build);
    return build;
  }

  #idOf(item: Item): number {
    const id = this.#ids.get(item) ?? this.#ids.size;
    this.#ids.set(item, id);
    return id;
  }

  #during(definition: Definition, step: () => void): void {
    const before = this.#current;
    this.#current = definition;
    try {
      step();
    } finally {
      this.#current = before;
    }
  }

  #readMessage(build: MessageBuild): void {
    const { item, args, shape } = build;
    const { types, scalars } = this.#options;
    if (item.kind === "enum") {
      needsVersion(scalars.version, 1007, "a Message derived on an enum");
      const { name } = build;
      const oneof = this.#oneof(item, args);
      const member: OneofShape = { kind: "oneof", name: ONEOF_MEMBER, variants: oneof.variants };
      shape.members.push(member);
      this.#options.findings.later(build, { path: name, location: item.location }, () => {
        if (oneof.empty === undefined) unresolved("a Message on an enum needs an empty variant");
      });
      return;
    }
    if (item.kind !== "struct") return;
    this.#readAttributes(build, MESSAGE_WORDS);
    const { form, fields } = item;
    const place = types.inside(item, args);
    const owner = { definition: build, path: build.name, form, place, reserved: build.reserved };
    shape.members.push(...readMembers(fields, owner, this.#context));
    if (form === "tuple" && isWhole(shape.members)) Object.assign(shape, { tuple: true });
  }

  #readAttributes(build: Definition, known: readonly string[]): void {
    refuseName(build.item.name);
    const words = wordMap(wordsOf(build.item.attributes.bilrost), known, `a ${build.kind}`);
    const list = words.get("reserved_tags");
    if (list !== undefined) build.reserved = tagRangesOf(list, this.#options.scalars.version);
  }

  /** `Kind`, `Option<Kind>`, `Box<Kind>`, `Option<Box<Kind>>`. */
  #oneofOf(typed: Typed): { build: OneofBuild; isOptional: boolean } {
    let at = typed;
    let isOptional = false;
    for (let depth = 0; depth < 4; depth++) {
      const head: Head = this.#context.shapes.opened(at);
      const [inner] = head.kind === "known" ? head.args : [];
      if (head.kind === "known" && inner !== undefined && /^(?:option|box)$/.test(head.known.is)) {
        isOptional ||= head.known.is === "option";
        at = inner;
        continue;
      }
      if (head.kind !== "item" || head.item.kind !== "enum") break;
      if (!this.derived(head.item).derives.has("Oneof")) break;
      return { build: this.#oneof(head.item, head.args), isOptional };
    }
    return unresolved(`"${printType(typed.type)}" is no enum with the derive Oneof`);
  }
}
