import { isDeepStrictEqual } from "node:util";
import type { Json } from "../support/synthesis";
import { FORGOTTEN } from "./forgotten";

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

function isForgotten(type: string, { path, before }: Difference): boolean {
  return FORGOTTEN.some(
    (forgotten) =>
      forgotten.type === type && forgotten.path === path && isDeepStrictEqual(forgotten.says, before),
  );
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

/** Whether two values are of one shape, so that their parts can be told apart. */
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
