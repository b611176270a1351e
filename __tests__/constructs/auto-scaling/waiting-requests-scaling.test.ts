import { AutoscalingPolicy } from "@cdktf/provider-aws/lib/autoscaling-policy";
import { Testing } from "cdktf";
import {
  WaitingRequestsScaling,
  type WaitingRequestsScalingProps,
} from "../../../constructs/auto-scaling/waiting-requests-scaling";
import { ServingStack } from "../../../stacks/serving-stack";
import "cdktf/lib/testing/adapters/jest";

const minimal: WaitingRequestsScalingProps = {
  autoScalingGroupName: "chat.llama.main",
  namespace: "ModelServing/chat",
  metricName: "vllm:num_requests_waiting",
  waitingRequestsPerInstance: 4.5,
};

function synthesize(props: Partial<WaitingRequestsScalingProps> = {}): string {
  const stack = new ServingStack(Testing.app(), "stack");
  new WaitingRequestsScaling(stack, "queue", { ...minimal, ...props });
  return Testing.synth(stack);
}

const dimensions = [{ name: "AutoScalingGroupName", value: "chat.llama.main" }];

it("grows the group when so many requests wait on each instance, whatever number of values it sends, and never shrinks it", () => {
  expect(synthesize()).toHaveResourceWithProperties(AutoscalingPolicy, {
    autoscaling_group_name: "chat.llama.main",
    name: "waiting-requests-per-instance",
    policy_type: "TargetTrackingScaling",
    target_tracking_configuration: {
      customized_metric_specification: {
        metrics: [
          {
            id: "waiting",
            metric_stat: {
              metric: {
                namespace: "ModelServing/chat",
                metric_name: "vllm:num_requests_waiting",
                dimensions,
              },
              stat: "Sum",
            },
            return_data: false,
          },
          {
            id: "instances",
            metric_stat: {
              metric: { namespace: "AWS/AutoScaling", metric_name: "GroupInServiceInstances", dimensions },
              stat: "Average",
            },
            return_data: false,
          },
          { id: "per_instance", expression: "waiting / instances", return_data: true },
        ],
      },
      target_value: 4.5,
      disable_scale_in: true,
    },
  });
});

it("has another name when configured", () => {
  expect(synthesize({ name: "queue" })).toHaveResourceWithProperties(AutoscalingPolicy, { name: "queue" });
});

it.each([
  ["waitingRequestsPerInstance must be more than 0", { waitingRequestsPerInstance: 0 }],
  ["waitingRequestsPerInstance must be more than 0", { waitingRequestsPerInstance: Number.NaN }],
])("refuses what Auto Scaling refuses: %s", (message, props) => {
  expect(() => synthesize(props)).toThrow(message);
});
