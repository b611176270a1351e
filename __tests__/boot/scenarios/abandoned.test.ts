import { describeInstances } from "./describe-instances";
import { acceptedCalls, answers, launchBehindHook } from "./launch-hook";

jest.setTimeout(900_000);

describeInstances("an instance that is abandoned", (world) => {
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
});
