import type { Loopback } from "../model-and-metadata";
import { looks, marks, watchedInstances } from "./watched-instance";

const world = watchedInstances();

const probe = () => ({ probe: { port: world.loopback.port, path: "/ask", timeoutSeconds: 1 } });

describe("a model that hangs while its server is healthy", () => {
  /** Lets the model answer once, and then in another way. */
  const afterOneAnswer = (then: Loopback["answers"][string]) => () => {
    if (world.loopback.requests.length > 0) {
      world.loopback.answers["/ask"] = then;
    }
  };

  it("has its instance replaced after three probes, and serves on until then", async () => {
    const instance = world.instanceWith({}, probe());
    const { log } = await world.watch(instance, afterOneAnswer("nothing"));
    expect(log).toContain("healthy, but 3 probes in a row failed: /ask was not answered within 1 s: marked");
    expect(instance.calls("systemctl")).toEqual([]);
    expect(marks(instance)).toHaveLength(1);
  });

  it("has its instance replaced when it fails, too", async () => {
    const instance = world.instanceWith({}, probe());
    const { log } = await world.watch(instance, afterOneAnswer({ status: 500, text: "CUDA error" }));
    expect(log).toContain("/ask was answered with 500: CUDA error");
  });

  it.each([429, 400, 503])("does not count as failed when it refuses with %i", async (status) => {
    const instance = world.instanceWith({}, probe());
    const otherwise = afterOneAnswer({ status, text: "" });
    await world.watchUntil(instance, () => {
      otherwise();
      return world.loopback.requests.length > 8;
    });
    expect(marks(instance)).toEqual([]);
  });

  it("does not count as failed before its first answer: it may be loading", async () => {
    world.loopback.answers["/ask"] = { status: 500, text: "" };
    const instance = world.instanceWith({}, probe());
    await world.watchUntil(instance, () => world.loopback.requests.length > 6);
    expect(marks(instance)).toEqual([]);
  });

  it("does not count as failed while its server is unhealthy: the load balancer detects that itself", async () => {
    const instance = world.instanceWith({}, probe());
    let since = 0;
    await world.watchUntil(instance, () => {
      if (world.loopback.requests.length > 0) {
        world.loopback.modelAnswers = false;
        since ||= looks(instance);
      }
      return since > 0 && looks(instance) > since + 8;
    });
    expect(marks(instance)).toEqual([]);
  });

  it("does not count as failed when it answers in between", async () => {
    const instance = world.instanceWith({}, probe());
    await world.watchUntil(instance, () => {
      const failing = world.loopback.requests.length % 3 !== 0;
      world.loopback.answers["/ask"] = failing ? { status: 500, text: "" } : { status: 200, text: "" };
      return world.loopback.requests.length > 9;
    });
    expect(marks(instance)).toEqual([]);
  });

  it("gets no request without a probe", async () => {
    await world.markedWithin(world.instanceWith(), 4);
    expect(world.loopback.requests).toEqual([]);
  });

  it("has its instance replaced when that has no GPUs, too", async () => {
    const instance = world.instanceWith({ devices: [] }, { ...probe(), gpus: false }).hide("nvidia-smi");
    const { log } = await world.watch(instance, afterOneAnswer("nothing"));
    expect(log).toContain("healthy, but 3 probes in a row failed: /ask was not answered within 1 s: marked");
    expect(marks(instance)).toHaveLength(1);
    expect([...instance.calls("dmesg"), ...instance.calls("docker")]).toEqual([]);
  });

  it("is not looked for without a probe and without GPUs: the watch ends", async () => {
    const { status, log } = await world.watch(world.instanceWith({}, { gpus: false }));
    expect({ status, log }).toEqual({ status: 0, log: "" });
  });
});
