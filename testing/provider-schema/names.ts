import { entriesOf, isRecord, type Json, listOf, own } from "../terraform/json";
import { isTemplate, parseTemplate, UnreadableExpression } from "../terraform/parse";
import { type Scope, typeOf } from "../terraform/type-of";
import { type ObjectType, objectOf, type ValueType } from "../terraform/value-type";
import { knownBlock } from "./known-blocks";
import { valueOfBlock } from "./value-types";

/** The names that expressions of a stack may begin with, anywhere in it. */
export type Names = (name: string) => ValueType | undefined;

/** Names that only some places have. */
const OF_PLACES = new Set(["each", "count", "self"]);

/**
 * What a stack declares, for references to it.
 *
 * @param beside stacks whose state it may read. Without them nothing is known of the outputs of a remote state
 */
export function namesOf(stack: Json, beside: readonly Json[]): Names {
  const managed = resourcesOf(stack.resource, "", () => undefined);
  const data = resourcesOf(stack.data, "data.", (type, body) =>
    type === "terraform_remote_state" ? remoteState(body, beside) : undefined,
  );
  const ephemeral = resourcesOf(stack.ephemeral, "ephemeral.", () => undefined);
  const roots: Readonly<Record<string, ObjectType>> = {
    ...managed,
    data: namespace((type) => own(data, type) ?? namespace(() => undefined)),
    ephemeral: namespace((type) => own(ephemeral, type) ?? namespace(() => undefined)),
    resource: namespace((type) => own(managed, type) ?? namespace(() => undefined)),
    local: namespace(localsOf(stack.locals, (name) => names(name))),
    var: namespace(declaredIn(stack.variable)),
    module: namespace(declaredIn(stack.module)),
    path: objectOf({ module: "string", root: "string", cwd: "string" }),
    terraform: objectOf({ workspace: "string", applying: "bool" }),
  };
  const names: Names = (name) =>
    OF_PLACES.has(name) ? undefined : (own(roots, name) ?? namespace(() => undefined));
  return names;
}

/** `name` with names of one place before them. */
export function withNames(names: Names, own: Readonly<Record<string, ValueType>>): Names {
  return (name) => (Object.hasOwn(own, name) ? own[name] : names(name));
}

/** The type of a value of Terraform JSON. Faults within it are reported by whoever checks the value itself. */
export function valueTypeOf(value: Json, names: Names): ValueType {
  if (typeof value === "string") {
    return isTemplate(value) ? typeOfText(value, names) : "string";
  }
  if (typeof value === "number" || typeof value === "boolean") {
    return typeof value === "number" ? "number" : "bool";
  }
  if (Array.isArray(value)) {
    const [first = "dynamic", ...others] = value.map((each) => valueTypeOf(each, names));
    return { collection: "tuple", of: others.every((each) => each === first) ? first : "dynamic" };
  }
  return isRecord(value) && !Object.keys(value).some(isTemplate)
    ? objectOf(Object.fromEntries(entriesOf(value).map(([key, each]) => [key, valueTypeOf(each, names)])))
    : "dynamic";
}

function typeOfText(text: string, names: Names): ValueType {
  const scope: Scope = { name: names, report: () => {} };
  try {
    return typeOf(parseTemplate(text), scope);
  } catch (error) {
    if (error instanceof UnreadableExpression) {
      return "dynamic";
    }
    throw error;
  }
}

function namespace(attribute: (name: string) => ValueType | undefined): ObjectType {
  return { attribute, namespace: true };
}

/** Every name of a section, as a value of which nothing is known. */
function declaredIn(section: Json): (name: string) => ValueType | undefined {
  return (name) => (isRecord(section) && Object.hasOwn(section, name) ? "dynamic" : undefined);
}

function localsOf(section: Json, names: Names): (name: string) => ValueType | undefined {
  const found = new Map<string, ValueType>();
  return (name) => {
    if (!found.has(name) && isRecord(section) && Object.hasOwn(section, name)) {
      // A local that refers to itself is of no type.
      found.set(name, "dynamic");
      found.set(name, valueTypeOf(section[name], names));
    }
    return found.get(name);
  };
}

/** Resources or data sources by type and name. */
function resourcesOf(
  section: Json,
  prefix: string,
  valueFor: (type: string, body: Json) => ValueType | undefined,
): Readonly<Record<string, ObjectType>> {
  return Object.fromEntries(
    listOf(section)
      .flatMap(entriesOf)
      .map(([type, byName]) => {
        const known = knownBlock(`${prefix}${type}`);
        const declared = (name: string): ValueType | undefined => {
          const [body] = listOf(byName).flatMap((each) => own(each, name) ?? []);
          const one = valueFor(type, body) ?? (known ? valueOfBlock(known) : "dynamic");
          return body === undefined ? undefined : instancesOf(body, one);
        };
        return [type, namespace(declared)] as const;
      }),
  );
}

/** The value of a resource that may be there several times. */
function instancesOf(body: Json, one: ValueType): ValueType {
  return body?.count !== undefined
    ? { collection: "list", of: one }
    : body?.for_each !== undefined
      ? { collection: "instances", of: one }
      : typeof one === "object"
        ? { ...one, single: true }
        : one;
}

/** A remote state, if one of the stacks beside keeps its state where it reads. */
function remoteState(body: Json, beside: readonly Json[]): ValueType | undefined {
  const known = knownBlock("data.terraform_remote_state");
  const read = beside.find(({ terraform }) => {
    const backend = terraform?.backend?.[body?.backend];
    return isRecord(backend) && entriesOf(body.config).every(([name, value]) => same(backend[name], value));
  });
  if (read === undefined || known === undefined) {
    return undefined;
  }
  const names = namesOf(read, []);
  const outputs = entriesOf(read.output).map(
    ([name, { value }]) => [name, valueTypeOf(value, names)] as const,
  );
  const state = valueOfBlock(known);
  const type = { ...objectOf(Object.fromEntries(outputs)), page: known.page };
  return { ...state, attribute: (name) => (name === "outputs" ? type : state.attribute(name)) };
}

function same(one: Json, other: Json): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
