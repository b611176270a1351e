import { plainFacts } from "../facts";
import { describeInstances } from "./describe-instances";
import { acceptedCalls, answers, launchBehindHook } from "./launch-hook";
import { until } from "./until";

jest.setTimeout(900_000);

describeInstances("an instance on its way into service", (world) => {
  it("that loads slowly gets more time, and enters service when its model answers", async () => {
    const instance = await launchBehindHook(world, { startTimeoutSeconds: 4 });
    await instance.startServer();
    const lifecycle = instance.run("lifecycle.sh");
    await until(
      "the time of its hook begins anew, now that the instance runs",
      () => acceptedCalls(world).length > 0,
    );
    let memory = 1000;
    await until("the instance has requested more time", () => {
      memory += 10;
      instance.fake.file("gpu-memory", `${memory}\n`);
      return acceptedCalls(world).length > 1;
    });
    expect(acceptedCalls(world)).toEqual(["still loading", "still loading"]);
    expect(instance.serverLog).not.toContain("generates");
    instance.server("loaded");
    expect(await answers(world)).toEqual(["CONTINUE"]);
    expect(instance.serverLog).toContain("generates");
    expect(lifecycle.log()).toContain("still loading after 4 s");
  });

  it("whose server uses TLS enters service in the same way, with another key after a reboot", async () => {
    const instance = await launchBehindHook(world, { certificateDirectory: "/tls" });
    const keyOnInstance = () => instance.fake.read("certificates/tls/key.pem");
    instance.server("loaded");
    await instance.startServer();
    instance.run("lifecycle.sh");
    expect(await answers(world)).toEqual(["CONTINUE"]);
    expect(instance.serverLog.match(/generates/g)).toHaveLength(1);
    const key = keyOnInstance();
    await instance.powerOff();

    world.aws.waiting.set(plainFacts.launchHookName, instance.instance);
    await instance.startServer();
    instance.run("lifecycle.sh");
    expect(await answers(world, 2)).toEqual(["CONTINUE", "CONTINUE"]);
    expect(keyOnInstance()).not.toBe(key);
  });

  it("whose server fails repeatedly is abandoned, with its last lines in the log", async () => {
    const instance = await launchBehindHook(world);
    instance.server("dies", "torch.OutOfMemoryError: CUDA out of memory");
    await instance.startServer();
    const lifecycle = instance.run("lifecycle.sh");
    expect(await answers(world)).toEqual(["ABANDON"]);
    expect(instance.serverLog.match(/CUDA out of memory/g)).toHaveLength(6);
    expect(lifecycle.log()).toContain("CUDA out of memory");
    expect(lifecycle.log()).toContain("the server has failed too often to be started again: ABANDON");
  });

  it("whose loading makes no progress is abandoned, with the reason in the log", async () => {
    const instance = await launchBehindHook(world, { startTimeoutSeconds: 2 });
    await instance.startServer();
    const lifecycle = instance.run("lifecycle.sh");
    expect(await answers(world)).toEqual(["ABANDON"]);
    expect(acceptedCalls(world)).toEqual(["still loading", "ABANDON"]);
    expect(lifecycle.log()).toContain("the model does not answer after 2 s: ABANDON");
  });

  it("whose model hangs at the first request is abandoned, although its server is healthy", async () => {
    const instance = await launchBehindHook(world, { startTimeoutSeconds: 4 });
    instance.server("loaded");
    instance.server("hangs");
    await instance.startServer();
    const lifecycle = instance.run("lifecycle.sh");
    expect(await answers(world)).toEqual(["ABANDON"]);
    expect(acceptedCalls(world)).toEqual(["still loading", "ABANDON"]);
    expect(lifecycle.log()).toContain("not yet: /v1/models was not answered within 2 s");
  });

  it("enters service although its tokens for the metadata service expire before they are used", async () => {
    const instance = await launchBehindHook(world);
    instance.server("loaded");
    instance.metadata.expireNext(3);
    await instance.startServer();
    instance.run("lifecycle.sh");
    expect(await answers(world)).toEqual(["CONTINUE"]);
    expect(instance.metadata.refused).toHaveLength(3);
  });

  it("enters service when the metadata service, which was down, is back", async () => {
    const instance = await launchBehindHook(world);
    instance.server("loaded");
    instance.metadata.down = true;
    await instance.startServer();
    instance.run("lifecycle.sh");
    await until("its requests have failed", () => instance.metadata.requestCount() > 5);
    expect(acceptedCalls(world)).toEqual([]);
    instance.metadata.down = false;
    expect(await answers(world)).toEqual(["CONTINUE"]);
  });

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
});
