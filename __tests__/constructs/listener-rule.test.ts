import { TerraformOutput, Testing } from "cdktf";
import { ListenerRule, type ListenerRuleProps } from "../../constructs/listener-rule";
import { ServingStack } from "../../stacks/serving-stack";

function synthesize(props: Partial<ListenerRuleProps> = {}) {
  const stack = new ServingStack(Testing.app(), "region");
  const { arn } = new ListenerRule(stack, "llama", {
    listenerArn: "arn:listener",
    priority: 100,
    conditions: [{ field: "path-pattern", values: ["/llama/*"] }],
    forwardTo: { targetGroups: [{ arn: "arn:group/0" }] },
    ...props,
  });
  new TerraformOutput(stack, "arn", { value: arn, staticId: true });
  const { resource, output } = JSON.parse(Testing.synth(stack));
  return { rule: resource.aws_lb_listener_rule.llama, output };
}

describe("a listener rule", () => {
  const { rule, output } = synthesize();

  it("has its place on the listener", () => {
    expect(rule).toMatchObject({ listener_arn: "arn:listener", priority: 100 });
  });

  it("applies to requests of the kind", () => {
    expect(rule.condition).toEqual([{ path_pattern: { values: ["/llama/*"] } }]);
  });

  it("forwards to one target group in the same form as to several", () => {
    expect(rule.action).toEqual([
      {
        type: "forward",
        forward: {
          target_group: [{ arn: "arn:group/0", weight: 1 }],
          stickiness: { enabled: false, duration: 3600 },
        },
      },
    ]);
  });

  it("leaves the request as it is", () => {
    expect(rule).not.toHaveProperty("transform");
  });

  it("stands on a new listener before it goes from the old one", () => {
    expect(rule.lifecycle).toEqual({ create_before_destroy: true });
  });

  it("tells its ARN", () => {
    expect(output.arn.value).toBe(`\${aws_lb_listener_rule.llama.arn}`);
  });
});

describe("what a listener rule may be told", () => {
  it("shares and stickiness", () => {
    const { rule } = synthesize({
      forwardTo: {
        targetGroups: [
          { arn: "arn:group/0", weight: 95 },
          { arn: "arn:group/1", weight: 5 },
        ],
        stickiness: { duration: 600 },
      },
    });
    expect(rule.action[0].forward).toEqual({
      target_group: [
        { arn: "arn:group/0", weight: 95 },
        { arn: "arn:group/1", weight: 5 },
      ],
      stickiness: { enabled: true, duration: 600 },
    });
  });

  it("every kind of condition", () => {
    const { rule } = synthesize({
      conditions: [
        { field: "path-pattern", regexValues: ["^/v1"] },
        { field: "http-header", name: "X-Model", values: ["llama"] },
        { field: "query-string", values: [{ key: "model", value: "llama" }] },
        { field: "http-request-method", values: ["POST"] },
        { field: "source-ip", values: ["203.0.113.0/24"] },
      ],
    });
    expect(rule.condition).toEqual([
      { path_pattern: { regex_values: ["^/v1"] } },
      { http_header: { http_header_name: "X-Model", values: ["llama"] } },
      { query_string: [{ key: "model", value: "llama" }] },
      { http_request_method: { values: ["POST"] } },
      { source_ip: { values: ["203.0.113.0/24"] } },
    ]);
  });

  it("another path for the target", () => {
    const { rule } = synthesize({ rewrite: { path: { regex: "^/llama/(.*)$", replace: "/$1" } } });
    expect(rule.transform).toEqual([
      { type: "url-rewrite", url_rewrite_config: { rewrite: { regex: "^/llama/(.*)$", replace: "/$1" } } },
    ]);
  });

  it("another host for the target", () => {
    const { rule } = synthesize({ rewrite: { host: { regex: ".*", replace: "internal" } } });
    expect(rule.transform).toEqual([
      {
        type: "host-header-rewrite",
        host_header_rewrite_config: { rewrite: { regex: ".*", replace: "internal" } },
      },
    ]);
  });

  it("another path and another host", () => {
    const same = { regex: "a", replace: "" };
    expect(synthesize({ rewrite: { path: same, host: same } }).rule.transform).toHaveLength(2);
  });

  it("its tags", () => {
    expect(synthesize({ tags: { Team: "ml" } }).rule.tags).toEqual({ Team: "ml" });
  });
});

describe("what a listener rule refuses", () => {
  const long = "a".repeat(1025);

  it.each([
    [{ priority: 0 }, "priority must be a whole number from 1 to 50000; got 0"],
    [{ priority: 50_001 }, "priority must be"],
    [{ conditions: [] }, "needs a condition"],
    [{ forwardTo: { targetGroups: [] } }, "number of target groups"],
    [{ rewrite: {} }, "neither a path nor a host"],
    [
      { rewrite: { path: { regex: "", replace: "/" } } },
      "rewrite.path.regex must have 1 to 1024 characters; got 0",
    ],
    [{ rewrite: { path: { regex: long, replace: "/" } } }, "rewrite.path.regex"],
    [
      { rewrite: { host: { regex: ".", replace: long } } },
      "rewrite.host.replace may have 1024 characters; got 1025",
    ],
  ] as [Partial<ListenerRuleProps>, string][])("%j", (props, message) => {
    expect(() => synthesize(props)).toThrow(message);
  });
});
