import type { Rule } from "../rule";

const GROUP = ["aws_cloudwatch_log_group"];
const ALARM = ["aws_cloudwatch_metric_alarm"];
const SECURITY_HUB = "Security Hub user guide, Amazon CloudWatch controls";

export const cloudwatch: readonly Rule[] = [
  {
    ids: ["CKV_AWS_66"],
    meaning: "Logs end at some time",
    source: "Checkov, policy index of Terraform",
    types: GROUP,
    closedBy: ["observability.logRetention", "entry.waf.logRetention"],
    holds: (part) => part.has("retention_in_days"),
  },
  {
    ids: ["CKV_AWS_338", "CloudWatch.16", "NIST-CloudWatchLogGroupRetentionPeriod"],
    meaning: "Logs are kept for a year or longer",
    source: SECURITY_HUB,
    types: GROUP,
    closedBy: ["observability.logRetention", "entry.waf.logRetention"],
    holds: (part) => {
      const days = part.number("retention_in_days") ?? 0;
      return days === 0 || days >= 365;
    },
  },
  {
    ids: ["CKV_AWS_158", "AWS-0017", "NIST-CloudWatchLogGroupEncrypted"],
    meaning: "Logs are encrypted with a key of one's own",
    source: "Checkov, policy index of Terraform",
    types: GROUP,
    closedBy: ["observability.kmsKeyArn"],
    price: { usdAMonth: 1, per: "KMS key, one a region" },
    holds: (part) => part.has("kms_key_id") && !/^alias\//.test(String(part.value("kms_key_id"))),
  },
  {
    ids: ["CKV_AWS_319", "CloudWatch.17"],
    meaning: "The actions of an alarm are on",
    source: SECURITY_HUB,
    types: ALARM,
    holds: (part) => part.flag("actions_enabled", true),
  },
  {
    ids: ["CloudWatch.15"],
    meaning: "An alarm notifies someone",
    source: SECURITY_HUB,
    types: ALARM,
    closedBy: ["alarms.email"],
    holds: (part) => part.has("alarm_actions"),
  },
  {
    ids: ["NIST-CloudWatchAlarmAction"],
    meaning: "An alarm does something when its state changes",
    source: "cdk-nag, NIST 800-53 rev 5",
    types: ALARM,
    closedBy: ["alarms.email"],
    holds: (part) =>
      ["alarm_actions", "ok_actions", "insufficient_data_actions"].some((name) => part.has(name)),
  },
];
