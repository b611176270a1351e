import { count, listed } from "../config/diagnostics/text";
import type { RegionModel } from "../simulation/model";
import { withoutUnknowns } from "../simulation/terraform/resolve";
import { providerSchema } from "../testing/provider-schema/schema";
import { groupAt } from "./all-kinds";
import { type Difference, type ResourceChange, UNKNOWN } from "./deployment";
import { durationText } from "./duration";
import { CLEAREST } from "./example-texts";
import { keysAskedOf } from "./keys";
import { type Kind, keepsLess, NOT_UNDONE } from "./kinds";
import { type Changed, lossesBy } from "./lost";
import { rerouted } from "./requests";
import { type Roll, rollOf } from "./roll";
import { instancesOf, type RegionSides } from "./sides";
import type { Subject } from "./subject";

/** A consequence in words. */
export interface Telling {
  /** What happens, in a sentence. */
  readonly says: string;
  /** More of it, a line each. */
  readonly details: readonly string[];
  /** Who notices, and what; `undefined`: nobody. */
  readonly interrupts?: string;
  readonly roll?: Roll;
}

/** What is to be told of. */
export interface Told extends Changed {
  readonly kind: Kind;
  readonly subject: Subject;
}

/** Lines of one consequence: more would hide the others. */
const MOST_DETAILS = 12;

/** Says what changes of one kind do. */
export function tell(told: Told): Telling {
  const losses = lossesBy(told);
  const [gravest] = losses;
  const telling = { ...(gravest && { interrupts: gravest.who }), ...tellKind(told) };
  const details = [...losses.map(({ who, why }) => `interrupts ${who}: ${why}`), ...telling.details];
  return details.length <= MOST_DETAILS
    ? { ...telling, details }
    : {
        ...telling,
        details: [...details.slice(0, MOST_DETAILS), `and ${details.length - MOST_DETAILS} more`],
      };
}

function tellKind(told: Told): Telling {
  const { kind, subject, changes, stack } = told;
  const of = subject.label ?? stack.name;
  const resources = count(changes.length, "resource");
  switch (kind) {
    case "interrupted":
      return tellInterrupted(told);
    case "rolled":
      return tellRolled(told);
    case "rerouted":
      return tellRerouted(told);
    case "resized":
      return tellResized(told);
    case "replaced":
      return {
        says: `${of}: ${resources} replaced${changes.every(({ action }) => action === "replace") ? ", the new one first" : ""}`,
        details: changes.map(replacedLine),
      };
    case "health and alarms":
      return { says: `${of}: ${resources} changed in place`, details: changes.map(changeLine) };
    case "cannot be undone":
      return {
        says: `${of}: what is deleted does not come back`,
        details: changes.map((change) =>
          keepsLess(change)
            ? `${changeLine(change)}: what is older is deleted`
            : `${change.address}: ${NOT_UNDONE[change.type]}`,
        ),
      };
    case "new":
      return tellNew(told);
    case "removed":
      return tellRemoved(told);
    default:
      return {
        says: `${of}: ${resources} changed in place${changes.every(isOfNotes) ? ", which nobody notices" : ""}`,
        details: changes.map(changeLine),
      };
  }
}

/** Whether a change is one of tags and descriptions alone. */
function isOfNotes({ differences }: ResourceChange): boolean {
  return differences.every(({ path }) => /^(tags|tags_all|description)(\.|$)/.test(path));
}

