import { LbTargetGroup } from "@cdktf/provider-aws/lib/lb-target-group";
import { TerraformOutput, Testing } from "cdktf";
import { TargetGroup, type TargetGroupProps } from "../../../constructs/load-balancer/target-group";
import { ServingStack } from "../../../stacks/serving-stack";
import "cdktf/lib/testing/adapters/jest";

const minimal: TargetGroupProps = {
  name: "chat-llama",
  vpcId: "vpc-1",
  port: 8000,
  protocol: "HTTP",
  healthCheck: { path: "/health" },
};

function synthesize(props: Partial<TargetGroupProps> = {}): string {
  const stack = new ServingStack(Testing.app(), "region");
  const { arn, arnSuffix, name, resource } = new TargetGroup(stack, "llama", { ...minimal, ...props });
  for (const [what, value] of Object.entries({ arn, arnSuffix, name, id: resource.id })) {
    new TerraformOutput(stack, what, { value, staticId: true });
  }
  return Testing.synth(stack);
}

describe("a target group with required props only", () => {
  const synthesized = synthesize();
  const { resource, output } = JSON.parse(synthesized);
  const has = (properties: object) =>
    expect(synthesized).toHaveResourceWithProperties(LbTargetGroup, { ...properties });

  it("takes instances at the port of the network", () =>
    has({
      name: "chat-llama",
      vpc_id: "vpc-1",
      target_type: "instance",
      port: 8000,
      protocol: "HTTP",
      protocol_version: "HTTP1",
    }));

  it("is created before the one it replaces is deleted", () =>
    has({ lifecycle: { create_before_destroy: true } }));

  it("sends a request to the target with the fewest", () => {
    has({ load_balancing_algorithm_type: "least_outstanding_requests" });
    expect(resource.aws_lb_target_group.llama).not.toHaveProperty("load_balancing_anomaly_mitigation");
  });

  it("writes that it is not sticky, because a missing block would leave it sticky", () =>
    has({ stickiness: { enabled: false, type: "lb_cookie" } }));

  it("drains for five minutes, has no slow start and takes the cross-zone setting of the load balancer", () =>
    has({
      deregistration_delay: "300",
      slow_start: 0,
      load_balancing_cross_zone_enabled: "use_load_balancer_configuration",
    }));

  it("fails over, in DNS and in routing, when no target is healthy", () =>
    has({
      target_group_health: {
        dns_failover: { minimum_healthy_targets_count: "1", minimum_healthy_targets_percentage: "off" },
        unhealthy_state_routing: {
          minimum_healthy_targets_count: 1,
          minimum_healthy_targets_percentage: "off",
        },
      },
    }));

  it("writes out the whole health check", () =>
    has({
      health_check: {
        enabled: true,
        path: "/health",
        port: "traffic-port",
        protocol: "HTTP",
        interval: 30,
        timeout: 5,
        healthy_threshold: 5,
        unhealthy_threshold: 2,
        matcher: "200",
      },
    }));

  it("has no Target Optimizer", () => {
    expect(resource.aws_lb_target_group.llama).not.toHaveProperty("target_control_port");
  });

  it("outputs what other resources need", () => {
    expect(output).toMatchObject({
      arn: { value: `\${aws_lb_target_group.llama.arn}` },
      arnSuffix: { value: `\${aws_lb_target_group.llama.arn_suffix}` },
      name: { value: `\${aws_lb_target_group.llama.name}` },
      id: { value: `\${aws_lb_target_group.llama.id}` },
    });
  });
});

