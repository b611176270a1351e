import { plainFacts } from "../facts";
import { busyInstance, finishesAndGoes, goesOn, hookWaitsFor } from "./busy-instance";
import { describeInstances } from "./describe-instances";
import { type Group, makeGroup } from "./group";
import { answers } from "./launch-hook";
import { until } from "./until";

jest.setTimeout(900_000);

describeInstances("an instance on its way out", (world) => {
  let group: Group;
  beforeAll(async () => {
    group = await makeGroup(world.aws, 3);
  });

  it("lets a stream run for as long as the load balancer waits for it, and terminates when it has ended", async () => {
    const { instance, generation } = await busyInstance(world, group, 60);
    instance.target = "Terminated";
    instance.run("lifecycle.sh");
    await until("a heartbeat was refused, as the hook does not wait", () => world.aws.refused.length > 1);
    await goesOn(generation);
    expect(instance.serverLog).not.toContain("finishes what it has");

    instance.server("generated");
    await until("the stream has ended", () => generation.whole() !== undefined);
    hookWaitsFor(world, instance);
    expect(await answers(world)).toEqual(["CONTINUE"]);
    expect(generation.whole()).toBe(true);
    expect(instance.serves).toBe(false);
    expect(world.aws.accepted.at(-1)?.hook).toBe(plainFacts.terminateHookName);
  });

  it("lets its server finish a stream that the load balancer has given up", async () => {
    const busy = await busyInstance(world, group, 60);
    hookWaitsFor(world, busy.instance);
    busy.instance.run("lifecycle.sh");
    await finishesAndGoes(world, busy);
  });

  it("terminates when the time of its server is over, even if that still generates", async () => {
    const { instance, generation } = await busyInstance(world, group, 2);
    hookWaitsFor(world, instance);
    instance.run("lifecycle.sh");
    expect(await answers(world)).toEqual(["CONTINUE"]);
    expect(instance.serves).toBe(false);
    await until("the stream is cut", () => generation.whole() === false);
  });
});
