import { RULE_PRIORITY, RULES_PER_LOAD_BALANCER } from "../../aws/limits";
import { type ConditionTable, contentKey, tableOf } from "./condition-table";
import { tableContains } from "./containment";
import { describeConditions } from "./describe";
import { levelOf, type PriorityLevel } from "./level";
import { overlapExample } from "./overlap";
import { assignPriorities, type RuleToPlace } from "./priority";

/** A rule of a listener, with a label for messages. */
export interface LabelledRule extends RuleToPlace {
  /** The route it comes from, e.g. `models.llama.routes[0]`; the rules one route was split into share it. */
  readonly label: string;
  /** Name of the model that it forwards to. */
  readonly model: string;
}

/** Kinds of conflicts between the rules of a listener. */
export type RouteDiagnosticKind =
  | "priority-range"
  | "priority-taken"
  | "same-requests"
  | "never-matches"
  | "overlap"
  | "too-many-rules";

/** A conflict between rules: wrong (`error`), or perhaps not intended (`warning`). */
export interface RouteDiagnostic<Rule extends LabelledRule = LabelledRule> {
  readonly kind: RouteDiagnosticKind;
  readonly severity: "error" | "warning";
  /** The rules concerned, the one to change first; empty when there are just too many rules. */
  readonly rules: readonly Rule[];
  /** What is wrong, and the fix. It names the other rule by its label. */
  readonly message: string;
}

/**
 * The conflicts between the rules of one listener, in the order of the rules.
 *
 * Rules of the same label are not compared. A rule never matches when a single other rule is evaluated before it
 * and matches all its requests. Several rules that do so together are not detected. When there are more rules than the
 * quota allows, only the explicit priorities are checked.
 *
 * Two rules with derived priorities, of different models, that share some requests give a warning when they compare the
 * same parts of a request, or when only a hash decides which comes first. Otherwise there is no warning: the more special
 * rule wins, as one expects.
 *
 * @param rules all rules of the listener, without the default one; their conditions have no diagnostics of their own
 * @param ruleQuota how many rules the load balancer may have; 100 until AWS raises it ("ALB quotas")
 */
export function routeDiagnostics<Rule extends LabelledRule>(
  rules: readonly Rule[],
  ruleQuota: number = RULES_PER_LOAD_BALANCER.max,
): readonly RouteDiagnostic<Rule>[] {
  if (rules.length > ruleQuota) {
    return [...rules.flatMap(wrongPriority), ...priorityTaken(rules), tooMany(rules.length, ruleQuota)];
  }
  const numbers = assignPriorities(rules.map((rule, index) => ({ ...rule, key: String(index) })));
  const placed = rules.map((rule, index) => ({
    rule,
    table: tableOf(rule.requests ?? rule.conditions),
    level: levelOf(tableOf(rule.conditions)),
    placing: contentKey(rule.conditions),
    number: numbers.get(String(index)) ?? 0,
  }));
  const between = placed.flatMap((one, index) =>
    placed.slice(0, index).flatMap((other) => pairDiagnostics(one, other)),
  );
  return [
    ...rules.flatMap(wrongPriority),
    ...priorityTaken(rules),
    ...placed.flatMap((one) => neverMatches(one, placed)),
    ...oncePerRoute(between),
  ];
}

interface PlacedRule<Rule> {
  readonly rule: Rule;
  readonly table: ConditionTable;
  readonly level: PriorityLevel;
  /** The same for rules whose routes have the same conditions, also when these open fewer requests. */
  readonly placing: string;
  readonly number: number;
}

function wrongPriority<Rule extends LabelledRule>(rule: Rule): RouteDiagnostic<Rule>[] {
  const { explicit } = rule;
  const { min, max } = RULE_PRIORITY;
  if (explicit === undefined || (Number.isInteger(explicit) && explicit >= min && explicit <= max)) {
    return [];
  }
  const message = `priority ${explicit} is out of range; a priority is a whole number from ${min} to ${max}`;
  return [{ kind: "priority-range", severity: "error", rules: [rule], message }];
}

function tooMany(count: number, quota: number): RouteDiagnostic<never> {
  const message =
    `the routes need ${count} rules, and a load balancer takes ${quota}; ` +
    "put fewer values into the routes, or ask AWS for a higher quota of rules per Application Load Balancer";
  return { kind: "too-many-rules", severity: "error", rules: [], message };
}

