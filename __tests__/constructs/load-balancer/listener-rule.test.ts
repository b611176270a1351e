import { LbListenerRule } from "@cdktf/provider-aws/lib/lb-listener-rule";
import { TerraformOutput, Testing } from "cdktf";
import { ListenerRule, type ListenerRuleProps } from "../../../constructs/load-balancer/listener-rule";
import { ServingStack } from "../../../stacks/serving-stack";
import "cdktf/lib/testing/adapters/jest";

function synthesize(props: Partial<ListenerRuleProps> = {}): string {
  const stack = new ServingStack(Testing.app(), "region");
  const { arn } = new ListenerRule(stack, "llama", {
    listenerArn: "arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/chat/1/2",
    priority: 100,
    conditions: [{ field: "path-pattern", values: ["/llama/*"] }],
    forwardTo: {
      targetGroups: [{ arn: "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/group/0" }],
    },
    ...props,
  });
  new TerraformOutput(stack, "arn", { value: arn, staticId: true });
  return Testing.synth(stack);
}

describe("a listener rule", () => {
  const synthesized = synthesize();
  const { resource, output } = JSON.parse(synthesized);
  const has = (properties: object) =>
    expect(synthesized).toHaveResourceWithProperties(LbListenerRule, { ...properties });

  it("has its listener and its priority", () =>
    has({
      listener_arn: "arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/chat/1/2",
      priority: 100,
    }));

  it("has its conditions", () => has({ condition: [{ path_pattern: { values: ["/llama/*"] } }] }));

  it("forwards to one target group in the same form as to several", () =>
    has({
      action: [
        {
          type: "forward",
          forward: {
            target_group: [
              { arn: "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/group/0", weight: 1 },
            ],
            stickiness: { enabled: false, duration: 3600 },
          },
        },
      ],
    }));

  it("leaves the request as it is", () => {
    expect(resource.aws_lb_listener_rule.llama).not.toHaveProperty("transform");
  });

  it("is created on a new listener before it is deleted from the old one", () =>
    has({ lifecycle: { create_before_destroy: true } }));

  it("outputs its ARN", () => {
    expect(output.arn.value).toBe(`\${aws_lb_listener_rule.llama.arn}`);
  });
});

describe("settings of a listener rule", () => {
  it("shares and stickiness", () => {
    const synthesized = synthesize({
      forwardTo: {
        targetGroups: [
          { arn: "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/group/0", weight: 95 },
          { arn: "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/group/1", weight: 5 },
        ],
        stickiness: { duration: 600 },
      },
    });
    expect(synthesized).toHaveResourceWithProperties(LbListenerRule, {
      action: [
        {
          type: "forward",
          forward: {
            target_group: [
              { arn: "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/group/0", weight: 95 },
              { arn: "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/group/1", weight: 5 },
            ],
            stickiness: { enabled: true, duration: 600 },
          },
        },
      ],
    });
  });

  it("every kind of condition", () => {
    const synthesized = synthesize({
      conditions: [
        { field: "path-pattern", regexValues: ["^/v1"] },
        { field: "http-header", name: "X-Model", values: ["llama"] },
        { field: "query-string", values: [{ key: "model", value: "llama" }] },
        { field: "http-request-method", values: ["POST"] },
        { field: "source-ip", values: ["203.0.113.0/24"] },
      ],
    });
    expect(synthesized).toHaveResourceWithProperties(LbListenerRule, {
      condition: [
        { path_pattern: { regex_values: ["^/v1"] } },
        { http_header: { http_header_name: "X-Model", values: ["llama"] } },
        { query_string: [{ key: "model", value: "llama" }] },
        { http_request_method: { values: ["POST"] } },
        { source_ip: { values: ["203.0.113.0/24"] } },
      ],
    });
  });

  it("another path for the target", () => {
    const rewrite = { regex: "^/llama/(.*)$", replace: "/$1" };
    expect(synthesize({ rewrite: { path: rewrite } })).toHaveResourceWithProperties(LbListenerRule, {
      transform: [{ type: "url-rewrite", url_rewrite_config: { rewrite } }],
    });
  });

  it("another host for the target", () => {
    const rewrite = { regex: ".*", replace: "internal" };
    expect(synthesize({ rewrite: { host: rewrite } })).toHaveResourceWithProperties(LbListenerRule, {
      transform: [{ type: "host-header-rewrite", host_header_rewrite_config: { rewrite } }],
    });
  });

  it("another path and another host", () => {
    const same = { regex: "a", replace: "" };
    expect(synthesize({ rewrite: { path: same, host: same } })).toHaveResourceWithProperties(LbListenerRule, {
      transform: [
        { type: "host-header-rewrite", host_header_rewrite_config: { rewrite: same } },
        { type: "url-rewrite", url_rewrite_config: { rewrite: same } },
      ],
    });
  });

  it("its tags", () => {
    expect(synthesize({ tags: { Team: "ml" } })).toHaveResourceWithProperties(LbListenerRule, {
      tags: { Team: "ml" },
    });
  });
});

describe("a listener rule refuses", () => {
  it.each([
    [{ conditions: [] }, "needs a condition"],
    [{ forwardTo: { targetGroups: [] } }, "number of target groups"],
    [{ rewrite: {} }, "neither a path nor a host"],
  ] as [Partial<ListenerRuleProps>, string][])("%j", (props, message) => {
    expect(() => synthesize(props)).toThrow(message);
  });
});
