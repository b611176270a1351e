import type { Expression } from "./expression";
import { reportCall } from "./functions";
import { own } from "./json";
import { elementOf, groupOf, type ObjectType, objectOf, type ValueType } from "./value-type";

/** What an expression may refer to, and where its faults go. */
export interface Scope {
  /** The type of a name at the beginning of a reference: `aws_lb`, `local`, `each`; `undefined` for none. */
  name(name: string): ValueType | undefined;
  /** @param message the rest of a sentence that begins with the argument that has the expression */
  report(message: string, source: string): void;
}

export const REFERENCES = "https://developer.hashicorp.com/terraform/language/expressions/references";
const SPLAT = "https://developer.hashicorp.com/terraform/language/expressions/splat";

/** Functions whose result is a collection like their first argument, or an element of it. */
const RESULT: Readonly<Record<string, (first: ValueType) => ValueType>> = {
  ...Object.fromEntries(
    ["compact", "distinct", "nonsensitive", "reverse", "sensitive", "slice", "sort"].map((name) => [
      name,
      (first: ValueType) => first,
    ]),
  ),
  ...Object.fromEntries(["element", "one", "lookup"].map((name) => [name, elementOf])),
  tolist: (first) => ({ collection: "list", of: elementOf(first) }),
  toset: (first) => ({ collection: "set", of: elementOf(first) }),
  values: (first) => ({ collection: "list", of: elementOf(first) }),
};

/**
 * The type of an expression's value. Reports references within it to what does not exist, wherever they are: in
 * functions, templates, conditionals, `for` and splats.
 */
export function typeOf(expression: Expression, scope: Scope): ValueType {
  return new Typing(scope).of(expression);
}

/** Functions whose arguments may fail. */
const TRIES = new Set(["try", "can", "core::try", "core::can"]);

/**
 * Whether a reference is to a resource by its name, whose attributes Terraform compares with the schema before it knows
 * values. Those of other values it does not: neither of locals, nor of outputs of another state.
 */
function isResource(of: Expression): boolean {
  switch (of.kind) {
    case "variable":
      return /^(data|resource|ephemeral|\w+_\w+)$/.test(of.name);
    case "attribute":
      return of.name !== "outputs" && isResource(of.of);
    case "index":
      return of.key.kind === "literal" && isResource(of.of);
    default:
      return false;
  }
}

/** What a value without attributes is, and how its elements are reached. */
const KINDS = {
  string: "a string",
  number: "a number",
  bool: "a bool",
  list: "a list",
  tuple: "a list",
  set: "a set",
  map: "a map: use values()",
  instances: "a resource with for_each: name one by its key",
} as const;

class Typing {
  /** @param item what an item of a splat is, as text */
  constructor(
    private readonly scope: Scope,
    private readonly item = "",
    /** Whether a function looks for faults itself, as `try` does. Of its arguments Terraform reads only what needs no values. */
    private readonly tried = false,
  ) {}

  of(expression: Expression): ValueType {
    const type = this.resolve(expression);
    if (typeof type === "object" && "namespace" in type) {
      this.scope.report(`refers to ${this.written(expression)}, which is no value`, REFERENCES);
    }
    return type;
  }

  private resolve(expression: Expression): ValueType {
    switch (expression.kind) {
      case "literal":
        return typeOfLiteral(expression.value);
      case "compound":
        this.all(expression.parts);
        return expression.type;
      case "variable":
        return this.variable(expression.name);
      case "attribute":
        return this.attribute(expression.of, this.resolve(expression.of), expression.name);
      case "index":
        return this.index(expression.of, expression.key);
      case "splat":
        return this.splat(expression.of, expression.each);
      case "item":
        return this.variable(ITEM);
      case "call": {
        const inside = TRIES.has(expression.name) ? this.trying() : this;
        const types = inside.all(expression.args);
        const [first = "dynamic"] = types;
        reportCall(expression, types, (message, source) => this.scope.report(message, source));
        const result = own(RESULT, expression.name.replace(/^core::/, ""));
        return result?.(first) ?? "dynamic";
      }
      case "conditional": {
        this.of(expression.condition);
        const [first = "dynamic", second] = this.all(expression.branches);
        return first === second ? first : "dynamic";
      }
      case "for":
        return this.forOf(expression);
      case "tuple": {
        const [first = "dynamic", ...others] = this.all(expression.items);
        return { collection: "tuple", of: others.every((each) => each === first) ? first : "dynamic" };
      }
      case "object":
        return this.object(expression.entries);
    }
  }

  private all(expressions: readonly Expression[]): readonly ValueType[] {
    return expressions.map((each) => this.of(each));
  }

  private variable(name: string): ValueType {
    const type = this.scope.name(name);
    if (type === undefined) {
      this.scope.report(`refers to ${name}, which means nothing here`, REFERENCES);
    }
    return type ?? "dynamic";
  }

