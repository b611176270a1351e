import {
  CloudwatchEventRule,
  type CloudwatchEventRuleConfig,
} from "@cdktf/provider-aws/lib/cloudwatch-event-rule";
import {
  CloudwatchEventTarget,
  type CloudwatchEventTargetConfig,
} from "@cdktf/provider-aws/lib/cloudwatch-event-target";
import { Construct } from "constructs";
import { EVENT_RULE_NAME } from "../../aws/limits";
import { prefixOf } from "../name-prefix";

/** Longest beginning of the name of a rule that Terraform completes. */
const { maxLength: LONGEST_PREFIX } = prefixOf(EVENT_RULE_NAME);

/**
 * An EventBridge rule that tells topics. Their policies must allow `events.amazonaws.com` to publish.
 *
 * @param name of the rule within the scope, and in its name in AWS: `<namePrefix>.<name>.…`
 * @param message what the topics get
 */
export function topicRule(
  scope: Construct,
  name: string,
  { namePrefix, ...rule }: CloudwatchEventRuleConfig & { readonly namePrefix: string },
  topicArns: readonly string[],
  message: Pick<CloudwatchEventTargetConfig, "input" | "inputTransformer">,
): void {
  const made = new CloudwatchEventRule(scope, name, {
    ...rule,
    namePrefix: `${namePrefix}.${name}.`.slice(0, LONGEST_PREFIX),
    lifecycle: { createBeforeDestroy: true },
  });
  const targets = new Construct(scope, `${name}-to`);
  topicArns.forEach((arn, index) => {
    new CloudwatchEventTarget(targets, String(index), {
      ...message,
      rule: made.name,
      // Made again after an apply that was killed it is the same target, not a second one that no state knows.
      targetId: `topic-${index + 1}`,
      arn,
      // Another rule has its targets before this one loses them.
      lifecycle: { createBeforeDestroy: true },
    });
  });
}
