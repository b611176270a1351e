import { AutoscalingSchedule } from "@cdktf/provider-aws/lib/autoscaling-schedule";
import { Token } from "cdktf";
import { Construct } from "constructs";
import { SCHEDULED_ACTION_NAME } from "../../aws/limits";
import { requireText, requireWithin } from "../require-within";

/** The sizes that a scheduled action sets. */
export interface ScheduledSizes {
  /**
   * Minimum number of instances, from 0.
   *
   * @default as it is
   */
  readonly min?: number;

  /**
   * Maximum number of instances, at least `min`.
   *
   * @default as it is
   */
  readonly max?: number;

  /**
   * Number of instances to have then, from `min` to `max`. The scaling policies go on from there.
   *
   * @default as it is, or the nearest number from `min` to `max`
   */
  readonly desired?: number;
}

/** Props of {@link ScheduledAction}. */
export interface ScheduledActionProps {
  /** Name of the group. */
  readonly autoScalingGroupName: string;

  /** Name of the action, 1 to 255 characters, unique in the group. */
  readonly name: string;

  /** When: once, at an instant in UTC such as `2027-03-12T10:45:00Z`. AWS refuses one in the past, and runs it up to two minutes late. */
  readonly at: string;

  /** The sizes, one at least. */
  readonly sizes: ScheduledSizes;
}

/** The provider sends a size that is left out as 0, and leaves out one that is this. Source: Terraform AWS provider, aws_autoscaling_schedule. */
const AS_IT_IS = -1;

/**
 * Sets the sizes of an Auto Scaling group at a time.
 *
 * Source: Auto Scaling API reference, PutScheduledUpdateGroupAction; Terraform AWS provider, `aws_autoscaling_schedule`.
 *
 * @example
 * new ScheduledAction(this, "ends", {
 *   autoScalingGroupName: group.autoScalingGroupName,
 *   name: "capacity-block-ends",
 *   at: "2027-03-12T10:45:00Z",
 *   sizes: { min: 0, max: 0, desired: 0 },
 * });
 */
export class ScheduledAction extends Construct {
  /**
   * @throws Error when the name or the time has another form, or no size is given
   * @throws RangeError when a size is out of its range
   */
  constructor(scope: Construct, id: string, { autoScalingGroupName, name, at, sizes }: ScheduledActionProps) {
    super(scope, id);
    const { min, max, desired } = sizes;
    requireText("name", name, SCHEDULED_ACTION_NAME);
    requireInstant(at);
    if (min === undefined && max === undefined && desired === undefined) {
      throw new Error("sizes must give min, max or desired");
    }
    requireWithin("sizes.min", min, { min: 0, max });
    requireWithin("sizes.max", max, { min: 0 });
    requireWithin("sizes.desired", desired, { min: min ?? 0, max });
    new AutoscalingSchedule(this, "Resource", {
      autoscalingGroupName: autoScalingGroupName,
      scheduledActionName: name,
      startTime: at,
      minSize: min ?? AS_IT_IS,
      maxSize: max ?? AS_IT_IS,
      desiredCapacity: desired ?? AS_IT_IS,
    });
  }
}

function requireInstant(at: string): void {
  if (!Token.isUnresolved(at) && !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(at)) {
    throw new Error(`at "${at}" is no instant in UTC; write it as 2027-03-12T10:45:00Z`);
  }
}