describe("settings of a target group", () => {
  it.each([
    [
      { protocol: "HTTPS" },
      { protocol: "HTTPS", health_check: expect.objectContaining({ protocol: "HTTPS" }) },
    ],
    [{ protocolVersion: "HTTP2" }, { protocol_version: "HTTP2" }],
    [
      { protocolVersion: "GRPC" },
      { protocol_version: "GRPC", health_check: expect.objectContaining({ matcher: "0" }) },
    ],
    [
      { healthCheck: { path: "/ready", interval: 10 } },
      { health_check: expect.objectContaining({ path: "/ready", interval: 10 }) },
    ],
    [{ algorithm: "round_robin" }, { load_balancing_algorithm_type: "round_robin" }],
    [{ algorithm: "weighted_random" }, { load_balancing_anomaly_mitigation: "off" }],
    [{ algorithm: "weighted_random", anomalyMitigation: true }, { load_balancing_anomaly_mitigation: "on" }],
    [{ algorithm: "round_robin", slowStart: 30 }, { slow_start: 30 }],
    [{ algorithm: "round_robin", slowStart: 900 }, { slow_start: 900 }],
    [
      { stickiness: { duration: 60 } },
      { stickiness: { enabled: true, type: "lb_cookie", cookie_duration: 60 } },
    ],
    [
      { stickiness: { duration: 60, cookieName: "session" } },
      { stickiness: { enabled: true, type: "app_cookie", cookie_duration: 60, cookie_name: "session" } },
    ],
    [{ deregistrationDelay: 0 }, { deregistration_delay: "0" }],
    [{ deregistrationDelay: 3600 }, { deregistration_delay: "3600" }],
    [{ crossZone: "false" }, { load_balancing_cross_zone_enabled: "false" }],
    [
      { health: { dnsFailover: "off" } },
      {
        target_group_health: expect.objectContaining({
          dns_failover: { minimum_healthy_targets_count: "off", minimum_healthy_targets_percentage: "off" },
        }),
      },
    ],
    [
      { targetControlPort: 3000 },
      {
        target_control_port: 3000,
        load_balancing_algorithm_type: "round_robin",
        stickiness: { enabled: false, type: "lb_cookie" },
      },
    ],
    [
      { targetControlPort: 3000, healthCheck: { path: "/", port: 8000 } },
      { health_check: expect.objectContaining({ port: "8000" }) },
    ],
    [{ tags: { Team: "ml" } }, { tags: { Team: "ml" } }],
  ] as [Partial<TargetGroupProps>, Record<string, unknown>][])("%j", (props, expected) => {
    expect(synthesize(props)).toHaveResourceWithProperties(LbTargetGroup, expected);
  });
});

describe("a target group refuses", () => {
  it.each([
    [{ name: "chat_llama" }, "target group name must have 1 to 32 letters, digits and inner hyphens"],
    [{ healthCheck: { path: "/", timeout: 30 } }, "healthCheck.timeout (30 s) must be less than"],
    [{ health: { unhealthyStateRouting: { count: 2 } } }, "health.dnsFailover.count (1)"],
    [
      { slowStart: 30 },
      'slowStart works only with algorithm "round_robin", not "least_outstanding_requests"',
    ],
    [{ algorithm: "weighted_random", slowStart: 30 }, "slowStart works only"],
    [{ anomalyMitigation: true }, 'anomalyMitigation works only with algorithm "weighted_random"'],
    [
      { algorithm: "weighted_random", stickiness: { duration: 60 } },
      'stickiness does not work with algorithm "weighted_random"',
    ],
    [{ crossZone: "false", stickiness: { duration: 60 } }, 'stickiness does not work with crossZone "false"'],
    [{ stickiness: { duration: 60, cookieName: "AWSALBAPP" } }, 'must not begin with "AWSALB"'],
    [{ targetControlPort: 8000 }, "targetControlPort must differ from port 8000"],
    [
      { targetControlPort: 3000, algorithm: "least_outstanding_requests" },
      "targetControlPort works only with",
    ],
    [
      { targetControlPort: 3000, stickiness: { duration: 60 } },
      "targetControlPort does not work with stickiness",
    ],
    [
      { targetControlPort: 3000, healthCheck: { path: "/", port: 9000 } },
      "health checks go through port 8000",
    ],
  ] as [Partial<TargetGroupProps>, string][])("%j", (props, message) => {
    expect(() => synthesize(props)).toThrow(message);
  });
});
