import { cidrsInclude } from "../../aws/cidr";
import { PRIVATE_ADDRESSES } from "../../aws/private-addresses";
import { type Diagnostic, warning } from "../diagnostics/diagnostic";
import type { Region } from "../plan/deployment";
import { isRemoved } from "../plan/global-endpoint";
import { entrySetting } from "../plan/overrides";
import type { ServingFile } from "../schema/deployment";
import type { Check } from "./check";

/**
 * Clients that are allowed can connect: the list does not hold only addresses that no client has. Members of a security
 * group are known by their private addresses; what is in a prefix list is not known here.
 */
export const checkClients: Check = ({ file, deployment }) =>
  deployment.regions
    .filter(({ entry }) => entry.allowedPrefixLists.length === 0 && entry.allowedCidrs.every(isPrivate))
    .flatMap((region) => nobodyComes(file, region));

function isPrivate(cidr: string): boolean {
  return cidrsInclude(PRIVATE_ADDRESSES.blocks, cidr);
}

/**
 * Clients on the internet have public addresses, and an accelerator preserves them. Source: Global Accelerator
 * developer guide, Preserve client IP addresses.
 */
function nobodyComes(file: ServingFile, { name, entry, globalEndpoint }: Region): readonly Diagnostic[] {
  const { path } = entrySetting(file, name, "allow");
  if (globalEndpoint?.accelerated && !isRemoved(file, name)) {
    return [
      warning(
        "only-private-clients",
        path,
        "holds private addresses only, but clients of an accelerator have public ones; allow those, or use routing: latency with scheme: internal",
      ),
    ];
  }
  return entry.scheme === "internal"
    ? []
    : [
        warning(
          "only-private-clients",
          path,
          "holds private addresses only, but clients of an internet-facing load balancer have public ones; allow those, or write scheme: internal",
        ),
      ];
}
