import { Testing } from "cdktf";
import type { Construct } from "constructs";
import {
  ACCELERATOR_LOG_PREFIX,
  ACCELERATOR_NAME,
  ACCELERATOR_PORT_RANGES,
  TRAFFIC_DIAL,
} from "../../aws/global-accelerator";
import type { NumberLimit, TextLimit } from "../../aws/limits";
import * as aws from "../../aws/limits";
import {
  HEALTH_CHECK_CHILDREN,
  HEALTH_CHECK_FAILURES,
  HEALTH_CHECK_HOST,
  HEALTH_CHECK_RESOURCE_PATH,
  RECORD_WEIGHT,
} from "../../aws/route53";
import { alarmRecipients } from "../../constructs/alarms/alarm-recipients";
import { OutOfServiceAlarm } from "../../constructs/alarms/out-of-service-alarm";
import { ServingAlarms } from "../../constructs/alarms/serving-alarms";
import {
  GpuAutoScalingGroup,
  type GpuAutoScalingGroupProps,
} from "../../constructs/auto-scaling/gpu-auto-scaling-group";
import { instanceRefresh, requireHealthyPercentages } from "../../constructs/auto-scaling/instance-refresh";
import { lifecycleHook } from "../../constructs/auto-scaling/lifecycle-hook";
import { mixedInstancesPolicy } from "../../constructs/auto-scaling/mixed-instances-policy";
import { RequestCountScaling } from "../../constructs/auto-scaling/request-count-scaling";
import { WaitingRequestsScaling } from "../../constructs/auto-scaling/waiting-requests-scaling";
import { Accelerator, type AcceleratorProps } from "../../constructs/global/accelerator";
import { AliasRecord } from "../../constructs/global/alias-record";
import {
  CalculatedHealthCheck,
  EndpointHealthCheck,
  type EndpointHealthCheckProps,
} from "../../constructs/global/health-check";
import { InstanceRole } from "../../constructs/instance/instance-role";
import {
  InstanceSecurityGroup,
  type InstanceSecurityGroupProps,
} from "../../constructs/instance/instance-security-group";
import { GpuLaunchTemplate, type GpuLaunchTemplateProps } from "../../constructs/instance/launch-template";
import {
  ApplicationLoadBalancer,
  type ApplicationLoadBalancerProps,
} from "../../constructs/load-balancer/application-load-balancer";
import { ListenerRule, type ListenerRuleProps } from "../../constructs/load-balancer/listener-rule";
import { LoadBalancerSecurityGroup } from "../../constructs/load-balancer/load-balancer-security-group";
import { TargetGroup, type TargetGroupProps } from "../../constructs/load-balancer/target-group";
import {
  type TargetGroupHealth,
  targetGroupHealth,
} from "../../constructs/load-balancer/target-group-health";
import { type HealthCheck, healthCheck } from "../../constructs/load-balancer/target-health-check";
import { forwardAction } from "../../constructs/load-balancer/weighted-forward";
import { ExistingNetwork } from "../../constructs/network/existing-network";
import { Network } from "../../constructs/network/network";
import { LogBucket } from "../../constructs/storage/log-bucket";
import { StateBucket } from "../../constructs/storage/state-bucket";
import { ServingStack } from "../../stacks/serving-stack";

/** Builds something with the value, which may be refused. */
type Build<T> = (value: T, scope: Construct) => unknown;

const attempt =
  <T>(build: Build<T>, value: T) =>
  () =>
    build(value, new ServingStack(Testing.app(), "stack"));

const items = (count: number, before = "item-", after = "") =>
  Array.from({ length: Math.max(0, count) }, (_, index) => `${before}${index}${after}`);

const AT = "us-east-1:123456789012";

const alb = (props: Partial<ApplicationLoadBalancerProps>, scope: Construct) =>
  new ApplicationLoadBalancer(scope, "alb", {
    name: "chat",
    vpcId: "vpc-1",
    subnetIds: ["subnet-a", "subnet-b"],
    scheme: "internal",
    allowedCidrs: [],
    listener: { protocol: "HTTP" },
    defaultAction: { notFound: {} },
    ...props,
  });

const edge = (scope: Construct) =>
  new LoadBalancerSecurityGroup(scope, "edge", { namePrefix: "chat-", vpcId: "vpc-1" });

