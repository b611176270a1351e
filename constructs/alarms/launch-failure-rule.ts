import { CloudwatchEventRule } from "@cdktf/provider-aws/lib/cloudwatch-event-rule";
import { CloudwatchEventTarget } from "@cdktf/provider-aws/lib/cloudwatch-event-target";
import { Construct } from "constructs";
import { EVENT_RULE_NAME } from "../../aws/limits";
import { prefixOf } from "../name-prefix";

/** Longest beginning of the name of a rule that Terraform completes. */
const { maxLength: LONGEST_PREFIX } = prefixOf(EVENT_RULE_NAME);

/**
 * Sends every launch of an Auto Scaling group that failed to topics: with the group's name, and with AWS's reason, such as
 * that it has no such instances, or that a quota is exhausted. An alarm on the number of instances goes off later, and
 * does not know the reason.
 *
 * The policies of the topics must allow `events.amazonaws.com` to publish.
 *
 * Source: Auto Scaling user guide, "Amazon EC2 Auto Scaling event reference", EC2 Instance Launch Unsuccessful;
 * EventBridge user guide, "Amazon EventBridge input transformation".
 */
export function launchFailureRule(
  scope: Construct,
  { id, autoScalingGroupName }: { readonly id: string; readonly autoScalingGroupName: string },
  { namePrefix, tags }: { readonly namePrefix: string; readonly tags?: { readonly [key: string]: string } },
  topicArns: readonly string[],
): void {
  const rule = new CloudwatchEventRule(scope, "launch-failures", {
    namePrefix: `${namePrefix}.${id}.launch-failures.`.slice(0, LONGEST_PREFIX),
    description: `Launches of Auto Scaling group ${autoScalingGroupName} that failed.`,
    eventPattern: JSON.stringify({
      source: ["aws.autoscaling"],
      "detail-type": ["EC2 Instance Launch Unsuccessful"],
      detail: { AutoScalingGroupName: [autoScalingGroupName] },
    }),
    tags,
    lifecycle: { createBeforeDestroy: true },
  });
  const targets = new Construct(scope, "launch-failures-to");
  topicArns.forEach((arn, index) => {
    new CloudwatchEventTarget(targets, String(index), {
      rule: rule.name,
      // Made again after an apply that was killed it is the same target, not a second one that no state knows.
      targetId: `topic-${index + 1}`,
      arn,
      inputTransformer: {
        inputPaths: { group: "$.detail.AutoScalingGroupName", reason: "$.detail.StatusMessage" },
        inputTemplate: JSON.stringify(
          "Auto Scaling group <group> could not launch an instance: <reason> It tries again by itself. Look at the activity history of the group.",
        ),
      },
      // Another rule has its targets before this one loses them.
      lifecycle: { createBeforeDestroy: true },
    });
  });
}
