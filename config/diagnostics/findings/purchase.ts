import { model } from "./example";
import type { Findings } from "./finding";

const REQUIREMENTS = "instanceRequirements: { gpus: { min: 1 }, gpuMemory: 22GiB }";

const BLOCK = 'capacityBlock: { id: cr-0123456789abcdef0, zone: use1-az4, until: "2027-03-12T11:30:00Z" }';

const reserved = (preference: string, ...of: readonly string[]) =>
  `capacityReservation: { preference: ${preference}, reservations: [${of
    .map((fields, index) => `{ id: cr-0123456789abcdef${index}, ${fields} }`)
    .join(", ")}] }`;

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
      "A Capacity Block whose instances all run has no room for a new one, nor have reservations that instances are launched into only. A rollout ends an instance first, or waits in vain for room.",
    example: model(BLOCK, "instanceTypes: [p5.48xlarge]", "survive: nothing", "capacity: { min: 1, max: 1 }"),
    remedy:
      "Have an instance more in the block or the reservations, or roll out by a variant with a block or reservations of its own.",
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
  "reservation-zones-mixed": {
    severity: "error",
    sentence:
      "One reservation names its zone, another has the id of its zone. Whether both are the same is not known before a plan.",
    example: model(
      reserved("capacity-reservations-only", "zone: use1-az4, count: 4", "zone: us-east-1a, count: 4"),
      "instanceTypes: [g6.2xlarge]",
    ),
    remedy: "Write all by their ids, which `aws ec2 describe-capacity-reservations` shows.",
  },
  "reservation-type": {
    severity: "error",
    sentence:
      "The type that is reserved is none that may be launched, or is not written where it may be several.",
    example: model(
      reserved("capacity-reservations-first", "zone: use1-az4, count: 3", "zone: use1-az1, count: 3"),
      "instanceTypes: [g6.2xlarge, g5.2xlarge]",
    ),
    remedy: "Write the `type` of each reservation, one of `instanceTypes`.",
  },
  "reservation-counted-twice": {
    severity: "warning",
    sentence:
      "Several variants launch into the same reservations, and each counts all of them. There are too few for all.",
    example: model(
      reserved("capacity-reservations-first", "zone: use1-az4, count: 3", "zone: use1-az1, count: 3"),
      "instanceTypes: [g6.2xlarge]",
      "capacity: { min: 3, max: 4 }",
      "variants: { stable: { weight: 80 }, canary: { weight: 20 } }",
    ),
    remedy: "Write `capacityReservation` under each variant, with its share of the reservation as `count`.",
  },
  "min-above-reserved": {
    severity: "error",
    sentence: "Instances are launched into the reservations only, and these hold fewer than `min`.",
    example: model(
      reserved("capacity-reservations-only", "zone: use1-az4, count: 2", "zone: use1-az1, count: 2"),
      "instanceTypes: [g6.2xlarge]",
      "capacity: { min: 5, max: 6 }",
    ),
    remedy: "Reserve more, or write `preference: capacity-reservations-first`, or a lower `min`.",
  },
  "not-all-reserved": {
    severity: "warning",
    sentence:
      "Some instances of `min` run beside the reservations, where AWS may have none. Or `max` is more than is reserved, and nothing else is launched.",
    example: model(
      reserved("capacity-reservations-first", "zone: use1-az4, count: 1", "zone: use1-az1, count: 1"),
      "instanceTypes: [g6.2xlarge]",
    ),
    remedy:
      "Reserve as many in each zone as run there: `min` ÷ zones, rounded up. Or lower `max` to what is reserved. If the rest may be on-demand, accept the warning.",
  },
  "warm-pool-refused": {
    severity: "error",
    sentence: "AWS keeps no warm pool for groups with Spot instances.",
    example: model("warmPool: { min: 1 }", "spot: { share: 50 }"),
    remedy: "Remove `warmPool` or `spot`.",
  },
} as const satisfies Findings;
