import { AutoscalingPolicy } from "@cdktf/provider-aws/lib/autoscaling-policy";
import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { Testing } from "cdktf";
import {
  RequestCountScaling,
  type RequestCountScalingProps,
} from "../../../constructs/auto-scaling/request-count-scaling";
import { ServingStack } from "../../../stacks/serving-stack";
import "cdktf/lib/testing/adapters/jest";

const minimal: RequestCountScalingProps = {
  autoScalingGroupName: "chat.llama.main",
  resourceLabel: "app/chat/50dc6c495c0c9188/targetgroup/main/943f017f100becff",
  requestsPerMinutePerInstance: 120.5,
};

function synthesize(props: Partial<RequestCountScalingProps> = {}): string {
  const stack = new ServingStack(Testing.app(), "stack");
  const rule = new SecurityGroup(stack, "rule");
  new RequestCountScaling(stack, "scaling", { ...minimal, dependsOn: [rule], ...props });
  return Testing.synth(stack);
}

it("has a target of requests for each instance, and scales out and in", () => {
  expect(synthesize()).toHaveResourceWithProperties(AutoscalingPolicy, {
    autoscaling_group_name: "chat.llama.main",
    name: "requests-per-instance",
    policy_type: "TargetTrackingScaling",
    target_tracking_configuration: {
      predefined_metric_specification: {
        predefined_metric_type: "ALBRequestCountPerTarget",
        resource_label: "app/chat/50dc6c495c0c9188/targetgroup/main/943f017f100becff",
      },
      target_value: 120.5,
      disable_scale_in: false,
    },
  });
});

it("leaves the warm-up to the group", () => {
  expect(synthesize()).not.toContain("estimated_instance_warmup");
});

it("waits until requests are sent to the target group", () => {
  expect(synthesize()).toHaveResourceWithProperties(AutoscalingPolicy, {
    depends_on: ["aws_security_group.rule"],
  });
});

it("only grows when configured", () => {
  expect(synthesize({ scaleIn: false })).toHaveResourceWithProperties(AutoscalingPolicy, {
    target_tracking_configuration: expect.objectContaining({ disable_scale_in: true }),
  });
});

it("has another name when configured", () => {
  expect(synthesize({ name: "load" })).toHaveResourceWithProperties(AutoscalingPolicy, { name: "load" });
});

it.each([
  ["requestsPerMinutePerInstance must be more than 0", { requestsPerMinutePerInstance: 0 }],
  ["requestsPerMinutePerInstance must be more than 0", { requestsPerMinutePerInstance: Number.NaN }],
  [
    "characters as in app/<name>/<id>/targetgroup/<name>/<id>",
    { resourceLabel: "targetgroup/main/943f017f100becff" },
  ],
])("refuses what Auto Scaling refuses: %s", (message, props) => {
  expect(() => synthesize(props)).toThrow(message);
});
