import { AcmCertificate } from "@cdktf/provider-aws/lib/acm-certificate";
import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { DataAwsEc2ManagedPrefixList } from "@cdktf/provider-aws/lib/data-aws-ec2-managed-prefix-list";
import { DataAwsInternetGateway } from "@cdktf/provider-aws/lib/data-aws-internet-gateway";
import { LbListenerCertificate } from "@cdktf/provider-aws/lib/lb-listener-certificate";
import { LbListenerRule } from "@cdktf/provider-aws/lib/lb-listener-rule";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { Testing } from "cdktf";
import { declareStacks } from "../../stacks/deployment-stacks";
import { REGION_OUTPUTS } from "../../stacks/region-outputs";
import { ServingStack } from "../../stacks/serving-stack";
import { globalEndpointFile } from "../support/global-endpoint-file";
import { valid, validFile, validModel, type WrittenFile } from "../support/serving-file";
import { synthesizedTexts } from "../support/synthesis";
import "cdktf/lib/testing/adapters/jest";

const textsOf = (file: WrittenFile) => synthesizedTexts(valid(file).deployment);
const models = {
  llama: { ...validModel(), variants: { stable: { weight: 95 }, canary: { weight: 5 } } },
  qwen: { ...validModel(), protocol: "grpc" as const, arguments: ["--grpc"] },
};
const texts = textsOf(globalEndpointFile({ routing: "latency" }, undefined, { models }));
const text = texts["us-east-1"] ?? "";

describe("what a region does for the global endpoint", () => {
  it("adds a certificate for the shared name to the listener, once it is issued", () => {
    expect(text).toHaveResourceWithProperties(AcmCertificate, { domain_name: "models.example.com" });
    expect(text).toHaveResourceWithProperties(LbListenerCertificate, {
      listener_arn: `\${aws_lb_listener.entry_alb_https.arn}`,
      certificate_arn: `\${aws_acm_certificate_validation.global-endpoint_certificate_validation.certificate_arn}`,
    });
  });

  it("forwards Route 53's health checks to a model by its weights, on the health path of its servers", () => {
    const target = (variant: string) => `\${aws_lb_target_group.model_llama_${variant}_targets.arn}`;
    expect(text).toHaveResourceWithProperties(LbListenerRule, {
      condition: [
        { host_header: { values: ["us-east-1.models.example.com"] } },
        { path_pattern: { values: ["/.well-known/health/llama"] } },
        { http_request_method: { values: ["GET"] } },
      ],
      action: [
        expect.objectContaining({
          forward: expect.objectContaining({
            target_group: [
              { arn: target("canary"), weight: 5 },
              { arn: target("stable"), weight: 95 },
            ],
          }),
        }),
      ],
      transform: [
        { type: "url-rewrite", url_rewrite_config: { rewrite: { regex: "^.*$", replace: "/health" } } },
      ],
    });
  });

  it("has no rule for a model that Route 53 cannot health-check", () => {
    expect(text).not.toContain("/.well-known/health/qwen");
  });

  it("allows Route 53's health checkers beside the clients", () => {
    expect(text).toHaveDataSourceWithProperties(DataAwsEc2ManagedPrefixList, {
      name: "com.amazonaws.us-east-1.route53-healthchecks",
    });
    expect(text).toHaveResourceWithProperties(VpcSecurityGroupIngressRule, {
      prefix_list_id: `\${data.aws_ec2_managed_prefix_list.global-endpoint_checkers.id}`,
      from_port: 443,
    });
  });

  it("has an alarm on the healthy instances of each model; missing data is breaching without request health checks", () => {
    const alarms = Object.entries<{ treat_missing_data: string }>(
      JSON.parse(text).resource.aws_cloudwatch_metric_alarm,
    ).filter(([name]) => name.startsWith("global-endpoint_"));
    expect(alarms.map(([name, { treat_missing_data }]) => [name, treat_missing_data])).toEqual([
      ["global-endpoint_count_llama--stable", "missing"],
      ["global-endpoint_count_qwen--main", "breaching"],
    ]);
    expect(text).toHaveResourceWithProperties(CloudwatchMetricAlarm, {
      alarm_name: "chat.llama--stable.out-of-service",
      statistic: "Maximum",
      evaluation_periods: 3,
      threshold: 1,
    });
  });

  it("declares the outputs that the global endpoint reads", () => {
    const { output } = JSON.parse(text);
    expect(Object.keys(output).sort()).toEqual([
      "alb_arn",
      "alb_dns_name",
      "alb_zone_id",
      "endpoint",
      "global_endpoint_alarms",
      "model_urls",
      "openai_base_urls",
    ]);
    for (const [name, { description }] of Object.entries<{ description: string }>(output)) {
      expect(description).toBe(REGION_OUTPUTS[name as keyof typeof REGION_OUTPUTS]);
    }
    expect(output.global_endpoint_alarms.value["qwen--main"]).toEqual({
      name: `\${aws_cloudwatch_metric_alarm.global-endpoint_count_qwen--main.alarm_name}`,
      watches: `\${aws_lb_target_group.model_qwen_main_targets.arn_suffix} of \${aws_lb.entry_alb.arn_suffix}, 3 min below 1, out of service`,
    });
  });
});

describe("if the load balancer is open to everyone", () => {
  const entry = { ...validFile().entry, allow: "anyone-on-the-internet" as const };

  it("the health checkers need no security group rule", () => {
    const open = textsOf(globalEndpointFile({ routing: "latency" }, undefined, { entry }))["us-east-1"] ?? "";
    expect(open).not.toContain("prefix_list");
    expect(open).toContain("/.well-known/health/llama");
  });
});

