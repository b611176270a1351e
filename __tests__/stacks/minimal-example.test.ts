import { AutoscalingGroup } from "@cdktf/provider-aws/lib/autoscaling-group";
import { AutoscalingPolicy } from "@cdktf/provider-aws/lib/autoscaling-policy";
import { DataAwsSubnet } from "@cdktf/provider-aws/lib/data-aws-subnet";
import { DataAwsVpc } from "@cdktf/provider-aws/lib/data-aws-vpc";
import { LaunchTemplate } from "@cdktf/provider-aws/lib/launch-template";
import { Lb } from "@cdktf/provider-aws/lib/lb";
import { LbListener } from "@cdktf/provider-aws/lib/lb-listener";
import { LbListenerRule } from "@cdktf/provider-aws/lib/lb-listener-rule";
import { LbTargetGroup } from "@cdktf/provider-aws/lib/lb-target-group";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { loadDeployment } from "../../config/load";
import "cdktf/lib/testing/adapters/jest";
import { synthesizedTexts } from "../support/synthesis";

const loaded = loadDeployment("examples/minimal.yaml");
const text = (loaded.ok && synthesizedTexts(loaded.deployment)["us-east-1"]) || "{}";
const [targetGroupArn, subnets] = [
  `\${aws_lb_target_group.model_llama_main_targets.arn}`,
  ["subnet-0aaaaaaaaaaaaaaa1", "subnet-0bbbbbbbbbbbbbbb2"],
];

describe("examples/minimal.yaml", () => {
  it("is valid and says nothing against itself", () => {
    expect(loaded).toMatchObject({ ok: true, warnings: [] });
  });

  it("works in its one region", () => {
    expect(text).toHaveProviderWithProperties(AwsProvider, { region: "us-east-1" });
  });

  it("looks up an existing VPC and its two subnets", () => {
    expect(text).toHaveDataSourceWithProperties(DataAwsVpc, { id: "vpc-0123456789abcdef0" });
    expect(text).toHaveDataSourceWithProperties(DataAwsSubnet, {
      for_each: `\${toset(${JSON.stringify(subnets).replace(",", ", ")})}`,
    });
  });

  it("has an internet-facing load balancer in the two subnets", () => {
    expect(text).toHaveResourceWithProperties(Lb, {
      internal: false,
      load_balancer_type: "application",
      subnets,
    });
  });

  it("listens to HTTP on 80, and forwards to the model whatever no rule matches", () => {
    expect(text).toHaveResourceWithProperties(LbListener, {
      port: 80,
      protocol: "HTTP",
      default_action: [
        expect.objectContaining({
          type: "forward",
          forward: expect.objectContaining({ target_group: [{ arn: targetGroupArn, weight: 100 }] }),
        }),
      ],
    });
  });

  it("lets anyone reach port 80", () => {
    expect(text).toHaveResourceWithProperties(VpcSecurityGroupIngressRule, {
      cidr_ipv4: "0.0.0.0/0",
      from_port: 80,
      to_port: 80,
      ip_protocol: "tcp",
    });
  });

  it("checks /health every 30 s with a 3 s timeout and thresholds 2 and 2", () => {
    expect(text).toHaveResourceWithProperties(LbTargetGroup, {
      health_check: expect.objectContaining({
        path: "/health",
        interval: 30,
        timeout: 3,
        healthy_threshold: 2,
        unhealthy_threshold: 2,
      }),
    });
  });

  it("has stickiness written out, and off", () => {
    expect(text).toHaveResourceWithProperties(LbTargetGroup, {
      stickiness: expect.objectContaining({ enabled: false }),
    });
  });

  it("has one rule beside the default", () => {
    expect(Object.keys(JSON.parse(text).resource.aws_lb_listener_rule)).toHaveLength(1);
    expect(text).toHaveResourceWithProperties(LbListenerRule, {
      condition: [{ path_pattern: { values: ["/v1/*"] } }],
    });
  });

  it("keeps two or three GPU instances registered in the target group", () => {
    expect(text).toHaveResourceWithProperties(AutoscalingGroup, {
      min_size: 2,
      max_size: 3,
      vpc_zone_identifier: subnets,
      target_group_arns: [targetGroupArn],
      health_check_type: "ELB",
    });
  });

  it("scales by requests for each instance", () => {
    expect(text).toHaveResourceWithProperties(AutoscalingPolicy, {
      target_tracking_configuration: expect.objectContaining({ target_value: 60 }),
    });
  });

  it("launches instances that speak IMDSv2 only", () => {
    expect(text).toHaveResourceWithProperties(LaunchTemplate, {
      metadata_options: expect.objectContaining({ http_tokens: "required" }),
    });
  });

  it("tells the load balancer's DNS name as alb_dns_name", () => {
    expect(JSON.parse(text).output.alb_dns_name.value).toBe(`\${aws_lb.entry_alb.dns_name}`);
  });
});
