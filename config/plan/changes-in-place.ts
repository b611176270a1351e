/** Fields whose change is one or several calls that change what is there. */
export interface InPlace {
  readonly fields: readonly string[];
  /** The calls of AWS's API, or what else happens, in whole sentences. */
  readonly aws: string;
  readonly source: string;
}

const ELB_API = "ELB API reference";
const ASG = "Auto Scaling user guide";
const EC2_API = "EC2 API reference";
const REFERENCE = "Terraform AWS provider";

/** Fields that change in place, without an interruption and without an order to keep. */
export const IN_PLACE: readonly InPlace[] = [
  {
    fields: ["state.kmsKeyArn"],
    aws: "PutBucketEncryption, by `npm run bootstrap`. States are encrypted with it from their next change on. Older versions keep their key; so Terraform forgets a key that was made for the bucket, and does not delete it.",
    source: "S3 API reference, PutBucketEncryption",
  },
  {
    fields: ["account.assumeRole", "account.permissionsBoundary"],
    aws: "PutRolePermissionsBoundary or DeleteRolePermissionsBoundary. Who deploys changes nothing.",
    source: "IAM API reference, PutRolePermissionsBoundary",
  },
  {
    fields: ["entry.allow"],
    aws: "Each block is a rule of its own, which comes or goes. A connection that is open may last.",
    source: 'VPC user guide, "Security group connection tracking"',
  },
  {
    fields: ["entry.certificateArn", "entry.tlsPolicy"],
    aws: "ModifyListener.",
    source: `${ELB_API}, ModifyListener`,
  },
  {
    fields: ["entry.default", "entry.modelList"],
    aws: "ModifyRule, CreateRule or DeleteRule; ModifyListener, where all paths of the default model's server are open.",
    source: `${ELB_API}, ModifyRule, CreateRule and ModifyListener`,
  },
  {
    fields: [
      "entry.idleTimeout",
      "entry.clientKeepAlive",
      "entry.deletionProtection",
      "entry.zonalShift",
      "entry.dropInvalidHeaders",
      "entry.desyncMitigation",
    ],
    aws: "ModifyLoadBalancerAttributes.",
    source: `${ELB_API}, ModifyLoadBalancerAttributes`,
  },
  {
    fields: ["entry.reservedCapacityUnits"],
    aws: "ModifyCapacityReservation. AWS limits how often it may be lowered in a day.",
    source: `${ELB_API}, ModifyCapacityReservation and CapacityReservationStatus (DecreaseRequestsRemaining)`,
  },
  {
    fields: ["entry.logs.prefix", "entry.logs.retention"],
    aws: "PutBucketPolicy and PutBucketLifecycleConfiguration, then ModifyLoadBalancerAttributes.",
    source: `S3 API reference; ${ELB_API}, ModifyLoadBalancerAttributes`,
  },
  {
    fields: ["globalEndpoint.health.failureThreshold"],
    aws: "UpdateHealthCheck.",
    source: "Route 53 API reference, UpdateHealthCheck",
  },
  {
    fields: [
      "globalEndpoint.accelerator.clientAffinity",
      "globalEndpoint.accelerator.flowLogs.bucket",
      "globalEndpoint.accelerator.flowLogs.prefix",
    ],
    aws: "UpdateListener and UpdateAcceleratorAttributes.",
    source: "Global Accelerator API reference, UpdateListener and UpdateAcceleratorAttributes",
  },
  {
    fields: ["regions.*.traffic", "regions.*.weight", "regions.*.dial"],
    aws: "The records of the global endpoint, or the dial of the accelerator. Clients follow within the time of docs/regions.md.",
    source:
      "Route 53 API reference, ChangeResourceRecordSets; Global Accelerator API reference, UpdateEndpointGroup",
  },
  {
    fields: [
      "regions.*.vcpuQuotas.onDemandG",
      "regions.*.vcpuQuotas.onDemandP",
      "regions.*.vcpuQuotas.spotG",
      "regions.*.vcpuQuotas.spotP",
      "regions.*.vcpuQuotas.spotP5",
      "regions.*.vcpuQuotas.onDemandStandard",
      "regions.*.vcpuQuotas.spotStandard",
      "models.*.capacityReservation.reservations.type",
      "accept",
    ],
    aws: "Nothing: only the checks read it.",
    source: "config/checks",
  },
  {
    fields: ["base"],
    aws: "Nothing by itself: what the base says counts as if it stood here.",
    source: "config/source",
  },
  {
    fields: [
      "entry.waf.requestsPerMinute.address",
      "entry.waf.requestsPerMinute.key",
      "entry.waf.block",
      "entry.waf.versions.core",
      "entry.waf.versions.knownBadInputs",
      "entry.waf.logRetention",
    ],
    aws: "UpdateWebACL, which may take minutes until it is everywhere, and PutRetentionPolicy. With another limit AWS WAF counts anew, for up to a minute.",
    source: "AWS WAF API reference, UpdateWebACL and RateBasedStatement",
  },
  {
    fields: ["regions.*.network.egress.*.to", "regions.*.network.egress.*.port"],
    aws: "ModifySecurityGroupRules; RevokeSecurityGroupEgress and AuthorizeSecurityGroupEgress where a block becomes a prefix list or a security group. Instances that run have it at once. A connection that is open may last.",
    source: `${EC2_API}, ModifySecurityGroupRules and RevokeSecurityGroupEgress; ${REFERENCE}, aws_vpc_security_group_egress_rule; VPC user guide, "Security group connection tracking"`,
  },
  {
    fields: ["alarms.topicArns"],
    aws: "PutMetricAlarm.",
    source: "CloudWatch API reference, PutMetricAlarm",
  },
  {
    fields: ["alarms.scalingActivities"],
    aws: "PutNotificationConfiguration or DeleteNotificationConfiguration, and PutKeyPolicy. Each topic gets a test notification.",
    source: "Auto Scaling API reference, PutNotificationConfiguration",
  },
  {
    fields: ["observability.logRetention", "observability.kmsKeyArn"],
    aws: "PutRetentionPolicy and AssociateKmsKey. Older logs keep their key; so Terraform forgets a key that the region made, and does not delete it.",
    source: "CloudWatch Logs API reference, PutRetentionPolicy and AssociateKmsKey",
  },
  {
    fields: [
      "survive",
      "models.*.survive",
      "models.*.capacity.min",
      "models.*.capacity.max",
      "models.*.capacity.peakRequestsPerMinute",
      "models.*.capacity.requestsPerMinutePerInstance",
      "models.*.capacity.typicalRequest.promptTokens",
      "models.*.capacity.typicalRequest.answerTokens",
      "models.*.capacity.typicalRequest.duration",
      "models.*.capacityReservation.preference",
      "models.*.capacityReservation.id",
      "models.*.capacityReservation.resourceGroupArn",
      "models.*.rollout.minHealthy",
      "models.*.rollout.maxHealthy",
      "models.*.rollout.autoRollback",
      "models.*.rollout.skipMatching",
      "models.*.rollout.checkpoints",
      "models.*.rollout.checkpointDelay",
      "models.*.rollout.alarms",
      "models.*.rollout.stopOnAlarms",
      "models.*.maxInstanceLifetime",
      "models.*.timing.gracePeriod",
      "models.*.timing.warmUp",
      "models.*.timing.refreshWarmUp",
    ],
    aws: "UpdateAutoScalingGroup, for what is launched and replaced from then on. A lower `max` terminates what is above it.",
    source: "Auto Scaling API reference, UpdateAutoScalingGroup",
  },
  {
    fields: [
      "models.*.capacityReservation.reservations.id",
      "models.*.capacityReservation.reservations.zone",
      "models.*.capacityReservation.reservations.count",
    ],
    aws: "GroupResources and UngroupResources, which change what instances are launched into from then on; UpdateAutoScalingGroup, with other sizes, and with other subnets where instances are launched into reservations only. Auto Scaling then balances the zones: it launches before it terminates.",
    source: `Resource Groups API reference, GroupResources and UngroupResources; ${ASG}, "Add and remove Availability Zones"`,
  },
  {
    fields: ["models.*.capacityBlock.until"],
    aws: "PutScheduledUpdateGroupAction and PutRule, which move the end of the group and the notice of it.",
    source: "Auto Scaling API reference, PutScheduledUpdateGroupAction; EventBridge API reference, PutRule",
  },
  {
    fields: ["models.*.suspend"],
    aws: "SuspendProcesses and ResumeProcesses.",
    source: "Auto Scaling API reference, SuspendProcesses",
  },
  {
    fields: [
      "models.*.scaling.requestsPerMinutePerInstance",
      "models.*.scaling.waitingRequestsPerInstance",
      "models.*.scaling.scaleIn",
    ],
    aws: "PutScalingPolicy.",
    source: "Auto Scaling API reference, PutScalingPolicy",
  },
  {
    fields: [
      "models.*.warmPool.state",
      "models.*.warmPool.min",
      "models.*.warmPool.maxPrepared",
      "models.*.warmPool.reuse",
    ],
    aws: "PutWarmPool, or DeleteWarmPool, which ends the waiting instances only.",
    source: "Auto Scaling API reference, PutWarmPool and DeleteWarmPool",
  },
  {
    fields: [
      "models.*.loadTime",
      "models.*.longestRequest",
      "models.*.longestSilence",
      "models.*.timing.launchHook",
      "models.*.timing.drain",
      "models.*.timing.slowStart",
    ],
    aws: "PutLifecycleHook, ModifyTargetGroupAttributes and ModifyLoadBalancerAttributes. What the instances are told of it is a new version of the launch template.",
    source: `Auto Scaling API reference, PutLifecycleHook; ${ELB_API}, ModifyTargetGroupAttributes`,
  },
  {
    fields: [
      "models.*.health.interval",
      "models.*.health.timeout",
      "models.*.health.healthyThreshold",
      "models.*.health.unhealthyThreshold",
    ],
    aws: "ModifyTargetGroup.",
    source: `${ELB_API}, ModifyTargetGroup`,
  },
  {
    fields: [
      "models.*.algorithm",
      "models.*.stickiness.instance",
      "models.*.crossZone",
      "models.*.healthyTargets.dnsFailover.count",
      "models.*.healthyTargets.dnsFailover.percentage",
      "models.*.healthyTargets.routing.count",
      "models.*.healthyTargets.routing.percentage",
    ],
    aws: "ModifyTargetGroupAttributes.",
    source: `${ELB_API}, ModifyTargetGroupAttributes`,
  },
  {
    fields: [
      "models.*.stickiness.variant",
      "models.*.variants.*.weight",
      "models.*.routes.path",
      "models.*.routes.prefix",
      "models.*.routes.pathRegex",
      "models.*.routes.host",
      "models.*.routes.hostRegex",
      "models.*.routes.headers.*",
      "models.*.routes.method",
      "models.*.routes.query.key",
      "models.*.routes.query.value",
      "models.*.routes.sourceIp",
      "models.*.routes.priority",
      "models.*.routes.rewrite.path.regex",
      "models.*.routes.rewrite.path.replace",
      "models.*.routes.rewrite.host.regex",
      "models.*.routes.rewrite.host.replace",
    ],
    aws: "ModifyRule and SetRulePriorities. Another route is another rule, made before the old one goes.",
    source: `${ELB_API}, ModifyRule and SetRulePriorities`,
  },
];
