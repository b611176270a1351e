import { testRules } from "../../support/rule-cases";

const CAPACITY = "capacity: { min: 3, max: 6 }";
const TYPES = "instanceTypes: [g6.2xlarge, g5.2xlarge]";
const fields = (text: string, capacity = "capacity: { min: 2, max: 2 }"): readonly [string, string] => [
  CAPACITY,
  `${capacity}\n    ${text}`,
];
const block = (more = "", zone = "use1-az6") =>
  `survive: nothing\n    capacityBlock: { id: cr-0123456789abcdef0, zone: ${zone}, until: "2027-03-12T11:30:00Z" }${more}`;
const P5: readonly [string, string] = [TYPES, "instanceTypes: [p5.48xlarge]"];
const SEGMENTS =
  "AWS needs distribution segments for that (mixed_instances_policy.instances_distribution.distribution_segments), which Terraform's AWS provider does not have, neither in the version of this project nor in 6.66";

describe("a Capacity Block", () => {
  testRules([
    { name: "of one type", changes: [P5, fields(block())], expected: [] },
    {
      name: "with an end that is no day",
      changes: [P5, fields(block().replace('until: "2027-03', 'until: ▸"2027-02').replace("-12T", "-29T"))],
      expected: [
        'error  models.llama.capacityBlock.until  wrong-format  "2027-02-29T11:30:00Z" is not an instant; write it as 2027-03-12T11:30:00Z',
      ],
    },
    {
      name: "that has to survive a zone",
      changes: [P5, fields(block().replace("survive: nothing\n    ", "").replace("{ id", "▸{ id"))],
      expected: [
        "error  models.llama.capacityBlock  reservation-in-one-zone  a Capacity Block is in one zone, and its loss takes down llama; reserve on-demand capacity in several zones (capacityReservation.reservations), or write survive: nothing and serve llama in another region too, behind a globalEndpoint",
      ],
    },
    {
      name: "of a type that is not sold so",
      changes: [[TYPES, "instanceTypes: ▸[g6.2xlarge]"], fields(block())],
      expected: [
        "error  models.llama.instanceTypes  capacity-block-type  AWS sells no Capacity Blocks of g6.2xlarge (moto 5.2.1 ec2/resources/instance_types.json.gz (recorded DescribeInstanceTypes output); EC2 user guide, July 2026), but of P4d, P4de, P5, P5e, P5en, P6-B200, P6-B300 and newer P types; for the others use capacityReservation",
      ],
    },
    {
      name: "of several types",
      changes: [[TYPES, "instanceTypes: ▸[p5.48xlarge, p4d.24xlarge]"], fields(block())],
      expected: [
        `error  models.llama.instanceTypes  capacity-block-combination  does not go with a Capacity Block: it has instances of one type, and 2 are listed; name that type alone. For blocks of several types in one group ${SEGMENTS}`,
      ],
    },
    {
      name: "with Spot",
      changes: [
        P5,
        ["longestRequest: 5m", "longestRequest: 90s"],
        fields(block("\n    spot: ▸{ share: 50, onDemandBase: 1 }")),
      ],
      expected: [
        `error  models.llama.spot  capacity-block-combination  does not go with a Capacity Block: its instances are paid up front, and none is Spot; for both in one group ${SEGMENTS}; use two variants`,
      ],
    },
    {
      name: "with a warm pool",
      changes: [P5, fields(block("\n    warmPool: ▸{}"))],
      expected: [
        "error  models.llama.warmPool  capacity-block-combination  does not go with a Capacity Block: AWS keeps no warm pool of its instances; leave warmPool out",
      ],
    },
    {
      name: "with another reservation",
      changes: [P5, fields(block("\n    capacityReservation: ▸{}"))],
      expected: [
        `error  models.llama.capacityReservation  capacity-block-combination  does not go with a Capacity Block: its launch template has one target, the block; for both in one group ${SEGMENTS}; use two variants`,
      ],
    },
    {
      name: "with requirements",
      changes: [
        [TYPES, "instanceTypes: [p5.*]\n    instanceRequirements: ▸{ gpus: { min: 8 }, gpuMemory: 600GiB }"],
        fields(block()),
      ],
      expected: [
        "error  models.llama.instanceRequirements  capacity-block-combination  does not go with a Capacity Block: it has instances of one type; name that type in instanceTypes",
      ],
    },
    {
      name: "of one instance, which a rollout ends",
      changes: [P5, fields(block().replace("{ id", "▸{ id"), "capacity: { min: 1, max: 1 }")],
      expected: [
        "warning  models.llama.capacityBlock  rollout-in-full-block  a new version ends an instance before it launches another, as the block has no room beside: 0 of 1 serve llama in us-east-1 meanwhile, for the load time of each; buy a block of one more and raise min and max, or roll out by a variant with a block of its own",
      ],
    },
    {
      name: "in which a new version is to start beside the old one",
      changes: [P5, fields(block("\n    rollout: ▸{ minHealthy: 100 }"))],
      expected: [
        "warning  models.llama.rollout  rollout-in-full-block  main of llama is to launch new instances beside the old ones, and Capacity Block cr-0123456789abcdef0 needs room for them: one instance more than max 2; else leave minHealthy and maxHealthy out, and an instance leaves before its successor starts",
      ],
    },
    {
      name: "in the old field",
      changes: [P5, fields("capacityReservation: { id: ▸cr-0123456789abcdef0 }", CAPACITY)],
      expected: [
        "warning  models.llama.capacityReservation.id  reservation-may-be-block  AWS sells p5.48xlarge in Capacity Blocks. If cr-0123456789abcdef0 is one, every launch fails this way; write capacityBlock: { id: cr-0123456789abcdef0, zone: its AvailabilityZoneId, until: its EndDate } instead, as aws ec2 describe-capacity-reservations shows them. If it is an on-demand capacity reservation, accept this",
      ],
    },
  ]);
});

