import { isDeepStrictEqual } from "node:util";
import { isRecord, type Json } from "../testing/terraform/json";
import { type Difference, MASKED, UNKNOWN } from "./deployment";

/** Which parts of a value are not to be shown, or not known: `true`, or the same for its parts. */
export interface Marks {
  readonly unknown?: Json;
  readonly sensitiveBefore?: Json;
  readonly sensitiveAfter?: Json;
}

/** The arguments that differ, each where it differs. What is nothing in several spellings is the same. */
export function differencesOf(
  before: Json,
  after: Json,
  marks: Marks = {},
  path = "",
): readonly Difference[] {
  if (marks.sensitiveBefore === true || marks.sensitiveAfter === true) {
    const isSame = marks.unknown !== true && isEqual(before, after);
    return isSame ? [] : [{ path, before: MASKED, after: MASKED }];
  }
  if (marks.unknown === true) {
    return [{ path, before: masked(before, marks.sensitiveBefore), after: UNKNOWN }];
  }
  if (!isDivisible(before, after)) {
    return isEqual(before, after) && !hasTrue(marks.unknown)
      ? []
      : [
          {
            path,
            before: masked(before, marks.sensitiveBefore),
            after: masked(after, marks.sensitiveAfter),
          },
        ];
  }
  const keys = [...new Set([before, after, marks.unknown].flatMap((each) => Object.keys(each ?? {})))];
  return keys.flatMap((key) =>
    differencesOf(
      before[key],
      after[key],
      {
        unknown: marks.unknown?.[key],
        sensitiveBefore: marks.sensitiveBefore?.[key],
        sensitiveAfter: marks.sensitiveAfter?.[key],
      },
      path === "" ? key : `${path}.${key}`,
    ),
  );
}

/** A value with its sensitive parts as {@link MASKED}. */
export function masked(value: Json, sensitive: Json): Json {
  if (sensitive === true) {
    return MASKED;
  }
  if (Array.isArray(value)) {
    return value.map((each, index) => masked(each, sensitive?.[index]));
  }
  return isRecord(value)
    ? Object.fromEntries(Object.entries(value).map(([key, each]) => [key, masked(each, sensitive?.[key])]))
    : value;
}

function isDivisible(before: Json, after: Json): boolean {
  return Array.isArray(before) && Array.isArray(after)
    ? before.length === after.length && [...before, ...after].every((each) => isRecord(each))
    : isRecord(before) && isRecord(after);
}

/** Terraform writes 5 as a text in some places, and one block as the block or as a list of it. */
function isEqual(before: Json, after: Json): boolean {
  return isDeepStrictEqual(plain(before), plain(after));
}

function plain(value: Json): Json {
  if (Array.isArray(value)) {
    return value.length === 0 ? undefined : value.map(plain);
  }
  if (isRecord(value)) {
    const kept = Object.entries(value)
      .map(([key, each]) => [key, plain(each)] as const)
      .filter(([, each]) => each !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1));
    return kept.length === 0 ? undefined : Object.fromEntries(kept);
  }
  return value === null || value === "" || value === undefined ? undefined : String(value);
}

function hasTrue(value: Json): boolean {
  return typeof value === "object" && value !== null ? Object.values(value).some(hasTrue) : value === true;
}
