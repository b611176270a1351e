import { ofEachKind } from "./kinds";
import type { ConditionDiagnostic, KindName } from "./kinds/kind";
import type { RouteConditions } from "./route";

/**
 * What AWS would refuse in the conditions of one route, or accept and never match. The rules are those of "Condition
 * types for listener rules" (Application Load Balancers user guide) and of the ELBv2 API reference; `splitRoute`
 * checks how many values and wildcards fit.
 *
 * @param dropsHeaders whether the load balancer drops headers whose names have other characters than letters, digits and hyphens
 */
export function conditionDiagnostics(
  conditions: RouteConditions,
  dropsHeaders = true,
): readonly ConditionDiagnostic[] {
  if (ofEachKind(conditions, (kind, given) => kind.read(given)).length === 0) {
    return [{ path: [], message: 'no condition is given; path "/*" matches every request' }];
  }
  return ofEachKind(conditions, (kind, given, name) => [
    ...eitherOr(conditions, name, kind.insteadOf),
    ...kind.diagnostics(given, dropsHeaders).map(({ path, message }) => ({ path: [name, ...path], message })),
  ]);
}

function eitherOr(
  conditions: RouteConditions,
  name: KindName,
  other: KindName | undefined,
): readonly ConditionDiagnostic[] {
  return other === undefined || conditions[other] === undefined
    ? []
    : [
        {
          path: [name],
          message: `cannot stand beside ${other}: a rule takes the one or the other; keep one, or write two routes`,
        },
      ];
}