const targetGroup = (props: Partial<TargetGroupProps>, scope: Construct) =>
  new TargetGroup(scope, "group", {
    name: "llama",
    vpcId: "vpc-1",
    port: 8000,
    protocol: "HTTP",
    healthCheck: { path: "/" },
    ...props,
  });

const check = (props: Partial<HealthCheck>) => healthCheck({ path: "/", ...props }, "HTTP", "HTTP1");

const health = (props: TargetGroupHealth) => targetGroupHealth(props);

const rule = (props: Partial<ListenerRuleProps>, scope: Construct) =>
  new ListenerRule(scope, "rule", {
    listenerArn: "arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/chat/1/2",
    priority: 100,
    conditions: [{ field: "path-pattern", values: ["/*"] }],
    forwardTo: {
      targetGroups: [{ arn: "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/group/0" }],
    },
    ...props,
  });

const accelerator = (props: Partial<AcceleratorProps>, scope: Construct) =>
  new Accelerator(scope, "accelerator", { name: "chat", ports: [443], loadBalancers: [], ...props });

const endpoint = (props: Partial<EndpointHealthCheckProps>, scope: Construct) =>
  new EndpointHealthCheck(scope, "health", {
    name: "chat",
    protocol: "HTTPS",
    host: "models.example.com",
    path: "/health",
    ...props,
  });

const group = (props: Partial<GpuAutoScalingGroupProps>, scope: Construct) =>
  new GpuAutoScalingGroup(scope, "group", {
    name: "chat.llama",
    subnetIds: ["subnet-a"],
    minSize: 1,
    maxSize: 2,
    launchTemplate: { id: "lt-1", version: "1" },
    instances: { types: ["g6.xlarge"] },
    targetGroupArns: [],
    healthCheckGracePeriod: 0,
    defaultInstanceWarmup: 0,
    launchHook: { name: "ready", heartbeatTimeout: 60 },
    terminateHook: { name: "drained", heartbeatTimeout: 60 },
    ...props,
  });

const types = { types: ["g6.xlarge"] };
const pinned = { id: "lt-1", version: "1" };
const any = { min: 1 };
const requirements = {
  acceleratorCount: any,
  acceleratorTotalMemoryMiB: any,
  vcpuCount: any,
  memoryMiB: any,
};

const template = (props: Partial<GpuLaunchTemplateProps>, scope: Construct) =>
  new GpuLaunchTemplate(scope, "template", {
    namePrefix: "chat-",
    ami: { id: "ami-1" },
    rootVolume: { sizeGiB: 500 },
    instanceProfileArn: "arn:aws:iam::123456789012:instance-profile/profile",
    securityGroupIds: ["sg-1"],
    userDataBase64: "",
    ...props,
  });

const instances = (props: Partial<InstanceSecurityGroupProps>, scope: Construct) =>
  new InstanceSecurityGroup(scope, "instances", {
    namePrefix: "chat-",
    vpcId: "vpc-1",
    loadBalancerSecurityGroupId: "sg-1",
    ports: [8000],
    ...props,
  });

const outOfService = (props: { leastHealthy?: number; minutes?: number }, scope: Construct) =>
  new OutOfServiceAlarm(scope, "alarm", {
    name: "chat",
    loadBalancerArnSuffix: "app/chat/1",
    targetGroupArnSuffix: "targetgroup/llama/1",
    leastHealthy: 1,
    whenUnknown: "as before",
    ...props,
  });

type NumberRow = readonly [what: string, limit: Pick<NumberLimit, "min" | "max">, build: Build<number>];

