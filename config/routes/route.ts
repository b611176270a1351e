/**
 * The conditions of a route. A request must match all of them. A condition with several values matches when one of them
 * does. At least one condition is needed, because AWS has no rule without.
 *
 * How a load balancer compares, and where AWS says so ("types" is the page "Condition types for listener rules" of
 * the Application Load Balancers user guide, "API" the ELBv2 API reference):
 *
 * | condition  | compared with                     | case       | wildcards             | source                          |
 * | ---------- | --------------------------------- | ---------- | --------------------- | ------------------------------- |
 * | path       | the path, never the query string  | matters    | `*`, `?`, also of `/` | types, "Path conditions"        |
 * | host       | the host name, without a port     | is ignored | `*`, `?`, also of `.` | types, "Host conditions"        |
 * | headers    | any header of that name           | is ignored | `*`, `?` in values    | types, "HTTP header conditions" |
 * | method     | the whole method                  | matters    | none                  | types, "HTTP request method …"  |
 * | query      | any one parameter                 | is ignored | `*`, `?`; `\*` is `*` | API, QueryStringConditionConfig |
 * | sourceIp   | the caller's address, no header   |            | none                  | types, "Source IP address …"    |
 * | the Regex  | RE2-like, no look-around          | unstated   |                       | "Listener rules for your ALB"   |
 */
export interface RouteConditions {
  /** Globs over the path, each beginning with `/` or `*`. */
  readonly path?: readonly string[];
  /** Regular expressions over the path. AWS accepts them instead of `path`, not together with it. */
  readonly pathRegex?: readonly string[];
  /** Globs over the host name. */
  readonly host?: readonly string[];
  /** Regular expressions over the host name. AWS accepts them instead of `host`, not together with it. */
  readonly hostRegex?: readonly string[];
  /** Header name to globs over its value; each header is a condition of its own. */
  readonly headers?: Readonly<Record<string, readonly string[]>>;
  /** Methods in upper case. */
  readonly method?: readonly string[];
  /** Globs over one query parameter; without a key any parameter may have the value. */
  readonly query?: readonly QueryCondition[];
  /** CIDR blocks, IPv4 or IPv6. */
  readonly sourceIp?: readonly string[];
}

/** A query parameter, as two globs. */
export interface QueryCondition {
  readonly key?: string;
  readonly value: string;
}
