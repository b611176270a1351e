import type { Finding } from "../finding";
import { entriesOf, type Json, listOf } from "../terraform/json";

const RULES = "ELB user guide, Listener rules; the expressions as JavaScript reads them";
const RESPONSE = "ELB API, FixedResponseActionConfig";

/**
 * What is wrong with the texts of listeners and their rules: regular expressions, their replacements, and responses that
 * say they are JSON.
 *
 * @param stack Terraform JSON, parsed
 */
export function listenerFindings({ resource = {} }: Json): readonly Finding[] {
  return [
    ...entriesOf(resource.aws_lb_listener).flatMap(([id, { default_action }]) =>
      responsesIn(`aws_lb_listener.${id}`, "default_action", default_action),
    ),
    ...entriesOf(resource.aws_lb_listener_rule).flatMap(([id, { action, condition, transform }]) => {
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
    .filter(({ content_type, message_body }) => content_type === "application/json" && !isJson(message_body))
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
      .filter((pattern) => groupsOf(pattern) === undefined)
      .map((pattern) => ({
        address,
        argument: `condition.${kind}.regex_values`,
        message: `has "${pattern}", which is no regular expression`,
        source: RULES,
      })),
  );
}

function wrongRewrites(address: string, transform: Json): readonly Finding[] {
  return ["url_rewrite_config", "host_header_rewrite_config"].flatMap((kind) =>
    listOf(transform[kind])
      .flatMap(({ rewrite }) => listOf(rewrite))
      .flatMap(({ regex, replace }) => {
        const argument = `transform.${kind}.rewrite`;
        const groups = groupsOf(regex);
        if (groups === undefined) {
          return [
            { address, argument, message: `has "${regex}", which is no regular expression`, source: RULES },
          ];
        }
        const used: readonly string[] = String(replace).match(/(?<=\$)\d/g) ?? [];
        return used
          .filter((group) => Number(group) > groups)
          .map((group) => ({
            address,
            argument,
            message: `replaces by group $${group}, and "${regex}" has ${groups}`,
            source: RULES,
          }));
      }),
  );
}

/** The number of groups of a regular expression; `undefined` for a text that is none. */
function groupsOf(pattern: string): number | undefined {
  try {
    return (new RegExp(`${pattern}|`).exec("")?.length ?? 1) - 1;
  } catch {
    return undefined;
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
