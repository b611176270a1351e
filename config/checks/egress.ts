import { RULES_PER_SECURITY_GROUP } from "../../aws/limits";
import { type Diagnostic, error, type Path, warning } from "../diagnostics/diagnostic";
import { count } from "../diagnostics/text";
import type { Region } from "../plan/deployment";
import { outboundRules } from "../plan/egress";
import { TO_ANYWHERE } from "../schema/network";
import { type Check, isVast, repetitions } from "./check";

/** What instances may connect to: each target once, and as many as their security group has rules for. */
export const checkEgress: Check = ({ deployment }) =>
  deployment.regions.flatMap((region) => {
    const path: Path = ["regions", region.name, "network", "egress"];
    return [
      ...repeatedTargets(region, path),
      ...uselessTargets(region, path),
      ...vastTargets(region, path),
      ...ruleCountDiagnostics(region, path),
    ];
  });

/** Instances in a network that is made here have no IPv6. */
function uselessTargets({ egress, network }: Region, path: Path): readonly Diagnostic[] {
  return egress
    .filter(({ to }) => network.kind === "created" && to.includes(":"))
    .map(({ name, to }) =>
      error(
        "field-without-effect",
        [...path, name, "to"],
        `${to} is IPv6, which instances in a network that is made here do not have; name its IPv4 block, or remove it`,
      ),
    );
}

/** Blocks that are everybody, or nearly so, beside the rule for HTTPS. */
function vastTargets({ egress }: Region, path: Path): readonly Diagnostic[] {
  return egress
    .filter(({ name, to }) => name !== TO_ANYWHERE && isVast(to))
    .map(({ name, to, port }) =>
      warning(
        "egress-to-everyone",
        [...path, name, "to"],
        `${to} is everyone, or nearly everyone, so whoever takes over a server may send what it knows to any host at port ${port}; name the block of what is meant`,
      ),
    );
}

/** EC2 refuses a second rule with the same target and port. */
function repeatedTargets({ egress }: Region, path: Path): readonly Diagnostic[] {
  const rules = egress.map(({ to, port }) => `${to} at port ${port}`);
  const called = (index: number) => {
    const name = egress[index]?.name;
    return name === TO_ANYWHERE ? "the rule for HTTPS, which is always there" : `${name}`;
  };
  return egress.flatMap(({ name }, index) => repetitions(rules, index, [...path, name], { called }));
}

function ruleCountDiagnostics(region: Region, path: Path): readonly Diagnostic[] {
  const { max } = RULES_PER_SECURITY_GROUP;
  const taken = Math.max(...Object.values(outboundRules(region)));
  return taken > max
    ? [
        error(
          "too-many-egress-rules",
          path,
          `${count(region.egress.length - 1, "target")} and HTTPS take ${taken} rules of the instances' security group, which has ${max}; name fewer and larger blocks`,
          "key",
        ),
      ]
    : [];
}
