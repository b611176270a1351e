import { marks, watchedInstances, xid } from "./watched-instance";

const world = watchedInstances();

describe("a group", () => {
  const DEAD = { kernel: [xid(79)] };
  const stays = (others: number, desired: number) =>
    `but only ${others} other instances of ${desired} are healthy, so this one stays`;

  it.each([
    [1, 0],
    [2, 1],
    [3, 2],
    [4, 2],
    [5, 3],
    [6, 4],
    [30, 20],
  ])("of %i instances has one replaced when %i others are healthy", async (desired, others) => {
    const instance = world.instanceWith({ ...DEAD, group: `${desired}\t${others}\tInService` });
    await world.watch(instance);
    expect(marks(instance)).toHaveLength(1);
  });

  it.each([
    [2, 0],
    [3, 1],
    [4, 1],
    [6, 3],
    [30, 19],
  ])("of %i instances keeps a faulty one when %i others are healthy", async (desired, others) => {
    const instance = world.instanceWith({ ...DEAD, group: `${desired}\t${others}\tInService` });
    const log = await world.watchUntil(instance, () => instance.calls("aws").length > 3);
    expect(marks(instance)).toEqual([]);
    expect(instance.calls("systemctl")).toEqual([]);
    expect(log.split(stays(others, desired))).toHaveLength(2);
  });

  it("keeps a faulty instance until others are healthy", async () => {
    const instance = world.instanceWith({ ...DEAD, group: "3\t1\tInService" });
    await world.watch(instance, () => {
      if (instance.calls("aws").length > 3) {
        instance.file("group", "3\t2\tInService");
      }
    });
    expect(marks(instance)).toHaveLength(1);
  });

  it.each(["Pending:Wait", "Standby", "Terminating:Wait", "None"])(
    "does not have an instance replaced that is %s",
    async (state) => {
      const instance = world.instanceWith({ ...DEAD, group: `3\t2\t${state}` });
      await world.watchUntil(instance, () => instance.calls("aws").length > 3);
      expect(marks(instance)).toEqual([]);
    },
  );
});

describe("there is no watch", () => {
  it.each(["Terminated", "Warmed:Stopped", undefined])("on an instance on its way to %s", async (target) => {
    world.loopback.target = target;
    const instance = world.instanceWith({ kernel: [xid(79)] });
    let turns = 0;
    await world.watchUntil(instance, () => ++turns > 40);
    expect(instance.calls("dmesg")).toEqual([]);
    expect(instance.calls("aws")).toEqual([]);
  });

  it("where the team has turned it off", async () => {
    const instance = world.instanceWith({ kernel: [xid(79)] }, { gpuWatch: false });
    expect(await world.watch(instance)).toMatchObject({ status: 0 });
    expect(instance.calls()).toEqual([]);
  });
});

it("repeats the call when it failed", async () => {
  const instance = world.instanceWith({ kernel: [xid(79)] });
  instance.fake(
    "aws",
    `if [[ $2 == describe* ]]; then cat '${instance.path("group")}'; elif [[ ! -e '${instance.path("called")}' ]]; then : >'${instance.path("called")}'; exit 254; fi`,
  );
  const { log } = await world.watch(instance);
  expect(marks(instance)).toHaveLength(2);
  expect(log.match(/marked unhealthy/g)).toHaveLength(1);
});

it("waits for a different time before each call, so that instances that fail together call one after the other", async () => {
  const instance = world.instanceWith({ kernel: [xid(79)], group: "3\t1\tInService" });
  instance
    .hide("sleep")
    .fake("sleep", `[[ $1 == 0.05 ]] && exec '${instance.path("hidden-sleep")}' 0.05; exit 0`);
  await instance.runUntil(() => instance.calls("aws").length > 10, "gpu-watch.sh", {
    ...world.environment(instance),
    JITTER_SECONDS: "30",
  });
  const pauses = instance
    .calls("sleep")
    .flatMap(([, seconds]) => (seconds === "0.05" ? [] : [Number(seconds)]));
  expect(new Set(pauses).size).toBeGreaterThan(1);
  expect(Math.max(...pauses)).toBeLessThanOrEqual(30);
});
