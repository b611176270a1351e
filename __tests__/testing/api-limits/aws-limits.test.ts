import * as globalAccelerator from "../../../aws/global-accelerator";
import * as limits from "../../../aws/limits";
import { regionCodes } from "../../../aws/regions";
import * as route53 from "../../../aws/route53";
import { type Scalar, type Shape, shapeOf, structureOf } from "../../../testing/api-limits/model";

/** A member of AWS's model: service, structure, member; for the limit of a list's items, not of the list, also `items`. */
type Place = readonly [string, string, string, "items"?];

/** Where AWS's model has each limit. */
const MEMBERS: Readonly<Record<string, Place>> = {
  ACCELERATOR_LOG_PREFIX: ["globalaccelerator", "UpdateAcceleratorAttributesRequest", "FlowLogsS3Prefix"],
  ACCELERATOR_NAME: ["globalaccelerator", "CreateAcceleratorRequest", "Name"],
  ACCELERATOR_PORT_RANGES: ["globalaccelerator", "CreateListenerRequest", "PortRanges"],
  ALARM_ACTIONS: ["cloudwatch", "PutMetricAlarmInput", "AlarmActions"],
  ALARM_NAME: ["cloudwatch", "PutMetricAlarmInput", "AlarmName"],
  ALLOWED_INSTANCE_TYPE: ["autoscaling", "InstanceRequirements", "AllowedInstanceTypes", "items"],
  ALLOWED_INSTANCE_TYPES: ["autoscaling", "InstanceRequirements", "AllowedInstanceTypes"],
  AUTO_SCALING_GROUP_NAME: ["autoscaling", "CreateAutoScalingGroupType", "AutoScalingGroupName"],
  CERTIFICATE_NAME: ["acm", "RequestCertificateRequest", "DomainName"],
  CHECKPOINT_DELAY: ["autoscaling", "RefreshPreferences", "CheckpointDelay"],
  CHECKPOINT_PERCENTAGE: ["autoscaling", "RefreshPreferences", "CheckpointPercentages", "items"],
  DOMAIN_NAME: ["acm", "RequestCertificateRequest", "DomainName"],
  ENDPOINT_WEIGHT: ["globalaccelerator", "EndpointConfiguration", "Weight"],
  EVENT_RULE_NAME: ["events", "PutRuleRequest", "Name"],
  HEALTH_CHECK_CHILDREN: ["route53", "HealthCheckConfig", "ChildHealthChecks"],
  HEALTH_CHECK_FAILURES: ["route53", "HealthCheckConfig", "FailureThreshold"],
  HEALTH_CHECK_HOST: ["route53", "HealthCheckConfig", "FullyQualifiedDomainName"],
  HEALTH_CHECK_INTERVAL: ["elbv2", "CreateTargetGroupInput", "HealthCheckIntervalSeconds"],
  FIXED_RESPONSE_BODY: ["elbv2", "FixedResponseActionConfig", "MessageBody"],
  HEALTH_CHECK_PATH: ["elbv2", "CreateTargetGroupInput", "HealthCheckPath"],
  HEALTH_CHECK_RESOURCE_PATH: ["route53", "HealthCheckConfig", "ResourcePath"],
  HEALTH_CHECK_TIMEOUT: ["elbv2", "CreateTargetGroupInput", "HealthCheckTimeoutSeconds"],
  HEALTHY_THRESHOLD: ["elbv2", "CreateTargetGroupInput", "HealthyThresholdCount"],
  HOSTED_ZONE_ID: ["route53", "AliasTarget", "HostedZoneId"],
  KEY_DELETION_WINDOW: ["kms", "ScheduleKeyDeletionRequest", "PendingWindowInDays"],
  LAUNCH_TEMPLATE_NAME: ["ec2", "CreateLaunchTemplateRequest", "LaunchTemplateName"],
  LIFECYCLE_HOOK_NAME: ["autoscaling", "PutLifecycleHookType", "LifecycleHookName"],
  LOG_GROUP_NAME: ["logs", "CreateLogGroupRequest", "logGroupName"],
  MAX_HEALTHY_PERCENTAGE: ["autoscaling", "RefreshPreferences", "MaxHealthyPercentage"],
  METADATA_TAG_KEY: ["autoscaling", "Tag", "Key"],
  METRICS_NAMESPACE: ["cloudwatch", "PutMetricAlarmInput", "Namespace"],
  MIN_HEALTHY_PERCENTAGE: ["autoscaling", "RefreshPreferences", "MinHealthyPercentage"],
  PORT: ["elbv2", "CreateListenerInput", "Port"],
  RECORD_WEIGHT: ["route53", "ResourceRecordSet", "Weight"],
  RESOURCE_LABEL: ["autoscaling", "PredefinedMetricSpecification", "ResourceLabel"],
  RESOURCE_GROUP_NAME: ["resource-groups", "CreateGroupInput", "Name"],
  ROLE_NAME: ["iam", "CreateRoleRequest", "RoleName"],
  RULE_PRIORITY: ["elbv2", "CreateRuleInput", "Priority"],
  SCALING_POLICY_NAME: ["autoscaling", "PutScalingPolicyType", "PolicyName"],
  SCHEDULED_ACTION_NAME: ["autoscaling", "PutScheduledUpdateGroupActionType", "ScheduledActionName"],
  TAGS_PER_RESOURCE: ["iam", "CreateRoleRequest", "Tags"],
  TAG_VALUE: ["iam", "Tag", "Value"],
  TRAFFIC_DIAL: ["globalaccelerator", "CreateEndpointGroupRequest", "TrafficDialPercentage"],
  TRUST_STORE_NAME: ["elbv2", "CreateTrustStoreInput", "Name"],
  UNHEALTHY_THRESHOLD: ["elbv2", "CreateTargetGroupInput", "UnhealthyThresholdCount"],
};

