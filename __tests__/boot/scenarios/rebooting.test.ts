import { createServer } from "node:http";
import { close, listen } from "../../support/loopback";
import { plainFacts } from "../facts";
import { describeInstances } from "./describe-instances";
import { answers, launchBehindHook } from "./launch-hook";
import { until } from "./until";

jest.setTimeout(900_000);

describeInstances("an instance that starts again", (world) => {
  it("has one server after a reboot, and completes no hook again", async () => {
    const instance = await launchBehindHook(world, { startTimeoutSeconds: 2 });
    instance.server("loaded");
    await instance.startServer();
    instance.run("lifecycle.sh");
    await answers(world);
    await instance.powerOff();
    expect(instance.serves).toBe(false);

    await instance.startServer();
    const lifecycle = instance.run("lifecycle.sh");
    await until("a call was refused, as no hook waited", () => world.aws.refused.length > 0);
    await until("it asks no more", async () => {
      const refused = world.aws.refused.length;
      const before = instance.metadata.requestCount();
      await until("it has checked some times more", () => instance.metadata.requestCount() >= before + 12);
      return world.aws.refused.length === refused;
    });
    expect(instance.serves).toBe(true);
    expect(instance.containers).toBe(2);
    expect(await answers(world)).toEqual(["CONTINUE"]);
    expect(new Set(world.aws.refused.flatMap(({ result }) => result ?? []))).toEqual(new Set(["CONTINUE"]));
    expect(lifecycle.log()).not.toContain("ABANDON");
  });

  it("calls its model and Auto Scaling ever more rarely after a reboot in service, when no hook waits", async () => {
    const instance = await launchBehindHook(world, { startTimeoutSeconds: 600 });
    instance.server("loaded");
    await instance.startServer();
    instance.run("lifecycle.sh");
    await answers(world);
    await instance.powerOff();

    const generated = () => instance.serverLog.match(/generates/g)?.length ?? 0;
    const before = generated();
    const earlier = instance.metadata.requestCount();
    await instance.startServer();
    await until("the server is well", () => instance.isWell());
    const lifecycle = instance.run("lifecycle.sh");
    // Two requests to the metadata service at every turn, so these are more than 40 turns.
    await until("it has checked often", () => instance.metadata.requestCount() > earlier + 100);
    // After 1, 3, 7, 15 and 31 turns, and once before.
    expect(world.aws.refused.flatMap(({ result }) => result ?? []).length).toBeLessThanOrEqual(6);
    expect(generated() - before).toBeLessThanOrEqual(6);
    expect(lifecycle.log().match(/No active Lifecycle Action/g)).toHaveLength(1);
    expect(instance.serves).toBe(true);
  });

  it("out of a warm pool starts from its volume, and enters service in the same way again", async () => {
    const instance = await launchBehindHook(world);
    instance.target = "Warmed:Stopped";
    instance.server("loaded");
    await instance.startServer();
    instance.run("lifecycle.sh");
    expect(await answers(world)).toEqual(["CONTINUE"]);
    await instance.powerOff();

    world.aws.waiting.set(plainFacts.launchHookName, instance.instance);
    instance.target = "InService";
    instance.server("hangs");
    await instance.startServer();
    const lifecycle = instance.run("lifecycle.sh");
    await until("its model does not answer yet", () => lifecycle.log().includes("not yet: "));
    expect(await answers(world)).toEqual(["CONTINUE"]);
    instance.serverNoLonger("hangs");
    expect(await answers(world, 2)).toEqual(["CONTINUE", "CONTINUE"]);
  });

  it("serves from its cache while the hub is away, once its model has answered", async () => {
    const hub = createServer((_, response) => response.end("[]"));
    const url = await listen(hub);
    const instance = await launchBehindHook(world, { hub: { url, offline: { HF_HUB_OFFLINE: "1" } } });
    const starts = () =>
      instance.fake
        .calls("docker")
        .filter(([, command]) => command === "run")
        .map((call) => call.includes("HF_HUB_OFFLINE=1"));
    instance.server("loaded");
    await instance.startServer();
    instance.run("lifecycle.sh");
    await answers(world);
    await instance.powerOff();
    await instance.startServer();
    await instance.powerOff();
    await close(hub);
    expect(await instance.startServer()).toContain("the hub is away (status 000)");
    expect(starts()).toEqual([false, false, true]);
    await until("the server is well", () => instance.isWell());
  });
});
