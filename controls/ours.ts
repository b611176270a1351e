import type { Part } from "./part";
import { statementsOf } from "./policy";
import { takesLogs } from "./rules/s3-bucket";
import type { World } from "./world";

/** A control that this project does not keep on purpose. */
export interface Ours {
  /** An id of its rule. */
  readonly id: string;
  /** Which parts it is about. */
  readonly of: string;
  readonly reason: string;
  /** Whether a part that fails is such a one. */
  takes(part: Part, world: World): boolean;
}

/** Alarms notify somebody here, but not this one, which the health checks of the global endpoint read by its name. */
function isOnlyRead(alarm: Part, world: World): boolean {
  const isRead = alarm.text("alarm_name")?.endsWith(".out-of-service") === true;
  return isRead && world.beside(alarm, alarm.type).some((other) => other.has("alarm_actions"));
}

/** The bucket that this project makes for the states. */
function isOfStates({ stack, address }: Part): boolean {
  return stack === "state" && address === "aws_s3_bucket.state";
}

/** The keys that this project makes for logs and for the messages of alarms. */
function isOfLogsOrAlarms(key: Part): boolean {
  return (
    /^aws_kms_key\.(alarms_topic|logs)_key$/.test(key.address) && key.number("deletion_window_in_days") === 30
  );
}

/** Of the buckets that others make nothing is known, such as whether something waits for what is in them. */
function isOfLogsOrStates(bucket: Part, world: World): boolean {
  return isOfStates(bucket) || takesLogs(bucket, world);
}

/** Actions are all written out, and only resources have wildcards. */
function namesActions(policy: Part, world: World): boolean {
  const statements = statementsOf(policy, "policy", world).filter(({ allows }) => allows);
  return (
    statements.length > 0 && statements.every(({ actions }) => actions.every((each) => !each.includes("*")))
  );
}

/**
 * The controls that this project does not keep: at most ten, and none that a field could close. Each reason is one that a
 * security team can check.
 */
export const OURS: readonly Ours[] = [
  {
    id: "CKV_AWS_145",
    of: "buckets of logs",
    reason:
      "Elastic Load Balancing and S3 deliver logs only to buckets that S3 encrypts with its own key (ELB user guide, Enable access logs; S3 user guide, Logging requests with server access logging).",
    takes: takesLogs,
  },
  {
    id: "CKV_AWS_18",
    of: "buckets of logs",
    reason:
      "A bucket that logs go to would log its own log files without end; what reads or deletes a log file is in CloudTrail.",
    takes: takesLogs,
  },
  {
    id: "S3.20",
    of: "buckets of logs and of the states",
    reason:
      "Only the root user of an account can turn MFA delete on, and it forbids lifecycle rules (S3 user guide, Configuring MFA delete), by which old logs and states end; versions protect what is deleted.",
    takes: isOfLogsOrStates,
  },
  {
    id: "CKV_AWS_144",
    of: "buckets of logs and of the states",
    reason:
      "Logs are evidence that no region serves from, and two copies of a state could differ: versions keep both, and the synthesis and an import rebuild a state that is lost with its region.",
    takes: isOfLogsOrStates,
  },
  {
    id: "S3.15",
    of: "buckets of logs and of the states",
    reason:
      "A lock keeps what must be removable: replaced states, which may hold secrets, and addresses of clients; and S3 delivers no access logs to a locked bucket (S3 user guide, Enabling Amazon S3 server access logging). Versions protect what is deleted.",
    takes: isOfLogsOrStates,
  },
  {
    id: "KMS.3",
    of: "keys of logs and alarms",
    reason:
      "Such a key ends with its region or its deployment, by a plan that someone reads, and can be taken back for 30 days; prevent_destroy would keep Terraform from ever removing a region.",
    takes: isOfLogsOrAlarms,
  },
  {
    id: "EC2.10",
    of: "VPCs made here",
    reason:
      "An endpoint keeps calls of EC2's API inside a VPC, and no instance makes any: its policy allows none, and what it asks of EC2 the metadata service answers.",
    takes: ({ address }) => address === "aws_vpc.network",
  },
  {
    id: "CloudWatch.15",
    of: "alarms that health checks of Route 53 read",
    reason:
      "These alarms are the input of a health check, which has an alarm of its own that notifies; notifying here too would tell the same thing twice.",
    takes: isOnlyRead,
  },
  {
    id: "NIST-CloudWatchAlarmAction",
    of: "alarms that health checks of Route 53 read",
    reason: "As CloudWatch.15: the alarm of the health check that reads them notifies.",
    takes: isOnlyRead,
  },
  {
    id: "AwsSolutions-IAM5",
    of: "policies whose actions are all written out",
    reason:
      "What is left after `*` is what AWS names by itself (the id of a group, the streams of a log group, the objects under one prefix), or an action for which AWS takes no resource (Service Authorization Reference).",
    takes: namesActions,
  },
];

/** The reason for which a part that fails a rule is accepted here. */
export function acceptedHere(ids: readonly string[], part: Part, world: World): string | undefined {
  return OURS.find((each) => ids.includes(each.id) && each.takes(part, world))?.reason;
}
