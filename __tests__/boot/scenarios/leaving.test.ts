import { plainFacts } from "../facts";
import { describeInstances } from "./describe-instances";
import { type Generation, generate } from "./generation";
import { type Group, makeGroup } from "./group";
import type { InstanceInAws } from "./instance-in-aws";
import { answers } from "./launch-hook";
import { until } from "./until";

jest.setTimeout(900_000);

describeInstances("an instance on its way out", (world) => {
  let group: Group;
  beforeAll(async () => {
    group = await makeGroup(world.aws, 3);
  });

  /** An instance of the group in service, during a generation that has no fixed length. */
  async function busyInstance(stopTimeoutSeconds: number) {
    const instance = await world.launch({ stopTimeoutSeconds });
    instance.instance = group.instances[0] ?? "";
    instance.server("loaded");
    await instance.startServer();
    await until("the server listens", () => isListening(instance.port));
    const generation = generate(instance.port);
    await goesOn(generation);
    return { instance, generation };
  }

  /** The group takes the instance out, and the load balancer has deregistered it. */
  function hookWaitsFor(instance: InstanceInAws): void {
    instance.target = "Terminated";
    world.aws.waiting.set(plainFacts.terminateHookName, instance.instance);
  }

  /** The server gets its stop signal and finishes its generation, and then the instance completes its hook. */
  async function finishesAndGoes({
    instance,
    generation,
  }: Awaited<ReturnType<typeof busyInstance>>): Promise<void> {
    await until("the server has its stop signal", () => instance.serverLog.includes("finishes what it has"));
    await goesOn(generation);
    instance.server("generated");
    expect(await answers(world)).toEqual(["CONTINUE"]);
    expect(generation.whole()).toBe(true);
    expect(instance.serves).toBe(false);
  }

  it("lets a stream run for as long as the load balancer waits for it, and terminates when it has ended", async () => {
    const { instance, generation } = await busyInstance(60);
    instance.target = "Terminated";
    instance.run("lifecycle.sh");
    await until("a heartbeat was refused, as the hook does not wait", () => world.aws.refused.length > 1);
    await goesOn(generation);
    expect(instance.serverLog).not.toContain("finishes what it has");

    instance.server("generated");
    await until("the stream has ended", () => generation.whole() !== undefined);
    hookWaitsFor(instance);
    expect(await answers(world)).toEqual(["CONTINUE"]);
    expect(generation.whole()).toBe(true);
    expect(instance.serves).toBe(false);
    expect(world.aws.accepted.at(-1)?.hook).toBe(plainFacts.terminateHookName);
  });

  it("lets its server finish a stream that the load balancer has given up", async () => {
    const busy = await busyInstance(60);
    hookWaitsFor(busy.instance);
    busy.instance.run("lifecycle.sh");
    await finishesAndGoes(busy);
  });

  it("terminates when the time of its server is over, even if that still generates", async () => {
    const { instance, generation } = await busyInstance(2);
    hookWaitsFor(instance);
    instance.run("lifecycle.sh");
    expect(await answers(world)).toEqual(["CONTINUE"]);
    expect(instance.serves).toBe(false);
    await until("the stream is cut", () => generation.whole() === false);
  });

  it("gets no new requests when EC2 takes it back, finishes its requests, and stops within its two minutes", async () => {
    const busy = await busyInstance(60);
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
    hookWaitsFor(instance);
    instance.run("lifecycle.sh");
    await finishesAndGoes(busy);
    expect(Date.now()).toBeLessThan(end);
  });

  it("is stopped once, and so drops nothing, when both its group and its notice stop it", async () => {
    const { instance, generation } = await busyInstance(60);
    giveNotice(instance, 31);
    hookWaitsFor(instance);
    instance.run("spot.sh");
    instance.run("lifecycle.sh");
    await until("both have", () => stops(instance) > 1);
    await goesOn(generation);
    instance.server("generated");
    expect(await answers(world)).toEqual(["CONTINUE"]);
    expect(generation.whole()).toBe(true);
  });

  it("stops in time when EC2 takes it back without its group's action, and finishes its requests", async () => {
    const { instance, generation } = await busyInstance(60);
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

async function isListening(port: number): Promise<boolean> {
  const answer = await fetch(`http://127.0.0.1:${port}/health`).catch(() => undefined);
  return answer?.ok === true;
}

async function goesOn(generation: Generation): Promise<void> {
  const before = generation.tokens();
  await until("more tokens come", () => generation.tokens() > before + 5);
}
