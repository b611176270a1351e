import { testRules } from "../../support/rule-cases";

const CAPACITY = "capacity: { min: 3, max: 6 }";
const TYPES = "instanceTypes: [g6.2xlarge, g5.2xlarge]";
const SHORT: readonly [string, string] = ["longestRequest: 5m", "longestRequest: 90s"];
const with_ = (fields: string): readonly [string, string] => [CAPACITY, `${CAPACITY}\n    ${fields}`];

describe("a capacity reservation", () => {
  const ARN = "arn:aws:resource-groups:us-east-1:123456789012:group/gpus";
  const reservation = (fields: string) => with_(`capacityReservation: { ${fields} }`);
  testRules([
    { name: "by id", changes: [reservation("id: cr-0123456789abcdef0")], expected: [] },
    {
      name: "by id and group",
      changes: [reservation(`id: cr-0123456789abcdef0, resourceGroupArn: ▸${ARN}`)],
      expected: [
        "error  models.llama.capacityReservation.resourceGroupArn  both-given  set one of id and resourceGroupArn; a group launches into one target",
      ],
    },
    ...["id: cr-0123456789abcdef0", `resourceGroupArn: ${ARN}`].map((target) => ({
      name: `none, with ${target.split(":")[0]}`,
      changes: [reservation(`preference: ▸none, ${target}`)],
      expected: [
        'error  models.llama.capacityReservation.preference  reservation-unused  "none" uses no reservation; use capacity-reservations-first, or remove the rest',
      ],
    })),
    { name: "none", changes: [reservation("preference: none")], expected: [] },
    {
      name: "of one type, launched into only, beside others",
      changes: [
        [TYPES, "instanceTypes: ▸[g6.2xlarge, g5.2xlarge]\n    survive: nothing"],
        reservation("preference: capacity-reservations-only, id: cr-0123456789abcdef0"),
      ],
      expected: [
        "error  models.llama.instanceTypes  reservation-of-one-type  a capacity reservation is of one instance type, and of these 2 the others can never be launched; name that type alone, or write reservations with one of each type",
      ],
    },
    {
      name: "of one type, launched into only",
      changes: [
        [TYPES, "instanceTypes: [g6.2xlarge]\n    survive: nothing"],
        reservation("preference: capacity-reservations-only, id: cr-0123456789abcdef0"),
      ],
      expected: [],
    },
    {
      name: "alone, with Spot",
      changes: [
        SHORT,
        with_("spot: { share: 50 }\n    capacityReservation: { preference: ▸capacity-reservations-only }"),
      ],
      expected: [
        "error  models.llama.capacityReservation.preference  spot-with-reservations-only  Spot instances cannot be reserved; use capacity-reservations-first, or remove spot",
      ],
    },
    { name: "alone", changes: [reservation("preference: capacity-reservations-only")], expected: [] },
  ]);
});

