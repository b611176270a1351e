import { isRecord, type Json, listOf } from "../testing/terraform/json";

/** The value of a plan, and which parts of it only an apply shows, or nobody. */
export interface Planned {
  readonly value: Json;
  readonly unknown: Json;
  readonly sensitive: Json;
  /** Where it is: the address, and the path of the argument. */
  readonly place: string;
}

/**
 * The arguments of a resource that somebody wrote, with the values that a plan has for them: without what AWS and the
 * provider fill in, which nobody sends to AWS.
 *
 * @param expressions what the configuration in the plan has for the resource
 */
export function asWritten(planned: Planned, expressions: Json): Json {
  const given = Object.entries<Json>(expressions ?? {}).map(([name, expression]) => [
    name,
    argument(partOf(planned, name), expression),
  ]);
  return Object.fromEntries(given.filter(([, value]) => !isNothing(value)));
}

/** In how many ways the provider spells it. */
function isNothing(value: Json): boolean {
  return (
    value === undefined || value === null || value === "" || (Array.isArray(value) && value.length === 0)
  );
}

function argument(planned: Planned, expression: Json): Json {
  if (Array.isArray(expression)) {
    // The blocks of a set stand in another order than in the configuration: what only some of them write may be the
    // provider's nothing in the others.
    const ofAll = Object.assign({}, ...expression);
    const isOfEach = (name: string) => expression.every((each) => name in each);
    const block = (index: number) =>
      Object.entries(asWritten(partOf(planned, index), ofAll)).filter(
        ([name, value]) => isOfEach(name) || Boolean(value),
      );
    return Array.isArray(planned.value)
      ? planned.value.map((_, index) => Object.fromEntries(block(index)))
      : undefined;
  }
  const isValue =
    !isRecord(expression) ||
    Object.keys(expression).length === 0 ||
    "constant_value" in expression ||
    "references" in expression;
  return isValue
    ? known(planned, listOf(expression?.references).map(String))
    : asWritten(planned, expression);
}

/** A value, with a reference in the place of what is not to be looked at. */
function known(planned: Planned, references: readonly string[]): Json {
  const { value, unknown, sensitive, place } = planned;
  if (unknown === true || sensitive === true) {
    return references.length > 0 ? references.map((each) => `\${${each}}`).join(" ") : `\${${place}}`;
  }
  if (Array.isArray(value) || Array.isArray(unknown)) {
    return [...Array(Math.max(listOf(value).length, listOf(unknown).length)).keys()].map((index) =>
      known(partOf(planned, index), references),
    );
  }
  const names = [value, unknown].flatMap((each) => (isRecord(each) ? Object.keys(each) : []));
  return names.length > 0
    ? Object.fromEntries(names.map((name) => [name, known(partOf(planned, name), references)]))
    : value;
}

function partOf({ value, unknown, sensitive, place }: Planned, name: string | number): Planned {
  const part = (of: Json) => (of === true ? true : of?.[name]);
  const known = { value: value?.[name], unknown: part(unknown), sensitive: part(sensitive) };
  return { ...known, place: `${place}.${name}` };
}
