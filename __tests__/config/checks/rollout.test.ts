import { testRules } from "../../support/rule-cases";

const CAPACITY = "capacity: { min: 3, max: 6 }";
const rollout = (fields: string): readonly [string, string] => [
  CAPACITY,
  `${CAPACITY}\n    rollout: { ${fields} }`,
];
const REQUIREMENTS: readonly [string, string] = [
  "instanceTypes: [g6.2xlarge, g5.2xlarge]",
  'instanceTypes: ["g6.*"]\n    instanceRequirements: { gpus: { min: 1, max: 1 }, gpuMemory: 22GiB }',
];

describe("a rollback by AWS", () => {
  testRules([
    {
      name: "that goes to the new version",
      changes: [rollout("autoRollback: ▸true")],
      expected: [
        "error  models.llama.rollout.autoRollback  auto-rollback-refused  Terraform sets the new version on the group before the refresh begins: AWS would go back to the new version, and refuse the next deploy meanwhile; remove it, and go back by npm run back",
      ],
    },
    { name: "that is turned off", changes: [rollout("autoRollback: false")], expected: [] },
  ]);
});

describe("matching instances", () => {
  testRules([
    {
      name: "that are skipped with requirements",
      changes: [REQUIREMENTS, rollout("skipMatching: ▸true")],
      expected: [
        "error  models.llama.rollout.skipMatching  skip-matching-refused  AWS starts no refresh that skips matching instances with instanceRequirements; remove it",
      ],
    },
    {
      name: "that are not skipped with requirements",
      changes: [REQUIREMENTS, rollout("skipMatching: false")],
      expected: [],
    },
    { name: "that are not mentioned with requirements", changes: [REQUIREMENTS], expected: [] },
    { name: "that are skipped with types", changes: [rollout("skipMatching: true")], expected: [] },
  ]);
});

describe("alarms that stop a refresh", () => {
  const named = (count: number) => Array.from({ length: count }, (_, index) => `slow-${index}`).join(", ");
  testRules([
    {
      name: "that are too many with those of the variant",
      changes: [rollout(`alarms: ▸[${named(9)}]`)],
      expected: [
        "error  models.llama.rollout.alarms  too-many-refresh-alarms  11 alarms, with the variant's own, are more than the 10 that a refresh takes; name fewer, or set stopOnAlarms to false",
      ],
    },
    { name: "that are as many as AWS takes", changes: [rollout(`alarms: [${named(8)}]`)], expected: [] },
    {
      name: "that are as many as AWS takes without those of the variant",
      changes: [rollout(`stopOnAlarms: false, alarms: [${named(10)}]`)],
      expected: [],
    },
  ]);
});

describe("a refresh that is cancelled by the next deploy", () => {
  const LOAD = "loadTime: 6m";
  const COMMANDS =
    "cancel it before: aws autoscaling cancel-instance-refresh --region us-east-1 --auto-scaling-group-name chat.llama.main --no-wait-for-transitioning-instances; and if it has happened: aws autoscaling start-instance-refresh --region us-east-1 --auto-scaling-group-name chat.llama.main --preferences 'MinHealthyPercentage=100,MaxHealthyPercentage=134,SkipMatching=true,InstanceWarmup=80,AlarmSpecification={Alarms=[chat.llama--main.too-few-healthy,chat.llama--main.instance-errors]}'";
  testRules([
    // The drain is 5m30s.
    { name: "within the time that Terraform waits", changes: [[LOAD, "loadTime: 9m30s"]], expected: [] },
    {
      name: "for longer than Terraform waits",
      changes: [[LOAD, "loadTime: ▸571s"]],
      expected: [
        `warning  models.llama.loadTime  refresh-outlasts-cancel  a deploy while a refresh runs cancels it, which can take load and drain, 901s; Terraform waits 15m, then fails with the new version on the group and no refresh of it; ${COMMANDS}`,
      ],
    },
  ]);
});

describe("a launch", () => {
  const LOAD = "loadTime: 6m";
  const short = "longestRequest: 10s";
  testRules([
    {
      name: "as long as AWS retries a refresh",
      changes: [[LOAD, "loadTime: 6m\n    timing: { launchHook: 1h }"]],
      expected: [],
    },
    {
      name: "longer than AWS retries a refresh, by its hook",
      changes: [
        [LOAD, "loadTime: 6m\n    timing: { launchHook: ▸3601s }"],
        ["longestRequest: 5m", short],
      ],
      expected: [
        "warning  models.llama.timing.launchHook  launch-outlasts-refresh  an instance may load for 3601s, and AWS ends a refresh that makes no progress for 1h; it does not say whether an instance that loads is progress; make loading faster, or the launch hook 1h or less",
      ],
    },
    {
      name: "longer than AWS retries a refresh, by its load time",
      changes: [[LOAD, "loadTime: ▸31m"]],
      expected: [
        "warning  models.llama.loadTime  refresh-outlasts-cancel",
        "warning  models.llama.loadTime  launch-outlasts-refresh",
      ],
    },
  ]);
});