/** What the model says instead. AWS's documentation, which has less, is right. */
const DIFFERENT: Readonly<Record<string, readonly [number, number]>> = {
  // The model has one length for all texts of Global Accelerator; the reference has this one for a name.
  ACCELERATOR_NAME: [0, 255],
  // The model has the length of any name of a certificate; RFC 5280 has that of the first, the common name.
  CERTIFICATE_NAME: [1, 253],
  // The model has 1 to 365; the reference and the developer guide have 7 to 30.
  KEY_DELETION_WINDOW: [1, 365],
  // The provider takes less than EC2.
  LAUNCH_TEMPLATE_NAME: [3, 128],
};

/** Limits of which the models have none: AWS writes them in its documentation alone. */
const DOCUMENTED = [
  ...["CLIENT_KEEP_ALIVE", "CONDITION_HEADER_NAME", "CONDITION_METHOD", "CONDITION_VALUE"],
  ...["DEREGISTRATION_DELAY", "FORWARD_STICKINESS_DURATION", "FORWARD_WEIGHT"],
  ...["HEALTHY_TARGETS_COUNT", "HEALTHY_TARGETS_PERCENTAGE"],
  ...["HEALTH_CHECK_GRPC_CODE", "HEALTH_CHECK_HTTP_CODE", "HEALTH_CHECKER_CODE"],
  ...["IDLE_TIMEOUT", "LOAD_BALANCER_NAME", "REWRITE", "SLOW_START", "STICKINESS_DURATION"],
  ...["TARGET_GROUP_NAME", "TARGET_OPTIMIZER_CONCURRENCY"],
  ...["JWKS_ENDPOINT", "JWT_CLAIM_VALUE", "JWT_ISSUER", "OBJECT_KEY", "OIDC_ENDPOINT", "OIDC_SESSION"],
  ...["LIFECYCLE_HOOK_HEARTBEAT", "MAX_INSTANCE_LIFETIME", "ON_DEMAND_PERCENTAGE", "REFRESH_ALARMS"],
  ...["GP3_IOPS", "GP3_SIZE", "GP3_THROUGHPUT", "METADATA_HOP_LIMIT", "SECURITY_GROUP_NAME", "USER_DATA"],
  ...["BUCKET_NAME", "DOMAIN_LABEL", "LIFECYCLE_DAYS", "NONCURRENT_VERSIONS_KEPT", "VPC_PREFIX"],
  ...["EMAIL_ADDRESS", "INSTANCE_TYPE", "TOPIC_NAME"],
];

/** Quotas of accounts and of networks. They are not of one request, so no model has them. */
const QUOTAS = [
  ...["CONDITION_VALUES_PER_RULE", "CONDITION_WILDCARDS_PER_RULE", "HEALTH_CHECKS_PER_ACCOUNT"],
  ...["ELASTIC_ADDRESSES_PER_REGION", "MANAGED_POLICY", "POLICIES_PER_ROLE"],
  ...["JWT_CLAIMS_PER_ACTION", "JWT_VALUES_PER_CLAIM", "REVOCATION_LISTS_PER_TRUST_STORE"],
  ...["INSTANCE_TYPES_PER_GROUP", "LOAD_BALANCER_CAPACITY_UNITS", "LOAD_BALANCER_ZONES"],
  ...[
    "RULES_PER_LOAD_BALANCER",
    "RULES_PER_SECURITY_GROUP",
    "SCHEDULED_ACTIONS_PER_GROUP",
    "SECURITY_GROUPS_PER_INTERFACE",
  ],
  ...["TARGETS_PER_LOAD_BALANCER", "TARGETS_PER_TARGET_GROUP"],
  ...["TARGET_GROUPS_PER_ACTION", "TARGET_GROUPS_PER_LOAD_BALANCER"],
];