  private attribute(of: Expression, type: ValueType, name: string): ValueType {
    if (type === "dynamic") {
      return type;
    }
    if (typeof type === "object" && "attribute" in type) {
      const found = type.attribute(name);
      if (found === undefined) {
        this.missing(of, type, name);
      }
      return found ?? "dynamic";
    }
    if (typeof type === "object" && type.collection === "map") {
      return type.of;
    }
    const kind = KINDS[typeof type === "string" ? type : type.collection];
    this.wrong(of, `refers to ${this.written(of)}.${name}, but ${this.written(of)} is ${kind}`);
    return "dynamic";
  }

  private missing(of: Expression, type: ObjectType, name: string): void {
    const { page = REFERENCES, name: called = this.written(of) } = type;
    const why = type.namespace
      ? "which this stack does not declare"
      : `but ${called} has no attribute ${name}`;
    this.wrong(of, `refers to ${this.written(of)}.${name}, ${why}`, page, type.namespace);
  }

  /** Reports a step from a value, where Terraform would, without values if need be. */
  private wrong(of: Expression, message: string, page = REFERENCES, isStatic = isResource(of)): void {
    if (!this.tried || isStatic) {
      this.scope.report(message, page);
    }
  }

  private trying(): Typing {
    return new Typing(this.scope, this.item, true);
  }

  private index(of: Expression, key: Expression): ValueType {
    const type = this.resolve(of);
    const keyType = this.of(key);
    if (typeof type === "string") {
      if (type !== "dynamic") {
        this.wrong(of, `refers to an element of ${this.written(of)}, which is a ${type}`);
      }
      return "dynamic";
    }
    if ("attribute" in type) {
      const name = key.kind === "literal" && typeof key.value === "string" ? key.value : undefined;
      if (type.single || keyType === "number") {
        const why = type.single ? "has neither count nor for_each" : "is no list";
        this.wrong(of, `refers to an element of ${this.written(of)}, which ${why}`);
        return "dynamic";
      }
      return name === undefined ? "dynamic" : this.attribute(of, type, name);
    }
    if (type.collection === "set") {
      this.wrong(of, `refers to an element of ${this.written(of)}, which is a set: use tolist()`);
    }
    return type.of;
  }

  /** Of a value that is no list a splat makes a list of one. */
  private splat(of: Expression, each: Expression): ValueType {
    const type = this.of(of);
    if (groupOf(type) === "object" && typeof type === "object" && "collection" in type) {
      this.wrong(of, `has a splat of ${this.written(of)}, which is ${KINDS[type.collection]}`, SPLAT);
      return "dynamic";
    }
    const item = typeof type === "object" && "collection" in type ? type.of : type;
    return { collection: "tuple", of: this.within({ [ITEM]: item }, `${this.written(of)}${ITEM}`).of(each) };
  }

  private forOf({ names, in: collection, body, makes }: Expression & { readonly kind: "for" }): ValueType {
    const element = elementOf(this.of(collection));
    const [last = "", key] = [...names].reverse();
    const inner = this.within({ [last]: element, ...(key === undefined ? {} : { [key]: "dynamic" }) });
    const types = inner.all(body);
    if (makes === "string") {
      return "string";
    }
    const [first = "dynamic", second = "dynamic"] = types;
    return makes === "tuple" ? { collection: "tuple", of: first } : { collection: "map", of: second };
  }

  private object(entries: readonly (readonly [Expression, Expression])[]): ValueType {
    const types = entries.map(([key, value]) => {
      this.of(key);
      return [key.kind === "literal" ? String(key.value) : undefined, this.of(value)] as const;
    });
    const named = types.flatMap(([name, type]) => (name === undefined ? [] : [[name, type] as const]));
    return named.length === types.length ? objectOf(Object.fromEntries(named)) : "dynamic";
  }

  private within(names: Readonly<Record<string, ValueType>>, item = this.item): Typing {
    const name = (each: string) => (Object.hasOwn(names, each) ? names[each] : this.scope.name(each));
    return new Typing(
      { name, report: (message, source) => this.scope.report(message, source) },
      item,
      this.tried,
    );
  }

  /** A reference as Terraform writes it; other expressions by what they are. */
  private written(expression: Expression): string {
    switch (expression.kind) {
      case "variable":
        return expression.name;
      case "attribute":
        return `${this.written(expression.of)}.${expression.name}`;
      case "index":
        return `${this.written(expression.of)}[${this.written(expression.key)}]`;
      case "splat":
        return `${this.written(expression.of)}${ITEM}`;
      case "item":
        return this.item;
      case "literal":
        return JSON.stringify(expression.value);
      case "call":
        return `${expression.name}(${expression.args.map((each) => this.written(each)).join(", ")})`;
      default:
        return "…";
    }
  }
}

/** The name of what a splat is applied to. No reference can have it. */
const ITEM = "[*]";

function typeOfLiteral(value: string | number | boolean | null): ValueType {
  switch (typeof value) {
    case "string":
      return "string";
    case "number":
      return "number";
    case "boolean":
      return "bool";
    default:
      return "dynamic";
  }
}