const NUMBERS: readonly NumberRow[] = [
  ["idleTimeout", aws.IDLE_TIMEOUT, (idleTimeout, scope) => alb({ idleTimeout }, scope)],
  ["clientKeepAlive", aws.CLIENT_KEEP_ALIVE, (clientKeepAlive, scope) => alb({ clientKeepAlive }, scope)],
  [
    "reservedCapacityUnits",
    aws.LOAD_BALANCER_CAPACITY_UNITS,
    (reservedCapacityUnits, scope) => alb({ reservedCapacityUnits }, scope),
  ],
  ["port", aws.PORT, (port, scope) => alb({ listener: { protocol: "HTTP", port }, allowedCidrs: [] }, scope)],
  ["port", aws.PORT, (port, scope) => edge(scope).allowFrom("https", ["10.0.0.0/8"], port)],
  ["port", aws.PORT, (port, scope) => edge(scope).allowFromPrefixList("https", "list", "pl-1", port)],
  ["port", aws.PORT, (port, scope) => edge(scope).allowTo("llama", "sg-1", port)],
  ["port", aws.PORT, (port, scope) => targetGroup({ port }, scope)],
  [
    "deregistrationDelay",
    aws.DEREGISTRATION_DELAY,
    (deregistrationDelay, scope) => targetGroup({ deregistrationDelay }, scope),
  ],
  [
    "slowStart, if not 0,",
    aws.SLOW_START,
    (slowStart, scope) => targetGroup({ slowStart, algorithm: "round_robin" }, scope),
  ],
  [
    "stickiness.duration",
    aws.STICKINESS_DURATION,
    (duration, scope) => targetGroup({ stickiness: { duration } }, scope),
  ],
  ["targetControlPort", aws.PORT, (targetControlPort, scope) => targetGroup({ targetControlPort }, scope)],
  ["healthCheck.port", aws.PORT, (port) => check({ port })],
  ["healthCheck.interval", aws.HEALTH_CHECK_INTERVAL, (interval) => check({ interval, timeout: 2 })],
  ["healthCheck.timeout", aws.HEALTH_CHECK_TIMEOUT, (timeout) => check({ timeout, interval: 300 })],
  ["healthCheck.healthyThreshold", aws.HEALTHY_THRESHOLD, (healthyThreshold) => check({ healthyThreshold })],
  [
    "healthCheck.unhealthyThreshold",
    aws.UNHEALTHY_THRESHOLD,
    (unhealthyThreshold) => check({ unhealthyThreshold }),
  ],
  ["health.dnsFailover.count", aws.HEALTHY_TARGETS_COUNT, (count) => health({ dnsFailover: { count } })],
  [
    "health.dnsFailover.percentage",
    aws.HEALTHY_TARGETS_PERCENTAGE,
    (percentage) => health({ dnsFailover: { percentage } }),
  ],
  [
    "health.unhealthyStateRouting.count",
    aws.HEALTHY_TARGETS_COUNT,
    (count) => health({ dnsFailover: "off", unhealthyStateRouting: { count } }),
  ],
  [
    "health.unhealthyStateRouting.percentage",
    aws.HEALTHY_TARGETS_PERCENTAGE,
    (percentage) => health({ dnsFailover: "off", unhealthyStateRouting: { percentage } }),
  ],
  ["priority", aws.RULE_PRIORITY, (priority, scope) => rule({ priority }, scope)],
  [
    "the weight of a target group",
    aws.FORWARD_WEIGHT,
    (weight) =>
      forwardAction({
        targetGroups: [
          { arn: "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/a/1", weight },
          { arn: "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/b/1" },
        ],
      }),
  ],
  [
    "the stickiness duration",
    aws.FORWARD_STICKINESS_DURATION,
    (duration) =>
      forwardAction({
        targetGroups: [{ arn: "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/a/1" }],
        stickiness: { duration },
      }),
  ],
  ["port", aws.PORT, (port, scope) => accelerator({ ports: [port] }, scope)],
  [
    "dial of us-east-1",
    TRAFFIC_DIAL,
    (dial, scope) =>
      accelerator(
        {
          loadBalancers: [
            {
              region: "us-east-1",
              loadBalancerArn: "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/a/1",
              dial,
            },
          ],
        },
        scope,
      ),
  ],
  [
    "weight",
    RECORD_WEIGHT,
    (weight, scope) =>
      new AliasRecord(scope, "name", {
        zoneId: "Z1",
        name: "models.example.com",
        target: { dnsName: "a.example.com", zoneId: "Z2" },
        addresses: "ipv4",
        evaluateTargetHealth: true,
        routing: { weight, identifier: "a" },
      }),
  ],
  ["port", aws.PORT, (port, scope) => endpoint({ port }, scope)],
  [
    "failureThreshold",
    HEALTH_CHECK_FAILURES,
    (failureThreshold, scope) => endpoint({ failureThreshold }, scope),
  ],
  [
    'heartbeatTimeout of hook "ready"',
    aws.LIFECYCLE_HOOK_HEARTBEAT,
    (heartbeatTimeout) =>
      lifecycleHook("autoscaling:EC2_INSTANCE_LAUNCHING", { name: "ready", heartbeatTimeout }),
  ],
  [
    "checkpoints.delay",
    aws.CHECKPOINT_DELAY,
    (delay) => instanceRefresh({ min: 100, max: 110 }, { checkpoints: { percentages: [100], delay } }, false),
  ],
  [
    "checkpoints.percentages",
    aws.CHECKPOINT_PERCENTAGE,
    (first) =>
      instanceRefresh(
        { min: 100, max: 110 },
        { checkpoints: { percentages: first < 100 ? [first, 100] : [first] } },
        false,
      ),
  ],
  [
    "healthyPercentages.min",
    aws.MIN_HEALTHY_PERCENTAGE,
    (min) => requireHealthyPercentages({ min, max: 100 }),
  ],
  [
    "healthyPercentages.max",
    aws.MAX_HEALTHY_PERCENTAGE,
    (max) => requireHealthyPercentages({ min: 100, max }),
  ],
  [
    "onDemandPercentageAboveBase",
    aws.ON_DEMAND_PERCENTAGE,
    (onDemandPercentageAboveBase) => mixedInstancesPolicy(pinned, types, { onDemandPercentageAboveBase }),
  ],
  [
    "maxInstanceLifetime, unless 0,",
    aws.MAX_INSTANCE_LIFETIME,
    (maxInstanceLifetime, scope) => group({ maxInstanceLifetime }, scope),
  ],
  [
    "metadataHopLimit",
    aws.METADATA_HOP_LIMIT,
    (metadataHopLimit, scope) => template({ metadataHopLimit }, scope),
  ],
  [
    "rootVolume.sizeGiB",
    { ...aws.GP3_SIZE, min: 75 },
    (sizeGiB, scope) => template({ rootVolume: { sizeGiB } }, scope),
  ],
  [
    "rootVolume.sizeGiB",
    { ...aws.GP3_SIZE, min: 8 },
    (sizeGiB, scope) => template({ ami: { id: "ami-1", driver: false }, rootVolume: { sizeGiB } }, scope),
  ],
  ["rootVolume.iops", aws.GP3_IOPS, (iops, scope) => template({ rootVolume: { sizeGiB: 500, iops } }, scope)],
  [
    "rootVolume.throughput",
    aws.GP3_THROUGHPUT,
    (throughput, scope) => template({ rootVolume: { sizeGiB: 500, iops: 10_000, throughput } }, scope),
  ],
  ["ports", aws.PORT, (port, scope) => instances({ ports: [port] }, scope)],
  [
    'port of egress "s3"',
    aws.PORT,
    (port, scope) => instances({ egress: [{ name: "s3", to: { cidr: "10.0.0.0/8" }, port }] }, scope),
  ],
  ["leastHealthy", aws.HEALTHY_TARGETS_COUNT, (leastHealthy, scope) => outOfService({ leastHealthy }, scope)],
  ["minutes", { min: 1, max: 1440 }, (minutes, scope) => outOfService({ minutes }, scope)],
  [
    "leastHealthy of llama",
    { ...aws.HEALTHY_TARGETS_COUNT, min: 0 },
    (leastHealthy, scope) =>
      new ServingAlarms(scope, "alarms", {
        namePrefix: "chat",
        loadBalancer: { arnSuffix: "app/chat/1" },
        groups: [
          {
            id: "llama",
            targetGroupArnSuffix: "targetgroup/llama/1",
            autoScalingGroupName: "llama",
            leastHealthy,
          },
        ],
      }),
  ],
  [
    "zones",
    aws.LOAD_BALANCER_ZONES,
    (zones, scope) => new Network(scope, "network", { name: "chat", cidrBlock: "10.0.0.0/16", zones }),
  ],
  [
    "zoneCount",
    { ...aws.LOAD_BALANCER_ZONES, min: 1 },
    (zoneCount, scope) =>
      new ExistingNetwork(scope, "network", {
        vpcId: "vpc-1",
        albSubnets: { ids: ["subnet-a"] },
        instanceSubnets: { ids: ["subnet-b"] },
        zoneCount,
      }),
  ],
  [
    "retentionDays",
    aws.LIFECYCLE_DAYS,
    (retentionDays, scope) => new LogBucket(scope, "logs", { bucketName: "example-logs", retentionDays }),
  ],
  [
    "noncurrentVersionDays",
    aws.LIFECYCLE_DAYS,
    (noncurrentVersionDays, scope) =>
      new StateBucket(scope, "state", { bucketName: "example-state", noncurrentVersionDays }),
  ],
  [
    "noncurrentVersionsKept",
    aws.NONCURRENT_VERSIONS_KEPT,
    (noncurrentVersionsKept, scope) =>
      new StateBucket(scope, "state", { bucketName: "example-state", noncurrentVersionsKept }),
  ],
];

