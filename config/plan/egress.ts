import type { RegionFile } from "../schema/deployment";
import { TO_ANYWHERE } from "../schema/network";
import type { Egress, Region } from "./deployment";
import { sortedEntries } from "./order";

/** Port 443 at any IPv4 address, where AWS, images and weights are. */
const HTTPS_TO_ANYWHERE: Egress = { name: TO_ANYWHERE, to: "0.0.0.0/0", port: 443 };

/** What the instances of a region may connect to: HTTPS first, then what the file names, sorted by name. */
export function egressOf({ egress = {} }: RegionFile["network"]): readonly Egress[] {
  return [HTTPS_TO_ANYWHERE, ...sortedEntries(egress).map(([name, rule]) => ({ name, ...rule }))];
}

/**
 * Outbound rules of the instances' security group, by the family of addresses, without those that prefix lists take. A
 * rule for a security group counts for both families.
 */
export function outboundRules({ egress }: Pick<Region, "egress">): Readonly<Record<"ipv4" | "ipv6", number>> {
  const those = (pattern: RegExp) => egress.filter(({ to }) => pattern.test(to)).length;
  const groups = those(/^sg-/);
  return { ipv4: those(/\./) + groups, ipv6: those(/:/) + groups };
}
