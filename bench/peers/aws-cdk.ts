import { App, CfnOutput, Stack } from "aws-cdk-lib";
import { CfnAutoScalingGroup } from "aws-cdk-lib/aws-autoscaling";
import { CfnLaunchTemplate } from "aws-cdk-lib/aws-ec2";
import { CfnLoadBalancer, CfnTargetGroup } from "aws-cdk-lib/aws-elasticloadbalancingv2";
import type { Construct } from "constructs";

/** The same as cdktf.ts. Here, too, each construct is one resource. */
class Services extends Stack {
  constructor(scope: Construct, id: string) {
    super(scope, id, { env: { region: "us-east-1" } });
    const subnets = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"];
    const alb = new CfnLoadBalancer(this, "alb", { type: "application", subnets });
    new CfnOutput(this, "dns-name", { value: alb.attrDnsName });
    for (let index = 0; index < Number(process.env.RESOURCES) / 3; index += 1) {
      const name = `service-${index}`;
      const tags = [{ key: "Name", value: name }];
      const targets = new CfnTargetGroup(this, `${name}-targets`, {
        port: 8000,
        protocol: "HTTP",
        vpcId: "vpc-0123456789abcdef0",
        targetGroupAttributes: [{ key: "deregistration_delay.timeout_seconds", value: "300" }],
        healthCheckPath: "/health",
        healthCheckIntervalSeconds: 10,
        healthCheckTimeoutSeconds: 5,
        tags,
      });
      const template = new CfnLaunchTemplate(this, `${name}-template`, {
        launchTemplateData: {
          imageId: "ami-0123456789abcdef0",
          instanceType: "g6.2xlarge",
          metadataOptions: { httpTokens: "required" },
          tagSpecifications: [{ resourceType: "instance", tags }],
        },
      });
      new CfnAutoScalingGroup(this, `${name}-instances`, {
        minSize: "2",
        maxSize: "6",
        vpcZoneIdentifier: subnets,
        targetGroupArns: [targets.attrTargetGroupArn],
        launchTemplate: { launchTemplateId: template.ref, version: template.attrLatestVersionNumber },
      });
    }
  }
}

const app = new App();
new Services(app, "services");
app.synth();
