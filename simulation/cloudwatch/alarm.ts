import type { Values } from "./metric-math";
import type { AlarmModel, AlarmState } from "./model";

/** How far CloudWatch looks back beyond the evaluation periods for values that are there. */
const MORE_PERIODS = 3;

/** As many periods as {@link alarmState} is given. */
export function periodsOf({ periods }: Pick<AlarmModel, "periods">): number {
  return periods + MORE_PERIODS;
}

/**
 * The state of an alarm. It looks at the newest values that are there, as many as evaluation periods; where fewer are
 * there, missing ones count as the alarm says.
 * Source: CloudWatch user guide, "Configuring how CloudWatch alarms treat missing data".
 *
 * @param values of {@link periodsOf} periods, the oldest first
 * @param before the state until now
 */
export function alarmState(
  alarm: Pick<AlarmModel, "comparison" | "threshold" | "periods" | "datapoints" | "missing">,
  values: Values,
  before: AlarmState,
): AlarmState {
  const known = values.filter((value) => value !== undefined).slice(-alarm.periods);
  const missing = alarm.periods - known.length;
  const breaching = known.filter((value) => isBreaching(alarm, value)).length;
  if (alarm.missing === "ignore" && missing > 0 && breaching < alarm.datapoints) {
    return before;
  }
  if (known.length === 0 && alarm.missing === "missing") {
    return "INSUFFICIENT_DATA";
  }
  const counted = breaching + (alarm.missing === "breaching" ? missing : 0);
  return counted >= alarm.datapoints ? "ALARM" : "OK";
}

function isBreaching({ comparison, threshold }: Pick<AlarmModel, "comparison" | "threshold">, value: number) {
  switch (comparison) {
    case "GreaterThanThreshold":
      return value > threshold;
    case "GreaterThanOrEqualToThreshold":
      return value >= threshold;
    case "LessThanThreshold":
      return value < threshold;
    case "LessThanOrEqualToThreshold":
      return value <= threshold;
  }
}