describe("for an accelerator", () => {
  const accelerated = textsOf(globalEndpointFile({ routing: "accelerator" }))["us-east-1"] ?? "";

  it("a region outputs its load balancer, and has no health checks", () => {
    expect(JSON.parse(accelerated).output.alb_arn.value).toBe(`\${aws_lb.entry_alb.arn}`);
    expect(accelerated).not.toContain("/.well-known/health/");
    expect(accelerated).not.toContain("global_endpoint_alarms");
  });
});

describe("an internet gateway, which an accelerator needs to reach an internal load balancer", () => {
  const existing = {
    vpcId: "vpc-0123456789abcdef0",
    albSubnetIds: ["subnet-0123456789abcde00", "subnet-0123456789abcde01"],
    instanceSubnetIds: ["subnet-0123456789abcde02", "subnet-0123456789abcde03"],
  };
  const found = { "us-east-1": { network: { existing } }, "eu-west-1": {} };
  const regionsOf = (routing: "latency" | "accelerator", scheme: "internal" | "internet-facing") => {
    const entry = { ...validFile().entry, scheme };
    return textsOf(globalEndpointFile({ routing }, found, { entry }));
  };
  const internal = regionsOf("accelerator", "internal");

  it("is made in a VPC that the stack creates", () => {
    const gateways = JSON.parse(internal["eu-west-1"] ?? "").resource.aws_internet_gateway;
    expect(Object.values(gateways)).toEqual([expect.objectContaining({ vpc_id: `\${aws_vpc.network.id}` })]);
    expect(internal["eu-west-1"]).not.toContain("internet-gateway-for-accelerator");
  });

  it("is looked up in an existing VPC", () => {
    expect(internal["us-east-1"]).toHaveDataSourceWithProperties(DataAwsInternetGateway, {
      filter: [{ name: "attachment.vpc-id", values: [`\${data.aws_vpc.network_vpc.id}`] }],
    });
  });

  it.each([
    ["latency", "internal"],
    ["accelerator", "internet-facing"],
  ] as const)("is not looked up with %s, %s", (routing, scheme) => {
    expect(JSON.parse(regionsOf(routing, scheme)["us-east-1"] ?? "").data).not.toHaveProperty(
      "aws_internet_gateway",
    );
  });
});

describe("without a global endpoint", () => {
  it("a region has none of this", () => {
    const { globalEndpoint: _, ...plain } = globalEndpointFile({ routing: "latency" }, undefined, { models });
    const { "us-east-1": region = "", ...others } = textsOf(plain);
    expect(Object.keys(others)).toEqual(["state", "eu-west-1"]);
    // Refused changes name a way that there may be later.
    const own = region.replaceAll("With a global endpoint and another region", "");
    expect(own).not.toMatch(/global endpoint|well-known|alb_zone_id/);
  });
});

describe("the proof of the shared name", () => {
  const domain = texts.domain ?? "";

  it("is in one stack, which has a state of its own", () => {
    const { resource, terraform, provider } = JSON.parse(domain);
    expect(Object.keys(resource.aws_route53_record)).toEqual(["proof_models-example-com"]);
    expect(terraform.backend.s3.key).toBe("domain.tfstate");
    expect(provider.aws[0].region).toBe("us-east-1");
  });

  it("is in no stack of a region", () => {
    const records = Object.values<{ name: string }>(JSON.parse(text).resource.aws_route53_record);
    expect(records.filter(({ name }) => name.includes('== "models.example.com"'))).toEqual([]);
  });

  it("is not needed if the file has certificates for all regions", () => {
    const regions = Object.fromEntries(
      ["us-east-1", "eu-west-1"].map((region) => [
        region,
        { entry: { certificateArn: `arn:aws:acm:${region}:123456789012:certificate/1` } },
      ]),
    );
    const given = textsOf(globalEndpointFile({ routing: "latency" }, regions));
    expect(Object.keys(given)).toEqual(["state", "eu-west-1", "us-east-1", "global"]);
    expect(given["us-east-1"]).not.toContain("aws_acm_certificate");
  });
});

describe("the order of deploys", () => {
  const dependenciesOf = (file: WrittenFile) => {
    const app = Testing.app();
    declareStacks(app, valid(file).deployment);
    const stacks = app.node.children.filter((child) => child instanceof ServingStack);
    return Object.fromEntries(
      stacks.map((stack) => [stack.node.id, stack.dependencies.map(({ node }) => node.id).sort()]),
    );
  };

  it("is the domain, the regions, the global endpoint", () => {
    expect(dependenciesOf(globalEndpointFile({ routing: "latency" }))).toEqual({
      state: [],
      domain: [],
      "eu-west-1": ["domain"],
      "us-east-1": ["domain"],
      global: ["eu-west-1", "us-east-1"],
    });
  });

  it("includes a drained region, and leaves out a removed one", () => {
    const europe = (traffic: "drained" | "removed") =>
      dependenciesOf(
        globalEndpointFile({ routing: "latency" }, { "us-east-1": {}, "eu-west-1": { traffic } }),
      ).global;
    expect(europe("drained")).toEqual(["eu-west-1", "us-east-1"]);
    expect(europe("removed")).toEqual(["us-east-1"]);
  });

  it("has no constraints without a global endpoint", () => {
    const { globalEndpoint: _, ...plain } = globalEndpointFile({ routing: "latency" });
    expect(dependenciesOf(plain)).toEqual({ state: [], "eu-west-1": [], "us-east-1": [] });
  });
});
