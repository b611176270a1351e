import { PRIVATE_ADDRESSES } from "../../aws/private-addresses";
import { type Diagnostic, warning } from "../diagnostics/diagnostic";
import type { Region } from "../plan/deployment";
import { isRemoved } from "../plan/global-endpoint";
import { entrySetting } from "../plan/overrides";
import { cidrsInclude } from "../routes/cidr";
import type { ServingFile } from "../schema/deployment";
import type { Check } from "./check";

/** That those who are let in can come: not only addresses that nobody who comes has. */
export const checkClients: Check = ({ file, deployment }) =>
  deployment.regions
    .filter(({ entry }) => entry.allowedCidrs.every(isPrivate))
    .flatMap((region) => nobodyComes(file, region));

function isPrivate(cidr: string): boolean {
  return cidrsInclude(PRIVATE_ADDRESSES.blocks, cidr);
}

/**
 * Who comes over the internet has a public address, and an accelerator leaves it to him. Source: Global Accelerator
 * developer guide, Preserve client IP addresses.
 */
function nobodyComes(file: ServingFile, { name, entry, globalEndpoint }: Region): readonly Diagnostic[] {
  const { path } = entrySetting(file, name, "allow");
  if (globalEndpoint?.accelerated && !isRemoved(file, name)) {
    return [
      warning(
        "only-private-clients",
        path,
        "holds private addresses only, and nobody comes through an accelerator with one; allow the public ones of your clients, or use routing: latency with scheme: internal",
      ),
    ];
  }
  return entry.scheme === "internal"
    ? []
    : [
        warning(
          "only-private-clients",
          path,
          "holds private addresses only, and nobody comes to an internet-facing load balancer with one; allow the public ones of your clients, or say scheme: internal",
        ),
      ];
}
