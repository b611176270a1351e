import { Testing } from "cdktf";
import { COUNTED_RULES, MANAGED_RULE_GROUPS, WEB_ACL_CAPACITY } from "../../../aws/waf";
import { WebAcl, type WebAclProps } from "../../../constructs/load-balancer/web-acl";
import { ServingStack } from "../../../stacks/serving-stack";
import type { Json } from "../../support/synthesis";
import "../../../testing/matchers";

const PROPS: WebAclProps = {
  name: "chat",
  requestsPerMinute: { address: 600, key: 60 },
  logs: { retentionDays: 90 },
};

function made(props: Partial<WebAclProps> = {}) {
  const stack = new ServingStack(Testing.app(), "stack");
  const acl = new WebAcl(stack, "acl", { ...PROPS, ...props });
  const text = Testing.synth(stack);
  const only = (type: string): Json => Object.values(JSON.parse(text).resource[type])[0];
  const rules: readonly Json[] = only("aws_wafv2_web_acl").rule;
  const rule = (name: string) => rules.find((each) => each.name === name);
  const group = (name: string) => rule(name)?.statement.managed_rule_group_statement;
  return { acl, text, only, rules, rule, group };
}

describe("a web ACL", () => {
  it("fits the provider and AWS's API", () => {
    for (const keyed of ["everywhere", ["/llama/"], ["/llama/", "/qwen/"]] as const) {
      const { text } = made({
        healthChecksUnder: "/.well-known/health/",
        keyed,
        block: [...COUNTED_RULES],
        versions: { core: "Version_1.22" },
      });
      expect(text).toFitTheProvider();
      expect(text).toFitTheApi();
    }
    expect(made().text).toFitTheApi();
  });

  it("tries its rules in an order that no other setting changes", () => {
    const names = (props: Partial<WebAclProps>) =>
      made(props).rules.map(({ name, priority }) => [priority, name]);
    expect(names({})).toEqual([
      [0, "requests-of-an-address"],
      [1, "requests-of-a-key"],
      [2, "AWSManagedRulesCommonRuleSet"],
      [3, "AWSManagedRulesKnownBadInputsRuleSet"],
      [4, "AWSManagedRulesAmazonIpReputationList"],
      [5, "AWSManagedRulesAnonymousIpList"],
    ]);
    expect(names({ block: ["Log4JRCE_BODY"] })).toEqual(names({}));
  });

  it("limits the requests of an address, and of a key", () => {
    const { rule } = made();
    expect(rule("requests-of-an-address")?.statement.rate_based_statement).toEqual({
      limit: 600,
      evaluation_window_sec: 60,
      aggregate_key_type: "IP",
    });
    expect(rule("requests-of-a-key")?.statement.rate_based_statement).toMatchObject({
      limit: 60,
      aggregate_key_type: "CUSTOM_KEYS",
      custom_key: [{ header: { name: "authorization" } }],
    });
    expect(rule("requests-of-a-key")?.action.block.custom_response.response_code).toBe(429);
  });

  it("answers in the form of OpenAI's errors", () => {
    const { only, rules } = made({ keyed: "everywhere" });
    const bodies: readonly Json[] = only("aws_wafv2_web_acl").custom_response_body;
    const named = rules.flatMap(
      ({ action }) => action?.block.custom_response?.custom_response_body_key ?? [],
    );
    expect(bodies.map(({ key }) => key)).toEqual(named);
    for (const { content } of bodies) {
      expect(JSON.parse(content).error).toEqual({
        message: expect.stringMatching(/\w/),
        type: expect.stringMatching(/_error$/),
        param: null,
        code: expect.stringMatching(/\w/),
      });
    }
  });

  it("pins the groups that have versions", () => {
    const { group } = made({ versions: { core: "Version_1.22" } });
    expect(group("AWSManagedRulesCommonRuleSet").version).toBe("Version_1.22");
    expect(group("AWSManagedRulesKnownBadInputsRuleSet").version).toBe(
      MANAGED_RULE_GROUPS.knownBadInputs.version,
    );
    expect(group("AWSManagedRulesAnonymousIpList").version).toBeUndefined();
  });

  it("counts every rule about bodies, but those that are to block", () => {
    const counted = (props: Partial<WebAclProps>) =>
      made(props).rules.flatMap(({ statement }) =>
        (statement.managed_rule_group_statement?.rule_action_override ?? []).map((each: Json) => {
          expect(each.action_to_use).toEqual({ count: {} });
          return each.name;
        }),
      );
    expect(counted({})).toEqual(COUNTED_RULES);
    expect(counted({ block: ["GenericLFI_BODY", "HostingProviderIPList"] })).toEqual(
      COUNTED_RULES.filter((rule) => rule !== "GenericLFI_BODY" && rule !== "HostingProviderIPList"),
    );
  });

  it("keeps keys and bodies out of its log and samples", () => {
    const { only } = made();
    const fields = only("aws_wafv2_web_acl").data_protection_config.data_protection.map(
      ({ field }: Json) => field,
    );
    expect(fields).toEqual([
      { field_type: "BODY" },
      { field_type: "SINGLE_HEADER", field_keys: ["authorization", "x-api-key"] },
    ]);
    expect(only("aws_wafv2_web_acl_logging_configuration").redacted_fields).toEqual([
      { single_header: { name: "authorization" } },
      { single_header: { name: "x-api-key" } },
    ]);
    expect(only("aws_cloudwatch_log_group")).toMatchObject({
      name: "aws-waf-logs-chat",
      retention_in_days: 90,
    });
  });

  it("takes no more capacity units than cost nothing more", () => {
    expect(made().acl.capacity).toBe(700 + 200 + 25 + 50 + 2 + 32);
    const hundred = Array.from({ length: 100 }, (_, index) => `/model-${index}/`);
    const { capacity } = made({ keyed: hundred }).acl;
    expect(capacity).toBe(1009 + 2 * 101 + 2);
    expect(capacity).toBeLessThan(WEB_ACL_CAPACITY.included);
  });
});

