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
} as const satisfies Findings;
