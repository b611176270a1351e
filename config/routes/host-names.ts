import { KINDS } from "./kinds";
import type { RouteConditions } from "./route";
import { matchesUrlPart } from "./url-parts";

/**
 * Whether a route takes requests under a host name, as far as hosts go. `true` is never wrong: of a regular expression,
 * of which AWS does not say whether it has to match all of the name, that is asked.
 *
 * @param name absent, if it is not known: then only a route that takes every name does
 */
export function matchesHostName(conditions: RouteConditions, name: string | undefined): boolean {
  return matchesUrlPart(conditions, "host", name);
}

/** Whether one of some hosts, each a name or a pattern, takes a name. */
export function hostsInclude(hosts: readonly string[], name: string): boolean {
  const { includes, simplest } = KINDS.host;
  return includes(hosts.map(simplest), simplest(name));
}
