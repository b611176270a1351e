/**
 * The conditions of a listener rule, with the names that AWS uses.
 * Source: ELB user guide, "Condition types for listener rules".
 */

/**
 * Texts to compare with, each at most 128 characters; one match is enough. They are either patterns, in which `*`
 * matches any characters and `?` exactly one, or regular expressions.
 */
export type Patterns =
  | { readonly values: readonly string[]; readonly regexValues?: never }
  | { readonly regexValues: readonly string[]; readonly values?: never };

/** The path of the request, without its query. Upper and lower case differ. Patterns begin with `/` or `*`. */
export type PathCondition = { readonly field: "path-pattern" } & Patterns;

/** The host of the request. Case does not matter. */
export type HostCondition = { readonly field: "host-header" } & Patterns;

/** A header of the request. Case does not matter. For `Host` use {@link HostCondition}. */
export type HeaderCondition = { readonly field: "http-header"; readonly name: string } & Patterns;

/** The method of the request, in upper case. */
export interface MethodCondition {
  readonly field: "http-request-method";
  readonly values: readonly string[];
}

/** Parameters in the query of the request; one match is enough. Case does not matter. */
export interface QueryCondition {
  readonly field: "query-string";
  readonly values: readonly { readonly key?: string; readonly value: string }[];
}

/** Ranges of the client's address. Behind a proxy it is the proxy's address. */
export interface SourceIpCondition {
  readonly field: "source-ip";
  readonly values: readonly string[];
}

/** A condition on requests. A rule applies when all of its conditions are met. */
export type RuleCondition =
  | PathCondition
  | HostCondition
  | HeaderCondition
  | MethodCondition
  | QueryCondition
  | SourceIpCondition;
