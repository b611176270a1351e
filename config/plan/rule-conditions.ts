import type { RuleCondition } from "../../aws/rule-condition";
import { ofEachKind } from "../routes/kinds";
import type { RouteConditions } from "../routes/route";

/** The conditions of a listener rule for a route, in an order that does not depend on how they are written. */
export function ruleConditionsOf(conditions: RouteConditions): readonly RuleCondition[] {
  return ofEachKind(conditions, (kind, given) => kind.toRule(given));
}
