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
