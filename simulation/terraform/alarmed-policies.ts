import type { Json } from "../../testing/terraform/json";
import { listOf } from "../../testing/terraform/json";
import type { AlarmedPolicyModel } from "../auto-scaling/policies";
import { block, flag, isNameOf, number, type Reading, type Resource, text, word } from "./reading";

/** Seconds of a group that says nothing. Source: Auto Scaling API, CreateAutoScalingGroup, DefaultCooldown. */
const COOLDOWN = 300;

/** The policies of a group that are on. */
export function policiesOf(reading: Reading, group: Resource): readonly Resource[] {
  return reading
    .resources("aws_autoscaling_policy")
    .filter(({ body }) => isNameOf(body.autoscaling_group_name, group) && flag(body.enabled, true));
}

/** The policies of a group that alarms have act. Source of the defaults: Auto Scaling API, PutScalingPolicy. */
export function readAlarmedPolicies(reading: Reading, group: Resource): readonly AlarmedPolicyModel[] {
  return policiesOf(reading, group).flatMap((policy) => {
    const { address, body } = policy;
    const type = text(body.policy_type, "SimpleScaling");
    if (block(body, "target_tracking_configuration") !== undefined) {
      return [];
    }
    const kind = readKind(type, body, group.body);
    if (kind === undefined) {
      reading.note(policy, `is of the type ${type}, which is not simulated`);
      return [];
    }
    return [
      {
        address,
        name: text(body.name, address),
        adjustment: word(
          body.adjustment_type,
          "ChangeInCapacity",
          "ExactCapacity",
          "PercentChangeInCapacity",
        ),
        leastChange: number(body.min_adjustment_magnitude, 0),
        kind,
      },
    ];
  });
}

function readKind(type: string, body: Json, group: Json): AlarmedPolicyModel["kind"] | undefined {
  const cooldown = number(group.default_cooldown, COOLDOWN);
  switch (type) {
    case "StepScaling":
      return {
        type: "step",
        aggregation: word(body.metric_aggregation_type, "Average", "Minimum", "Maximum"),
        warmUp: number(body.estimated_instance_warmup, number(group.default_instance_warmup, cooldown)),
        steps: listOf(body.step_adjustment).map((step) => ({
          lower: boundOf(step.metric_interval_lower_bound),
          upper: boundOf(step.metric_interval_upper_bound),
          by: number(step.scaling_adjustment, 0),
        })),
      };
    case "SimpleScaling":
      return {
        type: "simple",
        by: number(body.scaling_adjustment, 0),
        cooldown: number(body.cooldown, cooldown),
      };
    default:
      return undefined;
  }
}

/** `undefined`: there is none. */
function boundOf(value: Json): number | undefined {
  const bound = number(value, Number.NaN);
  return Number.isNaN(bound) ? undefined : bound;
}
