import { Testing } from "cdktf";
import type { Construct } from "constructs";
import { alarmRecipients } from "../../constructs/alarms/alarm-recipients";
import { mixedInstancesPolicy } from "../../constructs/auto-scaling/mixed-instances-policy";
import { Accelerator } from "../../constructs/global/accelerator";
import { InstanceRole } from "../../constructs/instance/instance-role";
import { GpuLaunchTemplate } from "../../constructs/instance/launch-template";
import { LogGroups } from "../../constructs/instance/log-groups";
import {
  ApplicationLoadBalancer,
  type ApplicationLoadBalancerProps,
} from "../../constructs/load-balancer/application-load-balancer";
import { LoadBalancerSecurityGroup } from "../../constructs/load-balancer/load-balancer-security-group";
import { FlowLogs } from "../../constructs/network/flow-logs";
import { StateBucket } from "../../constructs/storage/state-bucket";
import { ServingStack } from "../../stacks/serving-stack";

/*
 * Constructs can be used without serving.yaml. They refuse what its checks refuse.
 */
const ARN = "arn:aws:acm:us-east-1:123456789012:certificate/1234";

function loadBalancer(scope: Construct, more: Partial<ApplicationLoadBalancerProps>): void {
  new ApplicationLoadBalancer(scope, "alb", {
    name: "chat",
    vpcId: "vpc-1",
    subnetIds: ["subnet-1", "subnet-2"],
    scheme: "internal",
    allowedCidrs: [],
    listener: { protocol: "HTTP" },
    defaultAction: { notFound: {} },
    ...more,
  });
}

const https = (more: { certificateArn?: string; sslPolicy?: string }) => ({
  listener: { protocol: "HTTPS", certificateArn: ARN, ...more } as const,
});
const role = { namePrefix: "chat", autoScalingGroupName: "chat.llama.main" };
const types = (...names: string[]) =>
  mixedInstancesPolicy({ id: "lt-1", version: "1" }, { types: names }, {});
const accelerator = (bucket: string, loadBalancerArn = "arn:a") => ({
  name: "chat",
  ports: [443],
  loadBalancers: [{ region: "us-east-1", loadBalancerArn }],
  flowLogs: { bucket, prefix: "logs" },
});

const CASES: readonly (readonly [string, (scope: Construct) => unknown, string])[] = [
  [
    "a bucket name that S3 reserves",
    (scope) => new StateBucket(scope, "state", { bucketName: "xn--state" }),
    "begins with a prefix that AWS reserves",
  ],
  [
    "a bucket of logs in capitals",
    (scope) => loadBalancer(scope, { accessLogs: { bucket: "Logs" } }),
    "bucket of logs",
  ],
  [
    "a bucket of flow logs that is written like an address",
    (scope) => new Accelerator(scope, "accelerator", accelerator("192.168.0.1")),
    "is written like an IP address",
  ],
  [
    "a bucket of weights with two dots",
    (scope) =>
      new InstanceRole(scope, "role", {
        ...role,
        readableS3Prefixes: [{ bucket: "my..weights", prefix: "" }],
      }),
    "holds a dot beside another dot",
  ],
  [
    "an email without a domain",
    (scope) => alarmRecipients(scope, { namePrefix: "chat", email: "on-call" }),
    "email must",
  ],
  [
    "an unknown TLS policy",
    (scope) => loadBalancer(scope, https({ sslPolicy: "TLS13" })),
    "is not a security policy",
  ],
  [
    "a TLS policy with old versions",
    (scope) => loadBalancer(scope, https({ sslPolicy: "ELBSecurityPolicy-2016-08" })),
    "allows TLS below 1.2",
  ],
  [
    "an empty certificate",
    (scope) => loadBalancer(scope, https({ certificateArn: "" })),
    "certificateArn is empty",
  ],
  [
    "an empty topic",
    (scope) => alarmRecipients(scope, { namePrefix: "chat", topicArns: [" "] }),
    "topicArns is empty",
  ],
  [
    "an empty secret",
    (scope) => new InstanceRole(scope, "role", { ...role, secretArns: [""] }),
    "secretArns is empty",
  ],
  [
    "an empty parameter",
    (scope) => new InstanceRole(scope, "role", { ...role, parameterArns: [""] }),
    "parameterArns is empty",
  ],
  [
    "an empty key",
    (scope) => new InstanceRole(scope, "role", { ...role, kmsKeyArns: [""] }),
    "kmsKeyArns is empty",
  ],
  [
    "an empty target group",
    (scope) => new InstanceRole(scope, "role", { ...role, leavesTargetGroups: [""] }),
    "leavesTargetGroups is empty",
  ],
  [
    "an empty load balancer",
    (scope) => new Accelerator(scope, "accelerator", accelerator("example-logs", "")),
    "loadBalancerArn is empty",
  ],
  [
    "an empty key of a bucket",
    (scope) => new StateBucket(scope, "state", { bucketName: "example-state", kmsKeyArn: "" }),
    "kmsKeyArn is empty",
  ],
  [
    "an empty key of flow logs",
    (scope) =>
      new FlowLogs(scope, "logs", {
        vpcId: "vpc-1",
        logGroupName: "/vpc/chat",
        retentionDays: 90,
        kmsKeyArn: "",
      }),
    "kmsKeyArn is empty",
  ],
  [
    "an empty key of log groups",
    (scope) => new LogGroups(scope, "logs", { names: { server: "/chat" }, retentionDays: 90, kmsKeyArn: "" }),
    "kmsKeyArn is empty",
  ],
  [
    "an empty instance profile",
    (scope) =>
      new GpuLaunchTemplate(scope, "template", {
        namePrefix: "chat-",
        ami: { id: "ami-0123456789abcdef0" },
        rootVolume: { sizeGiB: 100 },
        instanceProfileArn: "",
        securityGroupIds: ["sg-1"],
        userDataBase64: "",
      }),
    "instanceProfileArn is empty",
  ],
  ["types of two architectures", () => types("g6.xlarge", "g5g.xlarge"), "mixes x86_64 and arm64"],
  [
    "a security group called like an id",
    (scope) => new LoadBalancerSecurityGroup(scope, "group", { namePrefix: "sg-chat-", vpcId: "vpc-1" }),
    "namePrefix must",
  ],
];

test.each(CASES)("%s is refused", (_, declare, message) => {
  expect(() => declare(new ServingStack(Testing.app(), "region"))).toThrow(message);
});

test("types of one architecture, and such as are newer than the catalogue, are not", () => {
  expect(types("g5g.xlarge", "g8g.xlarge").launchTemplate.override).toHaveLength(2);
});