function tellInterrupted({ subject, changes, stack }: Told): Telling {
  const of = subject.label ?? `what ${stack.name} serves`;
  const gaps = changes.filter(({ action }) => action === "replace with a gap");
  const replaced = changes.filter(({ action }) => action === "replace");
  const others = changes.filter((change) => !gaps.includes(change) && !replaced.includes(change));
  const why = [
    ...(gaps.length > 0 ? [`${listed(kindsIn(gaps))} deleted before the new one is there`] : []),
    ...(replaced.some(({ type }) => type.endsWith("target_group"))
      ? [
          "the instances that run do not pass the health check of the new target group until they are replaced",
        ]
      : []),
    ...(replaced.some(({ type }) => type === "aws_autoscaling_group")
      ? ["the old instances end before those of the new group have loaded"]
      : []),
    ...(replaced.some(({ type }) => /^aws_a?lb$/.test(type))
      ? ["open connections end, and clients find the new load balancer only once DNS tells them"]
      : []),
    ...(others.some(({ type }) => type.endsWith("target_group"))
      ? ["instances that do not answer the new health check are unhealthy at once, and are replaced"]
      : []),
    ...(others.some(({ type }) => type === "aws_nat_gateway")
      ? [
          stack.changes.some(({ type, action }) => type === "aws_vpc_endpoint" && action === "create")
            ? "instances reach nothing outside until the interface endpoints are there"
            : "instances reach nothing outside any more",
        ]
      : []),
    ...(others.some(({ type }) => type === "aws_lb" || type === "aws_alb")
      ? ["the load balancer leaves a zone, and sends nothing more to instances there"]
      : []),
  ];
  return {
    says: `${of}: ${why.join("; ")}`,
    details: changes.map((change) =>
      change.action === "update" ? changeLine(change) : replacedLine(change),
    ),
    interrupts: of,
  };
}

function kindsIn(changes: readonly ResourceChange[]): readonly string[] {
  return [...new Set(changes.map(({ type }) => type))].sort();
}

function tellRolled({ subject, changes, stack, sides }: Told): Telling {
  const rolls = changes.flatMap(({ address }) => {
    const [before, after] = bothAt(sides, address);
    const roll = before && after && rollOf(before, after);
    return roll === undefined ? [] : [roll];
  });
  const [roll] = rolls;
  const of = subject.label ?? stack.name;
  const lines = changes.map(changeLine);
  const asked = keysAskedOf(changes, sides);
  if (roll === undefined) {
    return {
      says: `${of}: a new version for what is launched from now on; nothing runs yet`,
      details: lines,
    };
  }
  const { instances, atOnce, seconds, load, drain, fewest, most } = roll;
  return {
    says: `${of}: ${count(instances, "instance")} replaced, ${atOnce} at a time, in about ${durationText(seconds)}`,
    details: [
      `each: about ${durationText(load)} until its model answers, then up to ${durationText(drain)} until the old one has drained`,
      fewest < instances
        ? `meanwhile ${fewest} of ${instances} serve: an old one goes before its successor is there`
        : `meanwhile all ${instances} serve, and up to ${most} run`,
      ...asked,
      ...lines,
    ],
    ...(fewest === 0 && { interrupts: of }),
    ...withoutKey(of, asked),
    roll,
  };
}

function withoutKey(of: string, asked: readonly string[]): Pick<Telling, "interrupts"> {
  return asked.length === 0 ? {} : { interrupts: `callers of ${of} without its new key` };
}

function tellRerouted({ changes, sides, stack, ways }: Told): Telling {
  const { before, after } = sides;
  const requests = before && after ? rerouted(before, after) : [];
  const lost = requests.filter(({ isLost }) => isLost);
  const example = lost.find(({ request }) => request.includes(CLEAREST)) ?? lost[0];
  const lines = requests.map((each) => `${each.request}: ${each.before} → ${each.after}`);
  const more = requests.length === 0 ? changes.map(changeLine) : [];
  const changed = changes.length === 1 ? "1 rule or record" : `${changes.length} rules or records`;
  return {
    says:
      requests.length > 0
        ? `${stack.name}: requests go elsewhere`
        : before === undefined && after === undefined
          ? `${stack.name}: clients are led otherwise by ${changed}`
          : `${stack.name}: ${changed} changed, and no example request goes elsewhere`,
    details: [...(before === undefined && after === undefined ? waysLine(ways) : []), ...lines, ...more],
    ...(example !== undefined && {
      interrupts: `requests such as ${example.request} (${example.after})`,
    }),
  };
}

/** Where all clients of the global endpoint go, before and after. */
function waysLine({ before, after }: Told["ways"]): readonly string[] {
  return before === undefined || after === undefined
    ? []
    : [
        before === after
          ? `clients are led to ${after}, as before`
          : `clients are led to ${before} → ${after}`,
      ];
}

function tellResized({ subject, changes, stack, sides }: Told): Telling {
  const of = subject.label ?? stack.name;
  const groups = changes.flatMap(({ address }) => {
    const [before, after] = bothAt(sides, address);
    return before && after ? [{ before, after }] : [];
  });
  const ended = groups
    .map(({ before, after }) => instancesOf(before) - after.max)
    .filter((gone) => gone > 0)
    .map((gone) => `${count(gone, "instance")} above the new maximum drain and end`);
  return { says: `${of}: another size`, details: [...changes.map(changeLine), ...ended] };
}

