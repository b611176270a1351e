import { isDeepStrictEqual } from "node:util";
import type { Json } from "../support/synthesis";
import { FORGOTTEN, type Forgotten } from "./forgotten";

/** What Terraform does to a resource. Replaced is: first the new one, then the old one goes. */
type Verb = "create" | "update" | "replace" | "destroy first, then create" | "destroy" | "forget" | "import";

/** What a plan does to one resource. */
export interface PlannedChange {
  readonly verb: Verb;
  readonly type: string;
  readonly address: string;
  readonly differences: readonly Difference[];
}

/** An attribute that changes. */
interface Difference {
  /** Names and places, joined by dots: `action.0.forward.0.stickiness`. */
  readonly path: string;
  readonly before: unknown;
  readonly after: unknown;
}

const KNOWN_LATER = "(known after apply)";

/** All that a plan, as `terraform show -json` has it, does, but for what the emulator forgets again and again. */
export function plannedChanges({ resource_changes = [] }: Json): readonly PlannedChange[] {
  return resource_changes
    .map(({ address, type, mode, change }: Json) => ({
      verb: mode === "managed" ? verbOf(change) : undefined,
      type,
      address,
      differences: differencesIn(change).filter((difference) => !isForgotten(type, difference)),
    }))
    .filter(({ verb, differences }: Partial<PlannedChange>) =>
      verb === "update" ? differences?.length : verb !== undefined,
    );
}

/**
 * All that a plan finds otherwise than the last apply left it, and would change, in brief; so that a second look can
 * find nothing: resources, outputs, and attributes of ours that are not what they were.
 */
export function leftToChange(plan: Json): readonly string[] {
  return [...inBrief(plannedChanges(plan)), ...changedOutputs(plan), ...drifted(plan)];
}

/** E.g. `update output endpoint`. */
function changedOutputs({ output_changes = {} }: Json): readonly string[] {
  return Object.entries<Json>(output_changes)
    .filter(([, change]) => verbOf(change) !== undefined)
    .map(([name, change]) => `${verbOf(change)} output ${name}`)
    .sort();
}

/**
 * What was changed since the last apply, and not by Terraform: what is gone, and attributes that the configuration
 * names, e.g. `drift aws_lb name`. Of the others AWS makes up many; and nothing may have several spellings.
 */
function drifted({ resource_drift = [], configuration }: Json): readonly string[] {
  const written = new Map<string, Json>(
    (configuration?.root_module?.resources ?? []).map((each: Json) => [each.address, each.expressions]),
  );
  const found = resource_drift.flatMap(({ address, type, change }: Json) =>
    change.after === null
      ? [`gone ${type}`]
      : differencesIn(change)
          .filter(({ path }) => Object.hasOwn(written.get(address) ?? {}, path.split(".")[0] ?? ""))
          .filter(({ before, after }) => !(isNothing(before) && isNothing(after)))
          .filter(({ path, before, after }) => !isForgotten(type, { path, before: after, after: before }))
          .map(({ path }) => `drift ${type} ${path.replace(/\.\d+/g, "")}`),
  );
  return [...new Set<string>(found)].sort();
}

function isNothing(value: unknown): boolean {
  return (
    [null, undefined, "", 0, false].includes(value as null) ||
    isDeepStrictEqual(value, {}) ||
    isDeepStrictEqual(value, [])
  );
}

/**
 * The changes in brief, sorted, each kind once with how often it occurs: `1 update aws_autoscaling_group max_size`.
 * Places in lists are left out.
 */
export function inBrief(changes: readonly PlannedChange[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const { verb, type, differences } of changes) {
    const paths = new Set(differences.map(({ path }) => path.replace(/\.\d+/g, "")));
    const kinds =
      verb === "update" ? [...paths].map((path) => `${verb} ${type} ${path}`) : [`${verb} ${type}`];
    for (const kind of kinds) {
      counts.set(kind, (counts.get(kind) ?? 0) + 1);
    }
  }
  return [...counts].map(([kind, count]) => `${count} ${kind}`).sort();
}

function verbOf({ actions, importing }: Json): Verb | undefined {
  switch (actions.join(", ")) {
    case "no-op":
      return importing === undefined ? undefined : "import";
    case "read":
      return undefined;
    case "create, delete":
      return "replace";
    case "delete, create":
      return "destroy first, then create";
    case "delete":
      return "destroy";
    default:
      return actions[0];
  }
}

function isForgotten(type: string, { path, before, after }: Difference): boolean {
  return FORGOTTEN.some(
    (forgotten) =>
      forgotten.type === type &&
      forgotten.path === path &&
      isDeepStrictEqual(forgotten.actual, before) &&
      isWanted(forgotten, after),
  );
}

function isWanted({ wanted }: Forgotten, value: unknown): boolean {
  return wanted instanceof RegExp
    ? typeof value === "string" && wanted.test(value)
    : wanted.some((each) => isDeepStrictEqual(each, value));
}

function differencesIn({ before, after, after_unknown }: Json): readonly Difference[] {
  return before === null || after === null ? [] : differences("", before, after, after_unknown);
}

function differences(path: string, before: Json, after: Json, unknown: Json): readonly Difference[] {
  if (unknown === true) {
    return [{ path, before, after: KNOWN_LATER }];
  }
  if (!isComparable(before, after)) {
    return isDeepStrictEqual(before, after) && !hasUnknown(unknown) ? [] : [{ path, before, after }];
  }
  const keys = new Set([...Object.keys(before), ...Object.keys(after), ...Object.keys(unknown ?? {})]);
  return [...keys].flatMap((key) =>
    differences(path === "" ? key : `${path}.${key}`, before[key], after[key], unknown?.[key]),
  );
}

/** Whether two values have the same shape, so that their parts can be compared. */
function isComparable(before: Json, after: Json): boolean {
  if (Array.isArray(before) && Array.isArray(after)) {
    return before.length === after.length && before.every((item) => typeof item === "object");
  }
  return [before, after].every(
    (value) => typeof value === "object" && value !== null && !Array.isArray(value),
  );
}

function hasUnknown(unknown: Json): boolean {
  return typeof unknown === "object" && unknown !== null
    ? Object.values(unknown).some(hasUnknown)
    : unknown === true;
}
