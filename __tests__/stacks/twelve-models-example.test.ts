import { AutoscalingGroup } from "@cdktf/provider-aws/lib/autoscaling-group";
import { Lb } from "@cdktf/provider-aws/lib/lb";
import { LbListenerRule } from "@cdktf/provider-aws/lib/lb-listener-rule";
import { LbTargetGroup } from "@cdktf/provider-aws/lib/lb-target-group";
import { Route53Record } from "@cdktf/provider-aws/lib/route53-record";
import { loadDeployment } from "../../config/load";
import "cdktf/lib/testing/adapters/jest";
import { synthesizedTexts } from "../support/synthesis";

const loaded = loadDeployment("examples/twelve-models.yaml");
const texts = loaded.ok ? synthesizedTexts(loaded.deployment) : {};
const text = texts["us-east-1"] ?? "{}";

describe("examples/twelve-models.yaml", () => {
  it("takes a region for healthy while nine of eleven models have enough instances there", () => {
    const instances = JSON.parse(texts.global ?? "{}").resource.aws_route53_health_check[
      "global-endpoint_health_ap-northeast-1_instances"
    ];
    expect(instances.tags).toEqual({ Name: "catalog ap-northeast-1 instances" });
    expect(instances.child_healthchecks).toHaveLength(11);
    expect(instances.child_health_threshold).toBe(9);
  });

  it("sends two of five clients to one region, by IPv4 and IPv6", () => {
    for (const type of ["A", "AAAA"]) {
      expect(texts.global).toHaveResourceWithProperties(Route53Record, {
        type,
        set_identifier: "us-east-1",
        weighted_routing_policy: { weight: 200 },
      });
    }
  });

  it("has another capacity if a region overrides it", () => {
    expect(texts["eu-north-1"]).toHaveResourceWithProperties(AutoscalingGroup, {
      name: "catalog.llama-3-70b.main",
      min_size: 3,
      max_size: 4,
    });
  });

  it("has more instances where there are twice as many clients", () => {
    const stable = (min_size: number) => ({ name: "catalog.llama-3-8b.stable", min_size });
    expect(texts["us-east-1"]).toHaveResourceWithProperties(AutoscalingGroup, stable(8));
    expect(texts["us-west-2"]).toHaveResourceWithProperties(AutoscalingGroup, stable(5));
  });

  it("serves IPv6 too", () => {
    expect(text).toHaveResourceWithProperties(Lb, { ip_address_type: "dualstack" });
    expect(text).toHaveResourceWithProperties(Route53Record, { type: "AAAA" });
  });

  it("keeps a client with its variant for an hour", () => {
    expect(text).toHaveResourceWithProperties(LbListenerRule, {
      action: [
        expect.objectContaining({
          forward: expect.objectContaining({ stickiness: { enabled: true, duration: 3600 } }),
        }),
      ],
    });
  });

  it("speaks gRPC to the reranker, and takes any answer as a sign of life", () => {
    expect(text).toHaveResourceWithProperties(LbTargetGroup, {
      port: 8001,
      protocol_version: "GRPC",
      health_check: expect.objectContaining({ path: "/AWS.ALB/healthcheck", matcher: "12" }),
    });
  });

  it("speaks TLS to the instances of one model", () => {
    const groups = Object.values<{ name: string; protocol: string }>(
      JSON.parse(text).resource.aws_lb_target_group,
    );
    const encrypted = groups.filter(({ protocol }) => protocol === "HTTPS").map(({ name }) => name);
    expect(encrypted).toEqual([expect.stringMatching(/^phi-4-main-/)]);
  });

  it("runs part of the summaries on Spot, above an On-Demand base", () => {
    const [
      { mixed_instances_policy, capacity_rebalance } = {
        mixed_instances_policy: {},
        capacity_rebalance: false,
      },
    ] = Object.values<{
      name: string;
      capacity_rebalance: boolean;
      mixed_instances_policy: { instances_distribution?: object };
    }>(JSON.parse(text).resource.aws_autoscaling_group).filter(
      ({ name }) => name === "catalog.summaries.main",
    );
    expect(capacity_rebalance).toBe(true);
    expect(mixed_instances_policy.instances_distribution).toMatchObject({
      on_demand_base_capacity: 8,
      on_demand_percentage_above_base_capacity: 30,
      spot_allocation_strategy: "price-capacity-optimized",
    });
  });

  it("keeps an instance of mixtral warm", () => {
    expect(text).toHaveResourceWithProperties(AutoscalingGroup, {
      name: "catalog.mixtral-8x7b.main",
      warm_pool: expect.objectContaining({ min_size: 1, pool_state: "Stopped" }),
    });
  });

  it("pauses a rollout of qwen-72b at each third", () => {
    expect(text).toHaveResourceWithProperties(AutoscalingGroup, {
      name: "catalog.qwen-72b.main",
      instance_refresh: expect.objectContaining({
        preferences: expect.objectContaining({
          checkpoint_percentages: [34, 67, 100],
          checkpoint_delay: "1800",
        }),
      }),
    });
  });

  it("puts a written priority before the derived ones", () => {
    expect(text).toHaveResourceWithProperties(LbListenerRule, { priority: 100 });
  });
});
