import { model } from "./example";
import type { Findings } from "./finding";

const REQUIREMENTS = "instanceRequirements: { gpus: { min: 1 }, gpuMemory: 22GiB }";

const BLOCK = 'capacityBlock: { id: cr-0123456789abcdef0, zone: use1-az4, until: "2027-03-12T11:30:00Z" }';

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
  "capacity-block-combination": {
    severity: "error",
    sentence:
      "AWS, or Terraform's AWS provider, does not take this in a group whose instances run in a Capacity Block.",
    example: model(BLOCK, "instanceTypes: [p5.48xlarge]", "survive: nothing", "warmPool: { min: 1 }"),
    remedy: "Leave it out, or put it into a variant of its own.",
  },
  "capacity-block-type": {
    severity: "error",
    sentence: "AWS sells no Capacity Blocks of this instance type.",
    example: model(BLOCK, "instanceTypes: [g6.2xlarge]", "survive: nothing"),
    remedy: "Name the type of the block, or use `capacityReservation`.",
  },
  "reservation-may-be-block": {
    severity: "warning",
    sentence:
      "Only the launch template can target a Capacity Block. A group that names it as an on-demand capacity reservation launches nothing.",
    example: model("instanceTypes: [p5.48xlarge]", "capacityReservation: { id: cr-0123456789abcdef0 }"),
    remedy:
      "If it is a block, write `capacityBlock` with its `id`, its `zone` and `until`. If it is an on-demand capacity reservation, accept the warning.",
  },
  "rollout-in-full-block": {
    severity: "warning",
    sentence:
      "A Capacity Block whose instances all run has no room for a new one. A rollout ends an instance first, or waits in vain for room.",
    example: model(BLOCK, "instanceTypes: [p5.48xlarge]", "survive: nothing", "capacity: { min: 1, max: 1 }"),
    remedy: "Have an instance more in the block, or roll out by a variant with a block of its own.",
  },
  "reserved-zone-elsewhere": {
    severity: "error",
    sentence: "What is reserved lies in a zone in which no instance can be launched.",
    example: model(
      'capacityBlock: { id: cr-0123456789abcdef0, zone: euw1-az1, until: "2027-03-12T11:30:00Z" }',
      "instanceTypes: [p5.48xlarge]",
      "survive: nothing",
    ),
    remedy: "Write the zone that `aws ec2 describe-capacity-reservations` shows, and have a subnet there.",
  },
  "warm-pool-refused": {
    severity: "error",
    sentence: "AWS keeps no warm pool for groups with Spot instances.",
    example: model("warmPool: { min: 1 }", "spot: { share: 50 }"),
    remedy: "Remove `warmPool` or `spot`.",
  },
} as const satisfies Findings;