describe.each(NUMBERS)("%s", (what, { min, max }, build) => {
  it.each([min, max])("takes %d", (value) => {
    expect(attempt(build, value)).not.toThrow();
  });

  it.each([min - 1, max + 1, min + 0.5])("refuses %d", (value) => {
    expect(attempt(build, value)).toThrow(
      new RangeError(`${what} must be a whole number from ${min} to ${max}; got ${value}`),
    );
  });
});

const COUNTS: readonly NumberRow[] = [
  [
    "the number of target groups in one action",
    { min: 1, ...aws.TARGET_GROUPS_PER_ACTION },
    (count) =>
      forwardAction({
        targetGroups: items(count, `arn:aws:elasticloadbalancing:${AT}:targetgroup/group/`).map((arn) => ({
          arn,
        })),
      }),
  ],
  [
    "number of ports",
    ACCELERATOR_PORT_RANGES,
    (count, scope) => accelerator({ ports: items(count).map((_, index) => index + 1) }, scope),
  ],
  [
    "number of children of a health check",
    HEALTH_CHECK_CHILDREN,
    (count, scope) => new CalculatedHealthCheck(scope, "health", { name: "all", children: items(count) }),
  ],
  [
    "number of alarms",
    aws.REFRESH_ALARMS,
    (count) => instanceRefresh({ min: 100, max: 110 }, { alarms: items(count) }, false),
  ],
  [
    "number of instances.types",
    aws.INSTANCE_TYPES_PER_GROUP,
    (count) => mixedInstancesPolicy(pinned, { types: items(count, "x", ".xlarge") }, {}),
  ],
  [
    "number of allowedInstanceTypes",
    aws.ALLOWED_INSTANCE_TYPES,
    (count) =>
      mixedInstancesPolicy(
        pinned,
        { requirements: { ...requirements, allowedInstanceTypes: items(count) } },
        {},
      ),
  ],
  [
    "number of securityGroupIds",
    aws.SECURITY_GROUPS_PER_INTERFACE,
    (count, scope) => template({ securityGroupIds: items(count, "sg-") }, scope),
  ],
  [
    "number of topics, including the topic of the email,",
    { min: 0, ...aws.ALARM_ACTIONS },
    (count, scope) =>
      alarmRecipients(scope, { namePrefix: "chat", topicArns: items(count, `arn:aws:sns:${AT}:topic-`) }),
  ],
];

