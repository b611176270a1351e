import type { Construct } from "constructs";
import { topicRule } from "./topic-rule";

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
  topicRule(
    scope,
    "launch-failures",
    {
      namePrefix: `${namePrefix}.${id}`,
      description: `Launches of Auto Scaling group ${autoScalingGroupName} that failed.`,
      eventPattern: JSON.stringify({
        source: ["aws.autoscaling"],
        "detail-type": ["EC2 Instance Launch Unsuccessful"],
        detail: { AutoScalingGroupName: [autoScalingGroupName] },
      }),
      tags,
    },
    topicArns,
    {
      inputTransformer: {
        inputPaths: { group: "$.detail.AutoScalingGroupName", reason: "$.detail.StatusMessage" },
        inputTemplate: JSON.stringify(
          "Auto Scaling group <group> could not launch an instance: <reason> It tries again by itself. Look at the activity history of the group.",
        ),
      },
    },
  );
}
