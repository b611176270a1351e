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
});
