import { RULES_PER_SECURITY_GROUP } from "../../aws/limits";
import { type Diagnostic, error, type Path } from "../diagnostics/diagnostic";
import { count } from "../diagnostics/text";
import type { Region } from "../plan/deployment";
import { outboundRules } from "../plan/egress";
import { TO_ANYWHERE } from "../schema/network";
import { type Check, repetitions } from "./check";

/** What instances may connect to: each target once, and as many as their security group has rules for. */
export const checkEgress: Check = ({ deployment }) =>
  deployment.regions.flatMap((region) => {
    const path: Path = ["regions", region.name, "network", "egress"];
    return [...repeatedTargets(region, path), ...ruleCountDiagnostics(region, path)];
  });

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
