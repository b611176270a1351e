/**
 * The conditions of a listener rule, under the names that AWS gives them.
 * Source: ELB user guide, "Condition types for listener rules".
 */

/**
 * Texts to compare with, each at most 128 characters; one that matches is enough. Either patterns, in which
 * `*` stands for any characters and `?` for exactly one, or regular expressions.
 */
export type Patterns =
  | { readonly values: readonly string[]; readonly regexValues?: never }
  | { readonly regexValues: readonly string[]; readonly values?: never };

/** The path of the request, without its query. Upper and lower case differ. Patterns begin with `/` or `*`. */
export type PathCondition = { readonly field: "path-pattern" } & Patterns;

/** The host the client asked for. Case does not matter. */
export type HostCondition = { readonly field: "host-header" } & Patterns;

/** A header of the request. Case does not matter. For `Host` there is {@link HostCondition}. */
export type HeaderCondition = { readonly field: "http-header"; readonly name: string } & Patterns;

/** The method of the request, in upper case. */
export interface MethodCondition {
  readonly field: "http-request-method";
  readonly values: readonly string[];
}

/** Parameters in the query of the request; one that matches is enough. Case does not matter. */
export interface QueryCondition {
  readonly field: "query-string";
  readonly values: readonly { readonly key?: string; readonly value: string }[];
}

/** The address the request came from, as ranges. Behind a proxy, that is the proxy's. */
export interface SourceIpCondition {
  readonly field: "source-ip";
  readonly values: readonly string[];
}

/** What a request must be like for a rule to apply. All conditions of a rule must be met. */
export type RuleCondition =
  | PathCondition
  | HostCondition
  | HeaderCondition
  | MethodCondition
  | QueryCondition
  | SourceIpCondition;
