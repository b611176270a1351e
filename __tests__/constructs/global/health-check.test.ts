import { Route53HealthCheck } from "@cdktf/provider-aws/lib/route53-health-check";
import { Lazy, TerraformOutput, Testing } from "cdktf";
import {
  AlarmHealthCheck,
  CalculatedHealthCheck,
  EndpointHealthCheck,
  type EndpointHealthCheckProps,
} from "../../../constructs/global/health-check";
import { ServingStack } from "../../../stacks/serving-stack";
import "cdktf/lib/testing/adapters/jest";

function synthesize(build: (stack: ServingStack) => { readonly healthCheckId: string }): string {
  const stack = new ServingStack(Testing.app(), "global");
  new TerraformOutput(stack, "id", { value: build(stack).healthCheckId, staticId: true });
  return Testing.synth(stack);
}

const ID = `\${aws_route53_health_check.health.id}`;

describe("a health check of an endpoint", () => {
  const endpoint = (props: Partial<EndpointHealthCheckProps> = {}) =>
    synthesize(
      (stack) =>
        new EndpointHealthCheck(stack, "health", {
          name: "chat us-east-1",
          protocol: "HTTPS",
          host: "us-east-1.example.com",
          path: "/health",
          ...props,
        }),
    );

  it("checks over HTTPS with SNI, every 30 s from all regions", () => {
    const synthesized = endpoint();
    expect(synthesized).toHaveResourceWithProperties(Route53HealthCheck, {
      type: "HTTPS",
      fqdn: "us-east-1.example.com",
      port: 443,
      resource_path: "/health",
      enable_sni: true,
      request_interval: 30,
      failure_threshold: 3,
      tags: { Name: "chat us-east-1" },
    });
    expect(JSON.parse(synthesized).resource.aws_route53_health_check.health).not.toHaveProperty("regions");
    expect(JSON.parse(synthesized).output.id.value).toBe(ID);
  });

  it("checks over HTTP on port 80, without SNI", () => {
    const synthesized = endpoint({ protocol: "HTTP" });
    expect(synthesized).toHaveResourceWithProperties(Route53HealthCheck, { type: "HTTP", port: 80 });
    expect(synthesized).not.toContain("enable_sni");
  });

  it("checks at the given interval, from the given places", () => {
    expect(
      endpoint({
        interval: 10,
        failureThreshold: 5,
        port: 8443,
        places: ["us-east-1", "eu-west-1", "ap-southeast-1", "eu-west-1"],
      }),
    ).toHaveResourceWithProperties(Route53HealthCheck, {
      request_interval: 10,
      failure_threshold: 5,
      port: 8443,
      regions: ["ap-southeast-1", "eu-west-1", "us-east-1"],
    });
  });

  it("is created before the one it replaces is deleted, with its tags", () => {
    expect(endpoint({ tags: { team: "ml" } })).toHaveResourceWithProperties(Route53HealthCheck, {
      tags: { team: "ml", Name: "chat us-east-1" },
      lifecycle: { create_before_destroy: true },
    });
  });

  it.each<[string, Partial<EndpointHealthCheckProps>]>([
    ['path of a health check must begin with "/"; got "health"', { path: "health" }],
    ["a health check needs at least 3 places; got 2", { places: ["us-east-1", "eu-west-1", "eu-west-1"] }],
  ])("refuses: %s", (message, props) => {
    expect(() => endpoint(props)).toThrow(message);
  });

  it("accepts tokens for the path and the host", () => {
    const later = () => Lazy.stringValue({ produce: () => "later" });
    expect(() => endpoint({ path: later(), host: later() })).not.toThrow();
  });
});

describe("a health check of an alarm", () => {
  const alarm = synthesize(
    (stack) =>
      new AlarmHealthCheck(stack, "health", {
        name: "instances",
        alarmName: "chat.llama.out-of-service",
        alarmRegion: "eu-west-1",
        whenUnknown: "LastKnownStatus",
        watches: "llama, 3 min below 1",
        tags: { team: "ml" },
      }),
  );

  it("follows the alarm of a region, with a status for missing data", () => {
    expect(alarm).toHaveResourceWithProperties(Route53HealthCheck, {
      type: "CLOUDWATCH_METRIC",
      cloudwatch_alarm_name: "chat.llama.out-of-service",
      cloudwatch_alarm_region: "eu-west-1",
      insufficient_data_health_status: "LastKnownStatus",
      tags: { team: "ml", Name: "instances" },
      lifecycle: { create_before_destroy: true },
    });
    expect(JSON.parse(alarm).output.id.value).toBe(ID);
  });

  it("is updated when the settings of the alarm change", () => {
    expect(alarm).toHaveResourceWithProperties(Route53HealthCheck, {
      triggers: { watches: "llama, 3 min below 1" },
    });
  });
});

describe("a health check of health checks", () => {
  const calculated = (children: readonly string[], healthyAtLeast?: number) =>
    synthesize(
      (stack) => new CalculatedHealthCheck(stack, "health", { name: "all", children, healthyAtLeast }),
    );

  it("needs all of them healthy", () => {
    const synthesized = calculated(["a", "b", "c"]);
    expect(synthesized).toHaveResourceWithProperties(Route53HealthCheck, {
      type: "CALCULATED",
      child_healthchecks: ["a", "b", "c"],
      child_health_threshold: 3,
      tags: { Name: "all" },
      lifecycle: { create_before_destroy: true },
    });
    expect(JSON.parse(synthesized).output.id.value).toBe(ID);
  });

  it("needs as many as given", () => {
    expect(calculated(["a", "b", "c"], 2)).toHaveResourceWithProperties(Route53HealthCheck, {
      child_health_threshold: 2,
    });
  });

  it.each<[string, readonly string[], number]>([
    ["healthyAtLeast must be a whole number from 1 to 2; got 3", ["a", "b"], 3],
    ["healthyAtLeast must be a whole number from 1 to 2; got 0", ["a", "b"], 0],
  ])("refuses: %s", (message, children, healthyAtLeast) => {
    expect(() => calculated(children, healthyAtLeast)).toThrow(message);
  });
});