describe("reservations of several zones", () => {
  const ONE_TYPE: readonly [string, string] = [TYPES, "instanceTypes: [g6.2xlarge]"];
  const sized = (capacity: string, list: string, more = ""): readonly [string, string] => [
    CAPACITY,
    `capacity: ${capacity}\n    capacityReservation: { ${list} }${more}`,
  ];
  const DEMAND = "peakRequestsPerMinute: 400, requestsPerMinutePerInstance: 100";
  /** Reservations with so many instances, in use1-az1, use1-az2 and use1-az4; each with more fields. */
  const list = (counts: readonly number[], more = "") =>
    `reservations: ▸[${counts.map((count, index) => `{ id: cr-0123456789abcdef${index}, zone: use1-az${[1, 2, 4][index]}, count: ${count}${more} }`).join(", ")}]`;
  const only = (counts: readonly number[], more = "") =>
    `preference: capacity-reservations-only, ${list(counts, more)}`;
  const unmarked = ([before, after]: readonly [string, string]): readonly [string, string] => [
    before,
    after.replaceAll("▸", ""),
  ];

  testRules([
    {
      name: "with all of min",
      changes: [ONE_TYPE, unmarked(sized("{ min: 3, max: 6 }", list([1, 1, 1])))],
      expected: [],
    },
    {
      name: "with less than min, evenly",
      changes: [ONE_TYPE, sized("{ min: 6, max: 9 }", list([1, 4, 4]))],
      expected: [
        "warning  models.llama.capacityReservation.reservations  not-all-reserved  hold 1 in use1-az1, 4 in use1-az2 and 4 in use1-az4: 1 of min 6 are on-demand, because Auto Scaling spreads min evenly over 3 zones; when AWS has no more of the type, they do not start; reserve more in the other zones, or accept this",
      ],
    },
    {
      name: "with the peak, and less than min",
      changes: [ONE_TYPE, sized(`{ ${DEMAND} }`, list([2, 2]))],
      expected: [
        "warning  models.llama.capacityReservation.reservations  not-all-reserved  hold 2 in use1-az1 and 2 in use1-az2: 2 of min 6 are on-demand, and the 4 that the peak takes are reserved, because Auto Scaling spreads min evenly over 3 zones; when AWS has no more of the type, they do not start; reserve more in the other zones, or accept this",
      ],
    },
    {
      name: "with less than the peak",
      changes: [ONE_TYPE, sized(`{ ${DEMAND} }`, list([1, 1]))],
      expected: [
        "warning  models.llama.capacityReservation.reservations  not-all-reserved  hold 1 in use1-az1 and 1 in use1-az2: 4 of min 6 are on-demand, and 2 of the 4 that the peak takes, because Auto Scaling spreads min evenly over 3 zones; when AWS has no more of the type, they do not start; reserve more in the other zones, or accept this",
      ],
    },
    {
      name: "with less than min, which is accepted",
      changes: [
        ONE_TYPE,
        unmarked(
          sized(
            "{ min: 3, max: 6 }",
            list([1]),
            "\n    accept: { not-all-reserved: there is more on demand }",
          ),
        ),
      ],
      expected: [],
    },
    {
      name: "alone, with room for a rollout",
      changes: [ONE_TYPE, unmarked(sized(`{ ${DEMAND} }`, only([3, 3, 3])))],
      expected: [],
    },
    {
      name: "alone and full, as an instance leaves first then",
      changes: [ONE_TYPE, unmarked(sized(`{ ${DEMAND} }`, only([2, 2, 2])))],
      expected: [],
    },
    {
      name: "alone and full, where the peak takes all",
      changes: [ONE_TYPE, sized(`{ ${DEMAND} }`, only([2, 2]), "\n    survive: nothing")],
      expected: [
        "warning  models.llama.capacityReservation.reservations  rollout-in-full-block  a new version ends an instance before it launches another, as what is reserved has no room beside: 3 of 4 serve llama in us-east-1 meanwhile, and the peak takes 4, for the load time of each; reserve one more and raise min and max, or roll out by a variant with reservations of its own",
      ],
    },
    {
      name: "alone, uneven, with enough",
      changes: [ONE_TYPE, unmarked(sized(`{ ${DEMAND} }`, only([8, 3, 1])))],
      expected: [],
    },
    {
      name: "alone, uneven, with too little beside the largest",
      changes: [ONE_TYPE, sized(`{ ${DEMAND} }`, only([10, 2, 1]))],
      expected: [
        "error  models.llama.capacityReservation.reservations  zone-loss-not-survived  hold 10 in use1-az1, 2 in use1-az2 and 1 in use1-az4: the loss of one zone leaves 3 of min 6, and the peak takes 4; reserve more in the zones that have less, or write preference: capacity-reservations-first, or survive: nothing",
      ],
    },
    {
      name: "alone, with less than min",
      changes: [ONE_TYPE, sized("{ min: 5, max: 6 }", only([2, 2]))],
      expected: [
        "error  models.llama.capacityReservation.reservations  min-above-reserved  hold 4 instances, and min is 5: no more can be launched; reserve more, or write preference: capacity-reservations-first, or a lower min",
      ],
    },
    {
      name: "alone, with less than max",
      changes: [
        ONE_TYPE,
        unmarked(sized("{ min: 3, max: 4 }", only([2, 2]))).map((text) =>
          text.replace("max: 4", "max: ▸6"),
        ) as [string, string],
      ],
      expected: [
        "warning  models.llama.capacity.max  not-all-reserved  max 6 is more than the 4 instances that are reserved, and no others are launched; use max 4, reserve more, or write preference: capacity-reservations-first",
      ],
    },
    {
      name: "alone, in one zone",
      changes: [ONE_TYPE, sized("{ min: 3, max: 6 }", only([6]))],
      expected: [
        "error  models.llama.capacityReservation.reservations  reservation-in-one-zone  all of them are in one zone, and llama is launched into them only: its loss takes down llama; add a reservation in another zone, or write survive: nothing",
      ],
    },
    {
      name: "that do not say their type",
      changes: [
        unmarked(sized("{ min: 2, max: 3 }", list([2, 2]))).map((text) =>
          text.replace("[{ id", "[▸{ id").replace(", { id", ", ▸{ id"),
        ) as [string, string],
      ],
      expected: [0, 1].map(
        (index) =>
          `error  models.llama.capacityReservation.reservations[${index}]  reservation-type  does not say which of g6.2xlarge and g5.2xlarge it is of; add type`,
      ),
    },
    {
      name: "of a type that is not listed",
      changes: [
        ONE_TYPE,
        unmarked(sized("{ min: 3, max: 4 }", list([3, 3, 3], ", type: g5.2xlarge"))).map((text) =>
          text.replaceAll("type: g5", "type: ▸g5"),
        ) as [string, string],
      ],
      expected: [0, 1, 2].map(
        (index) =>
          `error  models.llama.capacityReservation.reservations[${index}].type  reservation-type  no instance is launched as g5.2xlarge, so it is never used; write g6.2xlarge, or add g5.2xlarge to instanceTypes`,
      ),
    },
    {
      name: "alone, of one of two types",
      changes: [
        [TYPES, "instanceTypes: ▸[g6.2xlarge, g5.2xlarge]"],
        unmarked(sized("{ min: 3, max: 4 }", only([2, 2], ", type: g5.2xlarge"))),
      ],
      expected: [
        "error  models.llama.instanceTypes  reservation-of-one-type  g6.2xlarge can never be launched, as no reservation is of that type; leave it out, or add a reservation of each",
      ],
    },
    {
      name: "that repeat one",
      changes: [
        ONE_TYPE,
        unmarked(sized("{ min: 3, max: 6 }", list([3, 3, 3]))).map((text) =>
          text.replace("id: cr-0123456789abcdef1", "id: ▸cr-0123456789abcdef0"),
        ) as [string, string],
      ],
      expected: [
        "error  models.llama.capacityReservation.reservations[1].id  duplicate-item  cr-0123456789abcdef0 repeats reservations[0]; a reservation is in one zone and of one type: remove it, or write another id",
      ],
    },
    {
      name: "beside an id",
      changes: [ONE_TYPE, sized("{ min: 3, max: 6 }", `id: cr-0fedcba9876543210, ${list([3, 3, 3])}`)],
      expected: [
        "error  models.llama.capacityReservation.reservations  both-given  set one of id and reservations; a group launches into one target",
      ],
    },
    {
      name: "that are not used",
      changes: [
        ONE_TYPE,
        unmarked(sized("{ min: 3, max: 6 }", `preference: none, ${list([3, 3, 3])}`)).map((text) =>
          text.replace("preference: none", "preference: ▸none"),
        ) as [string, string],
      ],
      expected: [
        'error  models.llama.capacityReservation.preference  reservation-unused  "none" uses no reservation; use capacity-reservations-first, or remove the rest',
      ],
    },
    {
      name: "that two variants count",
      changes: [
        ONE_TYPE,
        sized(
          "{ min: 3, max: 6 }",
          list([3, 3, 3]),
          "\n    variants: { stable: { weight: 60 }, canary: { weight: 40 } }",
        ),
      ],
      expected: [
        "warning  models.llama.capacityReservation.reservations  reservation-counted-twice  count for each of canary and stable of llama, which all launch into them; write capacityReservation under each variant, with its share as count",
      ],
    },
    {
      name: "that may be Capacity Blocks",
      changes: [
        [TYPES, "instanceTypes: [p5.48xlarge]"],
        unmarked(sized("{ min: 2, max: 3 }", list([2, 2, 2]))).map((text) =>
          text.replaceAll("id: cr", "id: ▸cr"),
        ) as [string, string],
      ],
      expected: [0, 1, 2].map(
        (index) =>
          `warning  models.llama.capacityReservation.reservations[${index}].id  reservation-may-be-block`,
      ),
    },
    {
      name: "in zones by ids and by names",
      changes: [
        ONE_TYPE,
        unmarked(sized("{ min: 3, max: 6 }", list([3, 3, 3]))).map((text) =>
          text.replace("zone: use1-az2", "zone: ▸us-east-1b"),
        ) as [string, string],
      ],
      expected: [
        "error  models.llama.capacityReservation.reservations[1].zone  reservation-zones-mixed  us-east-1b may be the same zone as use1-az1: write the zones of all reservations by their ids, or all by their names",
      ],
    },
    {
      name: "in a zone of another region",
      changes: [
        ONE_TYPE,
        unmarked(sized("{ min: 3, max: 6 }", list([3, 3, 3]))).map((text) =>
          text.replace("zone: use1-az2", "zone: ▸euw1-az2"),
        ) as [string, string],
      ],
      expected: [
        "error  models.llama.capacityReservation.reservations[1].zone  reserved-zone-elsewhere  euw1-az2 is no zone of us-east-1; write it under regions.us-east-1.models for this region alone, with a zone that us-east-1 has",
      ],
    },
  ]);
});
