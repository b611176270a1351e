import { Testing } from "cdktf";
import { GpuAutoScalingGroup } from "../../constructs/auto-scaling/gpu-auto-scaling-group";
import { AliasRecord } from "../../constructs/global/alias-record";
import { GpuLaunchTemplate, type GpuLaunchTemplateProps } from "../../constructs/instance/launch-template";
import { ApplicationLoadBalancer } from "../../constructs/load-balancer/application-load-balancer";
import { TargetGroup } from "../../constructs/load-balancer/target-group";
import { Network } from "../../constructs/network/network";
import { ServingStack } from "../../stacks/serving-stack";
import { apiReport } from "../../testing/api-limits/check";

const stack = new ServingStack(Testing.app(), "stack");

const template = (id: string, capacityReservation: GpuLaunchTemplateProps["capacityReservation"]) =>
  new GpuLaunchTemplate(stack, id, {
    namePrefix: "chat-",
    ami: { id: "ami-0123456789abcdef0" },
    rootVolume: { sizeGiB: 100, kmsKeyArn: "arn:aws:kms:eu-west-1:123456789012:key/1234" },
    instanceProfileArn: "arn:aws:iam::123456789012:instance-profile/chat",
    securityGroupIds: ["sg-0123456789abcdef0"],
    userDataBase64: "",
    capacityReservation,
  });

const group = (id: string, reservation: { reservationIds?: string[]; resourceGroupArns?: string[] }) =>
  new GpuAutoScalingGroup(stack, id, {
    name: "chat.llama",
    subnetIds: ["subnet-a", "subnet-b"],
    minSize: 1,
    maxSize: 2,
    launchTemplate: { id: "lt-0123456789abcdef0", version: "1" },
    instances: { types: ["g6.xlarge"] },
    capacityReservation: { preference: "capacity-reservations-first", target: reservation },
    targetGroupArns: [],
    healthCheckGracePeriod: 0,
    defaultInstanceWarmup: 0,
    launchHook: { name: "ready", heartbeatTimeout: 60 },
    terminateHook: { name: "drained", heartbeatTimeout: 60 },
  });

test("what the constructs offer and no deployment uses is mapped to AWS's API, and fits it", () => {
  const resourceGroupArn = "arn:aws:resource-groups:eu-west-1:123456789012:group/gpus";
  new Network(stack, "network", {
    name: "chat",
    cidrBlock: "10.0.0.0/16",
    zones: ["eu-west-1a", "eu-west-1b"],
  });
  new ApplicationLoadBalancer(stack, "alb", {
    name: "chat",
    vpcId: "vpc-1",
    subnetIds: ["subnet-a", "subnet-b"],
    scheme: "internal",
    allowedCidrs: [],
    listener: { protocol: "HTTP" },
    defaultAction: { notFound: {} },
    healthCheckLogs: { bucket: "example-logs", prefix: "health" },
  });
  new TargetGroup(stack, "targets", {
    name: "llama",
    vpcId: "vpc-1",
    port: 8000,
    protocol: "HTTP",
    healthCheck: { path: "/" },
    algorithm: "round_robin",
    stickiness: { duration: 60, cookieName: "session" },
  });
  template("open", { preference: "open" });
  template("one", { target: { id: "cr-0123456789abcdef0" } });
  template("some", { preference: "capacity-reservations-only", target: { resourceGroupArn } });
  group("reserved", { reservationIds: ["cr-0123456789abcdef0"] });
  group("grouped", { resourceGroupArns: [resourceGroupArn] });
  new AliasRecord(stack, "alias", {
    zoneId: "Z0123456789EXAMPLE",
    name: "chat.example.com",
    target: { dnsName: "alb.example.com", zoneId: "Z0123456789EXAMPLE" },
    addresses: "ipv4",
    evaluateTargetHealth: true,
    routing: { failover: "PRIMARY", identifier: "first" },
  });
  const json = JSON.parse(Testing.synth(stack));
  const said = JSON.stringify(json);
  for (const argument of [
    ...["health_check_logs", "cookie_name", "kms_key_id", "image_id", "failover_routing_policy"],
    ...["capacity_reservation_id", "capacity_reservation_resource_group_arn"],
    ...["capacity_reservation_resource_group_arns", "capacity_reservation_ids"],
  ]) {
    expect(said).toContain(`"${argument}":`);
  }
  expect(apiReport(json)).toEqual({ findings: [], unknown: [] });
});
