import { AutoscalingGroup } from "@cdktf/provider-aws/lib/autoscaling-group";
import { LaunchTemplate } from "@cdktf/provider-aws/lib/launch-template";
import { Lb } from "@cdktf/provider-aws/lib/lb";
import { LbTargetGroup } from "@cdktf/provider-aws/lib/lb-target-group";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { App, TerraformOutput, TerraformStack } from "cdktf";
import type { Construct } from "constructs";

/** One stack with about as many resources as the environment variable RESOURCES states. */
class Services extends TerraformStack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    new AwsProvider(this, "aws", { region: "us-east-1" });
    const subnets = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"];
    const alb = new Lb(this, "alb", { loadBalancerType: "application", subnets });
    new TerraformOutput(this, "dns-name", { value: alb.dnsName });
    for (let index = 0; index < Number(process.env.RESOURCES) / 3; index += 1) {
      const name = `service-${index}`;
      const targets = new LbTargetGroup(this, `${name}-targets`, {
        port: 8000,
        protocol: "HTTP",
        vpcId: "vpc-0123456789abcdef0",
        deregistrationDelay: "300",
        healthCheck: { path: "/health", interval: 10, timeout: 5 },
        tags: { Name: name },
      });
      const template = new LaunchTemplate(this, `${name}-template`, {
        imageId: "ami-0123456789abcdef0",
        instanceType: "g6.2xlarge",
        metadataOptions: { httpTokens: "required" },
        tagSpecifications: [{ resourceType: "instance", tags: { Name: name } }],
      });
      new AutoscalingGroup(this, `${name}-instances`, {
        minSize: 2,
        maxSize: 6,
        vpcZoneIdentifier: subnets,
        targetGroupArns: [targets.arn],
        launchTemplate: { id: template.id, version: `${template.latestVersion}` },
      });
    }
  }
}

const app = new App();
new Services(app, "services");
app.synth();
