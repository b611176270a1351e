import type { Finding } from "../finding";
import { entriesOf, type Json, listOf, resourcesOf } from "../terraform/json";

const RULES = "ELB user guide, Listener rules; the expressions as JavaScript reads them";
const RESPONSE = "ELB API, FixedResponseActionConfig";

/**
 * What is wrong with the texts of listeners and their rules: regular expressions, their replacements, and responses that
 * say they are JSON.
 *
 * @param stack Terraform JSON, parsed
 */
export function listenerFindings(stack: Json): readonly Finding[] {
  return [
    ...resourcesOf(stack, "aws_lb_listener").flatMap(([id, { default_action }]) =>
      responsesIn(`aws_lb_listener.${id}`, "default_action", default_action),
    ),
    ...resourcesOf(stack, "aws_lb_listener_rule").flatMap(([id, { action, condition, transform }]) => {
      const address = `aws_lb_listener_rule.${id}`;
      return [
        ...responsesIn(address, "action", action),
        ...listOf(condition).flatMap((each) => wrongPatterns(address, each)),
        ...listOf(transform).flatMap((each) => wrongRewrites(address, each)),
      ];
    }),
  ];
}

function responsesIn(address: string, argument: string, actions: Json): readonly Finding[] {
  return listOf(actions)
    .flatMap(({ fixed_response }) => listOf(fixed_response))
    .filter(
      ({ content_type, message_body: body }) =>
        content_type === "application/json" && isKnown(body) && !isJson(body),
    )
    .map(() => ({
      address,
      argument: `${argument}.fixed_response.message_body`,
      message: "is no JSON, and content_type says that it is",
      source: RESPONSE,
    }));
}

/** `regex_values` of any kind of condition. */
function wrongPatterns(address: string, condition: Json): readonly Finding[] {
  return entriesOf(condition).flatMap(([kind, block]) =>
    listOf(block)
      .flatMap(({ regex_values }) => listOf(regex_values))
      .flatMap((pattern) => faultOf(pattern))
      .map((message) => ({ address, argument: `condition.${kind}.regex_values`, message, source: RULES })),
  );
}

function wrongRewrites(address: string, transform: Json): readonly Finding[] {
  return ["url_rewrite_config", "host_header_rewrite_config"].flatMap((kind) =>
    listOf(transform[kind])
      .flatMap(({ rewrite }) => listOf(rewrite))
      .flatMap(({ regex, replace }) => {
        const [fault] = faultOf(regex);
        const groups = fault === undefined && isKnown(regex) ? groupsOf(regex) : undefined;
        const used: readonly string[] = isKnown(replace) ? (replace.match(/(?<=\$)\d/g) ?? []) : [];
        return [
          ...(fault === undefined ? [] : [fault]),
          ...used
            .filter((group) => groups !== undefined && Number(group) > groups)
            .map((group) => `replaces by group $${group}, and "${regex}" has ${groups}`),
        ].map((message) => ({ address, argument: `transform.${kind}.rewrite`, message, source: RULES }));
      }),
  );
}

/** What the expressions of rules do not have. Source: ELB user guide, Listener rules, Rule basics. */
const UNSUPPORTED: Readonly<Record<string, RegExp>> = {
  "a lookahead": /\(\?[=!]/,
  "a lookbehind": /\(\?<[=!]/,
  "a backreference": /\\[1-9k]/,
  "an atomic group": /\(\?>/,
  "a possessive quantifier": /[*+?}]\+/,
  "a subroutine or recursion": /\(\?(R|&|P>|[+-]?\d)/,
  "a class of Unicode characters": /\\[pP]/,
};

/** What is wrong with a regular expression, if anything is. */
function faultOf(pattern: Json): readonly string[] {
  if (!isKnown(pattern)) {
    return [];
  }
  // Neither characters that stand for themselves nor those in classes make a feature.
  const bare = pattern.replaceAll(/\\[^1-9kpP]|\[\^?\]?(?:\\.|[^\]])*\]/g, "_");
  const [feature] = Object.entries(UNSUPPORTED).find(([, form]) => form.test(bare)) ?? [];
  return feature !== undefined
    ? [`has "${pattern}" with ${feature}, which rules do not have`]
    : groupsOf(pattern) === undefined
      ? [`has "${pattern}", which is no regular expression`]
      : [];
}

/** The number of groups of a regular expression; `undefined` for a text that is none. */
function groupsOf(pattern: string): number | undefined {
  // JavaScript has no flags within an expression, and writes the names of groups otherwise.
  const own = pattern.replaceAll(/\(\?[imsU]+\)/g, "").replaceAll(/\(\?[imsU]+:/g, "(?:");
  try {
    return (new RegExp(`${own.replaceAll("(?P<", "(?<")}|`).exec("")?.length ?? 1) - 1;
  } catch {
    return undefined;
  }
}

/** Whether a text has no reference, whose value only an apply shows. */
function isKnown(text: Json): text is string {
  return typeof text === "string" && !/(?<!\$)\$\{/.test(text);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
