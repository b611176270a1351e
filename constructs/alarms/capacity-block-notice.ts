import { CloudwatchEventRule } from "@cdktf/provider-aws/lib/cloudwatch-event-rule";
import { CloudwatchEventTarget } from "@cdktf/provider-aws/lib/cloudwatch-event-target";
import { Construct } from "constructs";
import { EVENT_RULE_NAME } from "../../aws/limits";
import { prefixOf } from "../name-prefix";

/** Longest beginning of the name of a rule that Terraform completes. */
const { maxLength: LONGEST_PREFIX } = prefixOf(EVENT_RULE_NAME);

/** A Capacity Block, and when its instances go. */
export interface EndingCapacityBlock {
  /** Id of the reservation. */
  readonly id: string;
  /** When to notify, in UTC: `2027-03-11T10:45:00Z`. */
  readonly noticeAt: string;
  /** What to notify of. */
  readonly text: string;
}

/**
 * Tells topics that a Capacity Block ends: once at a time of your own, and when EC2 itself warns, 40 minutes before the end.
 *
 * The policies of the topics must allow `events.amazonaws.com` to publish.
 *
 * Source: EC2 user guide, "Monitor Capacity Blocks using EventBridge"; EventBridge API reference, PutRule (a rule may have both
 * a pattern and a schedule); EventBridge user guide, "Setting a schedule pattern".
 */
export function capacityBlockNotice(
  scope: Construct,
  { id, noticeAt, text }: EndingCapacityBlock,
  { namePrefix, tags }: { readonly namePrefix: string; readonly tags?: { readonly [key: string]: string } },
  topicArns: readonly string[],
): void {
  const rule = new CloudwatchEventRule(scope, "capacity-block-ends", {
    namePrefix: `${namePrefix}.capacity-block-ends.`.slice(0, LONGEST_PREFIX),
    description: `Capacity Block ${id} ends.`,
    scheduleExpression: onceAt(noticeAt),
    eventPattern: JSON.stringify({
      source: ["aws.ec2"],
      "detail-type": ["Capacity Block Reservation Expiration Warning"],
      detail: { "capacity-reservation-id": [id] },
    }),
    tags,
    lifecycle: { createBeforeDestroy: true },
  });
  const targets = new Construct(scope, "capacity-block-ends-to");
  topicArns.forEach((arn, index) => {
    new CloudwatchEventTarget(targets, String(index), {
      rule: rule.name,
      // Made again after an apply that was killed it is the same target, not a second one that no state knows.
      targetId: `topic-${index + 1}`,
      arn,
      input: JSON.stringify(text),
      lifecycle: { createBeforeDestroy: true },
    });
  });
}

/** A schedule of EventBridge that matches one minute of one year. */
function onceAt(instant: string): string {
  const [, year, month, day, hour, minute] =
    /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):/.exec(instant)?.map(Number) ?? [];
  return `cron(${minute} ${hour} ${day} ${month} ? ${year})`;
}
