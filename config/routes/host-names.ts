import { isUniversal, valuesInclude } from "./condition-table";
import type { RouteConditions } from "./route";

/**
 * Whether a route takes requests under a host name, as far as hosts go. `true` is never wrong: of a regular expression,
 * of which AWS does not say whether it has to match all of the name, that is asked.
 *
 * @param name absent, if it is not known: then only a route that takes every name does
 */
export function takesHostName({ host, hostRegex }: RouteConditions, name: string | undefined): boolean {
  return (
    (host === undefined || hostsInclude(host, name ?? "*")) &&
    (hostRegex === undefined ||
      isUniversal("hostRegex", hostRegex) ||
      (name !== undefined && hostRegex.some((regex) => matchesAllOf(regex, name))))
  );
}

/** Whether one of some hosts, each a name or a pattern, takes a name. */
export function hostsInclude(hosts: readonly string[], name: string): boolean {
  return valuesInclude(
    "host",
    hosts.map((host) => host.toLowerCase()),
    name.toLowerCase(),
  );
}

function matchesAllOf(regex: string, name: string): boolean {
  try {
    return new RegExp(`^(?:${regex})$`).test(name);
  } catch {
    return false;
  }
}
