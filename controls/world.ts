import { Resolver, type Stacks } from "../simulation/terraform/resolve";
import { entriesOf, isRecord, type Json, listOf, numberOf } from "../testing/terraform/json";
import { Part } from "./part";

/** All parts of some stacks, with their arguments resolved when they are first asked for. */
export class World {
  readonly #resolver: Resolver;
  readonly #byType = new Map<string, readonly Part[]>();
  readonly #asked = new Set<string>();
  readonly #beside = new Map<string, readonly Part[]>();
  readonly #noted = new Set<string>();
  readonly #hasCounted: boolean;
  #skipsCounted = false;
  /** The types that are there. */
  readonly types: readonly string[];

  /** @param stacks as `readInput` makes them */
  constructor(private readonly stacks: Stacks) {
    this.#resolver = new Resolver(stacks);
    const types = Object.values(stacks).flatMap((stack) => [
      ...Object.keys(stack.resource),
      ...Object.keys(stack.data).map((type) => `data.${type}`),
      ...Object.keys(stack.provider).map((name) => `provider.${name}`),
    ]);
    this.types = [...new Set(types)].sort();
    this.#hasCounted = Object.values(stacks).some((stack) =>
      [stack.resource, stack.data].flatMap(Object.values).flatMap(Object.values).some(isRepeated),
    );
  }

  /** Whether some rule has asked for parts of a type. */
  hasAsked(type: string): boolean {
    return this.#asked.has(type);
  }

  /** The parts of some types, in the order of the stacks. */
  all(...types: readonly string[]): readonly Part[] {
    return this.#note(
      types.flatMap((type) => {
        const known = this.#byType.get(type) ?? this.#partsOf(type);
        this.#byType.set(type, known);
        return known;
      }),
    );
  }

  /** The parts with `count` or `for_each` of which only Terraform knows how many there are. */
  counted(): readonly Part[] {
    return this.#hasCounted ? this.all(...this.types).filter(({ isCounted }) => isCounted) : [];
  }

  /** What a function makes of parts, and the addresses of those with `count` or `for_each` that it looked at. */
  noting<T>(make: () => T): { readonly value: T; readonly counted: readonly string[] } {
    this.#noted.clear();
    return { value: make(), counted: [...this.#noted] };
  }

  /** What a function makes of parts where there are none of those with `count` or `for_each`. */
  withoutCounted<T>(make: () => T): T {
    this.#skipsCounted = true;
    try {
      return make();
    } finally {
      this.#skipsCounted = false;
    }
  }

  /** The parts of some types in the same stack. */
  beside({ stack }: Part, ...types: readonly string[]): readonly Part[] {
    return this.#note(types.flatMap((type) => this.#inStack(stack, type)));
  }

  /** The parts of some types in the same stack that refer to a part anywhere in their arguments. */
  mentioning(target: Part, ...types: readonly string[]): readonly Part[] {
    return this.#note(
      types.flatMap((type) => this.#inStack(target.stack, type).filter((each) => each.mentions(target))),
    );
  }

  /** The parts of some types in the same stack that refer to a part in one argument. */
  pointing(target: Part, argument: string, ...types: readonly string[]): readonly Part[] {
    return this.#note(
      types.flatMap((type) =>
        this.#inStack(target.stack, type).filter((each) => each.refersTo(argument, target)),
      ),
    );
  }

  #inStack(stack: string, type: string): readonly Part[] {
    this.#asked.add(type);
    const key = `${stack} ${type}`;
    const known =
      this.#beside.get(key) ??
      (this.#byType.get(type) ?? this.all(type)).filter((each) => each.stack === stack);
    this.#beside.set(key, known);
    return known;
  }

  #note(parts: readonly Part[]): readonly Part[] {
    if (!this.#hasCounted) {
      return parts;
    }
    for (const { isCounted, address } of parts) {
      if (isCounted) {
        this.#noted.add(address);
      }
    }
    return this.#skipsCounted ? parts.filter(({ isCounted }) => !isCounted) : parts;
  }

  #partsOf(type: string): readonly Part[] {
    const [kind, name = ""] = type.split(".");
    return Object.entries(this.stacks).flatMap(([stack, json]) => {
      const found: Json =
        kind === "provider"
          ? Object.fromEntries(listOf(json.provider[name]).map((body, at) => [at, body]))
          : kind === "data"
            ? json.data[name]
            : json.resource[type];
      return entriesOf(found).flatMap(([id, body]) => {
        const { "//": _comment, depends_on: order, count, for_each: each, ...rest } = body;
        const address = kind === "provider" ? type : `${type}.${id}`;
        const many = this.#number(count, each, stack);
        return many === 0
          ? []
          : [
              new Part(stack, type, address, this.#resolver.resolve(withoutNulls(rest), stack), {
                isCounted: many === undefined,
                dependsOn: listOf(order).map(String),
              }),
            ];
      });
    });
  }

  /** How many there are of a part, as `count` or `for_each` says; `undefined` where that is not known. */
  #number(count: Json, each: Json, stack: string): number | undefined {
    if (count !== undefined && count !== null) {
      return numberOf(this.#resolver.resolve(count, stack));
    }
    if (each === undefined || each === null) {
      return 1;
    }
    const among = this.#resolver.resolve(each, stack);
    return typeof among === "object" && among !== null ? Object.keys(among).length : undefined;
  }
}

/** Whether Terraform makes as many of a part as an expression says. */
function isRepeated(body: Json): boolean {
  return isRecord(body) && [body.count, body.for_each].some((each) => each !== undefined && each !== null);
}

function withoutNulls(value: Json): Json {
  return JSON.parse(JSON.stringify(value), (_key, each) => (each === null ? undefined : each));
}
