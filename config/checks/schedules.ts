import { commonTime, readCron } from "../../aws/cron";
import { type Diagnostic, error, warning } from "../diagnostics/diagnostic";
import type { InstanceSettings } from "../plan/overrides";
import type { Schedule } from "../plan/schedules";
import { formatDuration } from "../units";
import { type Check, type VariantInRegion, variantsInRegions } from "./check";

type WrittenSchedule = NonNullable<InstanceSettings["schedules"]>[number];

/** Schedules: that they run, one at a time, within the sizes of the capacity, and that one brings back what another takes. */
export const checkSchedules: Check = (subject) =>
  variantsInRegions(subject).flatMap((each) => {
    const written = each.variant.settings.schedules ?? [];
    return written.length === 0
      ? []
      : [
          ...suspended(each),
          ...collisions(each, written),
          ...sizes(each, written),
          ...oneWay(each),
          ...idleHours(each),
          ...keptInstances(each),
        ];
  });

function suspended({ model, at }: VariantInRegion): readonly Diagnostic[] {
  return model.suspendedProcesses.includes("ScheduledActions")
    ? [
        error(
          "field-without-effect",
          at("schedules"),
          "never run while the process ScheduledActions is suspended; take it out of suspend, or leave schedules out",
        ),
      ]
    : [];
}

/** AWS refuses two actions at the same time. Those of different time zones are not compared: they meet at other times in summer. */
function collisions({ at }: VariantInRegion, written: readonly WrittenSchedule[]): readonly Diagnostic[] {
  return written.flatMap((schedule, index) => {
    const [met] = written.slice(0, index).flatMap((earlier, other) => {
      const time = earlier.timeZone === schedule.timeZone ? meeting(earlier, schedule) : undefined;
      return time === undefined ? [] : [{ other, time }];
    });
    return met === undefined
      ? []
      : [
          error(
            "schedules-at-same-time",
            at("schedules", index, "cron"),
            `runs at the same time as schedules[${met.other}], such as ${met.time}, and AWS refuses that; write another minute, or other days`,
          ),
        ];
  });
}

function meeting(one: WrittenSchedule, other: WrittenSchedule): string | undefined {
  const [first, second] = [readCron(one.cron), readCron(other.cron)];
  return "times" in first && "times" in second ? commonTime(first.times, second.times) : undefined;
}

/** The capacity is the most: quotas, subnets and reservations are checked for it. */
function sizes({ variant, at }: VariantInRegion, written: readonly WrittenSchedule[]): readonly Diagnostic[] {
  const { capacity, settings } = variant;
  const most = settings.capacity?.peakRequestsPerMinute;
  return variant.schedules.flatMap(({ min, max }, index): readonly Diagnostic[] => {
    const { max: ownMax, min: ownMin, peakRequestsPerMinute: peak } = written[index] ?? {};
    const diagnostics: Diagnostic[] = [];
    if (peak !== undefined && capacity.requestsPerInstance === undefined) {
      diagnostics.push(
        error(
          "field-without-effect",
          at("schedules", index, "peakRequestsPerMinute"),
          "means nothing without capacity.requestsPerMinutePerInstance; add that",
        ),
      );
    }
    if (peak !== undefined && most !== undefined && peak > most) {
      diagnostics.push(
        error(
          "schedule-above-capacity",
          at("schedules", index, "peakRequestsPerMinute"),
          `${peak} is more than capacity.peakRequestsPerMinute ${most}, which is to be the most of all hours; raise that`,
        ),
      );
    }
    if (max.value > capacity.max.value) {
      diagnostics.push(
        error(
          "schedule-above-capacity",
          at("schedules", index, "max"),
          `max ${max.value} is more than that of capacity, ${capacity.max.value}, which is to be the most of all hours; raise that`,
        ),
      );
    }
    if (min.value > max.value) {
      diagnostics.push(
        ownMin === undefined && ownMax === undefined
          ? error(
              "max-below-need",
              at("schedules", index, "peakRequestsPerMinute"),
              `takes ${min.value} instances, more than max ${max.value} of capacity; raise that`,
            )
          : error(
              "min-above-max",
              at("schedules", index, ownMin === undefined ? "max" : "min"),
              `min ${min.value} > max ${max.value}; write a smaller min, or a larger max`,
            ),
      );
    }
    return diagnostics;
  });
}

/** Sizes stay as the last action set them: one that brings them down needs another that brings them up. */
function oneWay({ variant: { schedules }, at }: VariantInRegion): readonly Diagnostic[] {
  const [first, ...others] = schedules;
  return first === undefined || others.some((other) => !isSameSize(first, other))
    ? []
    : [
        error(
          "schedules-one-way",
          at("schedules"),
          `bring the group to ${[...new Set([first.min.value, first.max.value])].join("–")} instances, and nothing brings it back; add one that does, such as { cron: "0 7 * * MON-FRI" } for the sizes of capacity again`,
        ),
      ];
}

function isSameSize(one: Schedule, other: Schedule): boolean {
  return one.min.value === other.min.value && one.max.value === other.max.value;
}

/** From such a time on nothing answers. */
function idleHours({ region, model, variant, at }: VariantInRegion): readonly Diagnostic[] {
  return variant.weight === 0
    ? []
    : variant.schedules.flatMap(({ name, min, max }, index) =>
        min.value > 0
          ? []
          : [
              max.value === 0
                ? warning(
                    "schedule-serves-nothing",
                    at("schedules", index),
                    `from ${name} on ${region.name} has no instances for ${variant.name} of ${model.name}, and its requests are answered with 503 until a schedule brings instances back and they have loaded, ${formatDuration(model.timing.loadTime.value)}; write min 1 or more, or accept this`,
                  )
                : error(
                    "min-zero",
                    at("schedules", index, "min"),
                    "min 0 lets the group shrink to no instances, and an empty group counts no requests, so it never grows; use 1 or more, or max 0 too",
                  ),
            ],
      );
}

/** A lower `min` alone takes no instance away: a policy has to, by requests, or a lower `max`. */
function keptInstances({ model, variant, at }: VariantInRegion): readonly Diagnostic[] {
  const { capacity, schedules, settings } = variant;
  const shrinks = capacity.scalingTarget !== undefined && settings.scaling.scaleIn;
  return shrinks
    ? []
    : schedules.flatMap(({ min, max }, index) =>
        min.value < capacity.min.value && max.value >= capacity.min.value
          ? [
              warning(
                "schedule-keeps-instances",
                at("schedules", index),
                `nothing makes ${model.name} shrink from ${capacity.min.value} to ${min.value} instances: a lower min only allows it, and the group does not scale in by requests; write max ${Math.max(1, min.value)} too`,
              ),
            ]
          : [],
      );
}
