import { reportedMetrics } from "../../local/model-server/facts";
import { DEFAULT_OPTIONS } from "../../local/options";
import { readDeployment } from "../../simulation/terraform/read";
import { Story } from "../support/local-story";
import { deployment } from "../support/simulated";

jest.setTimeout(120_000);

const ref = (name: string) => `\${${name}}`;

const DIMENSIONS = [{ name: "AutoScalingGroupName", value: ref("aws_autoscaling_group.own.name") }];

/** A group of one to three that is to have no more than two waiting requests an instance, as this project writes it. */
const STACKS = {
  x: {
    resource: {
      aws_lb: { own: { subnets: ["subnet-1"] } },
      aws_lb_listener: {
        own: {
          load_balancer_arn: ref("aws_lb.own.arn"),
          default_action: { type: "forward", target_group_arn: ref("aws_lb_target_group.own.arn") },
        },
      },
      aws_lb_target_group: { own: { health_check: { path: "/health" } } },
      aws_autoscaling_group: {
        own: {
          ...{ name: "own", min_size: 1, max_size: 3, vpc_zone_identifier: ["subnet-1"] },
          target_group_arns: [ref("aws_lb_target_group.own.arn")],
        },
      },
      aws_autoscaling_policy: {
        queue: {
          ...{ autoscaling_group_name: ref("aws_autoscaling_group.own.name"), name: "queue" },
          target_tracking_configuration: {
            ...{ target_value: 2, disable_scale_in: true },
            customized_metric_specification: {
              metrics: [
                {
                  id: "waiting",
                  metric_stat: statOf("ModelServing/chat", "vllm:num_requests_waiting", "Sum"),
                },
                { id: "there", metric_stat: statOf("AWS/AutoScaling", "GroupInServiceInstances", "Average") },
                { id: "each", expression: "waiting / there", return_data: true },
              ],
            },
          },
        },
      },
    },
  },
};

function statOf(namespace: string, metric_name: string, stat: string) {
  return { stat, metric: { namespace, metric_name, dimensions: DIMENSIONS } };
}

it("grows a group when requests wait on its instances", async () => {
  const model = readDeployment(STACKS, reportedMetrics);
  expect(model.notSimulated.filter((each) => each.includes("queue"))).toEqual([]);
  const pace = { ...DEFAULT_OPTIONS.pace, slots: 1, tokensPerSecond: 10 };
  const story = await Story.begin(deployment(model), { pace });
  try {
    const tally = await story.under(0.5, () => story.until(() => story.group.desired > 1));
    // What waits for longer than the idle timeout is lost.
    const causes = [...tally.lost.keys()];
    expect(causes.filter((each) => each !== "504: the target sent nothing for the idle timeout")).toEqual([]);
    expect(tally.served).toBeGreaterThan(0);
    expect(story.when(/^desired 1 → [23]: queue at /)).toBeGreaterThan(180);
  } finally {
    story.end();
  }
});

it("says that nothing reports the metric, where no server is known to", () => {
  expect(readDeployment(STACKS).notSimulated).toContain(
    "x: aws_autoscaling_policy.queue watches vllm:num_requests_waiting of ModelServing/chat by AutoScalingGroupName, which has no values here",
  );
});
