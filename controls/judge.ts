import { RULES } from "./all";
import { acceptedHere } from "./ours";
import { NotKnown, type Part } from "./part";
import type { Input } from "./read";
import type { Rule } from "./rule";
import { World } from "./world";

/** A control that the team accepts. */
export interface Acceptance {
  readonly id: string;
  readonly reason: string;
  /** The stack that it is about; absent: all of them. */
  readonly stack?: string;
}

/** What came of a rule for one part. */
export interface Judged {
  readonly part: Part;
  /** What it lacks, where the rule says; or the expression that is not known. */
  readonly detail?: string;
  /** Of an accepted one: why, and who says so. */
  readonly reason?: string;
  readonly by?: Acceptance | "this project";
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
  /** Types of resources that are there, and that no rule has looked at. */
  readonly typesWithoutRule: readonly string[];
}

/** Judges all controls. */
export function judge(input: Input, acceptances: readonly Acceptance[] = []): Report {
  const world = new World(input.stacks);
  const results = Object.entries(RULES).flatMap(([service, rules]) =>
    rules.map((rule) => judgeRule(rule, service, world, acceptances)),
  );
  const used = new Set(results.flatMap(({ accepted }) => accepted.map(({ by }) => by)));
  return {
    results,
    unused: acceptances.filter((each) => !used.has(each)),
    notRead: input.notRead,
    typesWithoutRule: world.notAsked(),
  };
}

function judgeRule(rule: Rule, service: string, world: World, acceptances: readonly Acceptance[]): Result {
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
      const by = acceptances.find(
        ({ id, stack }) => rule.ids.includes(id) && (stack === undefined || stack === part.stack),
      );
      const reason = by?.reason ?? reasonHere(rule, part, world);
      (reason === undefined ? failed : accepted).push({
        part,
        ...(detail !== undefined && { detail }),
        ...(reason !== undefined && { reason, by: by ?? ("this project" as const) }),
      });
    }
  }
  return { rule, service, passed, failed, accepted, notKnown };
}

function reasonHere(rule: Rule, part: Part, world: World): string | undefined {
  try {
    return acceptedHere(rule.ids, part, world);
  } catch (error) {
    if (error instanceof NotKnown) {
      return undefined;
    }
    throw error;
  }
}

interface Verdict {
  readonly verdict: boolean | "not known" | undefined;
  readonly detail?: string;
}

function verdictOf(rule: Rule, part: Part, world: World): Verdict {
  try {
    const held = rule.holds(part, world);
    return typeof held === "string" ? { verdict: false, detail: held } : { verdict: held };
  } catch (error) {
    if (error instanceof NotKnown) {
      return { verdict: "not known", detail: error.expression };
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
