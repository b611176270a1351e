import { KINDS } from "./kinds";
import type { RouteConditions } from "./route";
import { matchesUrlPart } from "./url-parts";

/**
 * Whether a route's host conditions match a host name. `true` is never wrong: AWS does not document whether a regular
 * expression has to match the whole name, so here it has to.
 *
 * @param name undefined when the name is not yet known: then only a route that matches every name does
 */
export function matchesHostName(conditions: RouteConditions, name: string | undefined): boolean {
  return matchesUrlPart(conditions, "host", name);
}

/** Whether one of the hosts, each a name or a pattern, matches a name. */
export function hostsInclude(hosts: readonly string[], name: string): boolean {
  const { includes, simplest } = KINDS.host;
  return includes(hosts.map(simplest), simplest(name));
}
