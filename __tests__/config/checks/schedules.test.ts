import { testRules } from "../../support/rule-cases";

const CAPACITY = "capacity: { min: 3, max: 6 }";
const DEMAND = "peakRequestsPerMinute: 600, requestsPerMinutePerInstance: 100";
const NIGHT = 'cron: "0 20 * * MON-FRI"';
const MORNING = '{ cron: "0 7 * * MON-FRI" }';
const scheduled = (capacity: string, list: string, more = ""): readonly [string, string] => [
  CAPACITY,
  `capacity: { ${capacity} }\n    schedules: ${list}${more}`,
];
const NOTHING = "\n    survive: nothing";

describe("a schedule", () => {
  testRules([
    {
      name: "with fewer instances, and one that brings them back",
      changes: [scheduled("min: 6, max: 9", `[{ ${NIGHT}, min: 2, max: 4 }, ${MORNING}]`)],
      expected: [],
    },
    {
      name: "with a lower demand",
      changes: [scheduled(DEMAND, `[{ ${NIGHT}, peakRequestsPerMinute: 100 }, ${MORNING}]`)],
      expected: [],
    },
    {
      name: "that nothing brings back",
      changes: [scheduled("min: 6, max: 9", `▸[{ ${NIGHT}, min: 2 }]`)],
      expected: [
        'error  models.llama.schedules  schedules-one-way  bring the group to 2–9 instances, and nothing brings it back; add one that does, such as { cron: "0 7 * * MON-FRI" } for the sizes of capacity again',
      ],
    },
    {
      name: "with a malformed time, and a zone that is none",
      changes: [
        scheduled(
          "min: 6, max: 9",
          `[{ cron: ▸"61 25 * * *", timeZone: ▸Mars/Base, min: 2 }, { cron: "0 7 * * *", timeZone: ▸US/Pacific }]`,
        ),
      ],
      expected: [
        'error  models.llama.schedules[0].cron  wrong-format  "61 25 * * *" has the minute "61", which is none of 0–59',
        'error  models.llama.schedules[0].timeZone  wrong-format  "Mars/Base" is no time zone of IANA; write it as Europe/Berlin or America/New_York',
        'error  models.llama.schedules[1].timeZone  wrong-format  "US/Pacific" is no canonical name of a time zone; write America/Los_Angeles',
      ],
    },
    {
      name: "at the same time as another",
      changes: [
        scheduled("min: 6, max: 9", `[${MORNING}, { cron: ▸"*/30 7 1 * *", min: 3 }, { ${NIGHT}, min: 2 }]`),
      ],
      expected: [
        "error  models.llama.schedules[1].cron  schedules-at-same-time  runs at the same time as schedules[0], such as 2024-01-01 07:00, and AWS refuses that; write another minute, or other days",
      ],
    },
    {
      name: "at the same hour of another zone",
      changes: [
        scheduled("min: 6, max: 9", `[${MORNING}, { cron: "0 7 * * *", timeZone: Asia/Tokyo, min: 3 }]`),
      ],
      expected: [],
    },
    {
      name: "with more than the capacity",
      changes: [
        scheduled(
          DEMAND,
          `[{ ${NIGHT}, peakRequestsPerMinute: ▸601, min: ▸9 }, { cron: "0 7 * * MON-FRI", max: ▸15 }]`,
        ),
      ],
      expected: [
        "error  models.llama.schedules[0].peakRequestsPerMinute  schedule-above-capacity  601 is more than capacity.peakRequestsPerMinute 600, which is to be the most of all hours; raise that",
        "error  models.llama.schedules[0].min  zone-loss-not-survived  min 9 cannot survive the loss of one of 3 zones at the peak, which takes 7 instances; need ≥ 11, or survive: nothing, or accept min-below-peak",
        "error  models.llama.schedules[1].max  schedule-above-capacity  max 15 is more than that of capacity, 14, which is to be the most of all hours; raise that",
      ],
    },
    {
      name: "with less at most than at least",
      changes: [scheduled("min: 6, max: 9", `[{ ${NIGHT}, max: ▸4 }, { cron: "0 7 * * *", min: ▸10 }]`)],
      expected: [
        "error  models.llama.schedules[0].max  min-above-max  min 6 > max 4; write a smaller min, or a larger max",
        "error  models.llama.schedules[1].min  min-above-max  min 10 > max 9; write a smaller min, or a larger max",
      ],
    },
    {
      name: "with a demand that the written sizes do not carry",
      changes: [
        scheduled(
          "min: 3, max: 4, requestsPerMinutePerInstance: 100",
          `[{ ${NIGHT}, peakRequestsPerMinute: ▸600 }, { cron: "0 7 * * *", min: 2 }]`,
          "\n    accept: { min-below-peak: they try again }",
        ),
      ],
      expected: [
        "error  models.llama.schedules[0].peakRequestsPerMinute  max-below-need  takes 9 instances, more than max 4 of capacity; raise that",
      ],
    },
    {
      name: "with a demand, and no number of requests that an instance serves",
      changes: [
        scheduled("min: 6, max: 9", `[{ ${NIGHT}, peakRequestsPerMinute: ▸10, min: 2 }, ${MORNING}]`),
      ],
      expected: [
        "error  models.llama.schedules[0].peakRequestsPerMinute  field-without-effect  means nothing without capacity.requestsPerMinutePerInstance; add that",
      ],
    },
    {
      name: "that leaves too few for the loss of a zone",
      changes: [scheduled("min: 6, max: 9", `[{ ${NIGHT}, min: ▸1 }, ${MORNING}]`)],
      expected: [
        "error  models.llama.schedules[0].min  zone-loss-not-survived  min 1 cannot survive the loss of one of 3 zones; need ≥ 2, or survive: nothing",
      ],
    },
    {
      name: "that leaves nothing",
      changes: [scheduled("min: 6, max: 9", `[▸{ ${NIGHT}, min: 0 }, ${MORNING}]`, NOTHING)],
      expected: [
        "warning  models.llama.schedules[0]  schedule-serves-nothing  from 0 20 * * 1-5 UTC on us-east-1 has no instances for main of llama, and its requests are answered with 503 until a schedule brings instances back and they have loaded, 6m; write min 1 or more, or accept this",
      ],
    },
    {
      name: "that leaves nothing, knowingly",
      changes: [
        scheduled(
          "min: 6, max: 9",
          `[{ ${NIGHT}, min: 0 }, ${MORNING}]`,
          `${NOTHING}\n    accept: { schedule-serves-nothing: nobody works then }`,
        ),
      ],
      expected: [],
    },
    {
      name: "that may leave nothing, and never grow again",
      changes: [scheduled("min: 6, max: 9", `[{ ${NIGHT}, min: ▸0, max: 4 }, ${MORNING}]`, NOTHING)],
      expected: [
        "error  models.llama.schedules[0].min  min-zero  min 0 lets the group shrink to no instances, and an empty group counts no requests, so it never grows; use 1 or more, or max 0 too",
      ],
    },
    {
      name: "whose instances nothing takes away",
      changes: [
        scheduled("min: 6, max: 9", `[▸{ ${NIGHT}, min: 2 }, ${MORNING}]`),
        [
          "scaling: { requestsPerMinutePerInstance: 60 }",
          "scaling: { requestsPerMinutePerInstance: 60, scaleIn: false }",
        ],
      ],
      expected: [
        "warning  models.llama.schedules[0]  schedule-keeps-instances  nothing makes llama shrink from 6 to 2 instances: a lower min only allows it, and the group does not scale in by requests; write max 2 too",
      ],
    },
    {
      name: "while none may run",
      changes: [
        scheduled(
          "min: 6, max: 9",
          `▸[{ ${NIGHT}, min: 2 }, ${MORNING}]`,
          "\n    suspend: [ScheduledActions]",
        ),
      ],
      expected: [
        "error  models.llama.schedules  field-without-effect  never run while the process ScheduledActions is suspended; take it out of suspend, or leave schedules out",
      ],
    },
    {
      name: "of a Capacity Block",
      changes: [
        ["instanceTypes: [g6.2xlarge, g5.2xlarge]", "instanceTypes: [p5.48xlarge]"],
        scheduled(
          "min: 3, max: 3",
          `▸[{ ${NIGHT}, min: 2 }, ${MORNING}]`,
          `${NOTHING}\n    capacityBlock: { id: cr-0123456789abcdef0, zone: use1-az6, until: "2027-03-12T11:30:00Z" }`,
        ),
      ],
      expected: [
        "error  models.llama.schedules  capacity-block-combination  does not go with a Capacity Block: it is paid for at all hours, and they would go on after its end; leave schedules out",
      ],
    },
    {
      name: "with thresholds of healthy instances that it does not reach",
      changes: [
        scheduled(
          "min: 6, max: 9",
          `[{ ${NIGHT}, min: 2 }, ${MORNING}]`,
          "\n    healthyTargets: { routing: { count: ▸3 }, dnsFailover: { count: ▸3 } }",
        ),
      ],
      expected: [
        "error  models.llama.healthyTargets.routing.count  healthy-count-unreachable  3 healthy instances are more than the 2 to which main may shrink in us-east-1; use 2 or fewer",
        "error  models.llama.healthyTargets.dnsFailover.count  healthy-count-unreachable  3 healthy instances are more than the 2 to which main may shrink in us-east-1; use 2 or fewer",
      ],
    },
  ]);
});
