import { plainFacts } from "../facts";
import { describeInstances } from "./describe-instances";
import { answers, heard, launchBehindHook } from "./launch-hook";
import { until } from "./until";

jest.setTimeout(900_000);

describeInstances("an instance on its way into service", (world) => {
  it("that loads slowly is waited for, says that it loads, and is let in when its model answers", async () => {
    const instance = await launchBehindHook(world, { startTimeoutSeconds: 4 });
    await instance.startServer();
    const lifecycle = instance.run("lifecycle.sh");
    await until("its hook begins anew, now that the instance runs", () => heard(world).length > 0);
    let memory = 1000;
    await until("the instance has asked for more time", () => {
      memory += 10;
      instance.fake.file("gpu-memory", `${memory}\n`);
      return heard(world).length > 1;
    });
    expect(heard(world)).toEqual(["still loading", "still loading"]);
    expect(instance.serverLog).not.toContain("generates");
    instance.server("loaded");
    expect(await answers(world)).toEqual(["CONTINUE"]);
    expect(instance.serverLog).toContain("generates");
    expect(lifecycle.said()).toContain("still loading after 4 s");
  });

  it("whose server speaks TLS passes the same gate, with another key after a reboot", async () => {
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

  it("whose server fails again and again is given up, with its last words in the log", async () => {
    const instance = await launchBehindHook(world);
    instance.server("dies", "torch.OutOfMemoryError: CUDA out of memory");
    await instance.startServer();
    const lifecycle = instance.run("lifecycle.sh");
    expect(await answers(world)).toEqual(["ABANDON"]);
    expect(instance.serverLog.match(/CUDA out of memory/g)).toHaveLength(6);
    expect(lifecycle.said()).toContain("CUDA out of memory");
    expect(lifecycle.said()).toContain("the server has failed too often to be started again: ABANDON");
  });

  it("that does not get on with loading is given up, with the reason in the log", async () => {
    const instance = await launchBehindHook(world, { startTimeoutSeconds: 2 });
    await instance.startServer();
    const lifecycle = instance.run("lifecycle.sh");
    expect(await answers(world)).toEqual(["ABANDON"]);
    expect(heard(world)).toEqual(["still loading", "ABANDON"]);
    expect(lifecycle.said()).toContain("the model does not answer after 2 s: ABANDON");
  });

  it("whose model hangs at the first request is given up, though its server is well", async () => {
    const instance = await launchBehindHook(world, { startTimeoutSeconds: 4 });
    instance.server("loaded");
    instance.server("hangs");
    await instance.startServer();
    const lifecycle = instance.run("lifecycle.sh");
    expect(await answers(world)).toEqual(["ABANDON"]);
    expect(heard(world)).toEqual(["still loading", "ABANDON"]);
    expect(lifecycle.said()).toContain("not yet: /v1/models was not answered within 2 s");
  });

  it("is let in though its tokens for the metadata service expire before they are used", async () => {
    const instance = await launchBehindHook(world);
    instance.server("loaded");
    instance.metadata.expireNext(3);
    await instance.startServer();
    instance.run("lifecycle.sh");
    expect(await answers(world)).toEqual(["CONTINUE"]);
    expect(instance.metadata.refused).toHaveLength(3);
  });

  it("is let in when the metadata service, which was down, is back", async () => {
    const instance = await launchBehindHook(world);
    instance.server("loaded");
    instance.metadata.down = true;
    await instance.startServer();
    instance.run("lifecycle.sh");
    await until("it has asked in vain", () => instance.metadata.asked() > 5);
    expect(heard(world)).toEqual([]);
    instance.metadata.down = false;
    expect(await answers(world)).toEqual(["CONTINUE"]);
  });

  it("comes back after a reboot with one server, and is neither let in again nor given up", async () => {
    const instance = await launchBehindHook(world, { startTimeoutSeconds: 2 });
    instance.server("loaded");
    await instance.startServer();
    instance.run("lifecycle.sh");
    await answers(world);
    await instance.powerOff();
    expect(instance.serves).toBe(false);

    await instance.startServer();
    const lifecycle = instance.run("lifecycle.sh");
    await until("it has asked, and no hook waited", () => world.aws.refused.length > 0);
    await until("it asks no more", async () => {
      const refused = world.aws.refused.length;
      const looked = instance.metadata.asked();
      await until("it has looked some times more", () => instance.metadata.asked() >= looked + 12);
      return world.aws.refused.length === refused;
    });
    expect(instance.serves).toBe(true);
    expect(instance.containers).toBe(2);
    expect(await answers(world)).toEqual(["CONTINUE"]);
    expect(new Set(world.aws.refused.flatMap(({ result }) => result ?? []))).toEqual(new Set(["CONTINUE"]));
    expect(lifecycle.said()).not.toContain("ABANDON");
  });

  it("asks its model and Auto Scaling ever more rarely after a reboot in service, when no hook waits", async () => {
    const instance = await launchBehindHook(world, { startTimeoutSeconds: 600 });
    instance.server("loaded");
    await instance.startServer();
    instance.run("lifecycle.sh");
    await answers(world);
    await instance.powerOff();

    const generated = () => instance.serverLog.match(/generates/g)?.length ?? 0;
    const before = generated();
    const looked = instance.metadata.asked();
    await instance.startServer();
    const lifecycle = instance.run("lifecycle.sh");
    // Two questions to the metadata service at every turn, so these are more than 40 turns.
    await until("it has looked often", () => instance.metadata.asked() > looked + 100);
    // After 1, 3, 7, 15 and 31 turns, and once before.
    expect(world.aws.refused.flatMap(({ result }) => result ?? []).length).toBeLessThanOrEqual(6);
    expect(generated() - before).toBeLessThanOrEqual(6);
    expect(lifecycle.said().match(/No active Lifecycle Action/g)).toHaveLength(1);
    expect(instance.serves).toBe(true);
  });

  it("out of a warm pool starts from its volume, and passes the same gate again", async () => {
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
    await until("its model does not answer yet", () => lifecycle.said().includes("not yet: "));
    expect(await answers(world)).toEqual(["CONTINUE"]);
    instance.serverNoLonger("hangs");
    expect(await answers(world, 2)).toEqual(["CONTINUE", "CONTINUE"]);
  });
});
