import { AcmCertificateValidation } from "@cdktf/provider-aws/lib/acm-certificate-validation";
import { AutoscalingGroup } from "@cdktf/provider-aws/lib/autoscaling-group";
import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { DataAwsRoute53Zone } from "@cdktf/provider-aws/lib/data-aws-route53-zone";
import { LaunchTemplate } from "@cdktf/provider-aws/lib/launch-template";
import { Lb } from "@cdktf/provider-aws/lib/lb";
import { LbListener } from "@cdktf/provider-aws/lib/lb-listener";
import { LbListenerRule } from "@cdktf/provider-aws/lib/lb-listener-rule";
import { LbTargetGroup } from "@cdktf/provider-aws/lib/lb-target-group";
import { NatGateway } from "@cdktf/provider-aws/lib/nat-gateway";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { Route53Record } from "@cdktf/provider-aws/lib/route53-record";
import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import { SnsTopicSubscription } from "@cdktf/provider-aws/lib/sns-topic-subscription";
import { Vpc } from "@cdktf/provider-aws/lib/vpc";
import { loadDeployment } from "../../config/load";
import "cdktf/lib/testing/adapters/jest";
import { filesOf } from "../boot/facts";
import { synthesizedTexts } from "../support/synthesis";

const loaded = loadDeployment("serving.yaml");
const texts = loaded.ok ? synthesizedTexts(loaded.deployment) : {};
const text = texts["us-east-1"] ?? "{}";
const targets = (variant: string) => `\${aws_lb_target_group.model_llama-3-8b_${variant}_targets.arn}`;

