import { entriesOf, isRecord, type Json, listOf, resourcesOf } from "../../testing/terraform/json";
import type { GroupModel } from "../model";
import type { Resolver, Stacks } from "./resolve";
import { unknownIn } from "./resolve";

/** A resource of a stack, with its arguments resolved. */
export interface Resource {
  readonly stack: string;
  /** `aws_lb.entry_alb` */
  readonly address: string;
  readonly body: Json;
}

/** Names of metrics that the server of an instance reports for its group, once a minute. */
export type Reported = (group: Pick<GroupModel, "name" | "instance">) => readonly string[];

/** Reads the resources of one stack, and keeps what cannot be simulated. */
export class Reading {
  readonly #byType = new Map<string, readonly Resource[]>();

  constructor(
    readonly stack: string,
    readonly stacks: Stacks,
    readonly resolver: Resolver,
    /** Sentences, each once. */
    readonly notes: Set<string>,
    /** Metrics that the server of an instance reports, by group. */
    readonly reported: Reported,
  ) {}

  note(resource: Pick<Resource, "address">, sentence: string): void {
    this.notes.add(`${this.stack}: ${resource.address} ${sentence}`);
  }

  /** Resources of types, resolved. One with `count` or `for_each` is not read: its number is not in the JSON. */
  resources(...types: readonly string[]): readonly Resource[] {
    return types.flatMap((type) => {
      const known = this.#byType.get(type) ?? this.#resourcesOf(type);
      this.#byType.set(type, known);
      return known;
    });
  }

  #resourcesOf(type: string): readonly Resource[] {
    return resourcesOf(this.stacks[this.stack], type).flatMap(([name, body]) => {
      const address = `${type}.${name}`;
      const { "//": _comment, depends_on: _order, lifecycle: _lifecycle, ...rest } = body;
      if (body.count !== undefined || body.for_each !== undefined) {
        this.note({ address }, "is left out: how many there are is not in the JSON");
        return [];
      }
      return [{ stack: this.stack, address, body: this.resolver.resolve(rest, this.stack) }];
    });
  }
}

/** The first block of a name, or nothing. */
export function block(body: Json, name: string): Json {
  return listOf(body?.[name])[0];
}

/** A number, also as a text; the default for what is not given or not known. */
export function number(value: Json, otherwise: number): number {
  const found = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  return typeof found === "number" && Number.isFinite(found) ? found : otherwise;
}

export function text(value: Json, otherwise: string): string {
  return typeof value === "string" && value !== "" ? value : otherwise;
}

export function flag(value: Json, otherwise: boolean): boolean {
  return value === undefined || value === null ? otherwise : String(value) === "true";
}

export function texts(value: Json): readonly string[] {
  return listOf(value).map(String);
}

/** One of some words; the first where there is none of them. */
export function word<T extends string>(value: Json, ...words: readonly [T, ...T[]]): T {
  return words.find((each) => each === value) ?? words[0];
}

/** The address that a resolved value refers to: what has the ARN, the id or the name. */
export function addressIn(value: Json): string | undefined {
  return unknownIn(value)?.address;
}

/** Whether a resolved value names a resource: by its name, or by a reference to it. */
export function isNameOf(value: Json, { address, body }: Resource): boolean {
  return value === body.name || addressIn(value) === address;
}

/** Names with texts, such as tags. */
export function namedTexts(value: Json): Readonly<Record<string, string>> {
  return isRecord(value)
    ? Object.fromEntries(entriesOf(value).map(([name, each]) => [name, String(each)]))
    : {};
}