function priorityTaken<Rule extends LabelledRule>(rules: readonly Rule[]): RouteDiagnostic<Rule>[] {
  return rules.flatMap((rule, index) => {
    const first = rules.slice(0, index).find(({ explicit }) => explicit === rule.explicit);
    if (rule.explicit === undefined || first === undefined) {
      return [];
    }
    const message = `priority ${rule.explicit} is already used by ${named(first)}; take another number`;
    return [{ kind: "priority-taken", severity: "error", rules: [rule, first], message }];
  });
}

function neverMatches<Rule extends LabelledRule>(
  one: PlacedRule<Rule>,
  all: readonly PlacedRule<Rule>[],
): RouteDiagnostic<Rule>[] {
  const before = all
    .filter((other) => other.number < one.number && other.rule.label !== one.rule.label)
    .filter(({ table }) => tableContains(table, one.table) && !tableContains(one.table, table))
    .sort((a, b) => a.number - b.number)[0];
  if (before === undefined) {
    return [];
  }
  const advice =
    before.number > RULE_PRIORITY.min
      ? `give it a number below ${before.number}`
      : `give ${before.rule.label} a number above ${one.number}`;
  const message =
    `${describeConditions(one.rule.conditions)} can never match: ${named(before.rule)} matches all of it ` +
    `and has a lower priority number (${before.number} < ${one.number}); ${advice}`;
  return [{ kind: "never-matches", severity: "error", rules: [one.rule, before.rule], message }];
}

function pairDiagnostics<Rule extends LabelledRule>(
  one: PlacedRule<Rule>,
  other: PlacedRule<Rule>,
): RouteDiagnostic<Rule>[] {
  if (one.rule.label === other.rule.label) {
    return [];
  }
  const within = tableContains(other.table, one.table);
  const around = tableContains(one.table, other.table);
  if ((within && around) || one.placing === other.placing) {
    return [sameRequests(one.rule, other.rule)];
  }
  return within || around ? [] : overlapping(one, other);
}

function sameRequests<Rule extends LabelledRule>(one: Rule, other: Rule): RouteDiagnostic<Rule> {
  const consequence =
    one.model === other.model
      ? "remove one of them"
      : `it leads to ${one.model}, the other to ${other.model}: change one of them`;
  const message = `${describeConditions(one.conditions)} matches the same requests as ${named(other)}; ${consequence}`;
  return { kind: "same-requests", severity: "error", rules: [one, other], message };
}

function overlapping<Rule extends LabelledRule>(
  one: PlacedRule<Rule>,
  other: PlacedRule<Rule>,
): RouteDiagnostic<Rule>[] {
  const decided = one.rule.explicit !== undefined || other.rule.explicit !== undefined;
  const ranked = !sameKinds(one.table, other.table) && one.level !== other.level;
  if (decided || ranked || one.rule.model === other.rule.model) {
    return [];
  }
  const example =
    overlapExample(one.rule.conditions, other.rule.conditions) &&
    overlapExample(one.rule.requests ?? one.rule.conditions, other.rule.requests ?? other.rule.conditions);
  if (example === undefined) {
    return [];
  }
  const winner = one.number < other.number ? one.rule : other.rule;
  const message =
    `${describeConditions(one.rule.conditions)} and ${named(other.rule)} both match e.g. ${example}; ` +
    `as things are ${winner.model} answers it: write a priority on one of them to say which wins`;
  return [{ kind: "overlap", severity: "warning", rules: [one.rule, other.rule], message }];
}

function sameKinds(a: ConditionTable, b: ConditionTable): boolean {
  return a.size === b.size && [...a.keys()].every((kind) => b.has(kind));
}

/** Routes split into many rules overlap in many places; one warning for the two of them is enough. */
function oncePerRoute<Rule extends LabelledRule>(
  diagnostics: readonly RouteDiagnostic<Rule>[],
): RouteDiagnostic<Rule>[] {
  const reported = new Set<string>();
  return diagnostics.filter(({ kind, rules }) => {
    const pair = JSON.stringify(rules.map(({ label }) => label));
    const repeated = kind === "overlap" && reported.has(pair);
    reported.add(pair);
    return !repeated;
  });
}

function named(rule: LabelledRule): string {
  return `${rule.label} (${describeConditions(rule.conditions)})`;
}
