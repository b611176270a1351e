import { type Unknown, unknownIn, unknownsIn, withoutUnknowns } from "../simulation/terraform/resolve";
import { boolOf, isRecord, type Json, listOf, numberOf, own } from "../testing/terraform/json";

/** What a rule asks for is not in the JSON: a variable, a function, a block that Terraform repeats. */
export class NotKnown extends Error {
  /** @param expression as it is written: `${var.policy}` */
  constructor(readonly expression: string) {
    super(`${expression} is not known before Terraform runs`);
  }
}

/**
 * A resource, a data source, a provider, or a block in one of them. Arguments are named by a path: `access_logs.enabled`
 * is that of the first block `access_logs`.
 */
export class Part {
  #mentioned: ReadonlySet<string> | undefined;
  /** Whether only Terraform knows how many there are of it, by `count` or `for_each`. */
  readonly isCounted: boolean;
  /** The addresses that it names in `depends_on`. */
  readonly dependsOn: readonly string[];

  /**
   * @param stack name of the stack
   * @param type `aws_lb`, `data.aws_ami`, `provider.aws`; of a block that of its resource
   * @param address `aws_lb.entry_alb`; of a block that of its resource
   * @param body the arguments, as far as they can be resolved
   * @param more whether only Terraform knows how many there are of it, and what it waits for
   */
  constructor(
    readonly stack: string,
    readonly type: string,
    readonly address: string,
    readonly body: Json,
    more: { readonly isCounted?: boolean; readonly dependsOn?: readonly string[] } = {},
  ) {
    this.isCounted = more.isCounted ?? false;
    this.dependsOn = more.dependsOn ?? [];
  }

  /**
   * The value of an argument; `undefined` where it is not given.
   *
   * @throws NotKnown where Terraform may give it, or the block around it
   */
  value(path: string): Json {
    return path.split(".").reduce<Json>((around, step) => {
      const block = listOf(around)[0];
      if (unknownIn(block) !== undefined) {
        throw new NotKnown(written(block));
      }
      const found = isRecord(block) ? own(block, step) : undefined;
      if ((found === undefined || found === null) && isRecord(block)) {
        const repeated = listOf(own(block, "dynamic")).some((each) => isRecord(each) && own(each, step));
        if (repeated) {
          throw new NotKnown(`dynamic "${step}"`);
        }
      }
      return found ?? undefined;
    }, this.body);
  }

  /** Whether an argument is given: a value, or a reference to what will have one. @throws NotKnown */
  has(path: string): boolean {
    const value = this.value(path);
    const unknown = unknownIn(value);
    if (unknown !== undefined && !isReference(unknown)) {
      throw new NotKnown(written(value));
    }
    return value !== undefined && value !== "" && !(Array.isArray(value) && value.length === 0);
  }

  /** A text. It may contain what only AWS knows, but is not all of that. @throws NotKnown */
  text(path: string): string | undefined {
    const value = this.value(path);
    if (unknownIn(value) !== undefined) {
      throw new NotKnown(written(value));
    }
    return value === undefined ? undefined : typeof value === "object" ? unreadable(value) : String(value);
  }

  /** @throws NotKnown */
  flag(path: string, otherwise: boolean): boolean {
    const text = this.text(path);
    return text === undefined ? otherwise : (boolOf(text) ?? unreadable(text));
  }

  /** @throws NotKnown */
  number(path: string): number | undefined {
    const text = this.text(path);
    return text === undefined || text === "" ? undefined : (numberOf(text) ?? unreadable(text));
  }

  /** The members of a list, or the one value. @throws NotKnown where it is not known how many there are */
  list(path: string): readonly Json[] {
    const value = this.value(path);
    if (unknownIn(value) !== undefined) {
      throw new NotKnown(written(value));
    }
    return listOf(value);
  }

  /** The blocks of a name. @throws NotKnown where it is not known how many there are */
  blocks(path: string): readonly Part[] {
    return this.list(path).map((body) => new Part(this.stack, this.type, this.address, body));
  }

  /** Whether an argument, or one of its members, refers to a part of the same stack: by reference, or by its name. */
  refersTo(path: string, target: Part): boolean {
    return this.mentions(target) && namesIn(mentionedIn(this.value(path)), target);
  }

  /** Whether anything in it refers to a part of the same stack. */
  mentions(target: Part): boolean {
    this.#mentioned ??= mentionedIn(this.body);
    return namesIn(this.#mentioned, target);
  }
}

/** Whether what is not known is an attribute of a resource or of a data source, which will have a value. */
export function isReference({ address, attribute }: Unknown): boolean {
  return attribute !== "" && !/^(var|local|each|count|self|path|terraform|module)\./.test(address);
}

/** Addresses of resources and data sources in an expression. */
const ADDRESSES = /(?<![\w.])(?:data\.)?[a-z]\w*\.[A-Za-z_][\w-]*/g;

/** The texts in a value, and the addresses that they refer to. */
function mentionedIn(value: Json, into = new Set<string>()): ReadonlySet<string> {
  if (typeof value === "string") {
    const unknowns = value.includes("⟨") ? unknownsIn(value) : [];
    for (const { stack, address, attribute } of unknowns) {
      for (const each of attribute === "" ? (address.match(ADDRESSES) ?? []) : [address]) {
        into.add(`⟨${stack}|${each}`);
      }
    }
    into.add(value);
  } else if (typeof value === "object" && value !== null) {
    for (const each of Object.values(value)) {
      mentionedIn(each, into);
    }
  }
  return into;
}

function namesIn(mentioned: ReadonlySet<string>, { stack, address, body }: Part): boolean {
  return (
    mentioned.has(`⟨${stack}|${address}`) ||
    ["bucket", "name", "arn"].some(
      (name) => typeof body?.[name] === "string" && body[name] !== "" && mentioned.has(body[name]),
    )
  );
}

/** A resolved text as people write it: references in `${…}`. */
export function written(value: Json): string {
  return withoutUnknowns(String(value), ({ address, attribute }) =>
    attribute === "" ? address : `\${${address}.${attribute}}`,
  );
}

function unreadable(value: Json): never {
  throw new NotKnown(JSON.stringify(value));
}
