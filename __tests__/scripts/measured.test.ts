import type { Aws } from "../../scripts/aws-cli";
import { editYaml } from "../../scripts/back/edit-yaml";
import { propose } from "../../scripts/measured/propose";
import { loadYaml, VALID_YAML } from "../support/serving-file";

const NOW = Date.UTC(2026, 10, 15);
const DAY_MS = 86_400_000;

interface World {
  /** Phases of instances, as they are logged: instance, phase, seconds since its boot. */
  readonly phases?: readonly (readonly [string, string, number])[];
  /** For each minute: requests of each instance, and requests that waited. */
  readonly minutes?: readonly (readonly [number, number | undefined])[];
  readonly deployed?: boolean;
}

/** A stand-in for AWS that takes the calls of the AWS CLI as they are, and no others. */
function standIn({ phases = [], minutes = [], deployed = true }: World): { aws: Aws; calls: string[] } {
  const calls: string[] = [];
  const at = (index: number) => new Date(NOW - (index + 1) * 60_000).toISOString();
  const aws: Aws = async (service = "", command = "", ...args) => {
    calls.push(`${service} ${command}`);
    expect(args.filter((_, index) => index % 2 === 0).every((option) => option.startsWith("--"))).toBe(true);
    const options = Object.fromEntries(
      args.flatMap((option, index) => (index % 2 === 0 ? [[option, args[index + 1] ?? ""]] : [])),
    );
    const { "--region": region, ...given } = options;
    expect(region).toBe("us-east-1");
    switch (`${service} ${command}`) {
      case "logs filter-log-events":
        if (!deployed) {
          throw new Error(
            "An error occurred (ResourceNotFoundException) when calling the FilterLogEvents operation: The specified log group does not exist.",
          );
        }
        expect(given).toEqual({
          "--log-group-name": "/chat/llama/main/metrics",
          "--filter-pattern": '{ ($.Phase = "SystemStarted") || ($.Phase = "ModelAnswered") }',
          "--start-time": String(NOW - 14 * DAY_MS),
        });
        return {
          // Of several streams, in no order.
          events: phases
            .map(([logStreamName, Phase, SecondsSinceBoot], index) => ({
              logStreamName,
              timestamp: NOW - (phases.length - index) * 1000,
              message: JSON.stringify({ Phase, SecondsSinceBoot }),
            }))
            .reverse(),
        };
      case "elbv2 describe-target-groups":
        expect(given["--names"]).toMatch(/^llama-main-[0-9a-f]{8}$/);
        return {
          TargetGroups: [
            {
              TargetGroupArn:
                "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/llama-main-0123abcd/0123456789abcdef",
            },
          ],
        };
      case "cloudwatch get-metric-data": {
        const { "--metric-data-queries": queries = "", ...time } = given;
        expect(time).toEqual({
          "--start-time": "2026-11-01T00:00:00.000Z",
          "--end-time": "2026-11-15T00:00:00.000Z",
        });
        expect(JSON.parse(queries)).toEqual([
          asked("requests", "AWS/ApplicationELB", "RequestCountPerTarget", "Sum", {
            Name: "TargetGroup",
            Value: "targetgroup/llama-main-0123abcd/0123456789abcdef",
          }),
          asked("waiting", "ModelServing/chat", "vllm:num_requests_waiting", "Maximum", {
            Name: "AutoScalingGroupName",
            Value: "chat.llama.main",
          }),
        ]);
        const series = (
          Id: string,
          of: (minute: readonly [number, number | undefined]) => number | undefined,
        ) =>
          minutes.map((minute, index) => ({
            Id,
            Timestamps: of(minute) === undefined ? [] : [at(index)],
            Values: of(minute) === undefined ? [] : [of(minute)],
          }));
        return {
          MetricDataResults: [
            ...series("requests", ([some]) => some),
            ...series("waiting", ([, some]) => some),
          ],
        };
      }
      default:
        throw new Error(`no such command: ${service} ${command}`);
    }
  };
  return { aws, calls };
}

function asked(Id: string, Namespace: string, MetricName: string, Stat: string, dimension: object) {
  return { Id, MetricStat: { Metric: { Namespace, MetricName, Dimensions: [dimension] }, Period: 60, Stat } };
}

async function proposed(world: World, text = VALID_YAML) {
  const loaded = loadYaml(text);
  if (!loaded.ok) {
    throw new Error(loaded.diagnostics[0]?.message);
  }
  const { aws } = standIn(world);
  const { lines, edits } = await propose(loaded, { aws, now: NOW });
  return { lines, text: editYaml(text, edits) };
}

