import type { RuleCondition } from "../../../aws/rule-condition";
import type { RouteConditions } from "../route";

/** The key under which a route has a kind of condition. */
export type KindName = keyof RouteConditions;

/** One condition of a kind. Its values are texts; of several values any one does. */
export interface KindCondition {
  /** The header; absent for kinds of which a route has one condition. */
  readonly name?: string;
  readonly values: readonly string[];
}

/** Something wrong with one value of a route. */
export interface ConditionDiagnostic {
  /** Where in the conditions: `["path", 0]`, `["query", 1, "key"]`; empty for the conditions as a whole. */
  readonly path: readonly (string | number)[];
  /** What is wrong and what would be right. */
  readonly message: string;
}

/** How a kind stands in a route, and what may be wrong there. */
export interface Form<Given> {
  /** The conditions in what a route has under the kind's key, with their values as the {@link Comparison} takes them. */
  readonly read: (given: Given) => readonly KindCondition[];
  /** What a route has under the kind's key for some conditions, at least one: the reverse of `read`. */
  readonly write: (conditions: readonly KindCondition[]) => Given;
  /**
   * What AWS would refuse, or accept and never match.
   *
   * @param dropsHeaders whether the load balancer drops headers with names of other than letters, digits and hyphens
   * @returns paths below the kind's key
   */
  readonly diagnostics: (given: Given, dropsHeaders: boolean) => readonly ConditionDiagnostic[];
}

/** How values of a kind are compared, with requests and with one another. */
export interface Comparison {
  /** The simplest spelling of a value, the same for all that are known to mean the same. */
  readonly simplest: (value: string) => string;
  /** Whether every request that `special` allows is allowed by one of `generals`. `true` is never wrong. */
  readonly includes: (generals: readonly string[], special: string) => boolean;
  /** Whether every request meets a condition with these values. `true` is never wrong. */
  readonly isUniversal: (values: readonly string[]) => boolean;
  /** Whether a value allows one text only, so that it includes no other value. */
  readonly isExact: (value: string) => boolean;
  /** Whether values are regular expressions. */
  readonly isRegex: boolean;
  /**
   * How much a value spells out, from {@link LEAST_DEPTH}: a value is at least as deep as any that includes it.
   * Priorities are derived from it.
   */
  readonly depth: (value: string) => number;
  /** How many wildcards AWS counts in a value. */
  readonly wildcards: (value: string) => number;
  /** An example that both values allow, or `undefined` when none is known; of a value and itself there is one. */
  readonly example: (a: string, b: string) => string | undefined;
  /** A value as a person reads it. */
  readonly shown: (value: string) => string;
}

/** The depth of values that spell out nothing that counts. */
export const LEAST_DEPTH = 1;

/** What a kind asks of the URL by which a client comes. */
export interface UrlPart {
  readonly part: "host" | "path";
  /** Texts for this part that some of the values may allow, in the order of the values. */
  readonly candidates: (values: readonly string[]) => readonly string[];
  /** Whether one of the values allows this text. `true` is never wrong. */
  readonly matches: (values: readonly string[], text: string) => boolean;
}

/**
 * A kind of condition: everything that is asked about it anywhere.
 *
 * @typeParam Given what a route has under the kind's key
 */
export interface ConditionKind<Given> extends Form<Given>, Comparison {
  /**
   * Its name in one line, with the header behind it, if any. Priorities and addresses in AWS are derived from it, so it
   * stays as it is. No two kinds have the same.
   */
  readonly label: string;
  /** What of a request it looks at, in a word. Values of two kinds that look at the same are never compared. */
  readonly requestPart: string;
  /** Whether its values can be read without its name, as a path can by its `/`. */
  readonly readableWithoutName: boolean;
  /** The kind that AWS takes in a rule instead of this one, never beside it. */
  readonly insteadOf: KindName | undefined;
  /** What it asks of the URL: a part of it, `nothing`, or `more`, which a client has to send beside host and path. */
  readonly url: UrlPart | "nothing" | "more";
  /** The conditions of a listener rule, in an order that does not depend on how they were written. */
  readonly toRule: (given: Given) => readonly RuleCondition[];
}
