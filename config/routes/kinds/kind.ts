import type { RuleCondition } from "../../../aws/rule-condition";
import type { RouteConditions } from "../route";

/** The key under which a route has a kind of condition. */
export type KindName = keyof RouteConditions;

/** One condition of a kind. Its values are texts. It matches when one of them does. */
export interface KindCondition {
  /** Name of the header; absent for kinds of which a route has one condition. */
  readonly name?: string;
  readonly values: readonly string[];
}

/** An error in one value of a route. */
export interface ConditionDiagnostic {
  /** Where in the conditions: `["path", 0]`, `["query", 1, "key"]`; empty for the conditions as a whole. */
  readonly path: readonly (string | number)[];
  /** What is wrong and what would be right. */
  readonly message: string;
}

/** How a kind is written in a route, and the errors there. */
export interface Form<Given> {
  /** The conditions written under the kind's key, with their values as {@link Comparison} needs them. */
  readonly read: (given: Given) => readonly KindCondition[];
  /** What to write under the kind's key for some conditions, at least one: the reverse of `read`. */
  readonly write: (conditions: readonly KindCondition[]) => Given;
  /**
   * What AWS would refuse, or accept and never match.
   *
   * @param dropsHeaders whether the load balancer drops headers whose names have other characters than letters, digits and hyphens
   * @returns paths below the kind's key
   */
  readonly diagnostics: (given: Given, dropsHeaders: boolean) => readonly ConditionDiagnostic[];
}

/** How values of a kind are compared with requests and with one another. */
export interface Comparison {
  /** The simplest spelling of a value. Values with the same one match the same requests. */
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
   * How specific a value is, from {@link LEAST_DEPTH}: a value is at least as deep as any that includes it.
   * Priorities are derived from it.
   */
  readonly depth: (value: string) => number;
  /** How many wildcards AWS counts in a value. */
  readonly wildcards: (value: string) => number;
  /** An example that both values allow, or `undefined` when none is found. There is always one for two equal values. */
  readonly example: (a: string, b: string) => string | undefined;
  /** A value as a person reads it. */
  readonly shown: (value: string) => string;
}

/** The depth of the least specific values. */
export const LEAST_DEPTH = 1;

/** A condition on a part of the client's URL. */
export interface UrlPart {
  readonly part: "host" | "path";
  /** Texts that some of the values may match, in the order of the values. */
  readonly candidates: (values: readonly string[]) => readonly string[];
  /** Whether one of the values matches this text. `true` is never wrong. */
  readonly matches: (values: readonly string[], text: string) => boolean;
}

/**
 * A kind of condition: all facts about it.
 *
 * @typeParam Given what a route has under the kind's key
 */
export interface ConditionKind<Given> extends Form<Given>, Comparison {
  /**
   * Its name in messages, without the name of the header; unique. Priorities and addresses in AWS are derived from it, so
   * it must never change.
   */
  readonly label: string;
  /** The part of a request that it compares, in a word. Values of two kinds with the same part are never compared with one another. */
  readonly requestPart: string;
  /** Whether its values are clear without its name, as a path is by its `/`. */
  readonly readableWithoutName: boolean;
  /** The kind that AWS accepts in a rule instead of this one, but not together with it. */
  readonly insteadOf: KindName | undefined;
  /** The part of the URL that it needs; `nothing`; or `more`: something that a client has to send in addition to host and path. */
  readonly url: UrlPart | "nothing" | "more";
  /** The conditions of a listener rule, in an order that does not depend on how they were written. */
  readonly toRule: (given: Given) => readonly RuleCondition[];
}
