import { boolOf, entriesOf, isRecord, type Json, listOf } from "../terraform/json";
import { referencesIn } from "../terraform/references";
import { elementOf, objectOf, type ValueType } from "../terraform/value-type";
import type { BlockCheck } from "./block-check";
import type { KnownBlock } from "./known-blocks";
import { type Names, valueTypeOf, withNames } from "./names";

const META_ARGUMENTS = "https://developer.hashicorp.com/terraform/language/meta-arguments";

const LIFECYCLE = `${META_ARGUMENTS}/lifecycle`;

const OWN = [
  ...(["connection", "count", "depends_on", "for_each", "lifecycle", "provider", "provisioner"] as const),
];

/** What a data source has none of in its lifecycle. */
const OF_RESOURCES = ["create_before_destroy", "prevent_destroy", "ignore_changes", "replace_triggered_by"];

/** Arguments that Terraform itself gives to every resource and data source. */
export type MetaArguments = Partial<Readonly<Record<(typeof OWN)[number], Json>>>;

/** A resource or data source, with what is Terraform's own apart from what is the provider's. */
export function splitArguments(body: Json): { readonly own: MetaArguments; readonly others: Json } {
  const isOwn = ([name]: readonly [string, Json]) => OWN.some((each) => each === name);
  return {
    own: Object.fromEntries(entriesOf(body).filter(isOwn)),
    others: isRecord(body) ? Object.fromEntries(entriesOf(body).filter((entry) => !isOwn(entry))) : body,
  };
}

const CONDITION: KnownBlock = {
  name: "a condition",
  page: "https://developer.hashicorp.com/terraform/language/expressions/custom-conditions",
  block: {
    attributes: {
      condition: { type: "bool", required: true },
      error_message: { type: "string", required: true },
    },
  },
};

/** The names that expressions of a resource may use beside those of its stack. */
export function namesWithin({ for_each, count }: MetaArguments, names: Names): Names {
  return withNames(names, {
    ...(for_each !== undefined && {
      each: objectOf({ key: "string", value: elementOf(valueTypeOf(for_each, names)) }),
    }),
    ...(count !== undefined && { count: objectOf({ index: "number" }) }),
  });
}

/**
 * Checks the arguments that are Terraform's own.
 *
 * @param names those within the resource
 * @param self the type of the resource
 * @param aliases the providers of the stack that have one, e.g. `aws.dns`
 * @param isData whether it is a data source, which has conditions only
 */
export function checkMetaArguments(
  { connection, count, depends_on, for_each, lifecycle, provider, provisioner }: MetaArguments,
  check: BlockCheck,
  names: Names,
  self: ValueType,
  aliases: readonly string[],
  isData: boolean,
): void {
  check.references(count, "count");
  check.references(for_each, "for_each");
  if (["number", "bool", "string"].includes(String(valueTypeOf(for_each, names)))) {
    const message = `is ${JSON.stringify(for_each)}, and has to be a map or a set of strings`;
    check.report("for_each", message, `${META_ARGUMENTS}/for_each`);
  }
  if (count !== undefined && for_each !== undefined) {
    check.report("count", "is there beside for_each, which excludes it", `${META_ARGUMENTS}/count`);
  }
  check.staticReferences(depends_on, "depends_on");
  if (provider !== undefined && !/^\w+$/.test(provider) && !aliases.includes(provider)) {
    check.report(
      "provider",
      `is ${provider}, which this stack does not declare`,
      `${META_ARGUMENTS}/resource-provider`,
    );
  }
  const inside = check.within(names);
  const withSelf = check.within(withNames(names, { self }));
  withSelf.references(connection, "connection");
  withSelf.references(provisioner, "provisioner");
  if (listOf(lifecycle).length > 1) {
    check.report("lifecycle", `is there ${listOf(lifecycle).length} times, and may be there once`, LIFECYCLE);
  }
  for (const rules of listOf(lifecycle)) {
    for (const [name, value] of entriesOf(rules)) {
      const argument = `lifecycle.${name}`;
      if (isData && OF_RESOURCES.includes(name)) {
        check.report(argument, "is for resources, and this is a data source", LIFECYCLE);
        continue;
      }
      switch (name) {
        case "//":
          break;
        case "create_before_destroy":
        case "prevent_destroy":
          if (boolOf(value) === undefined) {
            check.report(argument, `is ${JSON.stringify(value)}, and has to be true or false`, LIFECYCLE);
          }
          break;
        case "ignore_changes":
          if (value !== "all") {
            withSelf.staticReferences(value, argument, "self.");
          }
          break;
        case "replace_triggered_by":
          inside.staticReferences(value, argument);
          break;
        case "precondition":
          condition(inside, value, argument);
          break;
        case "postcondition":
          condition(withSelf, value, argument);
          break;
        default:
          check.report(argument, "is no argument of lifecycle", LIFECYCLE);
      }
    }
  }
}

function condition(check: BlockCheck, blocks: Json, argument: string): void {
  for (const block of listOf(blocks)) {
    check.body(block, CONDITION, argument);
    const { condition: text } = block ?? {};
    if (typeof text === "string" && referencesIn(text).length === 0) {
      check.report(
        `${argument}.condition`,
        "refers to nothing, so that it would check nothing: Terraform does not take it",
        CUSTOM_CONDITIONS,
      );
    }
  }
}

const CUSTOM_CONDITIONS =
  "Terraform language, Custom conditions; terraform 1.11 init, Invalid precondition expression";
