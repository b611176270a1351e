import type { Finding } from "../finding";
import type { Expression } from "../terraform/expression";
import { entriesOf, isRecord, type Json, listOf, own } from "../terraform/json";
import { isTemplate, parseExpression, parseTemplate, UnreadableExpression } from "../terraform/parse";
import { REFERENCES, typeOf } from "../terraform/type-of";
import { elementOf, groupOf, objectOf, type ValueType } from "../terraform/value-type";
import { blockOfObjects, convertsTo, groupOfAttribute, nameOf } from "./attribute-types";
import type { KnownBlock } from "./known-blocks";
import { type Names, valueTypeOf, withNames } from "./names";
import type { Attribute, AttributeType, NestedBlock } from "./schema";

/** How Terraform reads JSON. */
const TERRAFORM_JSON = "https://developer.hashicorp.com/terraform/language/syntax/json";
const DYNAMIC_BLOCKS = "https://developer.hashicorp.com/terraform/language/expressions/dynamic-blocks";

/** Compares the JSON of one part of a stack with what its block may hold. */
export class BlockCheck {
  constructor(
    private readonly address: string,
    private readonly names: Names,
    private readonly found: (finding: Finding) => void,
  ) {}

  /** The same part, where expressions may use other names. */
  within(names: Names): BlockCheck {
    return new BlockCheck(this.address, names, this.found);
  }

  report(argument: string, message: string, source: string): void {
    this.found({ address: this.address, argument, message, source });
  }

  /** @param path of the block in its part. A block that is not nested has none */
  body(body: Json, known: KnownBlock, path = ""): void {
    const { block } = known;
    if (!isRecord(body)) {
      this.report(path, "has to be an object", TERRAFORM_JSON);
      return;
    }
    const dynamic = listOf(body.dynamic);
    for (const [name, value] of entriesOf(body)) {
      const argument = joined(path, name);
      const attribute = own(block.attributes, name);
      const nested = own(block.block_types, name);
      if (attribute !== undefined) {
        this.attribute(value, attribute, argument, known);
        this.duration(value, argument, known);
      } else if (nested !== undefined) {
        this.nested(value, nested, argument, known);
      } else if (name !== "//" && name !== "dynamic") {
        this.report(argument, `is no argument of ${known.name}`, pageOf(known, path));
      }
    }
    for (const blocks of dynamic) {
      for (const [name, value] of entriesOf(blocks)) {
        this.dynamic(value, name, path, known);
      }
    }
    const isThere = (name: string) =>
      (own(block.block_types, name) ? listOf(body[name]).length > 0 : (body[name] ?? null) !== null) ||
      dynamic.some((blocks) => isRecord(blocks) && Object.hasOwn(blocks, name));
    for (const [name] of [...requiredIn(block.attributes), ...requiredIn(block.block_types)]) {
      if (!isThere(name)) {
        const argument = joined(path, name);
        this.report(argument, "is required", pageOf(known, argument));
      }
    }
  }

  private attribute(value: Json, attribute: Attribute, argument: string, known: KnownBlock): void {
    if (attribute.computed && !attribute.optional) {
      this.report(argument, "is set by the provider alone", pageOf(known, argument));
    } else {
      this.value(value, attribute.type, argument, pageOf(known, argument));
    }
  }

  /** What the provider reads as a duration of Go. Source: Go, time.ParseDuration. */
  private duration(value: Json, argument: string, known: KnownBlock): void {
    const isDuration = argument.startsWith("timeouts.") || argument === "wait_for_capacity_timeout";
    const isFixed = typeof value === "string" && !isTemplate(value);
    if (isDuration && isFixed && !/^(0|((\d+(\.\d*)?|\.\d+)(ns|us|µs|ms|s|m|h))+)$/.test(value)) {
      const message = `is ${shown(value)}, and has to be a duration, such as "15m"`;
      this.report(argument, message, pageOf(known, argument));
    }
  }

  private nested(value: Json, nested: NestedBlock, argument: string, known: KnownBlock): void {
    const blocks = listOf(value);
    const inner = { block: nested.block, name: `${known.name}.${argument}`, page: known.page };
    if (blocks.length > 1 && (nested.max_items === 1 || nested.nesting_mode === "single")) {
      this.report(
        argument,
        `is there ${blocks.length} times, and may be there once`,
        pageOf(known, argument),
      );
    }
    blocks.forEach((block, place) => {
      const path = Array.isArray(value) ? `${argument}[${place}]` : argument;
      if (block !== null && !isRecord(block)) {
        this.report(path, "is a block, which is an object or a list of objects", TERRAFORM_JSON);
      } else {
        this.body(block ?? {}, inner, path);
      }
    });
  }

  /** Blocks that Terraform repeats for the elements of a collection. */
  private dynamic(value: Json, name: string, path: string, known: KnownBlock): void {
    const argument = joined(path, `dynamic.${name}`);
    const block =
      own(known.block.block_types, name)?.block ?? blockOfObjects(own(known.block.attributes, name)?.type);
    if (block === undefined) {
      this.report(argument, `is no block of ${known.name}`, pageOf(known, path));
      return;
    }
    for (const each of listOf(value)) {
      for (const missing of ["for_each", "content"].filter((part) => each?.[part] === undefined)) {
        this.report(joined(argument, missing), "is required", DYNAMIC_BLOCKS);
      }
      this.references(each?.for_each, joined(argument, "for_each"));
      const element = elementOf(valueTypeOf(each?.for_each, this.names));
      const iterator = objectOf({ key: "dynamic", value: element });
      const names = withNames(this.names, { [each?.iterator ?? name]: iterator });
      const inner = { block, name: `${known.name}.${name}`, page: known.page };
      for (const content of listOf(each?.content)) {
        this.within(names).body(content, inner, joined(argument, "content"));
      }
    }
  }

