import { renderFinding } from "../../../testing/finding";
import { listenerFindings } from "../../../testing/grammars/listeners";

const RULES = "(ELB user guide, Listener rules; the expressions as JavaScript reads them)";

const inRule = (rule: object) =>
  listenerFindings({ resource: { aws_lb_listener_rule: { own: rule } } }).map(renderFinding);
const response = (content_type: string, message_body: string) => [
  { fixed_response: { content_type, message_body, status_code: "404" } },
];

it("finds nothing in listeners and rules as they should be", () => {
  expect(
    inRule({
      action: response("application/json", '{"error":{}}'),
      condition: [{ path_pattern: { regex_values: ["^/a(b|c)$"] } }, { host_header: { values: ["(*"] } }],
      transform: [
        { url_rewrite_config: { rewrite: { regex: "^/llama/(.*)$", replace: "/$1" } } },
        { host_header_rewrite_config: { rewrite: { regex: "^a\\.", replace: "b." } } },
      ],
    }),
  ).toEqual([]);
  expect(inRule({ action: response("application/json", `{"id": \${aws_lb.own.id}}`) })).toEqual([]);
  expect(inRule({ action: [{ fixed_response: { content_type: "application/json" } }] })).toEqual([]);
  expect(
    inRule({ action: [{ fixed_response: { content_type: "application/json", message_body: null } }] }),
  ).toEqual([]);
  const texts = response("text/plain", "{");
  expect(listenerFindings({ resource: { aws_lb_listener: { own: { default_action: texts } } } })).toEqual([]);
});

it("finds a response that is no JSON", () => {
  const sentence =
    "fixed_response.message_body is no JSON, and content_type says that it is (ELB API, FixedResponseActionConfig)";
  const broken = response("application/json", "{");
  expect(inRule({ action: broken })).toEqual([`aws_lb_listener_rule.own: action.${sentence}`]);
  expect(
    listenerFindings({ resource: { aws_lb_listener: { own: { default_action: broken } } } }).map(
      renderFinding,
    ),
  ).toEqual([`aws_lb_listener.own: default_action.${sentence}`]);
});

it.each([
  [
    { condition: [{ path_pattern: { regex_values: ["^/a("] } }] },
    `condition.path_pattern.regex_values has "^/a(", which is no regular expression ${RULES}`,
  ],
  [
    { transform: [{ url_rewrite_config: { rewrite: { regex: "[", replace: "/" } } }] },
    `transform.url_rewrite_config.rewrite has "[", which is no regular expression ${RULES}`,
  ],
  [
    { transform: [{ url_rewrite_config: { rewrite: { regex: "^/(a)", replace: "/$1/$2" } } }] },
    `transform.url_rewrite_config.rewrite replaces by group $2, and "^/(a)" has 1 ${RULES}`,
  ],
])("finds %j", (rule, sentence) => {
  expect(inRule(rule)).toEqual([`aws_lb_listener_rule.own: ${sentence}`]);
});

describe("the expressions of rules", () => {
  const patterns = (...regex_values: readonly string[]) =>
    inRule({ condition: [{ path_pattern: { regex_values } }] });

  it.each(["(?i)^/a$", "^/(?i:a)$", "^/(?P<model>.+)$", "^/[^?=+]+\\.(?:a|b)$", "^/a\\\\1", `^/\${var.a}(`])(
    "may have %s",
    (pattern) => {
      expect(patterns(pattern)).toEqual([]);
    },
  );

  it.each([
    ["^/(?!a)", "a lookahead"],
    ["^/(?<=a)b", "a lookbehind"],
    ["^/(a)\\1", "a backreference"],
    ["^/(?>a)", "an atomic group"],
    ["^/a++", "a possessive quantifier"],
    ["^/(?R)", "a subroutine or recursion"],
    ["^/\\p{L}", "a class of Unicode characters"],
  ])("may not have %s, %s", (pattern, feature) => {
    expect(patterns(pattern)).toEqual([
      `aws_lb_listener_rule.own: condition.path_pattern.regex_values has "${pattern}" with ${feature}, which rules do not have ${RULES}`,
    ]);
  });

  it("may be known only to an apply, as may be what replaces", () => {
    const rewrite = { regex: `\${var.regex}(`, replace: "/$2" };
    expect(inRule({ transform: [{ url_rewrite_config: { rewrite } }] })).toEqual([]);
    const replaced = { regex: "^/(a)", replace: `/\${var.a}$2` };
    expect(inRule({ transform: [{ url_rewrite_config: { rewrite: replaced } }] })).toEqual([]);
  });
});
