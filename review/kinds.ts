import type { ResourceChange } from "./deployment";

/** What a change comes to, in the order in which a reader wants it. */
export const KINDS = [
  "interrupted",
  "rolled",
  "replaced",
  "rerouted",
  "resized",
  "health and alarms",
  "cannot be undone",
  "left running",
  "new",
  "removed",
  "other",
] as const;

/** One of {@link KINDS}. */
export type Kind = (typeof KINDS)[number];

/** Types whose deletion nothing brings back: what is in them goes with them, or the name or address may be taken. */
export const NOT_UNDONE: Readonly<Record<string, string>> = {
  aws_acmpca_certificate_authority: "certificate authority",
  aws_backup_vault: "backup vault, with its backups",
  aws_cloudwatch_log_group: "log group, with all that is in it",
  aws_cognito_user_pool: "user pool, with its users",
  aws_db_instance: "database, with all that is in it but its snapshots",
  aws_docdb_cluster: "database, with all that is in it but its snapshots",
  aws_dynamodb_table: "table, with all that is in it",
  aws_ebs_volume: "volume, with all that is on it",
  aws_ecr_repository: "repository, with its images",
  aws_efs_file_system: "file system, with all that is in it",
  aws_eip: "public address, which AWS gives to somebody else",
  aws_globalaccelerator_accelerator: "accelerator, with its static addresses and its DNS name",
  aws_fsx_lustre_file_system: "file system, with all that is in it",
  aws_kms_key: "key: what it encrypted cannot be read any more once its waiting time is over",
  aws_lb: "load balancer, with its DNS name",
  aws_rds_cluster: "database, with all that is in it but its snapshots",
  aws_route53_zone: "hosted zone, with its name servers",
  aws_s3_bucket: "bucket; its name may be taken by somebody else",
  aws_s3_object: "object, where the bucket keeps no versions",
  aws_secretsmanager_secret: "secret",
  aws_sqs_queue: "queue, with its messages",
};

/** Types without which requests or instances have no way, while one of them is not there. */
const SERVING = new Set([
  ...["aws_autoscaling_group", "aws_eip", "aws_internet_gateway", "aws_lb", "aws_lb_listener"],
  ...["aws_lb_listener_certificate", "aws_lb_listener_rule", "aws_lb_target_group", "aws_nat_gateway"],
  ...["aws_alb", "aws_alb_listener", "aws_alb_listener_rule", "aws_alb_target_group"],
  ...["aws_iam_instance_profile", "aws_iam_role", "aws_iam_role_policy", "aws_iam_role_policy_attachment"],
  ...["aws_route", "aws_route53_record", "aws_route_table", "aws_route_table_association"],
  ...["aws_security_group", "aws_security_group_rule", "aws_subnet", "aws_vpc", "aws_vpc_endpoint"],
  ...["aws_vpc_security_group_egress_rule", "aws_vpc_security_group_ingress_rule"],
  ...["aws_globalaccelerator_accelerator", "aws_globalaccelerator_listener"],
  // Of other projects.
  ...[
    "aws_db_instance",
    "aws_ecs_service",
    "aws_eks_cluster",
    "aws_instance",
    "aws_lambda_function",
    "aws_rds_cluster",
  ],
]);

const ROUTING = new Set([
  ...["aws_lb_listener", "aws_lb_listener_rule", "aws_alb_listener", "aws_alb_listener_rule"],
  ...["aws_globalaccelerator_endpoint_group", "aws_globalaccelerator_listener"],
]);

/** Types that decide how many instances a group has. */
export const SIZING: ReadonlySet<string> = new Set([
  "aws_autoscaling_policy",
  "aws_autoscaling_schedule",
  "aws_appautoscaling_policy",
]);

const HEALTH = new Set([
  ...["aws_lb_target_group", "aws_alb_target_group", "aws_autoscaling_lifecycle_hook"],
  ...["aws_cloudwatch_composite_alarm", "aws_cloudwatch_metric_alarm", "aws_route53_health_check"],
  ...["aws_cloudwatch_event_rule", "aws_cloudwatch_event_target"],
  ...["aws_sns_topic", "aws_sns_topic_policy", "aws_sns_topic_subscription"],
]);

/** Arguments of a group that decide how many instances it has. */
const SIZES = ["min_size", "max_size", "desired_capacity", "warm_pool", "instance_maintenance_policy"];

/** Arguments of a group whose change starts an instance refresh. Source: Terraform AWS provider, aws_autoscaling_group, instance_refresh. */
const REFRESHING = ["launch_template", "mixed_instances_policy", "launch_configuration"];

/** Whether arguments of some names change. */
export function changes({ differences }: ResourceChange, ...names: readonly string[]): boolean {
  return differences.some(({ path }) => names.includes(path.split(".")[0] ?? ""));
}

/** Whether a change of a group starts a refresh, where the group has one. */
export function startsRefresh(change: ResourceChange): boolean {
  return (
    change.type === "aws_autoscaling_group" && change.action === "update" && changes(change, ...REFRESHING)
  );
}

/**
 * What a resource's change comes to by itself. What only others tell, such as that the launch template of a group rolls
 * its instances, is not here.
 */
export function kindOf(change: ResourceChange): Kind | undefined {
  const { action, type, before, after } = change;
  if (action === "unchanged") {
    return undefined;
  }
  const isRecord = type === "aws_route53_record" && leads(action === "delete" ? before : after);
  if (action === "replace with a gap" && SERVING.has(type) && (type !== "aws_route53_record" || isRecord)) {
    return "interrupted";
  }
  if (type in NOT_UNDONE && (action === "delete" || action.startsWith("replace"))) {
    return "cannot be undone";
  }
  if (action === "replace" || action === "replace with a gap") {
    return "replaced";
  }
  if (ROUTING.has(type) || isRecord) {
    return "rerouted";
  }
  if (action === "create") {
    return "new";
  }
  if (action === "delete" || action === "forget") {
    return "removed";
  }
  if (keepsLess(change)) {
    return "cannot be undone";
  }
  if (SIZING.has(type) || (type === "aws_autoscaling_group" && changes(change, ...SIZES))) {
    return "resized";
  }
  return HEALTH.has(type) || (type === "aws_autoscaling_group" && changes(change, ...HEALTH_ARGUMENTS))
    ? "health and alarms"
    : "other";
}

/** Arguments that say for how many days something is kept; none, and 0, is for ever. */
const KEPT_FOR: Readonly<Record<string, RegExp>> = {
  aws_backup_plan: /\.delete_after$/,
  aws_cloudwatch_log_group: /^retention_in_days$/,
  aws_db_instance: /^backup_retention_period$/,
  aws_rds_cluster: /^backup_retention_period$/,
  aws_s3_bucket_lifecycle_configuration: /expiration\.(\d+\.)?(days|noncurrent_days)$/,
};

/** Whether something is kept for a shorter time: AWS deletes what is older. */
export function keepsLess({ type, action, differences }: ResourceChange): boolean {
  const days = (value: ResourceChange["before"]) => Number(value ?? 0) || Number.POSITIVE_INFINITY;
  return (
    action === "update" &&
    differences.some(
      ({ path, before, after }) => KEPT_FOR[type]?.test(path) === true && days(after) < days(before),
    )
  );
}

const HEALTH_ARGUMENTS = ["health_check_type", "health_check_grace_period", "default_instance_warmup"];

/** Whether a record leads clients anywhere; one that validates a certificate does not. */
function leads(record: ResourceChange["after"]): boolean {
  return [record?.alias].flat().some((each) => each !== undefined && each !== null) || record?.type === "A";
}
