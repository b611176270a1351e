import type { NumberLimit, QuotaLimit, TextLimit } from "./limit";

/** Name of a CloudWatch alarm. */
export const ALARM_NAME = {
  minLength: 1,
  maxLength: 255,
  source: "CloudWatch API, PutMetricAlarm",
} as const satisfies TextLimit;

/** Name of an SNS topic. */
export const TOPIC_NAME = {
  minLength: 1,
  maxLength: 256,
  pattern: /^[A-Za-z0-9_-]*$/,
  characters: "letters, digits and _-",
  source: "SNS API, CreateTopic",
} as const satisfies TextLimit;

/** An email address that SNS notifies. */
export const EMAIL_ADDRESS = {
  minLength: 3,
  maxLength: 254,
  pattern: /^(?!\.)(?!.*\.\.)[A-Za-z0-9_'+\-.]*[A-Za-z0-9_+-]@([A-Za-z0-9][A-Za-z0-9-]*\.)+[A-Za-z]{2,}$/,
  characters: "characters of an email address, such as on-call@example.com",
  source: "RFC 5321, 4.5.3.1.3; SNS API, Subscribe",
} as const satisfies TextLimit;

/** Actions of one alarm for each state: at most this many for ALARM, and this many for OK. */
export const ALARM_ACTIONS = {
  max: 5,
  adjustable: false,
  source: "CloudWatch API, PutMetricAlarm",
} as const satisfies QuotaLimit;

/** Seconds that an alarm with periods under an hour may evaluate: number of periods × length of a period. */
export const ALARM_SPAN = { seconds: 86_400, source: "CloudWatch API, PutMetricAlarm" } as const;

/** Name of an EventBridge rule. */
export const EVENT_RULE_NAME = {
  minLength: 1,
  maxLength: 64,
  pattern: /^[.\-_A-Za-z0-9]*$/,
  characters: "letters, digits and .-_",
  source: "EventBridge API, PutRule",
} as const satisfies TextLimit;

/** Days between the request to delete a KMS key and its deletion. */
export const KEY_DELETION_WINDOW = {
  min: 7,
  max: 30,
  default: 30,
  unit: "d",
  source: "KMS API, ScheduleKeyDeletion",
} as const satisfies NumberLimit;
