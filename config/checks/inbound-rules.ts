import { RULES_PER_SECURITY_GROUP } from "../../aws/limits";
import { type Diagnostic, error, type Path } from "../diagnostics/diagnostic";
import { count } from "../diagnostics/text";
import type { Region } from "../plan/deployment";
import { type InboundRules, inboundRules } from "../plan/entry";

const { max } = RULES_PER_SECURITY_GROUP;

/**
 * Each range and each security group takes one rule of the load balancer's security group at each port; the list of health
 * checkers takes many. How many a list of one's own takes, only AWS knows: the plan asks.
 */
export function inboundRuleDiagnostics(region: Region, path: Path): readonly Diagnostic[] {
  const ports = region.entry.ports.length;
  return Object.values(inboundRules(region))
    .filter(({ taken }) => taken > max)
    .map((rules) => {
      const { allowed, checkers } = rules;
      const besides = checkers === 0 ? "" : `, and Route 53's health checkers ${checkers} more`;
      return error(
        "too-many-allowed-ranges",
        path,
        `${count(allowed, "range")} at ${count(ports, "port")} take ${allowed * ports} rules of the load balancer's security group${besides}; it has ${max}: ${remedies(rules, ports).join(", or ")}`,
      );
    });
}

/** What makes the rules fit: fewer ranges, one port, no health checkers, or the last two together. */
function remedies({ allowed, checkers }: InboundRules, ports: number): readonly string[] {
  const oneDoes = [
    ...(ports > 1 && allowed + checkers <= max ? ["write redirectHttp: false"] : []),
    ...(checkers > 0 && allowed * ports <= max ? ["write globalEndpoint.health: { requests: false }"] : []),
  ];
  const both =
    oneDoes.length === 0 && ports > 1 && checkers > 0 && allowed <= max
      ? ["write both redirectHttp: false and globalEndpoint.health: { requests: false }"]
      : [];
  return [
    `allow at most ${Math.floor((max - checkers) / ports)}, by larger ranges or fewer`,
    ...oneDoes,
    ...both,
  ];
}
