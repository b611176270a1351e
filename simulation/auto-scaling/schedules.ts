import { readCron } from "../../aws/cron";
import type { ScheduleModel } from "../model";
import type { Clock } from "../time/timeline";
import type { AutoScalingGroup } from "./group";

const MINUTE = 60;

/**
 * Does the scheduled actions of groups, each in its minute.
 * Source: Auto Scaling API, PutScheduledUpdateGroupAction. AWS is up to two minutes late; here an action is in time.
 *
 * @param startedAt seconds since 1970 at which the clock was at 0
 * @param groups that there are now
 */
export function beginSchedules(
  clock: Clock,
  startedAt: number,
  groups: () => Iterable<AutoScalingGroup>,
): void {
  const look = () => {
    const now = Math.round((startedAt + clock.now) / MINUTE) * MINUTE;
    for (const group of groups()) {
      for (const schedule of group.model.schedules) {
        if (isDue(schedule, now)) {
          act(group, schedule);
        }
      }
    }
    clock.after(MINUTE, look);
  };
  clock.after(MINUTE - (startedAt % MINUTE), look);
}

function act(group: AutoScalingGroup, { name, min, max, desired }: ScheduleModel): void {
  group.model = { ...group.model, min: min ?? group.model.min, max: max ?? group.model.max };
  group.around.tell(group.model.name, `scheduled action ${name}`);
  group.setDesired(desired ?? group.desired, `the scheduled action ${name}`);
}

/** @param now a whole minute, in seconds since 1970 */
function isDue({ at }: ScheduleModel, now: number): boolean {
  if (typeof at === "number") {
    return Math.floor(at / MINUTE) * MINUTE === now;
  }
  const cron = readCron(at.cron);
  if ("problem" in cron) {
    return false;
  }
  const { minutes, hours, onDay } = cron.times;
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0] = localParts(now, at.timeZone);
  return minutes.includes(minute) && hours.includes(hour) && onDay(new Date(Date.UTC(year, month - 1, day)));
}

/** Year, month, day, hour and minute in a time zone. */
function localParts(seconds: number, timeZone: string): readonly number[] {
  const text = new Intl.DateTimeFormat("sv-SE", {
    ...{ timeZone, hourCycle: "h23" },
    ...{ year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit" },
  }).format(seconds * 1000);
  return text.split(/\D+/).map(Number);
}
