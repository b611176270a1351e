import { plainFacts } from "../facts";
import { describeBoxes } from "./describe-boxes";
import { answers, heard, launchBehindHook } from "./launch-hook";
import { until } from "./until";

jest.setTimeout(900_000);

describeBoxes("a box on its way into service", (world) => {
  it("that loads slowly is waited for, says that it loads, and is let in when its model answers", async () => {
    const box = await launchBehindHook(world, { startTimeoutSeconds: 4 });
    await box.startServer();
    const lifecycle = box.run("lifecycle.sh");
    await until("its hook begins anew, now that the box runs", () => heard(world).length > 0);
    let memory = 1000;
    await until("the box has asked for more time", () => {
      memory += 10;
      box.fake.file("gpu-memory", `${memory}\n`);
      return heard(world).length > 1;
    });
    expect(heard(world)).toEqual(["still loading", "still loading"]);
    expect(box.serverLog).not.toContain("generates");
    box.server("loaded");
    expect(await answers(world)).toEqual(["CONTINUE"]);
    expect(box.serverLog).toContain("generates");
    expect(lifecycle.said()).toContain("still loading after 4 s");
  });

  it("whose server speaks TLS passes the same gate, with another key after a reboot", async () => {
    const box = await launchBehindHook(world, { certificateDirectory: "/tls" });
    const keyOnBox = () => box.fake.read("certificates/tls/key.pem");
    box.server("loaded");
    await box.startServer();
    box.run("lifecycle.sh");
    expect(await answers(world)).toEqual(["CONTINUE"]);
    expect(box.serverLog.match(/generates/g)).toHaveLength(1);
    const key = keyOnBox();
    await box.powerOff();

    world.aws.waiting.set(plainFacts.launchHookName, box.instance);
    await box.startServer();
    box.run("lifecycle.sh");
    expect(await answers(world, 2)).toEqual(["CONTINUE", "CONTINUE"]);
    expect(keyOnBox()).not.toBe(key);
  });

  it("whose server fails again and again is given up, with its last words in the log", async () => {
    const box = await launchBehindHook(world);
    box.server("dies", "torch.OutOfMemoryError: CUDA out of memory");
    await box.startServer();
    const lifecycle = box.run("lifecycle.sh");
    expect(await answers(world)).toEqual(["ABANDON"]);
    expect(box.serverLog.match(/CUDA out of memory/g)).toHaveLength(6);
    expect(lifecycle.said()).toContain("CUDA out of memory");
    expect(lifecycle.said()).toContain("the server has failed too often to be started again: ABANDON");
  });

  it("that does not get on with loading is given up, with the reason in the log", async () => {
    const box = await launchBehindHook(world, { startTimeoutSeconds: 2 });
    await box.startServer();
    const lifecycle = box.run("lifecycle.sh");
    expect(await answers(world)).toEqual(["ABANDON"]);
    expect(heard(world)).toEqual(["still loading", "ABANDON"]);
    expect(lifecycle.said()).toContain("the model does not answer after 2 s: ABANDON");
  });

  it("whose model hangs at the first request is given up, though its server is well", async () => {
    const box = await launchBehindHook(world, { startTimeoutSeconds: 4 });
    box.server("loaded");
    box.server("hangs");
    await box.startServer();
    const lifecycle = box.run("lifecycle.sh");
    expect(await answers(world)).toEqual(["ABANDON"]);
    expect(heard(world)).toEqual(["still loading", "ABANDON"]);
    expect(lifecycle.said()).toContain("not yet: /v1/models was not answered within 2 s");
  });

  it("is let in though its tokens for the metadata service expire before they are used", async () => {
    const box = await launchBehindHook(world);
    box.server("loaded");
    box.metadata.expireNext(3);
    await box.startServer();
    box.run("lifecycle.sh");
    expect(await answers(world)).toEqual(["CONTINUE"]);
    expect(box.metadata.refused).toHaveLength(3);
  });

  it("is let in when the metadata service, which was down, is back", async () => {
    const box = await launchBehindHook(world);
    box.server("loaded");
    box.metadata.down = true;
    await box.startServer();
    box.run("lifecycle.sh");
    await until("it has asked in vain", () => box.metadata.asked() > 5);
    expect(heard(world)).toEqual([]);
    box.metadata.down = false;
    expect(await answers(world)).toEqual(["CONTINUE"]);
  });

  it("comes back after a reboot with one server, and is neither let in again nor given up", async () => {
    const box = await launchBehindHook(world, { startTimeoutSeconds: 2 });
    box.server("loaded");
    await box.startServer();
    box.run("lifecycle.sh");
    await answers(world);
    await box.powerOff();
    expect(box.serves).toBe(false);

    await box.startServer();
    const lifecycle = box.run("lifecycle.sh");
    await until("it has asked, and no hook waited", () => world.aws.refused.length > 0);
    await until("it asks no more", async () => {
      const refused = world.aws.refused.length;
      const looked = box.metadata.asked();
      await until("it has looked some times more", () => box.metadata.asked() >= looked + 12);
      return world.aws.refused.length === refused;
    });
    expect(box.serves).toBe(true);
    expect(box.containers).toBe(2);
    expect(await answers(world)).toEqual(["CONTINUE"]);
    expect(new Set(world.aws.refused.flatMap(({ result }) => result ?? []))).toEqual(new Set(["CONTINUE"]));
    expect(lifecycle.said()).not.toContain("ABANDON");
  });

  it("asks its model and Auto Scaling ever more rarely after a reboot in service, when no hook waits", async () => {
    const box = await launchBehindHook(world, { startTimeoutSeconds: 600 });
    box.server("loaded");
    await box.startServer();
    box.run("lifecycle.sh");
    await answers(world);
    await box.powerOff();

    const generated = () => box.serverLog.match(/generates/g)?.length ?? 0;
    const before = generated();
    const looked = box.metadata.asked();
    await box.startServer();
    const lifecycle = box.run("lifecycle.sh");
    // Two questions to the metadata service at every turn, so these are more than 40 turns.
    await until("it has looked often", () => box.metadata.asked() > looked + 100);
    // After 1, 3, 7, 15 and 31 turns, and once before.
    expect(world.aws.refused.flatMap(({ result }) => result ?? []).length).toBeLessThanOrEqual(6);
    expect(generated() - before).toBeLessThanOrEqual(6);
    expect(lifecycle.said().match(/No active Lifecycle Action/g)).toHaveLength(1);
    expect(box.serves).toBe(true);
  });

  it("out of a warm pool starts from its volume, and passes the same gate again", async () => {
    const box = await launchBehindHook(world);
    box.target = "Warmed:Stopped";
    box.server("loaded");
    await box.startServer();
    box.run("lifecycle.sh");
    expect(await answers(world)).toEqual(["CONTINUE"]);
    await box.powerOff();

    world.aws.waiting.set(plainFacts.launchHookName, box.instance);
    box.target = "InService";
    box.server("hangs");
    await box.startServer();
    const lifecycle = box.run("lifecycle.sh");
    await until("its model does not answer yet", () => lifecycle.said().includes("not yet: "));
    expect(await answers(world)).toEqual(["CONTINUE"]);
    box.serverNoLonger("hangs");
    expect(await answers(world, 2)).toEqual(["CONTINUE", "CONTINUE"]);
  });
});
