import { Lazy, Testing, Token } from "cdktf";
import type { Construct } from "constructs";
import { alarmRecipients } from "../../constructs/alarms/alarm-recipients";
import { AlarmTopic } from "../../constructs/alarms/alarm-topic";
import { EndpointGroupAlarms } from "../../constructs/alarms/endpoint-group-alarms";
import { ServingAlarms } from "../../constructs/alarms/serving-alarms";
import {
  GpuAutoScalingGroup,
  type GpuAutoScalingGroupProps,
} from "../../constructs/auto-scaling/gpu-auto-scaling-group";
import {
  type GroupCapacityReservationTarget,
  groupCapacityReservation,
} from "../../constructs/auto-scaling/group-capacity-reservation";
import {
  type GpuInstanceRequirements,
  mixedInstancesPolicy,
} from "../../constructs/auto-scaling/mixed-instances-policy";
import { Accelerator } from "../../constructs/global/accelerator";
import { AliasRecord } from "../../constructs/global/alias-record";
import { InstanceRole, type InstanceRoleProps } from "../../constructs/instance/instance-role";
import {
  type EgressDestination,
  InstanceSecurityGroup,
  type InstanceSecurityGroupProps,
} from "../../constructs/instance/instance-security-group";
import { GpuLaunchTemplate, type GpuLaunchTemplateProps } from "../../constructs/instance/launch-template";
import { LogGroups } from "../../constructs/instance/log-groups";
import {
  ApplicationLoadBalancer,
  type ApplicationLoadBalancerProps,
} from "../../constructs/load-balancer/application-load-balancer";
import { DnsValidatedCertificate } from "../../constructs/load-balancer/certificate";
import { ListenerRule } from "../../constructs/load-balancer/listener-rule";
import { LoadBalancerSecurityGroup } from "../../constructs/load-balancer/load-balancer-security-group";
import { forwardAction } from "../../constructs/load-balancer/weighted-forward";
import { ExistingNetwork, type ExistingNetworkProps } from "../../constructs/network/existing-network";
import { FlowLogs, type FlowLogsProps } from "../../constructs/network/flow-logs";
import { InterfaceEndpoints } from "../../constructs/network/interface-endpoints";
import { LogBucket } from "../../constructs/storage/log-bucket";
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
const accelerator = (
  bucket: string,
  loadBalancerArn = "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/a/1",
) => ({
  name: "chat",
  ports: [443],
  loadBalancers: [{ region: "us-east-1", loadBalancerArn }],
  flowLogs: { bucket, prefix: "logs" },
});

const AT = "us-east-1:123456789012";
const S3 = "arn:aws:s3:::x";
const vpcId = "vpc-0123456789abcdef0";

const group = (more: Partial<GpuAutoScalingGroupProps>) => (scope: Construct) =>
  new GpuAutoScalingGroup(scope, "group", {
    name: "chat.llama.main",
    subnetIds: ["subnet-0123456789abcdef0"],
    minSize: 1,
    maxSize: 2,
    launchTemplate: { id: "lt-0123456789abcdef0", version: "1" },
    instances: { types: ["g6.xlarge"] },
    targetGroupArns: [`arn:aws:elasticloadbalancing:${AT}:targetgroup/chat/0123456789abcdef`],
    healthCheckGracePeriod: 0,
    defaultInstanceWarmup: 0,
    launchHook: { name: "ready", heartbeatTimeout: 60 },
    terminateHook: { name: "stopped", heartbeatTimeout: 60 },
    ...more,
  });
const template = (more: Partial<GpuLaunchTemplateProps>) => (scope: Construct) =>
  new GpuLaunchTemplate(scope, "template", {
    namePrefix: "chat-",
    ami: { id: "ami-0123456789abcdef0" },
    rootVolume: { sizeGiB: 100 },
    instanceProfileArn: "arn:aws:iam::123456789012:instance-profile/chat",
    securityGroupIds: ["sg-0123456789abcdef0"],
    userDataBase64: "",
    ...more,
  });