describe("the zone of what is reserved", () => {
  const zoned = (zone: string, zones: string) => [
    P5,
    fields(block("", `▸${zone}`)),
    ["cidr: 10.0.0.0/16", `cidr: 10.0.0.0/16${zones}`] as const,
  ];
  testRules([
    {
      name: "among named ones",
      changes: zoned("us-east-1c", "\n        zones: [us-east-1a, us-east-1c]"),
      expected: [],
    },
    { name: "by name, where a plan knows the zones", changes: zoned("us-east-1c", ""), expected: [] },
    {
      name: "not among named ones",
      changes: zoned("us-east-1d", "\n        zones: [us-east-1a, us-east-1c]"),
      expected: [
        "error  models.llama.capacityBlock.zone  reserved-zone-elsewhere  the network of us-east-1 has no subnet in us-east-1d, but in us-east-1a or us-east-1c; write more zones under network.create",
      ],
    },
    {
      name: "of another region",
      changes: zoned("euw1-az1", ""),
      expected: [
        "error  models.llama.capacityBlock.zone  reserved-zone-elsewhere  euw1-az1 is no zone of us-east-1; write it under regions.us-east-1.models for this region alone, with a zone that us-east-1 has",
      ],
    },
    {
      name: "in which AWS makes no NAT gateways",
      changes: zoned("use1-az3", ""),
      expected: [
        "error  models.llama.capacityBlock.zone  reserved-zone-elsewhere  the network of us-east-1 has no subnet in use1-az3, but in use1-az1, use1-az2 or use1-az4; AWS does not have there what the network needs, so use nat: none, or what is reserved elsewhere",
      ],
    },
    {
      name: "that is no zone",
      changes: zoned("a", ""),
      expected: [
        'error  models.llama.capacityBlock.zone  wrong-format  "a" is no Availability Zone; write its id, such as use1-az4, or its name, us-east-1a',
      ],
    },
  ]);
});