describe("serving.yaml", () => {
  it("is valid and says nothing against itself", () => {
    expect(loaded).toMatchObject({ ok: true, warnings: [] });
  });

  it("means a stack for the state, one for each region, and two for the global endpoint", () => {
    expect(Object.keys(texts)).toEqual(["state", "domain", "eu-central-1", "us-east-1", "global"]);
  });

  it("leads clients of one name to the nearest region that works", () => {
    expect(texts.global).toHaveResourceWithProperties(Route53Record, { name: "models.example.com" });
    for (const region of ["eu-central-1", "us-east-1"]) {
      expect(texts.global).toHaveResourceWithProperties(Route53Record, {
        name: "_latency.models.example.com",
        latency_routing_policy: { region },
        health_check_id: `\${aws_route53_health_check.global-endpoint_health_${region}_instances.id}`,
      });
    }
  });

  it("takes a region out when it does not carry its peak any more, which the other one does then", () => {
    for (const [variant, threshold] of [
      ["llama-3-8b--stable", 3],
      ["qwen-72b--main", 2],
    ]) {
      expect(text).toHaveResourceWithProperties(CloudwatchMetricAlarm, {
        alarm_name: `chat.${variant}.out-of-service`,
        threshold,
      });
    }
  });

  it.each(["eu-central-1", "us-east-1"])("works in %s with tags on everything", (region) => {
    expect(texts[region]).toHaveProviderWithProperties(AwsProvider, {
      region,
      default_tags: [{ tags: { deployment: "chat", "managed-by": "terraform", team: "serving" } }],
    });
  });

  it.each(["eu-central-1", "us-east-1"])(
    "keeps the state of %s under its own key, locked by S3",
    (region) => {
      expect(JSON.parse(texts[region] ?? "{}").terraform.backend).toEqual({
        s3: {
          bucket: "example-chat-tfstate",
          encrypt: true,
          key: `${region}.tfstate`,
          region: "us-east-1",
          use_lockfile: true,
        },
      });
    },
  );

  it("makes a VPC for each region, with a NAT gateway in each of three zones", () => {
    expect(text).toHaveResourceWithProperties(Vpc, { cidr_block: "10.0.0.0/16" });
    expect(texts["eu-central-1"]).toHaveResourceWithProperties(Vpc, { cidr_block: "10.1.0.0/16" });
    expect(text).toHaveResource(NatGateway);
    expect(Object.keys(JSON.parse(text).resource.aws_nat_gateway)).toHaveLength(3);
  });

  it("speaks HTTPS with a certificate that is valid before the listener stands", () => {
    expect(text).toHaveResource(AcmCertificateValidation);
    expect(text).toHaveResourceWithProperties(LbListener, {
      port: 443,
      protocol: "HTTPS",
      ssl_policy: "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09",
      certificate_arn: `\${aws_acm_certificate_validation.entry_certificate_validation.certificate_arn}`,
    });
  });

  it("answers what no rule matches with a 404 in the shape clients of OpenAI know", () => {
    const { default_action } = JSON.parse(text).resource.aws_lb_listener.entry_alb_https;
    expect(default_action[0].fixed_response).toMatchObject({
      content_type: "application/json",
      status_code: "404",
    });
    expect(JSON.parse(default_action[0].fixed_response.message_body).error).toMatchObject({
      code: "model_not_found",
    });
  });

  it("gives the region a name in the hosted zone", () => {
    expect(text).toHaveDataSourceWithProperties(DataAwsRoute53Zone, { name: "example.com" });
    expect(text).toHaveResourceWithProperties(Route53Record, {
      name: "us-east-1.models.example.com",
      type: "A",
    });
  });

  it("logs requests and connections to a bucket of its own", () => {
    const logs = { bucket: `\${aws_s3_bucket.entry_logs.bucket}`, enabled: true };
    expect(text).toHaveResourceWithProperties(S3Bucket, { bucket_prefix: "chat-logs-" });
    expect(text).toHaveResourceWithProperties(Lb, { access_logs: logs, connection_logs: logs });
  });

  it("waits longer on a silent connection than any model is silent", () => {
    expect(text).toHaveResourceWithProperties(Lb, { idle_timeout: 150, client_keep_alive: 3600 });
  });

  it("sends 5 % of a model's requests to its canary", () => {
    expect(text).toHaveResourceWithProperties(LbListenerRule, {
      action: [
        expect.objectContaining({
          forward: expect.objectContaining({
            target_group: [
              { arn: targets("canary"), weight: 5 },
              { arn: targets("stable"), weight: 95 },
            ],
          }),
        }),
      ],
    });
  });

  it("takes the model's name off the path before the server sees it", () => {
    expect(text).toHaveResourceWithProperties(LbListenerRule, {
      condition: [{ path_pattern: { values: ["/qwen-72b/*"] } }],
      transform: [
        {
          type: "url-rewrite",
          url_rewrite_config: { rewrite: { regex: "^/qwen-72b/(.*)$", replace: "/$1" } },
        },
      ],
    });
  });

  it("drains an instance for as long as its longest request", () => {
    expect(text).toHaveResourceWithProperties(LbTargetGroup, { deregistration_delay: "630" });
  });

  it("keeps as many instances of each variant as the loss of a zone takes, or of the other region", () => {
    const sizes = Object.entries<{ min_size: number; max_size: number }>(
      JSON.parse(text).resource.aws_autoscaling_group,
    ).map(([id, { min_size, max_size }]) => [id, min_size, max_size]);
    expect(sizes).toEqual([
      ["model_llama-3-8b_canary_instances_group", 2, 3],
      ["model_llama-3-8b_stable_instances_group", 5, 8],
      ["model_qwen-72b_main_instances_group", 4, 6],
    ]);
  });

  it("waits for permissions and security group rules before the first instance starts", () => {
    const { depends_on } =
      JSON.parse(text).resource.aws_autoscaling_group["model_qwen-72b_main_instances_group"];
    expect(depends_on).toEqual(
      expect.arrayContaining([
        "aws_iam_role_policy_attachment.model_qwen-72b_main_instances_role_needs",
        "aws_vpc_security_group_ingress_rule.model_qwen-72b_main_instances_security-group_from-alb-8000",
      ]),
    );
  });

  it("tags instances with what they serve and where their metrics are, for service discovery", () => {
    expect(text).toHaveResourceWithProperties(AutoscalingGroup, {
      name: "chat.qwen-72b.main",
      tag: expect.arrayContaining([
        { key: "model", value: "qwen-72b", propagate_at_launch: true },
        { key: "metrics-port", value: "8000", propagate_at_launch: true },
        { key: "metrics-path", value: "/metrics", propagate_at_launch: true },
        { key: "team", value: "serving", propagate_at_launch: true },
      ]),
    });
  });

  it("tells the server its weights, its split, its context, its drain and its keep-alive", () => {
    const { user_data } =
      JSON.parse(text).resource.aws_launch_template["model_qwen-72b_main_instances_template"];
    const facts = filesOf(Buffer.from(user_data, "base64")).get("/etc/model-server/instance.sh");
    expect(facts).toContain(
      "'--model' '/models' '--served-model-name' 'qwen-72b' '--tensor-parallel-size' '4' '--max-model-len' '32768' '--shutdown-timeout' '600'",
    );
    expect(facts).toContain("'VLLM_HTTP_TIMEOUT_KEEP_ALIVE=4015'");
    expect(text).toHaveResource(LaunchTemplate);
  });

  it("tells somebody when instances fail", () => {
    expect(text).toHaveResourceWithProperties(SnsTopicSubscription, { endpoint: "on-call@example.com" });
    expect(text).toHaveResourceWithProperties(CloudwatchMetricAlarm, {
      metric_name: "HealthyHostCount",
      threshold: 3,
    });
  });

  it("tells the endpoint and where each model is", () => {
    expect(JSON.parse(text).output).toMatchObject({
      endpoint: { value: "https://us-east-1.models.example.com" },
      model_urls: {
        value: {
          "llama-3-8b": "https://us-east-1.models.example.com/llama-3-8b/",
          "qwen-72b": "https://us-east-1.models.example.com/qwen-72b/",
        },
      },
    });
  });
});
