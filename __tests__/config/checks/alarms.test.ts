import { GLOBAL_ENDPOINT_YAML, globalEndpointYaml } from "../../support/global-endpoint-file";
import { testRules } from "../../support/rule-cases";

const EMAIL = "email: on-call@example.com";
const SECOND_REGION: readonly [string, string] = [
  "models:\n  llama:",
  "  eu-west-1:\n    network:\n      create:\n        cidr: 10.1.0.0/16\nmodels:\n  llama:",
];
const topic = (region: string, name = "on-call") => `arn:aws:sns:${region}:123456789012:${name}`;
const topics = (count: number, region = "us-east-1") =>
  `topicArns: ▸[${Array.from({ length: count }, (_, index) => topic(region, `t${index}`)).join(", ")}]`;

describe("alarms", () => {
  testRules([
    {
      name: "[no-recipient] without anybody to tell",
      changes: [[`alarms:\n  ${EMAIL}\n`, ""]],
      expected: [
        "warning  alarms  no-alarm-recipient  nobody is notified when instances fail; add alarms.email or alarms.topicArns",
      ],
    },
    {
      name: "without anybody to tell, said so",
      changes: [[EMAIL, "accept: { no-alarm-recipient: we watch a dashboard }"]],
      expected: [],
    },
    {
      name: "without anybody to tell, said so, and with somebody",
      changes: [[EMAIL, `${EMAIL}\n  accept: { ▸no-alarm-recipient: we watch a dashboard }`]],
      expected: ["warning  alarms.accept.no-alarm-recipient  acceptance-unused"],
    },
    {
      name: "of two regions, with a topic in one",
      changes: [[EMAIL, `topicArns: ▸[${topic("us-east-1")}]`], SECOND_REGION],
      expected: [
        "warning  alarms.topicArns  region-without-topic  no topic is in eu-west-1, so nobody is notified of its alarms; add one there, or an email",
      ],
    },
    {
      name: "of two regions, with a topic in one and an email",
      changes: [[EMAIL, `${EMAIL}\n  topicArns: [${topic("us-east-1")}]`], SECOND_REGION],
      expected: [],
    },
    {
      name: "of two regions, with a topic in each",
      changes: [[EMAIL, `topicArns: [${topic("us-east-1")}, ${topic("eu-west-1")}]`], SECOND_REGION],
      expected: [],
    },
    {
      name: "with as many topics as an alarm tells",
      changes: [[EMAIL, topics(5).replace("▸", "")]],
      expected: [],
    },
    {
      name: "with more topics than an alarm tells",
      changes: [[EMAIL, topics(6)]],
      expected: [
        "error  alarms.topicArns  too-many-topics  6 topics in us-east-1 are more than the 5 that an alarm notifies; let one of them notify the others",
      ],
    },
    {
      name: "with as many topics as an alarm tells, and an email",
      changes: [[EMAIL, `${EMAIL}\n  ${topics(5)}`]],
      expected: [
        "error  alarms.topicArns  too-many-topics  6 topics in us-east-1, with that of the email, are more than the 5 that an alarm notifies; let one of them notify the others",
      ],
    },
    {
      name: "with a topic where no alarm is",
      changes: [[EMAIL, `${EMAIL}\n  topicArns: [${topic("us-east-1")}, ▸"${topic("us-west-2")}"]`]],
      expected: [
        "warning  alarms.topicArns[1]  topic-without-alarms  no alarm is in us-west-2, so this topic is never notified; remove it, or name one in us-east-1",
      ],
    },
  ]);
});

describe("alarms of a global endpoint", () => {
  const inBothRegions = [topic("us-east-1"), topic("eu-west-1")];
  testRules([
    {
      name: "by records, with a topic in each region, one of which is us-east-1",
      yaml: globalEndpointYaml("latency"),
      changes: [[EMAIL, `topicArns: [${inBothRegions.join(", ")}]`]],
      expected: [],
    },
    {
      name: "by records, over other regions than us-east-1",
      yaml: GLOBAL_ENDPOINT_YAML.replace("  us-east-1:\n", "  ca-central-1:\n"),
      changes: [[EMAIL, `topicArns: ▸[${topic("ca-central-1")}, ${topic("eu-west-1")}]`]],
      expected: [
        "warning  alarms.topicArns  region-without-topic  no topic is in us-east-1, so nobody is notified when the global endpoint takes a region out; add one there, or an email",
      ],
    },
    {
      name: "by records, with no topic in a region that has the global endpoint's alarms too",
      yaml: globalEndpointYaml("latency"),
      changes: [[EMAIL, `topicArns: ▸[${topic("eu-west-1")}]`]],
      expected: [
        "warning  alarms.topicArns  region-without-topic  no topic is in us-east-1, so nobody is notified of its alarms or when the global endpoint takes a region out; add one there, or an email",
      ],
    },
    {
      name: "by an accelerator, with a topic in each region",
      yaml: globalEndpointYaml("accelerator"),
      changes: [[EMAIL, `topicArns: ▸[${inBothRegions.join(", ")}]`]],
      expected: [
        "warning  alarms.topicArns  region-without-topic  no topic is in us-west-2, so nobody is notified when the global endpoint takes a region out; add one there, or an email",
      ],
    },
    {
      name: "by an accelerator, with an email",
      yaml: globalEndpointYaml("accelerator"),
      changes: [],
      expected: [],
    },
    {
      name: "by an accelerator, with a topic in each region and in us-west-2",
      yaml: globalEndpointYaml("accelerator"),
      changes: [[EMAIL, `topicArns: [${[...inBothRegions, topic("us-west-2")].join(", ")}]`]],
      expected: [],
    },
    {
      name: "by an accelerator, with more topics in us-west-2 than an alarm tells",
      yaml: globalEndpointYaml("accelerator"),
      changes: [[EMAIL, `${EMAIL}\n  ${topics(5, "us-west-2")}`]],
      expected: [
        "error  alarms.topicArns  too-many-topics  6 topics in us-west-2, with that of the email, are more than the 5 that an alarm notifies; let one of them notify the others",
      ],
    },
  ]);
});
