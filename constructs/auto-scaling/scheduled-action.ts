import { AutoscalingSchedule } from "@cdktf/provider-aws/lib/autoscaling-schedule";
import { Token } from "cdktf";
import { Construct } from "constructs";
import { readCron, timeZoneProblem } from "../../aws/cron";
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

/** When an action runs again and again. No two actions of a group may run at the same time. */
export interface Recurrence {
  /** Unix cron: minute, hour, day of month, month, day of week, such as `0 20 * * 1-5`. */
  readonly cron: string;

  /**
   * Time zone of IANA, by its canonical name. It follows daylight saving.
   *
   * @default "UTC"
   */
  readonly timeZone?: string;
}

/** Props of {@link ScheduledAction}. */
export interface ScheduledActionProps {
  /** Name of the group. */
  readonly autoScalingGroupName: string;

  /** Name of the action, 1 to 255 characters, unique in the group. */
  readonly name: string;

  /**
   * When: once, at an instant in UTC such as `2027-03-12T10:45:00Z`, not in the past; or again and again. AWS runs an action
   * up to two minutes late.
   */
  readonly at: string | Recurrence;

  /** The sizes, one at least. */
  readonly sizes: ScheduledSizes;
}

/** The provider sends a size that is left out as 0, and leaves out one that is this. Source: Terraform AWS provider, aws_autoscaling_schedule. */
const AS_IT_IS = -1;

/**
 * Sets the sizes of an Auto Scaling group at a time, or again and again. Have the group ignore its own sizes where an action
 * recurs (`scheduledSizes`): otherwise each apply puts them back.
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
    if (typeof at === "string") {
      requireInstant(at);
    } else {
      requireRecurrence(at);
    }
    if (min === undefined && max === undefined && desired === undefined) {
      throw new Error("sizes must give min, max or desired");
    }
    requireWithin("sizes.min", min, { min: 0, max });
    requireWithin("sizes.max", max, { min: 0 });
    requireWithin("sizes.desired", desired, { min: min ?? 0, max });
    new AutoscalingSchedule(this, "Resource", {
      autoscalingGroupName: autoScalingGroupName,
      scheduledActionName: name,
      ...(typeof at === "string"
        ? { startTime: at }
        : { recurrence: at.cron, timeZone: at.timeZone ?? "UTC" }),
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

function requireRecurrence({ cron, timeZone = "UTC" }: Recurrence): void {
  if (!Token.isUnresolved(cron)) {
    const read = readCron(cron);
    if ("problem" in read) {
      throw new Error(`at.cron "${cron}" ${read.problem}`);
    }
  }
  const problem = Token.isUnresolved(timeZone) ? undefined : timeZoneProblem(timeZone);
  if (problem !== undefined) {
    throw new Error(`at.timeZone "${timeZone}" ${problem}`);
  }
}
