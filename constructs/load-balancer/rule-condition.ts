import type { LbListenerRuleCondition } from "@cdktf/provider-aws/lib/lb-listener-rule";
import { Token } from "cdktf";
import {
  CONDITION_HEADER_NAME,
  CONDITION_METHOD,
  CONDITION_VALUE,
  CONDITION_VALUES_PER_RULE,
  CONDITION_WILDCARDS_PER_RULE,
} from "../../aws/limits";
import type { Patterns, RuleCondition } from "../../aws/rule-condition";

/**
 * The conditions of one rule in the provider's form. Terraform checks few of the limits of AWS, so they are checked
 * here.
 *
 * Source: ELB user guide, "Condition types for listener rules" and "Quotas for your Application Load
 * Balancers".
 *
 * @throws Error when there is no condition, a condition has no value, a rule has two conditions of a kind that it may
 *   have once, more than 5 values or more than 5 wildcards, or AWS would refuse the form of a value
 */
export function ruleConditions(conditions: readonly RuleCondition[]): LbListenerRuleCondition[] {
  if (conditions.length === 0) {
    throw new Error(
      "a listener rule needs a condition; for all requests use the default action of the listener",
    );
  }
  requireEachKindOnce(conditions);
  conditions.forEach(requireValidCondition);

  const values = conditions.flatMap(comparedValues).length;
  if (values > CONDITION_VALUES_PER_RULE.max) {
    throw new Error(
      `a listener rule may compare with ${CONDITION_VALUES_PER_RULE.max} values, all conditions together; got ${values}`,
    );
  }
  const wildcards = conditions.flatMap(patterns).reduce((sum, pattern) => sum + countWildcards(pattern), 0);
  if (wildcards > CONDITION_WILDCARDS_PER_RULE.max) {
    throw new Error(
      `a listener rule may have ${CONDITION_WILDCARDS_PER_RULE.max} wildcards, all conditions together; got ${wildcards}`,
    );
  }
  return conditions.map(terraformCondition);
}

function terraformCondition(condition: RuleCondition): LbListenerRuleCondition {
  switch (condition.field) {
    case "path-pattern":
      return { pathPattern: patternBlock(condition) };
    case "host-header":
      return { hostHeader: patternBlock(condition) };
    case "http-header":
      return { httpHeader: { httpHeaderName: condition.name, ...patternBlock(condition) } };
    case "http-request-method":
      return { httpRequestMethod: { values: [...condition.values] } };
    case "query-string":
      return { queryString: condition.values.map(({ key, value }) => ({ key, value })) };
    case "source-ip":
      return { sourceIp: { values: [...condition.values] } };
  }
}

function patternBlock({ values, regexValues }: Patterns): { values?: string[]; regexValues?: string[] } {
  return values !== undefined ? { values: [...values] } : { regexValues: [...regexValues] };
}

/** The texts that AWS compares with. Its quota of values counts these. */
function comparedValues(condition: RuleCondition): readonly string[] {
  switch (condition.field) {
    case "query-string":
      return condition.values.map(({ value }) => value);
    case "http-request-method":
    case "source-ip":
      return condition.values;
    default:
      return condition.values ?? condition.regexValues;
  }
}

/** The texts in which `*` and `?` are wildcards, and also those of methods and addresses, which hold neither. */
function patterns(condition: RuleCondition): readonly string[] {
  return condition.field === "query-string"
    ? condition.values.flatMap(({ key, value }) => (key === undefined ? [value] : [key, value]))
    : (condition.values ?? []);
}

/** A backslash escapes the next character. */
function countWildcards(pattern: string): number {
  return Token.isUnresolved(pattern) ? 0 : (pattern.replace(/\\./g, "").match(/[*?]/g) ?? []).length;
}

function requireEachKindOnce(conditions: readonly RuleCondition[]): void {
  const repeatable = new Set<string>(["http-header", "query-string"]);
  const fields = conditions.map(({ field }) => field).filter((field) => !repeatable.has(field));
  const repeated = fields.find((field, index) => fields.indexOf(field) !== index);
  if (repeated !== undefined) {
    throw new Error(`a listener rule may have one ${repeated} condition; put the values into one`);
  }
}

function requireValidCondition(condition: RuleCondition): void {
  if (comparedValues(condition).length === 0) {
    throw new Error(`the ${condition.field} condition has no value`);
  }
  if (condition.field === "http-header") {
    requireHeaderName(condition.name);
  }
  const texts = [...comparedValues(condition), ...patterns(condition)];
  for (const text of texts.filter((each) => !Token.isUnresolved(each))) {
    requireValidText(condition, text);
  }
}

function requireValidText(condition: RuleCondition, text: string): void {
  if (text.length === 0 || text.length > CONDITION_VALUE.maxLength) {
    throw new Error(
      `the ${condition.field} value "${text}" must have 1 to ${CONDITION_VALUE.maxLength} characters`,
    );
  }
  if (
    condition.field === "http-request-method" &&
    (!/^[A-Z_-]+$/.test(text) || text.length > CONDITION_METHOD.maxLength)
  ) {
    throw new Error(
      `the request method "${text}" must be in upper case, as in "GET"; it would match no request`,
    );
  }
  if (condition.field === "path-pattern" && condition.values !== undefined && !/^[/*]/.test(text)) {
    throw new Error(`the path pattern "${text}" must begin with "/" or "*"; no path would match`);
  }
}

function requireHeaderName(name: string): void {
  if (Token.isUnresolved(name)) {
    return;
  }
  if (name.length === 0 || name.length > CONDITION_HEADER_NAME.maxLength) {
    throw new Error(`the header name "${name}" must have 1 to ${CONDITION_HEADER_NAME.maxLength} characters`);
  }
  if (name.toLowerCase() === "host") {
    throw new Error(
      'for the host use a "host-header" condition; AWS accepts no http-header condition for it',
    );
  }
}