/** A request as the rule about keys sees it. */
interface Post {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Whether a statement matches, as AWS documents it. */
function matches(statement: Json, { method = "POST", path = "/", headers = {} }: Post): boolean {
  const { and_statement, or_statement, not_statement, byte_match_statement, size_constraint_statement } =
    statement;
  const { regex_match_statement } = statement;
  if (regex_match_statement) {
    return new RegExp(regex_match_statement.regex_string).test(path);
  }
  const request = { method, path, headers };
  if (and_statement) {
    return and_statement.statement.every((each: Json) => matches(each, request));
  }
  if (or_statement) {
    return or_statement.statement.some((each: Json) => matches(each, request));
  }
  if (not_statement) {
    return !matches(not_statement.statement, request);
  }
  if (byte_match_statement) {
    const { field_to_match, positional_constraint, search_string } = byte_match_statement;
    const header = headers[field_to_match.single_header?.name] ?? "";
    const value = field_to_match.method ? method : field_to_match.uri_path ? path : header;
    return positional_constraint === "EXACTLY" ? value === search_string : value.startsWith(search_string);
  }
  const value = headers[size_constraint_statement.field_to_match.single_header.name];
  return value !== undefined && value.length >= size_constraint_statement.size;
}

describe("the limit of an address", () => {
  const under = "/.well-known/health/";
  const agent = "Amazon-Route53-Health-Check-Service (ref 1234; report http://amzn.to/1vsZADi)";
  const check: Post = { method: "GET", path: `${under}llama-3-8b`, headers: { "user-agent": agent } };
  const { acl, rule } = made({ healthChecksUnder: under });
  const counts = (request: Post) =>
    matches(rule("requests-of-an-address")?.statement.rate_based_statement.scope_down_statement, request);

  it("does not count what Route 53's health checkers ask", () => {
    expect(counts(check)).toBe(false);
  });

  it.each<[string, Post]>([
    ["another method", { method: "POST" }],
    ["another User-Agent", { headers: { "user-agent": "curl/8.5.0" } }],
    ["no User-Agent", { headers: {} }],
    ["a User-Agent that names it later", { headers: { "user-agent": `curl ${agent}` } }],
    ["the folder itself", { path: under }],
    ["a path below that of a model", { path: `${under}llama-3-8b/v1` }],
    ["a path that holds it", { path: `/x${under}llama-3-8b` }],
    ["a path that is like it", { path: "/xwell-known/health/llama-3-8b" }],
    ["an encoded path", { path: `${under}llama%2fv1` }],
    ["a path of a model", { path: "/llama-3-8b/v1/chat/completions" }],
  ])("counts %s", (_name, other) => {
    expect(counts({ ...check, ...other })).toBe(true);
  });

  it("counts everything where nobody checks the health, and that of a key always", () => {
    const limit = (name: string, props: Partial<WebAclProps> = {}) =>
      made(props).rule(name)?.statement.rate_based_statement.scope_down_statement;
    expect(limit("requests-of-an-address")).toBeUndefined();
    expect(limit("requests-of-a-key", { healthChecksUnder: under })).toBeUndefined();
  });

  it("takes the capacity units of its three statements more", () => {
    expect(acl.capacity).toBe(made().acl.capacity + 2 + 2 + 3);
  });
});

describe("a POST without a key", () => {
  const blocked = (keyed: WebAclProps["keyed"], request: Post) =>
    matches(made({ keyed }).rule("without-a-key")?.statement, request);

  it("is blocked everywhere", () => {
    expect(blocked("everywhere", {})).toBe(true);
    expect(blocked("everywhere", { headers: { authorization: "" } })).toBe(true);
  });

  it("is blocked under some paths", () => {
    for (const keyed of [["/llama/"], ["/llama/", "/qwen/"]]) {
      expect(blocked(keyed, { path: "/llama/v1/chat/completions" })).toBe(true);
      expect(blocked(keyed, { path: "/llama-2/v1/chat/completions" })).toBe(false);
    }
  });

  it("is none with a key of either kind, and a GET is none", () => {
    expect(blocked("everywhere", { headers: { authorization: "Bearer a" } })).toBe(false);
    expect(blocked("everywhere", { headers: { "x-api-key": "a" } })).toBe(false);
    expect(blocked("everywhere", { method: "GET" })).toBe(false);
  });

  it("is left to the servers by default", () => {
    expect(made().rule("without-a-key")).toBeUndefined();
    expect(made({ keyed: [] }).rule("without-a-key")).toBeUndefined();
  });
});

describe("it refuses", () => {
  const many = Array.from({ length: 2500 }, (_, index) => `/model-${index}/`);
  it.each<[string, Partial<WebAclProps>, string]>([
    ["a name with a dot", { name: "chat.acl" }, "name must have 1 to 128 letters"],
    ["a limit below 10", { requestsPerMinute: { address: 9, key: 10 } }, "requestsPerMinute.address must be"],
    ["a half limit", { requestsPerMinute: { address: 10, key: 10.5 } }, "requestsPerMinute.key must be"],
    ["a rule in other letters", { block: ["Log4jRCE_BODY"] }, 'block has "Log4jRCE_BODY"'],
    ["a rule that blocks anyhow", { block: ["Log4JRCE_HEADER"] }, 'block has "Log4JRCE_HEADER"'],
    ["a version of another form", { versions: { core: "1.22" } }, "versions.core must have"],
    ["a path without a slash", { keyed: ["/llama"] }, 'keyed has "/llama"'],
    ["a folder that is an expression", { healthChecksUnder: "/(a+)+/" }, 'healthChecksUnder is "/(a+)+/"'],
    ["a folder without a slash", { healthChecksUnder: "/health" }, 'healthChecksUnder is "/health"'],
    ["more than AWS allows", { keyed: many }, "the rules take 6013 WCU, and a web ACL has 5000"],
  ])("%s", (_, props, message) => {
    expect(() => made(props)).toThrow(message);
  });
});