describe.each(COUNTS)("%s", (what, { min, max }, build) => {
  it.each([min, max])("may be %d", (count) => {
    expect(attempt(build, count)).not.toThrow();
  });

  it.each([min - 1, max + 1].filter((count) => count >= 0))("may not be %d", (count) => {
    expect(attempt(build, count)).toThrow(
      new RangeError(`${what} must be a whole number from ${min} to ${max}; got ${count}`),
    );
  });
});

/** The beginning of a valid text for each construct, which `a…` extends to a given length. */
const BEGINNINGS: Readonly<Record<string, string>> = {
  "healthCheck.path": "/",
  "path of a health check": "/",
  resourceLabel: "app/a/b/targetgroup/c/d",
};

type TextRow = readonly [
  what: string,
  limit: Pick<TextLimit, "minLength" | "maxLength">,
  build: Build<string>,
];

const LABEL = BEGINNINGS.resourceLabel ?? "";

const prefix = ({ minLength, maxLength }: TextLimit, ending: number) => ({
  minLength,
  maxLength: maxLength - ending,
});

const TEXTS: readonly TextRow[] = [
  ["load balancer name", aws.LOAD_BALANCER_NAME, (name, scope) => alb({ name }, scope)],
  ["target group name", aws.TARGET_GROUP_NAME, (name, scope) => targetGroup({ name }, scope)],
  ["healthCheck.path", aws.HEALTH_CHECK_PATH, (path) => check({ path })],
  [
    "rewrite.path.regex",
    aws.REWRITE,
    (regex, scope) => rule({ rewrite: { path: { regex, replace: "" } } }, scope),
  ],
  [
    "rewrite.path.replace",
    { ...aws.REWRITE, minLength: 0 },
    (replace, scope) => rule({ rewrite: { path: { regex: ".", replace } } }, scope),
  ],
  [
    "rewrite.host.regex",
    aws.REWRITE,
    (regex, scope) => rule({ rewrite: { host: { regex, replace: "" } } }, scope),
  ],
  [
    "rewrite.host.replace",
    { ...aws.REWRITE, minLength: 0 },
    (replace, scope) => rule({ rewrite: { host: { regex: ".", replace } } }, scope),
  ],
  ["accelerator name", ACCELERATOR_NAME, (name, scope) => accelerator({ name }, scope)],
  [
    "flowLogs.prefix",
    ACCELERATOR_LOG_PREFIX,
    (folder, scope) => accelerator({ flowLogs: { bucket: "example", prefix: folder } }, scope),
  ],
  ["host of a health check", HEALTH_CHECK_HOST, (host, scope) => endpoint({ host }, scope)],
  [
    "path of a health check",
    { ...HEALTH_CHECK_RESOURCE_PATH, minLength: 1 },
    (path, scope) => endpoint({ path }, scope),
  ],
  [
    "the name of a lifecycle hook",
    aws.LIFECYCLE_HOOK_NAME,
    (name) => lifecycleHook("autoscaling:EC2_INSTANCE_LAUNCHING", { name, heartbeatTimeout: 60 }),
  ],
  ["name", aws.AUTO_SCALING_GROUP_NAME, (name, scope) => group({ name }, scope)],
  [
    "name",
    aws.SCALING_POLICY_NAME,
    (name, scope) =>
      new RequestCountScaling(scope, "scaling", {
        autoScalingGroupName: "chat",
        resourceLabel: LABEL,
        requestsPerMinutePerInstance: 1,
        name,
      }),
  ],
  [
    "name",
    aws.SCALING_POLICY_NAME,
    (name, scope) =>
      new WaitingRequestsScaling(scope, "scaling", {
        autoScalingGroupName: "chat",
        namespace: "ModelServing/chat",
        metricName: "waiting",
        waitingRequestsPerInstance: 1,
        name,
      }),
  ],
  [
    "resourceLabel",
    { ...aws.RESOURCE_LABEL, minLength: LABEL.length },
    (resourceLabel, scope) =>
      new RequestCountScaling(scope, "scaling", {
        autoScalingGroupName: "chat",
        resourceLabel,
        requestsPerMinutePerInstance: 1,
      }),
  ],
  [
    "namePrefix",
    prefix(aws.LAUNCH_TEMPLATE_NAME, 26),
    (namePrefix, scope) => template({ namePrefix }, scope),
  ],
  [
    "namePrefix",
    prefix(aws.SECURITY_GROUP_NAME, 26),
    (namePrefix, scope) => instances({ namePrefix }, scope),
  ],
  [
    "namePrefix",
    prefix(aws.ROLE_NAME, 26 + 1),
    (namePrefix, scope) => new InstanceRole(scope, "role", { namePrefix, autoScalingGroupName: "chat" }),
  ],
  ["bucketName", aws.BUCKET_NAME, (bucketName, scope) => new StateBucket(scope, "state", { bucketName })],
  ["tags: the key", aws.METADATA_TAG_KEY, (key, scope) => template({ tags: { [key]: "x" } }, scope)],
];

describe.each(TEXTS)("%s", (what, { minLength, maxLength }, build) => {
  const text = (length: number) => (BEGINNINGS[what] ?? "").padEnd(length, "a").slice(0, length);

  it.each([minLength, maxLength])("takes %d characters", (length) => {
    expect(attempt(build, text(length))).not.toThrow();
  });

  it.each([minLength - 1, maxLength + 1].filter((length) => length >= 0))(
    "refuses %d characters",
    (length) => {
      expect(attempt(build, text(length))).toThrow(what);
    },
  );
});
