import type { RuleCondition } from "../../aws/rule-condition";
import { ofEachKind } from "../routes/kinds";
import type { RouteConditions } from "../routes/route";

/** A route's conditions as a listener rule takes them, in an order that does not depend on how they were written. */
export function ruleConditionsOf(conditions: RouteConditions): readonly RuleCondition[] {
  return ofEachKind(conditions, (kind, given) => kind.toRule(given));
}
