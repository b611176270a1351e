/** Terraform JSON, parsed: as free in its shape as the providers are. */
export type Json = ReturnType<typeof JSON.parse>;

/** Properties of a JSON object; none of other values. */
export function entriesOf(value: Json): readonly (readonly [string, Json])[] {
  return isRecord(value) ? Object.entries<Json>(value) : [];
}

export function isRecord(value: Json): value is Readonly<Record<string, Json>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** One value or several, as Terraform JSON writes blocks. */
export function listOf(value: Json): readonly Json[] {
  return value === undefined || value === null ? [] : [value].flat();
}

/** A property of a record, and none of its prototype. */
export function own<T>(record: Readonly<Record<string, T>> | undefined, key: string): T | undefined {
  return record !== undefined && Object.hasOwn(record, key) ? record[key] : undefined;
}

/**
 * The resources of a type in a stack, by their names, without the arguments that are null: Terraform takes those as not
 * given.
 *
 * @param type as `aws_lb`
 * @param stack Terraform JSON, parsed
 */
export function resourcesOf(stack: Json, type: string): readonly (readonly [string, Json])[] {
  return listOf(stack.resource)
    .flatMap((each) => listOf(each?.[type]))
    .flatMap(entriesOf)
    .flatMap(([name, body]) => listOf(body).map((each) => [name, withoutNulls(each)] as const));
}

function withoutNulls(value: Json): Json {
  if (Array.isArray(value)) {
    return value.map(withoutNulls);
  }
  return isRecord(value)
    ? Object.fromEntries(
        entriesOf(value).flatMap(([name, each]) => (each === null ? [] : [[name, withoutNulls(each)]])),
      )
    : value;
}

/** Blocks of a name, with the content of dynamic ones, of which nobody knows how often they are there. */
export function blocksIn(body: Json, name: string): readonly Json[] {
  const dynamic = listOf(body?.dynamic).flatMap((each) => listOf(each?.[name]));
  return [...listOf(body?.[name]), ...dynamic.flatMap(({ content }) => listOf(content))];
}

/** A number, or a text with one; `undefined` for what only an apply shows. */
export function numberOf(value: Json): number | undefined {
  return /^(number|string)$/.test(typeof value) && /^-?\d+(\.\d+)?$/.test(String(value))
    ? Number(value)
    : undefined;
}

/** `true` or `false`, or a text with one of them; `undefined` for what only an apply shows. */
export function boolOf(value: Json): boolean | undefined {
  return value === true || value === "true" ? true : value === false || value === "false" ? false : undefined;
}

/** Type and name of a resource: `aws_lb.entry_alb` is `aws_lb` and `entry_alb`. */
export function typeAndName(address: string): readonly [type: string, name: string] {
  const [type = "", name = ""] = address.split(/\.(.*)/s);
  return [type, name];
}
