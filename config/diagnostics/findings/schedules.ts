import { model } from "./example";
import type { Findings } from "./finding";

const sized = (sizes: string, ...list: readonly string[]) =>
  model(`capacity: ${sizes}`, `schedules: [${list.map((each) => `{ ${each} }`).join(", ")}]`);

/** Sizes at times that recur. */
export const schedules = {
  "schedules-at-same-time": {
    severity: "error",
    sentence: "Two schedules run at the same time. AWS refuses that, as nothing says which one counts.",
    example: sized("{ min: 6, max: 9 }", 'cron: "0 7 * * MON-FRI"', 'cron: "0 7 1 * *", min: 3'),
    remedy: "Write another minute for one of the two, or days that they do not share.",
  },
  "schedules-one-way": {
    severity: "error",
    sentence:
      "All schedules bring the group to the same sizes. After the first has run nothing brings others back.",
    example: sized("{ min: 6, max: 9 }", 'cron: "0 20 * * MON-FRI", min: 3'),
    remedy:
      "Add a schedule for the other hours. One that has only its `cron` brings the sizes of `capacity` back.",
  },
  "schedule-above-capacity": {
    severity: "error",
    sentence:
      "A schedule has more than `capacity`. That is to be the most of all hours: quotas, addresses and reservations are checked for it.",
    example: sized("{ min: 6, max: 9 }", 'cron: "0 7 * * MON-FRI", max: 20', 'cron: "0 20 * * *", min: 3'),
    remedy: "Write the most into `capacity`, and less into the schedules.",
  },
  "schedule-serves-nothing": {
    severity: "warning",
    sentence: "From that time on there are no instances, and callers are answered with 503.",
    example: model(
      "survive: nothing",
      'schedules: [{ cron: "0 20 * * MON-FRI", min: 0 }, { cron: "0 7 * * MON-FRI" }]',
    ),
    remedy: "Write a `min` of 1 or more. If nobody is to be served then, accept the warning.",
  },
  "schedule-keeps-instances": {
    severity: "warning",
    sentence:
      "A lower `min` lets a group shrink, and nothing makes it do so. The instances stay, and are paid for.",
    example: model(
      "capacity: { min: 6, max: 9 }",
      "scaling: { scaleIn: false }",
      'schedules: [{ cron: "0 20 * * MON-FRI", min: 3 }, { cron: "0 7 * * MON-FRI" }]',
    ),
    remedy: "Write a lower `max` too, or let the group scale by requests.",
  },
} as const satisfies Findings;
