/**
 * The constructs without serving.yaml: one model behind an internal load balancer, in a network of its own.
 *
 *     npx cdktf synth --app "node run.cjs examples/constructs.ts"
 */
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { App, TerraformOutput, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { encodeUserData, renderUserData } from "../boot/user-data";
import { GpuAutoScalingGroup } from "../constructs/auto-scaling/gpu-auto-scaling-group";
import { RequestCountScaling } from "../constructs/auto-scaling/request-count-scaling";
import { InstanceRole } from "../constructs/instance/instance-role";
import { InstanceSecurityGroup } from "../constructs/instance/instance-security-group";
import { GpuLaunchTemplate } from "../constructs/instance/launch-template";
import { ApplicationLoadBalancer } from "../constructs/load-balancer/application-load-balancer";
import { ListenerRule } from "../constructs/load-balancer/listener-rule";
import { TargetGroup } from "../constructs/load-balancer/target-group";
import { Network } from "../constructs/network/network";

const REGION = "eu-west-1";
const IMAGE = "vllm/vllm-openai:v0.28.0";
const PORT = 8000;
const GROUP = "embeddings";
const HOOKS = { launch: "ready", terminate: "drained" };

/** A small embedding model, reached from within the VPC as /v1/embeddings. */
export class EmbeddingsStack extends TerraformStack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    new AwsProvider(this, "aws", { region: REGION });

    const network = new Network(this, "network", { name: GROUP, cidrBlock: "10.8.0.0/16" });
    const alb = new ApplicationLoadBalancer(this, "alb", {
      name: GROUP,
      vpcId: network.vpcId,
      subnetIds: network.privateSubnetIds,
      scheme: "internal",
      allowedCidrs: ["10.8.0.0/16"],
      listener: { protocol: "HTTP" },
      defaultAction: { notFound: {} },
    });
    const targetGroup = new TargetGroup(this, "targets", {
      name: GROUP,
      vpcId: network.vpcId,
      port: PORT,
      protocol: "HTTP",
      healthCheck: { path: "/health", interval: 10, timeout: 5 },
      deregistrationDelay: 60,
    });
    const rule = new ListenerRule(this, "rule", {
      listenerArn: alb.listener.arn,
      priority: 10,
      conditions: [{ field: "path-pattern", values: ["/v1/embeddings"] }],
      forwardTo: { targetGroups: [{ arn: targetGroup.arn }] },
    });

    const group = this.instances(network, alb, targetGroup);
    new RequestCountScaling(this, "scaling", {
      autoScalingGroupName: group.autoScalingGroupName,
      resourceLabel: `${alb.arnSuffix}/${targetGroup.arnSuffix}`,
      requestsPerMinutePerInstance: 600,
      dependsOn: [rule.resource],
    });
    new TerraformOutput(this, "endpoint", { value: `http://${alb.dnsName}/v1/embeddings` });
  }

  private instances(
    network: Network,
    alb: ApplicationLoadBalancer,
    targetGroup: TargetGroup,
  ): GpuAutoScalingGroup {
    const securityGroup = new InstanceSecurityGroup(this, "instance-security-group", {
      namePrefix: `${GROUP}-`,
      vpcId: network.vpcId,
      loadBalancerSecurityGroupId: alb.securityGroupId,
      ports: [PORT],
    });
    alb.allowTo("instances", securityGroup.securityGroupId, PORT);
    const role = new InstanceRole(this, "role", {
      namePrefix: GROUP,
      autoScalingGroupName: GROUP,
      pulledImages: [IMAGE],
      // The instances watch their GPUs, unless their user data says otherwise.
      marksUnhealthy: true,
    });
    const template = new GpuLaunchTemplate(this, "template", {
      namePrefix: `${GROUP}-`,
      ami: { parameter: { architecture: "x86_64" } },
      rootVolume: { sizeGiB: 120 },
      instanceProfileArn: role.instanceProfileArn,
      securityGroupIds: [securityGroup.securityGroupId],
      userDataBase64: encodeUserData(userData()),
      tags: { Name: GROUP },
    });
    return new GpuAutoScalingGroup(this, "group", {
      name: GROUP,
      subnetIds: network.privateSubnetIds,
      minSize: 2,
      maxSize: 6,
      launchTemplate: { id: template.launchTemplateId, version: template.latestVersion },
      instances: { types: ["g6.xlarge", "g5.xlarge"] },
      targetGroupArns: [targetGroup.arn],
      healthCheckGracePeriod: 320,
      defaultInstanceWarmup: 80,
      launchHook: { name: HOOKS.launch, heartbeatTimeout: 600 },
      terminateHook: { name: HOOKS.terminate, heartbeatTimeout: 120 },
      tags: { Name: GROUP },
      dependsOn: [...securityGroup.rules],
    });
  }
}

function userData(): Buffer {
  return renderUserData({
    image: IMAGE,
    arguments: ["--model", "BAAI/bge-m3", "--shutdown-timeout", "30"],
    env: { VLLM_HTTP_TIMEOUT_KEEP_ALIVE: "75" },
    secrets: {},
    health: { protocol: "http", port: PORT, path: "/health" },
    region: REGION,
    autoScalingGroupName: GROUP,
    launchHookName: HOOKS.launch,
    terminateHookName: HOOKS.terminate,
    startTimeoutSeconds: 585,
    stopTimeoutSeconds: 50,
    drainSeconds: 60,
  });
}

if (process.argv[1] === __filename) {
  // cdktf's own validations want a terraform binary; Terraform checks the same when it plans.
  const app = new App({ skipValidation: true });
  new EmbeddingsStack(app, "embeddings");
  app.synth();
}
