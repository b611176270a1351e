import { many, model } from "./example";
import type { Findings } from "./finding";

/** How a new version replaces the instances. */
export const rollout = {
  "auto-rollback-refused": {
    severity: "error",
    sentence:
      "Terraform sets the new version on the group before the refresh begins. A rollback of AWS would go to the new version, and would refuse the next deploy until it ends.",
    example: model("rollout: { autoRollback: true }"),
    remedy:
      "Remove it. Alarms stop a refresh, and `npm run back -- <region> <model>` goes back to the version before.",
  },
  "skip-matching-refused": {
    severity: "error",
    sentence: "AWS starts no refresh that skips matching instances with `instanceRequirements`.",
    example: model(
      "instanceRequirements: { gpus: { min: 1 }, gpuMemory: 22GiB }",
      "rollout: { skipMatching: true }",
    ),
    remedy: "Remove it: with `instanceRequirements` a refresh replaces all instances.",
  },
  "too-many-refresh-alarms": {
    severity: "error",
    sentence: "A refresh takes ten alarms at most, and two of them are the variant's own.",
    example: model(`rollout: { alarms: [${many(9, (index) => `slow-${index}`)}] }`),
    remedy: "Name fewer alarms, or set `stopOnAlarms: false` to leave out the variant's own.",
  },
  "refresh-outlasts-cancel": {
    severity: "warning",
    sentence:
      "A deploy while a refresh runs cancels it, and AWS first lets instances load and drain. Terraform waits 15 minutes. If that is too short, the deploy fails, and no refresh of the new version begins.",
    example: model("loadTime: 12m"),
    remedy:
      "Before such a deploy, cancel the refresh with the first command of the message, which does not wait for the instances. If it has happened, start a refresh with the second one. If you know this, accept the warning and say so.",
  },
  "launch-outlasts-refresh": {
    severity: "warning",
    sentence:
      "AWS ends a refresh that makes no progress for an hour, and one instance may load for longer than that.",
    example: model("loadTime: 40m"),
    remedy:
      "Make loading faster, as with an image of your own that holds the weights, or write a shorter `timing.launchHook`.",
  },
} as const satisfies Findings;