const start = (instance: string, seconds: number) =>
  [
    [instance, "SystemStarted", 20],
    [instance, "ModelAnswered", seconds],
  ] as const;
const DEMAND = VALID_YAML.replace(
  "{ min: 3, max: 6 }",
  "{ peakRequestsPerMinute: 300, requestsPerMinutePerInstance: 90 } # measured once",
);

test("a load time that is too short becomes that of the longest start, and nothing else changes", async () => {
  const { lines, text } = await proposed({ phases: [...start("i-1", 401), ...start("i-2", 377)] });
  expect(lines[0]).toBe("models.llama.loadTime: 6m → 7m; the longest of 2 starts took 401s");
  expect(text).toBe(VALID_YAML.replace("loadTime: 6m", "loadTime: 7m"));
});

test("a server that is started again on the same boot is no start", async () => {
  const phases = [...start("i-1", 300), ["i-1", "ModelAnswered", 260_000] as const, ...start("i-1", 310)];
  const { lines } = await proposed({ phases });
  expect(lines[0]).toBe("models.llama.loadTime: 6m stands; the longest of 2 starts took 310s");
});

test("a load time that is far too long is written after five starts, and not before", async () => {
  const starts = (count: number) =>
    Array.from({ length: count }, (_, index) => start(`i-${index}`, 100)).flat();
  expect((await proposed({ phases: starts(4) })).text).toBe(VALID_YAML);
  expect((await proposed({ phases: starts(5) })).text).toBe(
    VALID_YAML.replace("loadTime: 6m", "loadTime: 2m"),
  );
});

test("a load time that was estimated is written", async () => {
  const estimated = VALID_YAML.replace("    loadTime: 6m\n", "");
  const { lines, text } = await proposed({ phases: start("i-1", 299) }, estimated);
  expect(lines[0]).toBe("models.llama.loadTime: not written → 5m; the longest of 1 start took 299s");
  expect(loadYaml(text)).toMatchObject({ ok: true, warnings: [] });
});

test("an instance serves what it did while requests waited", async () => {
  const full = [70, 72, 74, 76, 78].map((requests) => [requests, 3] as const);
  const { lines, text } = await proposed({ minutes: [...full, [400, 0], [20, 0]] }, DEMAND);
  expect(lines[1]).toBe(
    "models.llama.capacity.requestsPerMinutePerInstance: 90 → 74; the middle of 5 minutes in which requests waited",
  );
  expect(text).toBe(DEMAND.replace("requestsPerMinutePerInstance: 90", "requestsPerMinutePerInstance: 74"));
});

test.each<[string, World["minutes"], string]>([
  [
    "more than is written",
    [
      [110.5, 0],
      [80, 0],
    ],
    "90 → 110; up to 110 in a minute without one that waited",
  ],
  ["less than is written", [[40, 0]], "90 stands; up to 40 in a minute without one that waited"],
  [
    "in four full minutes",
    [
      [40, 1],
      [40, 1],
      [40, 1],
      [40, 1],
    ],
    "90; no waiting requests counted in 14 days",
  ],
  ["where none is counted", [[40, undefined]], "90; no waiting requests counted in 14 days"],
  ["nothing", [[0, 0]], "90; no requests in 14 days"],
])(
  "without enough full minutes an instance serves at least what it did: %s",
  async (_name, minutes, said) => {
    const { lines } = await proposed({ minutes }, DEMAND);
    expect(lines[1]).toContain(said);
  },
);

test("what is not deployed, or sends nothing, is said", async () => {
  expect(await proposed({ deployed: false })).toEqual({
    lines: ["main of llama in us-east-1: is not deployed"],
    text: VALID_YAML,
  });
  expect((await proposed({}, VALID_YAML.replace("alarms:", "observability: false\nalarms:"))).lines).toEqual([
    "main of llama in us-east-1: nothing is measured with observability: false",
  ]);
});

test("what AWS refuses otherwise ends it", async () => {
  const loaded = loadYaml(VALID_YAML);
  const aws = async () => {
    throw new Error("An error occurred (AccessDeniedException) when calling the FilterLogEvents operation");
  };
  await expect(loaded.ok ? propose(loaded, { aws, now: NOW }) : Promise.resolve()).rejects.toThrow(
    "AccessDenied",
  );
});
