import { busyInstance, finishesAndGoes, goesOn, hookWaitsFor } from "./busy-instance";
import { describeInstances } from "./describe-instances";
import { type Group, makeGroup } from "./group";
import type { InstanceInAws } from "./instance-in-aws";
import { answers } from "./launch-hook";
import { until } from "./until";

jest.setTimeout(900_000);

describeInstances("an instance that EC2 takes back", (world) => {
  let group: Group;
  beforeAll(async () => {
    group = await makeGroup(world.aws, 3);
  });

  it("gets no new requests when EC2 takes it back, finishes its requests, and stops within its two minutes", async () => {
    const busy = await busyInstance(world, group, 60);
    const { instance } = busy;
    const end = giveNotice(instance, 120);
    const spot = instance.run("spot.sh");
    await until(
      "the load balancer has let go of it",
      async () => !(await group.targets()).includes(instance.instance),
    );
    expect(await group.targets()).toHaveLength(2);
    await until("it has logged so", () => spot.log().includes("the load balancer sends no new requests"));

    // The group gets the notice too.
    hookWaitsFor(world, instance);
    instance.run("lifecycle.sh");
    await finishesAndGoes(world, busy);
    expect(Date.now()).toBeLessThan(end);
  });

  it("is stopped once, and so drops nothing, when both its group and its notice stop it", async () => {
    const { instance, generation } = await busyInstance(world, group, 60);
    giveNotice(instance, 31);
    hookWaitsFor(world, instance);
    instance.run("spot.sh");
    instance.run("lifecycle.sh");
    await until("both have", () => stops(instance) > 1);
    await goesOn(generation);
    instance.server("generated");
    expect(await answers(world)).toEqual(["CONTINUE"]);
    expect(generation.whole()).toBe(true);
  });

  it("stops in time when EC2 takes it back without its group's action, and finishes its requests", async () => {
    const { instance, generation } = await busyInstance(world, group, 60);
    const end = giveNotice(instance, 32);
    const spot = instance.run("spot.sh");
    await until("the server has its stop signal", () => instance.serverLog.includes("finishes what it has"));
    expect(Date.now()).toBeGreaterThan(end - 31_000);
    instance.server("generated");
    await until("its server has stopped", () => spot.log().includes("the server has stopped"));
    expect(Date.now()).toBeLessThan(end);
    expect(generation.whole()).toBe(true);
    expect(instance.serves).toBe(false);
  });
});

/** Has EC2 take back a Spot instance, at a whole second, as EC2 does. @returns when, in milliseconds */
function giveNotice(instance: InstanceInAws, seconds: number): number {
  const end = Math.ceil(Date.now() / 1000 + seconds) * 1000;
  const time = new Date(end).toISOString().replace(".000Z", "Z");
  instance.metadata.values.set("instance-life-cycle", "spot");
  instance.metadata.values.set("spot/instance-action", JSON.stringify({ action: "terminate", time }));
  return end;
}

const stops = (instance: InstanceInAws) =>
  instance.fake.calls("systemctl").filter(([, command]) => command === "stop").length;
