/** The type of a value in Terraform, as far as its attributes and kinds depend on it. */
export type ValueType =
  | "string"
  | "number"
  | "bool"
  /** A value of which nothing is known, or which may be of any type. */
  | "dynamic"
  /** `instances` are those of a resource with `for_each`, which are reached by their keys only. */
  | { readonly collection: "list" | "set" | "map" | "tuple" | "instances"; readonly of: ValueType }
  | ObjectType;

/** A value with attributes. */
export interface ObjectType {
  /** The type of an attribute; `undefined` when it has none of that name. */
  attribute(name: string): ValueType | undefined;
  /** Whether it only leads to values, as `aws_lb` does to load balancers, and is none itself. */
  readonly namespace?: true;
  /** Whether it is a resource that is there once, which has no instances. */
  readonly single?: true;
  /** What it is called in a sentence, e.g. `aws_lb`. By default the expression that leads to it. */
  readonly name?: string;
  /** The page that lists its attributes. */
  readonly page?: string;
}

/** An object with the attributes of a record. */
export function objectOf(attributes: Readonly<Record<string, ValueType>>): ObjectType {
  return { attribute: (name) => (Object.hasOwn(attributes, name) ? attributes[name] : undefined) };
}

/** What is common to types that Terraform converts into each other; `undefined` for one that may be any of them. */
export function groupOf(type: ValueType): "single value" | "list" | "object" | undefined {
  if (type === "dynamic") {
    return undefined;
  }
  if (typeof type === "string") {
    return "single value";
  }
  return "collection" in type && /^(list|set|tuple)$/.test(type.collection) ? "list" : "object";
}

/** The type of the elements of a collection. */
export function elementOf(type: ValueType): ValueType {
  return typeof type === "object" && "collection" in type ? type.of : "dynamic";
}
