import { AutoscalingNotification } from "@cdktf/provider-aws/lib/autoscaling-notification";
import { Construct } from "constructs";

/** What Auto Scaling tells of. Source: Auto Scaling API reference, NotificationConfiguration. */
const ACTIVITIES = [
  "autoscaling:EC2_INSTANCE_LAUNCH",
  "autoscaling:EC2_INSTANCE_LAUNCH_ERROR",
  "autoscaling:EC2_INSTANCE_TERMINATE",
  "autoscaling:EC2_INSTANCE_TERMINATE_ERROR",
];

/**
 * Has Auto Scaling tell topics of every launch and every end of an instance of a group, as JSON, and of those that fail.
 *
 * The keys of the topics must allow the service-linked role AWSServiceRoleForAutoScaling to encrypt. Its own policy lets it
 * publish to topics of the same account.
 *
 * Source: Auto Scaling user guide, "Amazon SNS notification options for Amazon EC2 Auto Scaling".
 */
export function scalingActivities(
  scope: Construct,
  autoScalingGroupName: string,
  topicArns: readonly string[],
): void {
  const to = new Construct(scope, "activities-to");
  topicArns.forEach((topicArn, index) => {
    new AutoscalingNotification(to, String(index), {
      groupNames: [autoScalingGroupName],
      notifications: ACTIVITIES,
      topicArn,
    });
  });
}
