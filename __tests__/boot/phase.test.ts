import { dirname, relative } from "node:path";
import type { InstanceFacts } from "../../boot/user-data";
import { FakeInstance, scriptOf } from "./instance";

const instances: FakeInstance[] = [];
afterAll(() => {
  for (const instance of instances) {
    instance.remove();
  }
});

const observability = { namespace: "ModelServing/chat", logGroupPrefix: "/chat/llama/main" };

/** An instance that recorded phases, each at an uptime in seconds. */
function instanceAfter(phases: string, facts: Partial<InstanceFacts> = { observability }) {
  const instance = new FakeInstance(facts);
  instances.push(instance);
  const script = instance.file(
    "phases.sh",
    `source "$INSTANCE_FACTS"; source '${scriptOf("phase.sh")}'
     UPTIME='${instance.path("uptime")}'
     at() { echo "$1.55 1000.00" >"$UPTIME"; "\${@:2}"; }
     ${phases}`,
  );
  const { status, stderr } = instance.run(relative(dirname(scriptOf("x")), script));
  expect(status).toBe(0);
  return { instance, log: stderr };
}

const metricsOf = (instance: FakeInstance) =>
  instance
    .read("phases.log")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));

describe("the phases of a boot", () => {
  const { instance, log } = instanceAfter(
    "at 31 begin_phases; at 94 phase ImagePulled; at 95 phase WeightsCopied",
  );

  it("are logged with their duration and time", () => {
    expect(log).toBe(
      [
        "phase: SystemStarted after 31 s, 31 s after the start of the instance",
        "phase: ImagePulled after 63 s, 94 s after the start of the instance",
        "phase: WeightsCopied after 1 s, 95 s after the start of the instance",
        "",
      ].join("\n"),
    );
  });

  it("become metrics of the group", () => {
    expect(metricsOf(instance)[1]).toEqual({
      _aws: {
        Timestamp: expect.any(Number),
        CloudWatchMetrics: [
          {
            Namespace: "ModelServing/chat",
            Dimensions: [["AutoScalingGroupName", "Phase"]],
            Metrics: [
              { Name: "BootPhaseSeconds", Unit: "Seconds" },
              { Name: "SecondsSinceBoot", Unit: "Seconds" },
            ],
          },
        ],
      },
      AutoScalingGroupName: "chat.llama.main",
      Phase: "ImagePulled",
      BootPhaseSeconds: 63,
      SecondsSinceBoot: 94,
    });
  });

  it("have the time of day in milliseconds", () => {
    const now = Date.now();
    expect(metricsOf(instance)[0]._aws.Timestamp).toBeGreaterThan(now - 600_000);
    expect(metricsOf(instance)[0]._aws.Timestamp).toBeLessThanOrEqual(now);
  });
});

it("a phase that is recorded twice counts once", () => {
  const { instance } = instanceAfter("at 5 begin_phases; at 6 phase ModelAnswered; at 9 phase ModelAnswered");
  expect(metricsOf(instance).map(({ Phase }) => Phase)).toEqual(["SystemStarted", "ModelAnswered"]);
});

it("a server that starts again is not the start of the system", () => {
  const { instance } = instanceAfter(
    "at 5 begin_phases; at 6 phase ModelAnswered; at 90 begin_phases; at 92 phase ImagePulled",
  );
  expect(metricsOf(instance).map(({ Phase, BootPhaseSeconds }) => [Phase, BootPhaseSeconds])).toEqual([
    ["SystemStarted", 5],
    ["ModelAnswered", 1],
    ["ImagePulled", 2],
  ]);
});

it("phases are only logged without observability", () => {
  const { instance, log } = instanceAfter("at 31 begin_phases", {});
  expect(log).toContain("SystemStarted");
  expect(() => instance.read("phases.log")).toThrow("ENOENT");
});

it("a full disk, or a missing /proc, does not end a boot", () => {
  expect(
    instanceAfter("LAST_PHASE=/nowhere/phase; PHASE_LOG=/dev/full; at 31 phase A; at 32 phase B").log,
  ).toContain("B");
  instanceAfter("UPTIME=/nowhere; phase A; begin_phases");
});
