import { type RuleCase, testRules } from "../../support/rule-cases";

const CAPACITY = "capacity: { min: 3, max: 6 }";
const EMAIL = "  email: on-call@example.com\n";

describe("fields that are no longer there", () => {
  const renamed = (name: string, changes: RuleCase["changes"], line: string): RuleCase => ({
    name,
    changes,
    expected: [line],
  });
  testRules([
    renamed(
      "door",
      [["alarms:\n", "▸door: { routing: latency }\nalarms:\n"]],
      'error  door  renamed-field  "door" is no longer a field; it is "globalEndpoint" now',
    ),
    renamed(
      "an old name where the new one is no field either",
      [["name: chat\n", "name: chat\n▸boxSubnetIds: [subnet-0123456789abcdef0]\n"]],
      "error  boxSubnetIds  unknown-field",
    ),
    renamed(
      "a request's share of an instance, in capacity",
      [[CAPACITY, "capacity: { min: 3, max: 6, ▸requestsPerMinutePerBox: 60 }"]],
      'error  models.llama.capacity.requestsPerMinutePerBox  renamed-field  "requestsPerMinutePerBox" is no longer a field; it is "requestsPerMinutePerInstance" now',
    ),
    renamed(
      "waiting requests of an instance, in a variant",
      [[CAPACITY, `${CAPACITY}\n    variants: { a: { weight: 1, scaling: { ▸waitingRequestsPerBox: 4 } } }`]],
      'error  models.llama.variants.a.scaling.waitingRequestsPerBox  renamed-field  "waitingRequestsPerBox" is no longer a field; it is "waitingRequestsPerInstance" now',
    ),
    renamed(
      "stickiness to an instance",
      [[CAPACITY, `${CAPACITY}\n    stickiness: { ▸box: 10m }`]],
      'error  models.llama.stickiness.box  renamed-field  "box" is no longer a field; it is "instance" now',
    ),
    renamed(
      "silent alarms",
      [[EMAIL, "  ▸silent: true\n"]],
      'error  alarms.silent  renamed-field  "silent" is no longer a field; write accept: { no-alarm-recipient: "the reason" }',
    ),
    renamed(
      "cut requests",
      [[CAPACITY, `${CAPACITY}\n    spot: { share: 50, ▸acceptCutRequests: true }`]],
      'error  models.llama.spot.acceptCutRequests  renamed-field  "acceptCutRequests" is no longer a field; write accept: { spot-cuts-requests: "the reason" } beside spot',
    ),
    {
      name: "subnets of instances",
      changes: [
        [
          "create:\n        cidr: 10.0.0.0/16",
          "existing:\n        vpcId: vpc-0123456789abcdef0\n        albSubnetIds: [subnet-0aaaaaaaaaaaaaaa1, subnet-0bbbbbbbbbbbbbbb2]\n        ▸boxSubnetIds: [subnet-0aaaaaaaaaaaaaaa1]\n        ▸boxSubnetTags: { tier: private }",
        ],
      ],
      expected: [
        'error  regions.us-east-1.network.existing.boxSubnetIds  renamed-field  "boxSubnetIds" is no longer a field; it is "instanceSubnetIds" now',
        'error  regions.us-east-1.network.existing.boxSubnetTags  renamed-field  "boxSubnetTags" is no longer a field; it is "instanceSubnetTags" now',
      ],
    },
    {
      name: "door, and what only follows from it",
      changes: [
        ["alarms:\n", "▸door: { routing: weighted }\nalarms:\n"],
        ["        cidr: 10.0.0.0/16\n", "        cidr: 10.0.0.0/16\n    weight: 50\n"],
      ],
      expected: ["error  door  renamed-field"],
    },
  ]);
});
