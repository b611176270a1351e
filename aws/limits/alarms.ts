import type { NumberLimit, QuotaLimit, TextLimit } from "./limit";

/** Name of a CloudWatch alarm. */
export const ALARM_NAME = {
  minLength: 1,
  maxLength: 255,
  source: "CloudWatch API, PutMetricAlarm",
} as const satisfies TextLimit;

/** What one alarm tells when it goes off, and as many again when all is well. */
export const ALARM_ACTIONS = {
  max: 5,
  adjustable: false,
  source: "CloudWatch API, PutMetricAlarm",
} as const satisfies QuotaLimit;

/** Seconds that an alarm with periods under an hour may look back: periods × their length. */
export const ALARM_SPAN = { seconds: 86_400, source: "CloudWatch API, PutMetricAlarm" } as const;

/** Days until a KMS key is gone that is to be deleted. */
export const KEY_DELETION_WINDOW = {
  min: 7,
  max: 30,
  default: 30,
  unit: "d",
  source: "KMS API, ScheduleKeyDeletion",
} as const satisfies NumberLimit;