/** What is no value of a request: a difference, and shares of a volume's size and IOPS. */
const RATIOS = ["HEALTHY_PERCENTAGE_SPREAD", "GP3_IOPS_PER_GIB", "GP3_THROUGHPUT_PER_IOPS"];

const facts = Object.entries({ ...limits, ...route53, ...globalAccelerator }) as readonly (readonly [
  string,
  Partial<limits.NumberLimit & limits.TextLimit>,
])[];

/** Facts that are limits: of a number, a length or a count. */
const ranges = facts.filter(([, fact]) => fact.max !== undefined || fact.maxLength !== undefined);

function shapeAt([service, structure, member, items]: Place): Shape {
  const shape = shapeOf({ service, name: structureOf({ service, name: structure }).members[member] ?? "" });
  return items !== undefined && "list" in shape ? shapeOf({ service, name: shape.list }) : shape;
}

/** The ends of a shape's range, those of the fact where the model leaves one open. */
function ends(name: string, ours: readonly [number | undefined, number | undefined]) {
  const { min = ours[0], max = ours[1] } = shapeAt(MEMBERS[name] as Place) as Scalar;
  return [min, max];
}

const rangeOf = ({ min, max, minLength, maxLength }: Partial<limits.NumberLimit & limits.TextLimit>) =>
  [min ?? minLength, max ?? maxLength] as const;

test("every limit has a member of AWS's models, or is known to be in no model", () => {
  const known = [...Object.keys(MEMBERS), ...DOCUMENTED, ...QUOTAS, ...RATIOS];
  expect(known.sort()).toEqual(ranges.map(([name]) => name).sort());
});

test("the models have a limit where they are compared", () => {
  for (const [name, place] of Object.entries(MEMBERS)) {
    const { min, max } = shapeAt(place) as Scalar;
    expect([name, min ?? max]).toEqual([name, expect.any(Number)]);
  }
});

test.each(ranges.filter(([name]) => MEMBERS[name] !== undefined && DIFFERENT[name] === undefined))(
  "%s is the limit of AWS's model",
  (name, fact) => {
    expect(rangeOf(fact)).toEqual(ends(name, rangeOf(fact)));
  },
);

test.each(Object.entries(DIFFERENT))("%s is narrower than in AWS's model, as it was", (name, model) => {
  const [min = 0, max = 0] = rangeOf(Object.fromEntries(facts)[name] ?? {});
  expect(ends(name, [0, 0])).toEqual(model);
  expect([min >= model[0], max <= model[1]]).toEqual([true, true]);
});

describe("the characters of a text", () => {
  const letters = Array.from({ length: 0x180 }, (_, code) => String.fromCharCode(code));
  const patterns = facts.flatMap(([name, { pattern }]) => {
    const place = MEMBERS[name];
    const model = place === undefined ? undefined : (shapeAt(place) as Scalar).pattern;
    return pattern === undefined || model === undefined
      ? []
      : [[name, pattern, new RegExp(`^(?:${model})$`, "u")] as const];
  });

  test.each(patterns)("of %s are allowed by AWS's model", (_name, ours, model) => {
    expect(letters.filter((letter) => ours.test(letter) && !model.test(letter))).toEqual([]);
  });

  test.each(
    patterns.filter(([name]) => ["LAUNCH_TEMPLATE_NAME", "LIFECYCLE_HOOK_NAME", "ROLE_NAME"].includes(name)),
  )("of %s are all that AWS's model allows", (_name, ours, model) => {
    expect(letters.filter((letter) => ours.test(letter))).toEqual(
      letters.filter((letter) => model.test(letter)),
    );
    expect(letters.filter((letter) => ours.test(letter)).length).toBeGreaterThan(60);
  });
});

describe("the words of Route 53", () => {
  const words = (structure: string, member: string, items?: "items") =>
    (shapeAt(["route53", structure, member, items]) as Scalar).enum;

  test("have the regions of its health checkers, and how few may be chosen", () => {
    const { names, fewest } = route53.HEALTH_CHECKER_REGIONS;
    expect([...(words("HealthCheckConfig", "Regions", "items") ?? [])].sort()).toEqual([...names].sort());
    expect(shapeAt(["route53", "HealthCheckConfig", "Regions"])).toMatchObject({ min: fewest });
  });

  test("have every region, for records and for alarms", () => {
    for (const known of [words("ResourceRecordSet", "Region"), words("AlarmIdentifier", "Region")]) {
      expect(regionCodes.filter((code) => !known?.includes(code))).toEqual([]);
    }
  });

  test("have the ends of the intervals of its health checks", () => {
    const [min, max] = route53.HEALTH_CHECK_INTERVALS.seconds;
    expect(shapeAt(["route53", "HealthCheckConfig", "RequestInterval"])).toMatchObject({ min, max });
  });
});
