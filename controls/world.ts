import { Resolver, type Stacks } from "../simulation/terraform/resolve";
import { entriesOf, type Json, listOf } from "../testing/terraform/json";
import { Part } from "./part";

/** All parts of some stacks, with their arguments resolved when they are first asked for. */
export class World {
  readonly #resolver: Resolver;
  readonly #byType = new Map<string, readonly Part[]>();
  readonly #asked = new Set<string>();
  readonly #beside = new Map<string, readonly Part[]>();
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
  }

  /** The types of resources that are there, and that nobody has asked for. */
  notAsked(): readonly string[] {
    return this.types.filter((type) => !/^(data|provider)\./.test(type) && !this.#asked.has(type));
  }

  /** The parts of some types, in the order of the stacks. */
  all(...types: readonly string[]): readonly Part[] {
    return types.flatMap((type) => {
      this.#asked.add(type);
      const known = this.#byType.get(type) ?? this.#partsOf(type);
      this.#byType.set(type, known);
      return known;
    });
  }

  /** The parts of some types in the same stack. */
  beside({ stack }: Part, ...types: readonly string[]): readonly Part[] {
    return types.flatMap((type) => {
      const key = `${stack} ${type}`;
      const known = this.#beside.get(key) ?? this.all(type).filter((each) => each.stack === stack);
      this.#beside.set(key, known);
      return known;
    });
  }

  /** The parts of some types in the same stack that refer to a part anywhere in their arguments. */
  mentioning(target: Part, ...types: readonly string[]): readonly Part[] {
    return this.beside(target, ...types).filter((each) => each.mentions(target));
  }

  /** The parts of some types in the same stack that refer to a part in one argument. */
  pointing(target: Part, argument: string, ...types: readonly string[]): readonly Part[] {
    return this.beside(target, ...types).filter((each) => each.refersTo(argument, target));
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
        const { "//": _comment, depends_on: _order, ...rest } = body;
        const address = kind === "provider" ? type : `${type}.${id}`;
        return [new Part(stack, type, address, this.#resolver.resolve(withoutNulls(rest), stack))];
      });
    });
  }
}

function withoutNulls(value: Json): Json {
  return JSON.parse(JSON.stringify(value), (_key, each) => (each === null ? undefined : each));
}
