import { type Acceptance, Acceptances, type AcceptedBy } from "./accepted";
import { RULES } from "./all";
import { NotKnown, type Part } from "./part";
import type { Input } from "./read";
import type { Rule } from "./rule";
import { World } from "./world";

/** What came of a rule for one part. */
export interface Judged extends Partial<AcceptedBy> {
  readonly part: Part;
  /** What it lacks, where the rule says; or the expression that is not known. */
  readonly detail?: string;
}

/** What came of a rule. */
export interface Result {
  readonly rule: Rule;
  readonly service: string;
  readonly passed: readonly Judged[];
  readonly failed: readonly Judged[];
  readonly accepted: readonly Judged[];
  readonly notKnown: readonly Judged[];
}

/** The state of a rule as a whole: the worst of its parts. */
export type State = "failed" | "not known" | "accepted" | "passed" | "absent";

/** What came of all rules. */
export interface Report {
  readonly results: readonly Result[];
  /** Acceptances that accept nothing. */
  readonly unused: readonly Acceptance[];
  /** What was not read, as `readInput` says it. */
  readonly notRead: readonly string[];
  /** Types that are there, and that no rule has looked at. */
  readonly typesWithoutRule: readonly string[];
  /** Types that are there, and that rules have looked at only to judge others, such as the policy of a key. */
  readonly typesBesideOthers: readonly string[];
  /** Parts with `count` or `for_each`, judged as one each. */
  readonly countedAsOne: readonly Part[];
}

/** Judges all controls. */
export function judge(input: Input, acceptances: readonly Acceptance[] = []): Report {
  const world = new World(input.stacks);
  const accepted = new Acceptances(acceptances);
  const results = Object.entries(RULES).flatMap(([service, rules]) =>
    rules.map((rule) => judgeRule(rule, service, world, accepted)),
  );
  const judged = new Set(results.flatMap(({ rule }) => rule.types));
  const others = world.types.filter((type) => !judged.has(type));
  return {
    results,
    unused: accepted.unused,
    notRead: input.notRead,
    typesWithoutRule: others.filter((type) => !world.hasAsked(type)),
    typesBesideOthers: others.filter((type) => world.hasAsked(type)),
    countedAsOne: world.counted(),
  };
}

function judgeRule(rule: Rule, service: string, world: World, acceptances: Acceptances): Result {
  const passed: Judged[] = [];
  const failed: Judged[] = [];
  const accepted: Judged[] = [];
  const notKnown: Judged[] = [];
  for (const part of world.all(...rule.types)) {
    const { verdict, detail } = verdictOf(rule, part, world);
    if (verdict === true) {
      passed.push({ part });
    } else if (verdict === "not known") {
      notKnown.push({ part, detail });
    } else if (verdict === false) {
      const by = acceptances.of(rule, part, world);
      (by === undefined ? failed : accepted).push({ part, ...(detail !== undefined && { detail }), ...by });
    }
  }
  return { rule, service, passed, failed, accepted, notKnown };
}

interface Verdict {
  readonly verdict: boolean | "not known" | undefined;
  readonly detail?: string;
}

/**
 * What a rule says of a part. Where it looks at parts of which only Terraform knows how many there are, it has to say the
 * same with and without them.
 */
function verdictOf(rule: Rule, part: Part, world: World): Verdict {
  const { value: all, counted } = world.noting(() => heldBy(rule, part, world));
  if (counted.length === 0 || all.verdict === "not known") {
    return all;
  }
  const without = world.withoutCounted(() => heldBy(rule, part, world));
  return without.verdict === all.verdict
    ? all
    : { verdict: "not known", detail: `how many there are of ${counted.join(", ")}` };
}

function heldBy(rule: Rule, part: Part, world: World): Verdict {
  try {
    const held = rule.holds(part, world);
    return typeof held === "string" ? { verdict: false, detail: held } : { verdict: held };
  } catch (error) {
    if (error instanceof NotKnown) {
      return { verdict: "not known", detail: error.expression };
    }
    // The stack of calls is full: a policy may hold more JSON in a text.
    if (error instanceof RangeError) {
      return { verdict: "not known", detail: "what is nested too deep to be read" };
    }
    throw error;
  }
}

export function stateOf({ failed, notKnown, accepted, passed }: Result): State {
  if (failed.length > 0) {
    return "failed";
  }
  if (notKnown.length > 0) {
    return "not known";
  }
  return accepted.length > 0 ? "accepted" : passed.length > 0 ? "passed" : "absent";
}

/** How many rules are in each state. */
export function countStates({ results }: Report): Readonly<Record<State, number>> {
  const counts = { failed: 0, "not known": 0, accepted: 0, passed: 0, absent: 0 };
  for (const result of results) {
    counts[stateOf(result)] += 1;
  }
  return counts;
}
