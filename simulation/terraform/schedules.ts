import type { ScheduleModel } from "../model";
import { isNameOf, number, type Reading, type Resource, text } from "./reading";

/** What a size has that is left as it is. Source: Terraform AWS provider, aws_autoscaling_schedule. */
const AS_IT_IS = -1;

/** The scheduled actions of a group. */
export function readSchedules(reading: Reading, group: Resource): readonly ScheduleModel[] {
  return reading
    .resources("aws_autoscaling_schedule")
    .filter(({ body }) => isNameOf(body.autoscaling_group_name, group))
    .flatMap((resource) => {
      const { address, body } = resource;
      const size = (name: string) => {
        const value = number(body[name], 0);
        return value === AS_IT_IS ? undefined : value;
      };
      const cron = text(body.recurrence, "");
      const once = Date.parse(text(body.start_time, "")) / 1000;
      if (cron === "" && Number.isNaN(once)) {
        reading.note(resource, "has no time that the JSON says, and is not simulated");
        return [];
      }
      if (cron !== "" && (body.start_time !== undefined || body.end_time !== undefined)) {
        reading.note(resource, "recurs from the beginning and for ever here");
      }
      return [
        {
          name: text(body.scheduled_action_name, address),
          at: cron === "" ? once : { cron, timeZone: text(body.time_zone, "UTC") },
          min: size("min_size"),
          max: size("max_size"),
          desired: size("desired_capacity"),
        },
      ];
    });
}
