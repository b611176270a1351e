import { model } from "./example";
import type { Findings } from "./finding";

const REQUIREMENTS = "instanceRequirements: { gpus: { min: 1 }, gpuMemory: 22GiB }";

/** Spot instances, capacity reservations and warm pools. */
export const purchase = {
  "all-instances-spot": {
    severity: "warning",
    sentence: "EC2 may take all instances of the model back at once, within two minutes.",
    example: model("spot: { share: 100, onDemandBase: 0 }"),
    remedy: "Set `spot.onDemandBase` to 1 or more.",
  },
  "spot-cuts-requests": {
    severity: "warning",
    sentence:
      "EC2 takes a Spot instance back two minutes after its notice. Longer requests are cut, whatever the drain.",
    example: model("spot: { share: 50 }"),
    remedy:
      "Put Spot instances into a variant of their own, so that only its share of the requests is at risk, or leave `spot` out. If clients try again, accept the warning and say so.",
  },
  "on-demand-base-above-max": {
    severity: "error",
    sentence: "The group may not have as many instances as are to be on-demand, so none would be Spot.",
    example: model("spot: { share: 50, onDemandBase: 9 }"),
    remedy: "Lower `onDemandBase`, or leave `spot` out.",
  },
  "spot-strategy-refused": {
    severity: "error",
    sentence:
      "The strategy goes by the order of the instance types, and `instanceRequirements` has no order.",
    example: model("spot: { share: 50, strategy: capacity-optimized-prioritized }", REQUIREMENTS),
    remedy: "Use `price-capacity-optimized`, or name the types in order without `instanceRequirements`.",
  },
  "spot-with-reservations-only": {
    severity: "error",
    sentence: "Spot instances cannot be reserved, and only reserved ones are to be launched.",
    example: model("spot: { share: 50 }", "capacityReservation: { preference: capacity-reservations-only }"),
    remedy: "Use `capacity-reservations-first`, or remove `spot`.",
  },
  "reservation-unused": {
    severity: "error",
    sentence: "A reservation is named, and no reservation is to be used.",
    example: model("capacityReservation: { preference: none, id: cr-0123456789abcdef0 }"),
    remedy: "Use `capacity-reservations-first`, or remove the reservation.",
  },
  "warm-pool-refused": {
    severity: "error",
    sentence: "AWS keeps no warm pool for groups with Spot instances or `instanceRequirements`.",
    example: model("warmPool: { min: 1 }", "spot: { share: 50 }"),
    remedy: "Remove `warmPool`, or the other of the two.",
  },
} as const satisfies Findings;
