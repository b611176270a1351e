import { AutoscalingGroup } from "@cdktf/provider-aws/lib/autoscaling-group";
import { AutoscalingPolicy } from "@cdktf/provider-aws/lib/autoscaling-policy";
import { LbListenerRule } from "@cdktf/provider-aws/lib/lb-listener-rule";
import { Testing } from "cdktf";
import { EmbeddingsStack } from "../../examples/constructs";
import "cdktf/lib/testing/adapters/jest";

const json = Testing.synth(new EmbeddingsStack(Testing.app(), "embeddings"));
const { resource } = JSON.parse(json);

/** Reference to an attribute of the only resource of a type. */
const only = (type: string, attribute: string) =>
  `\${${type}.${Object.keys(resource[type])[0]}.${attribute}}`;

test("requests for embeddings go to the target group that the instances register with", () => {
  const targetGroup = only("aws_lb_target_group", "arn");
  expect(json).toHaveResourceWithProperties(LbListenerRule, {
    condition: [{ path_pattern: { values: ["/v1/embeddings"] } }],
    action: [
      expect.objectContaining({
        forward: expect.objectContaining({ target_group: [{ arn: targetGroup, weight: 1 }] }),
      }),
    ],
  });
  expect(json).toHaveResourceWithProperties(AutoscalingGroup, { target_group_arns: [targetGroup] });
});

test("instances are launched from the pinned version of the template", () => {
  expect(json).toHaveResourceWithProperties(AutoscalingGroup, {
    mixed_instances_policy: expect.objectContaining({
      launch_template: expect.objectContaining({
        launch_template_specification: {
          launch_template_id: only("aws_launch_template", "id"),
          version: only("aws_launch_template", "latest_version"),
        },
      }),
    }),
  });
});

test("the group scales with the requests of its target group", () => {
  expect(json).toHaveResourceWithProperties(AutoscalingPolicy, {
    target_tracking_configuration: expect.objectContaining({
      target_value: 600,
      predefined_metric_specification: expect.objectContaining({
        resource_label: `${only("aws_lb", "arn_suffix")}/${only("aws_lb_target_group", "arn_suffix")}`,
      }),
    }),
  });
});
