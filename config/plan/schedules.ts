import { SCHEDULED_ACTION_DELAY } from "../../aws/limits";
import { type Capacity, type CapacityFacts, type ScheduledSizes, scheduledSizes } from "./capacity";
import type { Derived } from "./derived";
import type { InstanceSettings } from "./overrides";

/** Sizes that a variant's group has from a time on that recurs, until another schedule runs. */
export interface Schedule extends ScheduledSizes {
  /** Name of the scheduled action: its cron expression and its time zone, which no other schedule of the group has. */
  readonly name: string;
  readonly cron: string;
  readonly timeZone: string;
  /** How long after that the last of more instances serves; absent where there are no more than before. */
  readonly servesAfter?: Derived;
}

/** The schedules of a variant. */
export function schedulesOf(
  facts: CapacityFacts,
  { schedules = [] }: InstanceSettings,
  loadTime: Derived,
): readonly Schedule[] {
  const sized = schedules.map((written) => ({ ...written, ...scheduledSizes(facts, written) }));
  const fewest = Math.min(...sized.map(({ min }) => min.value));
  return sized.map(({ cron, timeZone, need, min, max }) => ({
    name: `${cron} ${timeZone}`,
    cron,
    timeZone,
    need,
    min,
    max,
    servesAfter: min.value > fewest ? servesAfter(loadTime.value) : undefined,
  }));
}

function servesAfter(loadTime: number): Derived {
  const late = SCHEDULED_ACTION_DELAY.seconds;
  return {
    value: loadTime + late,
    unit: "s",
    rule: "loadTime + late: an action may be so late, and its instances load then; let it run that long before the requests come",
    inputs: { loadTime, late },
    source: SCHEDULED_ACTION_DELAY.source,
  };
}

/** The fewest instances that the group of a variant may have, by its capacity or by a schedule. */
export function fewestInstances({
  capacity,
  schedules,
}: {
  readonly capacity: Pick<Capacity, "min">;
  readonly schedules: readonly Pick<Schedule, "min">[];
}): number {
  return Math.min(capacity.min.value, ...schedules.map(({ min }) => min.value));
}
