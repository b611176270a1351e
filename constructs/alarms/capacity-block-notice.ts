import type { Construct } from "constructs";
import { topicRule } from "./topic-rule";

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
  topicRule(
    scope,
    "capacity-block-ends",
    {
      namePrefix,
      description: `Capacity Block ${id} ends.`,
      scheduleExpression: onceAt(noticeAt),
      eventPattern: JSON.stringify({
        source: ["aws.ec2"],
        "detail-type": ["Capacity Block Reservation Expiration Warning"],
        detail: { "capacity-reservation-id": [id] },
      }),
      tags,
    },
    topicArns,
    { input: JSON.stringify(text) },
  );
}

/** A schedule of EventBridge that matches one minute of one year. */
function onceAt(instant: string): string {
  const [, year, month, day, hour, minute] =
    /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):/.exec(instant)?.map(Number) ?? [];
  return `cron(${minute} ${hour} ${day} ${month} ? ${year})`;
}