/** A group before and after. */
function bothAt({ before, after }: RegionSides, address: string) {
  return [groupAt(before?.groups, address), groupAt(after?.groups, address)] as const;
}

function tellNew({ subject, changes, stack, sides }: Told): Telling {
  const of = subject.label ?? stack.name;
  const started = startedIn(changes, sides.after, sides.before);
  const asked = keysAskedOf(changes, sides);
  return {
    says: `${of}: ${count(changes.length, "resource")} made${started === 0 ? "" : `, and ${count(started, "instance")} started`}`,
    details: [...asked, ...typesIn(changes)],
    ...withoutKey(of, asked),
  };
}

function tellRemoved({ subject, changes, stack, sides }: Told): Telling {
  const of = subject.label ?? stack.name;
  const isForgotten = changes.every(({ action }) => action === "forget");
  const ended = isForgotten ? 0 : startedIn(changes, sides.before, sides.after);
  return {
    says: `${of}: ${count(changes.length, "resource")} ${isForgotten ? "forgotten, and left in AWS" : "deleted"}${ended === 0 ? "" : `, and ${count(ended, "instance")} drained and ended`}`,
    details: typesIn(changes),
  };
}

function startedIn(
  changes: readonly ResourceChange[],
  there: RegionModel | undefined,
  notThere: RegionModel | undefined,
): number {
  return changes
    .filter(({ address }) => groupAt(notThere?.groups, address) === undefined)
    .reduce((sum, { address }) => {
      const group = groupAt(there?.groups, address);
      return sum + (group === undefined ? 0 : instancesOf(group));
    }, 0);
}

/** `3 aws_cloudwatch_log_group`, each type once. */
function typesIn(changes: readonly ResourceChange[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const { type } of changes) {
    counts.set(type, (counts.get(type) ?? 0) + 1);
  }
  return [
    [...counts]
      .map(([type, number]) => `${number} ${type}`)
      .sort()
      .join(", "),
  ];
}

function replacedLine(change: ResourceChange): string {
  const order =
    change.action === "delete"
      ? "deleted"
      : change.action === "replace with a gap"
        ? "deleted, then made anew"
        : "made anew, then the old one deleted";
  return change.differences.length === 0 ? `${change.address}: ${order}` : `${changeLine(change)}: ${order}`;
}

/** Arguments whose values nobody reads. */
const LONG = /^(user_data|policy|assume_role_policy|metric_query|template_body|message_body)/;

/** `aws_autoscaling_group.main: max_size 6 → 9`, with the first few arguments. */
export function changeLine({ address, type, action, differences }: ResourceChange): string {
  const shown = differences.filter(({ path }) => isWritten(type, path)).map(differenceText);
  return `${address}: ${shown.length === 0 ? action : listed([...new Set(shown)])}`;
}

/** Whether somebody writes an argument; others follow from what is written. */
function isWritten(type: string, path: string): boolean {
  const name = path.split(".")[0] ?? "";
  const known = providerSchema.resource_schemas[type]?.attributes?.[name];
  return (
    name !== "id" &&
    name !== "tags_all" &&
    (known === undefined || known.optional === true || known.required === true)
  );
}

function differenceText({ path, before, after }: Difference): string {
  if (after === UNKNOWN && typeof before === "object") {
    return `${path.replace(/\.0(?=\.|$)/g, "")} follows`;
  }
  return LONG.test(path) || path.endsWith("message_body")
    ? `${path.replace(/\.\d+/g, "")} differs`
    : `${path.replace(/\.0(?=\.|$)/g, "")} ${shownValue(before)} → ${shownValue(after)}`;
}

const LONGEST_VALUE = 60;

function shownValue(value: Difference["before"]): string {
  const text =
    value === undefined || value === null
      ? "nothing"
      : typeof value === "string"
        ? value
        : JSON.stringify(value);
  const plain = withoutUnknowns(text, ({ address, attribute }) => `${address}.${attribute}`).replaceAll(
    /\p{Cc}/gu,
    " ",
  );
  return plain.length > LONGEST_VALUE ? `${plain.slice(0, LONGEST_VALUE - 1)}…` : plain;
}
