/** Days CloudWatch Logs can keep events. Source: CloudWatch Logs API, PutRetentionPolicy. */
export const LOG_RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
] as const;

/** A number of days CloudWatch Logs can keep events. */
export type LogRetentionDays = (typeof LOG_RETENTION_DAYS)[number];

/** Whether CloudWatch Logs can keep events for so many days. */
export function isLogRetention(days: number): days is LogRetentionDays {
  return LOG_RETENTION_DAYS.some((allowed) => allowed === days);
}

/**
 * The nearest allowed number of days below and above: 90 and 120 for 100. Beyond an end of the list there is only one.
 * An allowed number is its own and only neighbour.
 */
export function nearestLogRetention(days: number): readonly LogRetentionDays[] {
  if (isLogRetention(days)) {
    return [days];
  }
  const below = LOG_RETENTION_DAYS.filter((allowed) => allowed < days).slice(-1);
  const above = LOG_RETENTION_DAYS.filter((allowed) => allowed > days).slice(0, 1);
  return [...below, ...above];
}