  /** A value for a type, as Terraform converts it: a number is a string too, `"80"` a number, `"true"` a bool. */
  private value(value: Json, type: AttributeType, argument: string, page: string): void {
    if (value === null || value === undefined) {
      return;
    }
    if (typeof value === "string" && isTemplate(value)) {
      this.expression(value, type, argument, page);
    } else if (type === "dynamic") {
      this.references(value, argument);
    } else if (typeof type === "string") {
      if (!convertsTo(value, type)) {
        this.report(argument, `is ${shown(value)}, and has to be a ${type}`, page);
      }
    } else if (type[0] === "list" || type[0] === "set") {
      this.elements(Array.isArray(value) ? entriesOf({ ...value }) : undefined, type, value, argument, page);
    } else if (type[0] === "object") {
      this.object(value, type[1], argument, page);
    } else {
      this.elements(isRecord(value) ? entriesOf(value) : undefined, type, value, argument, page);
    }
  }

  private elements(
    elements: readonly (readonly [string, Json])[] | undefined,
    [collection, of]: readonly ["list" | "set" | "map", AttributeType],
    value: Json,
    argument: string,
    page: string,
  ): void {
    if (elements === undefined) {
      this.report(argument, `is ${shown(value)}, and has to be a ${nameOf([collection, of])}`, page);
    }
    for (const [key, each] of elements ?? []) {
      this.references(collection === "map" ? key : "", argument);
      this.value(each, of, `${argument}[${collection === "map" ? JSON.stringify(key) : key}]`, page);
    }
  }

  /** An object in an attribute has to have all of its attributes. What is not meant is null. */
  private object(
    value: Json,
    attributes: Readonly<Record<string, AttributeType>>,
    argument: string,
    page: string,
  ): void {
    if (!isRecord(value)) {
      this.report(argument, `is ${shown(value)}, and has to be an object`, page);
      return;
    }
    for (const [name, each] of entriesOf(value)) {
      const type = own(attributes, name);
      if (type === undefined) {
        this.report(joined(argument, name), "is no attribute of this object", page);
      } else {
        this.value(each, type, joined(argument, name), page);
      }
    }
    for (const name of Object.keys(attributes).filter((each) => !Object.hasOwn(value, each))) {
      this.report(joined(argument, name), "is required in this object, if only as null", page);
    }
  }

  private expression(text: string, type: AttributeType, argument: string, page: string): void {
    const actual = this.typeOf(() => parseTemplate(text), argument);
    const [is, wanted] = [groupOf(actual), groupOfAttribute(type)];
    if (is !== undefined && wanted !== undefined && is !== wanted) {
      this.report(argument, `is ${shown(text)}, a ${is}, and has to be a ${nameOf(type)}`, page);
    }
  }

  private typeOf(parse: () => Expression, argument: string): ValueType {
    try {
      const report = (message: string, source: string) => this.report(argument, message, source);
      return typeOf(parse(), { name: this.names, report });
    } catch (error) {
      if (error instanceof UnreadableExpression) {
        this.report(
          argument,
          error.message,
          "https://developer.hashicorp.com/terraform/language/expressions",
        );
        return "dynamic";
      }
      throw error;
    }
  }

  /** Looks for faulty references in a value of any type. */
  references(value: Json, argument: string): void {
    if (typeof value === "string" && isTemplate(value)) {
      this.typeOf(() => parseTemplate(value), argument);
    } else if (Array.isArray(value)) {
      for (const [place, each] of value.entries()) {
        this.references(each, `${argument}[${place}]`);
      }
    } else {
      for (const [key, each] of entriesOf(value)) {
        this.references(key, argument);
        this.references(each, joined(argument, key));
      }
    }
  }

  /**
   * References without `${…}`, as in `depends_on`.
   *
   * @param prefix what they leave out, e.g. `self.`
   */
  staticReferences(value: Json, argument: string, prefix = ""): void {
    if (value !== undefined && !Array.isArray(value)) {
      this.report(argument, `is ${shown(value)}, and has to be a list of references`, REFERENCES);
    }
    for (const each of listOf(value)) {
      if (typeof each !== "string" || isTemplate(each)) {
        this.report(argument, `has ${shown(each)}, which has to be a reference without \${…}`, REFERENCES);
      } else {
        this.typeOf(() => parseExpression(`${prefix}${each}`), argument);
      }
    }
  }
}

function joined(path: string, name: string): string {
  return path === "" ? name : `${path}.${name}`;
}

/** The page of an argument. It has a heading for each argument that is not in a block. */
function pageOf({ page }: KnownBlock, argument: string): string {
  const [name = ""] = argument.split(/[.[]/);
  return name === "" ? page : `${page}#${name}`;
}

function requiredIn<T extends Attribute | NestedBlock>(members: Readonly<Record<string, T>> = {}) {
  return Object.entries(members).filter(([, member]) =>
    "block" in member ? member.min_items : member.required,
  );
}

function shown(value: Json): string {
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}