const network = (more: Partial<ExistingNetworkProps>) => (scope: Construct) =>
  new ExistingNetwork(scope, "network", {
    vpcId,
    albSubnets: { ids: ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"] },
    instanceSubnets: { ids: ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"] },
    ...more,
  });
const reservation = (target: GroupCapacityReservationTarget) => () =>
  groupCapacityReservation({ preference: "capacity-reservations-only", target });
const required = (allowedInstanceTypes: readonly string[], gpus = 1): GpuInstanceRequirements => ({
  allowedInstanceTypes,
  acceleratorCount: { min: gpus },
  acceleratorTotalMemoryMiB: { min: 1 },
  vcpuCount: { min: 1 },
  memoryMiB: { min: 1 },
});
const requirements = (allowed: readonly string[], gpus = 1) =>
  mixedInstancesPolicy({ id: "lt-1", version: "1" }, { requirements: required(allowed, gpus) }, {});
const instances = (more: Partial<InstanceSecurityGroupProps>) => (scope: Construct) =>
  new InstanceSecurityGroup(scope, "instances", {
    namePrefix: "chat-",
    vpcId,
    loadBalancerSecurityGroupId: "sg-0123456789abcdef0",
    ports: [8000],
    ...more,
  });
const granted = (more: Partial<InstanceRoleProps>) => (scope: Construct) =>
  new InstanceRole(scope, "role", { ...role, ...more });
const egress = (to: EgressDestination) => instances({ egress: [{ name: "to", to }] });
const flowLogs = (more: Partial<FlowLogsProps>) => (scope: Construct) =>
  new FlowLogs(scope, "logs", { vpcId, logGroupName: "/vpc/chat", retentionDays: 90, ...more });

/** By what is wrong: the props, and the beginning of the refusal. */
const WRONG: readonly (readonly [string, (scope: Construct) => unknown, string])[] = [
  [
    "a topic that is a word",
    (scope) => alarmRecipients(scope, { namePrefix: "chat", topicArns: ["arn"] }),
    'topicArns "arn" is no ARN of an SNS topic; write it as arn:aws:sns:',
  ],
  [
    "a topic that is a queue",
    (scope) => alarmRecipients(scope, { namePrefix: "chat", topicArns: [`arn:aws:sqs:${AT}:pager`] }),
    "is no ARN of an SNS topic",
  ],
  [
    "a topic in the alarms of a deployment",
    (scope) =>
      new ServingAlarms(scope, "alarms", {
        namePrefix: "chat",
        topicArns: ["arn"],
        loadBalancer: { arnSuffix: "app/chat/1" },
        groups: [],
      }),
    'topicArns "arn" is no ARN of an SNS topic',
  ],
  [
    "a topic name with a dot",
    (scope) => new AlarmTopic(scope, "topic", { name: "chat.alarms", email: "a@example.com" }),
    "name must have 1 to 256",
  ],
  [
    "a listener of no accelerator",
    (scope) => new EndpointGroupAlarms(scope, "alarms", { namePrefix: "chat", listenerArn: S3, groups: [] }),
    `listenerArn "${S3}" is no ARN of a listener of an accelerator`,
  ],
  ["a secret that is a word", granted({ secretArns: ["x"] }), 'secretArns "x" is no ARN of a secret'],
  [
    "a secret without its end",
    granted({ secretArns: [`arn:aws:secretsmanager:${AT}:secret:hf`] }),
    "complete with the six characters",
  ],
  [
    "a parameter that is a word",
    granted({ parameterArns: ["x"] }),
    'parameterArns "x" is no ARN of a Systems Manager parameter',
  ],
  [
    "a table that is a word",
    granted({ readableTableArns: ["x"] }),
    'readableTableArns "x" is no ARN of a DynamoDB table',
  ],
  [
    "a key of a role that is an alias",
    granted({ kmsKeyArns: [`arn:aws:kms:${AT}:alias/a`] }),
    "is no ARN of one KMS key",
  ],
  [
    "a target group to leave that is a bucket",
    granted({ leavesTargetGroups: [S3] }),
    "is no ARN of a target group",
  ],
  [
    "a log group with a star",
    granted({ writableLogGroups: ["/chat/*"] }),
    "a name of writableLogGroups must have",
  ],
  ["a namespace of AWS", granted({ metricsNamespace: "AWS/EC2" }), "metricsNamespace must have"],
  [
    "a role of a group without a name",
    granted({ autoScalingGroupName: "" }),
    "autoScalingGroupName must have",
  ],
  [
    "a log group without a name",
    (scope) => new LogGroups(scope, "logs", { names: { server: "" }, retentionDays: 90 }),
    "names.server must have",
  ],
  [
    "a key of log groups that is a bucket",
    (scope) => new LogGroups(scope, "logs", { names: { a: "/a" }, retentionDays: 90, kmsKeyArn: S3 }),
    "is no ARN of a KMS key",
  ],
  [
    "a reservation that is a word",
    reservation({ reservationIds: ["nonsense"] }),
    'reservationIds "nonsense" is no id of that kind; write it as cr-',
  ],
  [
    "a resource group that is a bucket",
    reservation({ resourceGroupArns: [S3] }),
    `resourceGroupArns "${S3}" is no ARN of a resource group`,
  ],
  [
    "requirements of two architectures",
    () => requirements(["g5.*", "g5g.*"]),
    "allowedInstanceTypes mixes x86_64 and arm64",
  ],
  [
    "a pattern of two architectures",
    () => requirements(["g5*"]),
    "allowedInstanceTypes mixes x86_64 and arm64",
  ],
  ["a pattern with a blank", () => requirements(["g5 .*"]), "a pattern of allowedInstanceTypes must have"],
  ["an instance type without a size", () => types("g6"), "a type of instances.types must have"],
  [
    "a warm pool with Spot",
    group({ purchase: { onDemandPercentageAboveBase: 0 }, warmPool: {} }),
    "warmPool needs a group of on-demand instances",
  ],
  [
    "Spot in reservations only",
    group({
      purchase: { onDemandPercentageAboveBase: 50 },
      capacityReservation: { preference: "capacity-reservations-only" },
    }),
    'capacityReservation "capacity-reservations-only" launches no Spot instances',
  ],
  [
    "a group in an empty subnet",
    group({ subnetIds: [""] }),
    'subnetIds "" is no id of that kind; write it as subnet-',
  ],
  [
    "a group of an empty template",
    group({ launchTemplate: { id: "", version: "1" } }),
    'launchTemplate.id "" is no id',
  ],
  ["a group behind a bucket", group({ targetGroupArns: [S3] }), "is no ARN of a target group"],
  ["a template of an empty image", template({ ami: { id: "" } }), 'ami.id "" is no id'],
  [
    "a template of an empty security group",
    template({ securityGroupIds: [""] }),
    'securityGroupIds "" is no id',
  ],
  [
    "a template of a role",
    template({ instanceProfileArn: "arn:aws:iam::123456789012:role/chat" }),
    "is no ARN of an instance profile",
  ],
  [
    "a template of another key",
    template({ rootVolume: { sizeGiB: 100, kmsKeyArn: S3 } }),
    "is no ARN of a KMS key",
  ],
  [
    "a template in a wrong reservation",
    template({ capacityReservation: { target: { id: "x" } } }),
    'capacityReservation.target.id "x" is no id',
  ],
  [
    "a template in a wrong resource group",
    template({ capacityReservation: { target: { resourceGroupArn: S3 } } }),
    "is no ARN of a resource group",
  ],
  ["an empty VPC", network({ vpcId: "" }), 'vpcId "" is no id of that kind; write it as vpc-'],
  [
    "empty subnets of the load balancer",
    network({ albSubnets: { ids: [""] } }),
    'albSubnets.ids "" is no id',
  ],
  [
    "empty subnets of the instances",
    network({ instanceSubnets: { ids: [""] } }),
    'instanceSubnets.ids "" is no id',
  ],
  ["a load balancer in no VPC", (scope) => loadBalancer(scope, { vpcId: "" }), 'vpcId "" is no id'],
  [
    "a load balancer in no subnets",
    (scope) => loadBalancer(scope, { subnetIds: ["", " "] }),
    'subnetIds "" is no id',
  ],
  [
    "a certificate that is a bucket",
    (scope) => loadBalancer(scope, https({ certificateArn: S3 })),
    "is no ARN of an ACM certificate",
  ],
  [
    "a rule of no listener",
    (scope) =>
      new ListenerRule(scope, "rule", {
        listenerArn: S3,
        priority: 1,
        conditions: [],
        forwardTo: { targetGroups: [] },
      }),
    "is no ARN of a listener",
  ],
  [
    "a forward to a bucket",
    () => forwardAction({ targetGroups: [{ arn: S3 }] }),
    "is no ARN of a target group",
  ],
  [
    "an accelerated bucket",
    (scope) => new Accelerator(scope, "accelerator", accelerator("example-logs", S3)),
    "is no ARN of an Application Load Balancer",
  ],
  [
    "a hosted zone by its name",
    (scope) =>
      new DnsValidatedCertificate(scope, "certificate", {
        domainName: "a.example.com",
        hostedZone: { id: "example.com" },
      }),
    "hostedZone.id must have",
  ],
  [
    "a record in a hosted zone by its name",
    (scope) =>
      new AliasRecord(scope, "record", {
        zoneId: "example.com",
        name: "a.example.com",
        target: { dnsName: "b", zoneId: "Z1" },
        addresses: "ipv4",
        evaluateTargetHealth: true,
      }),
    "zoneId must have",
  ],
  ["instances in no VPC", instances({ vpcId: "" }), 'vpcId "" is no id'],
  [
    "instances behind no security group",
    instances({ loadBalancerSecurityGroupId: "" }),
    'loadBalancerSecurityGroupId "" is no id',
  ],
  ["egress to no range", egress({ cidr: "10.0.0.1/16" }), 'cidr of egress "10.0.0.1/16" does not begin'],
  ["egress to no prefix list", egress({ prefixListId: "s3" }), 'prefixListId of egress "s3" is no id'],
  ["egress to no security group", egress({ securityGroupId: "" }), 'securityGroupId of egress "" is no id'],
  ["flow logs of no VPC", flowLogs({ vpcId: "" }), 'vpcId "" is no id'],
  ["flow logs in a group with a blank", flowLogs({ logGroupName: "a b" }), "logGroupName must have"],
  [
    "endpoints in no subnets",
    (scope) =>
      new InterfaceEndpoints(scope, "endpoints", {
        name: "chat",
        vpcId,
        subnetIds: [""],
        allowedCidr: "10.0.0.0/16",
      }),
    'subnetIds "" is no id',
  ],
  [
    "endpoints for no range",
    (scope) =>
      new InterfaceEndpoints(scope, "endpoints", { name: "chat", vpcId, subnetIds: [], allowedCidr: "all" }),
    'allowedCidr "all" is not an address range',
  ],
  [
    "a bucket of logs that S3 reserves",
    (scope) => new LogBucket(scope, "logs", { bucketName: "xn--logs" }),
    "begins with a prefix that AWS reserves",
  ],
  [
    "a prefix of a bucket that is too long",
    (scope) => new LogBucket(scope, "logs", { bucketPrefix: "a".repeat(38) }),
    "bucketPrefix must have",
  ],
];

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
  ...WRONG,
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

test("what is right, and what Terraform resolves later, is taken", () => {
  const later = Lazy.stringValue({ produce: () => "later" });
  const stack = new ServingStack(Testing.app(), "region");
  expect(() => group({})(stack)).not.toThrow();
  expect(() => template({})(stack)).not.toThrow();
  expect(() => network({})(stack)).not.toThrow();
  expect(() =>
    granted({
      secretArns: [later],
      parameterArns: [later],
      kmsKeyArns: [later],
      leavesTargetGroups: [later],
    })(stack),
  ).not.toThrow();
  expect(() =>
    group({
      subnetIds: Token.asList(later),
      launchTemplate: { id: later, version: later },
      targetGroupArns: [later],
    })(new ServingStack(Testing.app(), "other")),
  ).not.toThrow();
});

test("a pattern is of one architecture when what is required leaves one", () => {
  expect(requirements(["g5*"], 4).launchTemplate.override).toHaveLength(1);
});

test("types of one architecture, and such as are newer than the catalogue, are not", () => {
  expect(types("g5g.xlarge", "g8g.xlarge").launchTemplate.override).toHaveLength(2);
});
