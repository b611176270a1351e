import type { FakeInstance } from "../instance";
import { answers, GIVEN_UP, hookedInstances, LET_IN } from "./hooked-instance";

const world = hookedInstances();

describe("an instance that takes longer to load than it should", () => {
  const heartbeats = (instance: FakeInstance) =>
    instance.calls("aws").filter(([, , call]) => call === "record-lifecycle-action-heartbeat");
  let started = 0;
  beforeEach(() => {
    started = Date.now();
  });
  /** Seconds that have passed for the scripts of an instance. */
  const waited = (instance: FakeInstance) => instance.paused() + Math.ceil((Date.now() - started) / 1000);
  /** An instance on which every check finds more than the one before, for so many checks. */
  function growingInstance(
    program: "df" | "nvidia-smi",
    startTimeoutSeconds = 20,
    looks = 100_000,
  ): FakeInstance {
    const instance = world.instanceWith({ startTimeoutSeconds, weights: { uri: "s3://acme/llama/" } });
    const count = instance.file("count", "0");
    return instance.fake(
      program,
      `read -r n <'${count}' || true; if ((n < ${looks})); then n=$((n + 1)); fi; printf %s "$n" >'${count}'; echo Used; echo " $n"`,
    );
  }

  it.each(["df", "nvidia-smi"] as const)(
    "gets its time again while %s shows that it loads",
    async (program) => {
      const instance = growingInstance(program);
      const log = await world.follow(instance, () => {
        world.loopback.modelAnswers = heartbeats(instance).length > 1;
        return answers(instance).length > 0;
      });
      expect(answers(instance)).toEqual([LET_IN]);
      expect(heartbeats(instance)[0]?.join(" ")).toBe(
        "aws autoscaling record-lifecycle-action-heartbeat --region eu-west-1 --auto-scaling-group-name chat.llama.main " +
          "--lifecycle-hook-name model-ready --instance-id i-0123456789abcdef0",
      );
      expect(log).toContain("still loading after 20 s");
      expect(waited(instance)).toBeGreaterThanOrEqual(20);
    },
  );

  it("is abandoned after three times the start timeout, even if it goes on loading", async () => {
    const instance = growingInstance("df");
    await world.follow(instance, () => answers(instance).length > 0);
    expect(heartbeats(instance)).toHaveLength(3);
    expect(waited(instance)).toBeGreaterThanOrEqual(3 * 20);
    expect(answers(instance)).toEqual([GIVEN_UP]);
  });

  it("is abandoned when it has stopped loading", async () => {
    const instance = growingInstance("df", 60, 3);
    await world.follow(instance, () => answers(instance).length > 0);
    expect(heartbeats(instance)).toHaveLength(1);
    expect(waited(instance)).toBeGreaterThanOrEqual(60);
    expect(answers(instance)).toEqual([GIVEN_UP]);
  });

  it("has the time of its hook begin anew at the first check, as that began with the launch", async () => {
    const instance = world.instanceWith({ startTimeoutSeconds: 600 });
    await world.follow(instance, () => world.loopback.metadata.requestCount() > 12);
    expect(heartbeats(instance)).toHaveLength(1);
    expect(answers(instance)).toEqual([]);
  });

  it("is abandoned in time although nvidia-smi hangs and cannot be killed", async () => {
    const instance = world.instanceWith({ startTimeoutSeconds: 3 }).fake("nvidia-smi", "sleep 30");
    await world.follow(instance, () => answers(instance).length > 0);
    expect(answers(instance)).toEqual([GIVEN_UP]);
    expect(Date.now() - started).toBeLessThan(9000);
  });

  it("is abandoned in time although Docker hangs", async () => {
    const instance = world
      .instanceWith({ startTimeoutSeconds: 1 })
      .fake("docker", "[[ $1 != logs ]] || exec sleep 30");
    await world.follow(instance, () => answers(instance).length > 0);
    expect(answers(instance)).toEqual([GIVEN_UP]);
  });

  it("is abandoned when Auto Scaling grants it no more time", async () => {
    const instance = growingInstance("df");
    instance.fake("aws", "[[ $2 != record-lifecycle-action-heartbeat ]]");
    await world.follow(instance, () => answers(instance).length > 0);
    expect(heartbeats(instance)).toHaveLength(2);
    expect(waited(instance)).toBeGreaterThanOrEqual(20);
    expect(answers(instance)).toEqual([GIVEN_UP]);
  });
});
